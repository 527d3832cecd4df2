"""Past decisions from a ZIP with a table and its files: look at every row, confirm, watch it go."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import policy_registry

from consultations.lifecycle import Act
from consultations.models.topic import Topic
from decisions import services
from decisions.models import PastImport, RowOutcome
from decisions.past.columns import COLUMNS
from decisions.past.files import ZipRefused
from decisions.past.table import TableRefused
from portal.accounts.models import Unit
from portal.core.findings import Refused, findings
from portal.core.models import current_limits
from portal.core.sheets import Cell, Sheet, download, write_xlsx
from portal.core.uploads import MOST_MEGABYTES
from portal.core.verb_views import sentences

ROWS_A_PAGE = 100
MOST_SHOWN = 20


class PastView(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """A screen for those who bring past decisions in."""

    model = PastImport
    permission_policy = policy_registry.get_by_type(PastImport)
    permission_required = "add"
    header_icon = "history"
    request: Any

    def path(self) -> list[dict[str, Any]]:
        """Return the screens above this one."""
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Add this view to the path."""
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, *self.path(), here]


class ZipForm(forms.Form):
    """A ZIP, and a word from who answers for what is in it."""

    file = forms.FileField(
        label=gettext_lazy("ZIP with the table and its files"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what it may hold."""
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "One table (csv or xlsx) and the texts that its rows name (docx, pdf, md), together at "
            "most %(most)s MB."
        ) % {"most": MOST_MEGABYTES}


class PastImportsView(PastView, TemplateView):
    """Take a ZIP; below it what was taken before."""

    template_name = "decisions/admin/past_imports.html"
    page_title = gettext_lazy("Record past decisions")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the ZIP, or say at it why not."""
        form = ZipForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                upload = services.upload_import(
                    file=form.cleaned_data["file"], by=self.request.user, at=timezone.now()
                )
            except (ZipRefused, TableRefused) as refused:
                form.add_error("file", str(refused))
            else:
                return redirect("past_import", upload.pk)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form, the columns and the latest imports."""
        form = kwargs.pop("form", None) or ZipForm()
        context = super().get_context_data(**kwargs)
        imports = PastImport.objects.in_scope_of(self.request.user).select_related("uploaded_by")
        context.update(
            form=form, columns=COLUMNS, imports=imports[:MOST_SHOWN], media=_media() + form.media
        )
        return context


class PastTemplateView(PastView, View):
    """The table to fill in, with what its cells may say."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        """Return a workbook."""
        examples: list[Sequence[Cell]] = [[one.example for one in COLUMNS]]
        book = write_xlsx(
            [f"{one.heading}*" if one.is_required else one.heading for one in COLUMNS],
            examples,
            title=_("Past decisions"),
            further=[Sheet(_("What the cells may say"), [_("Column"), _("Cell")], _allowed())],
        )
        return download(book, name=_("past-decisions.xlsx"))


def _allowed() -> Iterator[Sequence[Cell]]:
    for column in COLUMNS:
        yield [column.heading, str(column.help)]
    names = {one.key: one.heading for one in COLUMNS}
    yield from ([names["unit"], unit.name] for unit in Unit.objects.order_by("name"))
    yield from ([names["topic"], topic.label] for topic in Topic)


class OneImportView(PastView, TemplateView):
    """A screen of one import."""

    permission_required = "change"
    upload: PastImport

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the import."""
        super().setup(request, *args, **kwargs)
        imports = PastImport.objects.in_scope_of(request.user)
        self.upload = get_object_or_404(imports, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Name its file."""
        return self.upload.file_name

    def path(self) -> list[dict[str, Any]]:
        """Lead back to all imports."""
        return [{"url": reverse("past_imports"), "label": PastImportsView.page_title}]


class PastImportView(OneImportView):
    """How far an import has come, what was found in its rows, and the button to confirm."""

    template_name = "decisions/admin/past_import.html"
    page_title = gettext_lazy("Import of past decisions")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Confirm it."""
        try:
            services.confirm_import(upload=self.upload, by=self.request.user, at=timezone.now())
        except Refused as refused:
            messages.error(request, " ".join(sentences(refused)))
        else:
            told = _("The rows are being recorded. Load this page again to see.")
            messages.success(request, told)
        return redirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how far it has come, and a page of rows: at first those with something to say."""
        context = super().get_context_data(**kwargs)
        chosen = self.request.GET.get("rows", "")
        rows = self.upload.rows.order_by("number")
        counts = rows.counted()
        if chosen in RowOutcome.values:
            rows = rows.filter(outcome=chosen)
        elif chosen != "all":
            chosen, rows = "", rows.with_words()
        page = Paginator(rows, ROWS_A_PAGE).get_page(self.request.GET.get("p"))
        context.update(
            upload=self.upload,
            done=self.upload.done_count,
            counts=[(one, counts.get(one.value, 0)) for one in RowOutcome],
            ready=counts.get(RowOutcome.NEW, 0) + counts.get(RowOutcome.CHANGED, 0),
            against=findings(
                Act.CONFIRM_PAST_IMPORT,
                services.confirmation_facts(self.upload, by=self.request.user),
                current_limits(),
            ),
            chosen=chosen,
            page_obj=page,
            media=_media(),
        )
        return context


class PastDiscardView(OneImportView):
    """Ask before an upload is removed."""

    template_name = "wagtailadmin/generic/confirm_delete.html"
    page_title = gettext_lazy("Discard this upload")
    confirmation_message = gettext_lazy(
        "Remove this upload with its file and all that was found? Nothing of it has been recorded."
    )

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the import."""
        return [*super().path(), {"url": self.get_success_url(), "label": self.upload.file_name}]

    def get_delete_url(self) -> str:
        """Come back here."""
        return str(self.request.path)

    def get_success_url(self) -> str:
        """Lead those back who would rather not."""
        return reverse("past_import", args=[self.upload.pk])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Remove it."""
        try:
            services.discard_import(upload=self.upload, by=self.request.user, at=timezone.now())
        except Refused as refused:
            messages.error(request, " ".join(sentences(refused)))
            return redirect(self.get_success_url())
        messages.success(request, _("Nothing was imported. The upload is removed."))
        return redirect("past_imports")


def _media() -> forms.Media:
    return forms.Media(css={"all": ["css/admin/catalogue.css"]})


class PastMenuItem(MenuItem):
    """An entry for those who bring past decisions in."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to them."""
        policy = policy_registry.get_by_type(PastImport)
        return bool(policy.user_has_permission(request.user, "add"))


def menu_of_past() -> MenuItem:
    """Lead to the imports."""
    url = reverse("past_imports")
    return PastMenuItem(_("Record past decisions"), url, icon_name="history", order=40)
