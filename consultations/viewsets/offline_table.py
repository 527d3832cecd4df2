"""A pile of letters as one table: the template, the upload, a look before anything is entered."""

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from consultations import services
from consultations.forms.offline_table import (
    Judged,
    from_json,
    judged_table,
    official,
    template,
    to_json,
)
from consultations.lifecycle import official_date
from consultations.models import ConsultationPage, Opinion
from consultations.viewsets.offline import opened_rounds, url_of
from portal.core.sheets import SheetRefused, download, write_xlsx
from portal.core.sheets.reading import ACCEPT, MOST_ROWS
from portal.core.staging import content_of, find_staged, stage
from portal.core.verb_views import VerbView

PURPOSE = "opinions"
# A page with more findings than these helps nobody; the table is put right first.
MOST_FINDINGS = 200


class RoundOfTableMixin:
    """Finds the round of a table, if it takes letters and is in scope."""

    consultation: ConsultationPage

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the consultation."""
        super().setup(request, *args, **kwargs)  # type: ignore[misc] # the view it is mixed into
        rounds = opened_rounds(at=timezone.now()).in_scope_of(request.user)
        self.consultation = get_object_or_404(rounds, pk=kwargs["round"])


class TableForm(forms.Form):
    """The table; `judged` is what was found in it."""

    file = forms.FileField(
        label=gettext_lazy("Table"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    judged: Judged

    def __init__(self, *args: Any, consultation: ConsultationPage, **kwargs: Any) -> None:
        """Keep the round that the rows are judged for."""
        super().__init__(*args, **kwargs)
        self.consultation = consultation
        self.fields["file"].help_text = _(
            "The template, filled in and saved as xlsx; up to %(most)s rows."
        ) % {"most": MOST_ROWS}

    def clean_file(self) -> Any:
        """Judge every row, or say why it is no such table."""
        page, file = self.consultation, self.cleaned_data["file"]
        try:
            self.judged = judged_table(
                file,
                articles=page.articles,
                period=(page.opens_on, page.closes_on),
                today=official_date(timezone.now()),
            )
        except SheetRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        if not self.judged.rows and not self.judged.problems:
            raise forms.ValidationError(_("The table has no rows below its headings."))
        return file


class TableView(RoundOfTableMixin, VerbView):
    """Upload a table; nothing is entered yet."""

    model = Opinion
    permission_required = "moderate"
    form_class = TableForm
    template_name = "consultations/admin/offline_table.html"
    page_title = gettext_lazy("Import a table")
    header_icon = "table"
    submit_label = gettext_lazy("Look at the rows")

    def get_page_subtitle(self) -> str:
        """Name the consultation."""
        return self.consultation.title

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the entry of a single letter."""
        page = self.consultation
        return [
            {"url": url_of("list"), "label": Opinion._meta.verbose_name_plural},
            {"url": url_of("enter_for", page.pk), "label": _("Enter an opinion")},
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form the round."""
        return super().get_form_kwargs() | {"consultation": self.consultation}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Keep what was read for the look."""
        judged: Judged = form.judged  # type: ignore[attr-defined] # a TableForm
        staged = stage(
            purpose=PURPOSE,
            page=self.consultation,
            content=to_json(judged),
            file_name=form.cleaned_data["file"].name or "",
            by=self.request.user,
            at=timezone.now(),
        )
        return redirect(url_of("table_look", self.consultation.pk, staged.pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add where the template and the receipt numbers are."""
        context = super().get_context_data(**kwargs)
        page = self.consultation
        imported = page.opinions.exclude(row_key="").count()
        context.update(
            template_url=url_of("table_template", page.pk),
            receipts_url=url_of("table_receipts", page.pk) if imported else "",
            imported=imported,
            media=context["media"] + forms.Media(css={"all": ["css/admin/offline.css"]}),
        )
        return context


class TableLookView(RoundOfTableMixin, VerbView):
    """What the rows would become, and what is wrong with them; the button enters them all."""

    model = Opinion
    permission_required = "moderate"
    form_class = forms.Form
    template_name = "consultations/admin/offline_table_look.html"
    page_title = gettext_lazy("Look at the rows")
    header_icon = "table"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the upload of whoever asks."""
        super().setup(request, *args, **kwargs)
        self.staged = find_staged(
            pk=kwargs["staged"],
            purpose=PURPOSE,
            page=self.consultation,
            by=request.user,  # type: ignore[arg-type] # signed in: the admin lets nobody else in
            at=timezone.now(),
        )
        self.judged = from_json(content_of(self.staged)) if self.staged else Judged([], [], [])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead back to the upload where there is none, or no longer."""
        if self.staged is None:
            messages.warning(request, _("This upload is no longer kept. Choose the table again."))
            return redirect(url_of("table", self.consultation.pk))
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_page_subtitle(self) -> str:
        """Name the file."""
        return self.staged.file_name if self.staged else ""

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the upload."""
        page = self.consultation
        return [
            {"url": url_of("enter_for", page.pk), "label": page.title},
            {"url": url_of("table", page.pk), "label": _("Import a table")},
        ]

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Enter the rows, or show why that is refused."""
        if self.judged.problems:
            form.add_error(None, _("Put the table right first, then upload it again."))
            return self.form_invalid(form)
        try:
            return super().form_valid(form)
        except services.OpinionRefused as refused:
            form.add_error(None, refused.message)
            return self.form_invalid(form)

    @transaction.atomic
    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Enter all rows."""
        self.imported = services.import_offline(
            consultation=self.consultation, rows=self.judged.rows, by=self.request.user, at=at
        )
        if self.staged is not None:
            self.staged.delete()

    def get_success_message(self) -> str:
        """Say how many are new."""
        return _entered(self.imported.entered) + _known(self.imported.known)

    def success_buttons(self) -> list[Any]:
        """Offer the receipt numbers."""
        url = url_of("table_receipts", self.consultation.pk)
        return [messages.button(url, _("Download the receipt numbers"))]

    def get_success_url(self) -> str:
        """Return to the upload."""
        return url_of("table", self.consultation.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the findings row by row, and what is known already."""
        context = super().get_context_data(**kwargs)
        judged = self.judged
        known = services.known_rows(self.consultation, [row.key for row in judged.rows])
        changed = [row for row in judged.rows if row.key in known and known[row.key][1] != row.text]
        new = len(judged.rows) - len(known)
        context.update(
            judged=judged,
            problems=judged.problems[:MOST_FINDINGS],
            problems_left=max(0, len(judged.problems) - MOST_FINDINGS),
            warnings=judged.warnings[:MOST_FINDINGS],
            warnings_left=max(0, len(judged.warnings) - MOST_FINDINGS),
            new=new,
            new_words=_new(new),
            known_words=_known(len(known)),
            changed=changed[:MOST_FINDINGS],
            submit_button_label=_("Enter all rows"),
            upload_url=url_of("table", self.consultation.pk),
            may_enter=bool(new) and not judged.problems,
            media=context["media"] + forms.Media(css={"all": ["css/admin/offline.css"]}),
        )
        return context


def _new(count: int) -> str:
    return ngettext(
        "%(count)s opinion would be entered.", "%(count)s opinions would be entered.", count
    ) % {"count": count}


def _entered(count: int) -> str:
    return ngettext("%(count)s opinion is entered.", "%(count)s opinions are entered.", count) % {
        "count": count
    }


def _known(count: int) -> str:
    """Return a sentence about the rows that were entered before, or the empty string."""
    if not count:
        return ""
    return ngettext(
        " %(count)s row had been entered before and stays as it is.",
        " %(count)s rows had been entered before and stay as they are.",
        count,
    ) % {"count": count}


class TableTemplateView(RoundOfTableMixin, PermissionCheckedMixin, View):
    """The empty table of a round, with its articles and the allowed words."""

    model = Opinion
    permission_required = "moderate"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Return it."""
        page = self.consultation
        with official():
            name = _("Template for opinions") + ".xlsx"
        return download(template(page.title, page.articles), name=name)


class TableReceiptsView(RoundOfTableMixin, PermissionCheckedMixin, View):
    """The receipt number of every row that was imported into a round."""

    model = Opinion
    permission_required = "moderate"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Return it."""
        with official():
            headings = [_("Row number"), _("Receipt number")]
            name = _("Receipt numbers") + ".xlsx"
        rows = services.receipts_of_table(self.consultation)
        return download(write_xlsx(headings, rows, title=name.removesuffix(".xlsx")), name=name)
