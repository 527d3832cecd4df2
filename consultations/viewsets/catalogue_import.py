"""The year's table from a workbook: choose, look at every row, confirm all or nothing."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from consultations import services
from consultations.models import DecisionItemPage
from consultations.viewsets.catalogue_sheet import (
    ReadRow,
    from_json,
    headings,
    read_workbook,
    template,
    to_json,
)
from consultations.viewsets.catalogue_table import CatalogueView
from portal.core.models import StagedUpload
from portal.core.sheets import SheetRefused, download
from portal.core.sheets.reading import ACCEPT
from portal.core.staging import content_of, find_staged, stage
from portal.core.uploads import shown_name

PURPOSE = "catalogue"


class CatalogueTemplateView(CatalogueView, View):
    """The template: the catalogue as it was last saved, to be edited or added to."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        """Return the workbook."""
        name = _("catalogue-%(year)s.xlsx") % {"year": self.catalogue.year}
        return download(template(self.catalogue), name=name)


class WorkbookForm(forms.Form):
    """A workbook."""

    file = forms.FileField(
        label=gettext_lazy("Table"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy(
            "An Excel workbook (xlsx) of at most 10 MB, made from the template."
        ),
    )


class ImportCatalogueView(CatalogueView, TemplateView):
    """Choose a workbook; it is read and waits for a look."""

    template_name = "consultations/admin/catalogue_import.html"
    page_title = gettext_lazy("Import from a table")
    header_icon = "upload"

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the table, too."""
        return [*super().path(), {"url": self.table_url, "label": _("The year's table")}]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep what was read, or say at the file what is wrong with it."""
        form = WorkbookForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                rows = read_workbook(file, self.catalogue)
            except SheetRefused as refused:
                form.add_error("file", str(refused))
            else:
                return self._preview(rows, file_name=shown_name(file.name))
        return self.render_to_response(self.get_context_data(form=form))

    def _preview(self, rows: list[ReadRow], *, file_name: str) -> HttpResponse:
        staged = stage(
            purpose=PURPOSE,
            page=self.catalogue.page_ptr,
            content=to_json(rows),
            file_name=file_name,
            by=self.request.user,
            at=timezone.now(),
        )
        return redirect("preview_catalogue", self.catalogue.pk, staged.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form."""
        form = kwargs.pop("form", None) or WorkbookForm()
        context = super().get_context_data(**kwargs)
        context.update(
            form=form,
            catalogue=self.catalogue,
            media=form.media + forms.Media(css={"all": ["css/admin/catalogue.css"]}),
        )
        return context


@dataclass
class CheckedRow:
    """One row of the preview: what it would do, and what stands against it."""

    read: ReadRow
    plan: services.PlannedRow | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def changed(self) -> list[str]:
        """The names of what it changes in a matter that is there."""
        if self.plan is None or self.plan.is_new:
            return []
        fields = {"planned": "planned_by"}
        names = {"procedures": _("Procedures")}
        meta = DecisionItemPage._meta
        return [
            str(names.get(name) or meta.get_field(fields.get(name, name)).verbose_name)
            for name in self.plan.changed
        ]


class PreviewCatalogueView(CatalogueView, TemplateView):
    """Look at what every row would do, then confirm all of them or discard the table."""

    template_name = "consultations/admin/catalogue_preview.html"
    page_title = gettext_lazy("Check of the table")
    header_icon = "upload"
    staged: StagedUpload | None

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the table, too."""
        return [*super().path(), {"url": self.table_url, "label": _("The year's table")}]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the upload."""
        super().setup(request, *args, **kwargs)
        self.staged = find_staged(
            pk=kwargs["staged"],
            purpose=PURPOSE,
            page=self.catalogue.page_ptr,
            by=self.request.user,
            at=timezone.now(),
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Lead back where there is nothing to look at."""
        if self.staged is None:
            messages.error(
                request, _("This upload is no longer there. Choose the file again, please.")
            )
            return redirect("import_catalogue", self.catalogue.pk)
        return super().dispatch(request, *args, **kwargs)

    def checked(self) -> list[CheckedRow]:
        """Return the rows compared with what stands now."""
        read = from_json(content_of(self.staged)) if self.staged else []
        rows = services.by_number(self.catalogue, [one.row for one in read if one.row])
        planned = iter(
            services.plan_table(
                catalogue=self.catalogue, rows=rows, by=self.request.user, at=timezone.now()
            )
        )
        found = []
        for one in read:
            plan = next(planned) if one.row else None
            problems = list(one.problems)
            if plan is not None:
                problems += [(_heading(name), sentence) for name, sentence in plan.problems]
            found.append(CheckedRow(one, plan, problems))
        return found

    def standing(self) -> str:
        """Return a name for the state of the catalogue that the preview is compared with."""
        versions = [(one.item.pk, one.version) for one in services.as_saved(self.catalogue)]
        return hashlib.sha256(repr(versions).encode()).hexdigest()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Discard the upload, or save all its rows."""
        if "discard" in request.POST and self.staged is not None:
            self.staged.delete()
            messages.success(request, _("Nothing was imported. The upload is removed."))
            return redirect(self.table_url)
        if request.POST.get("standing") != self.standing():
            messages.error(
                request,
                _(
                    "The catalogue was changed after this check. It is checked anew below; press "
                    "the button again to import the table."
                ),
            )
            return self.get(request, *args, **kwargs)
        return self._import()

    def _import(self) -> HttpResponse:
        checked = self.checked()
        rows = [one.plan.row for one in checked if one.plan]
        if self.staged is None or any(one.problems for one in checked):
            messages.error(self.request, _("Nothing was imported. Correct the marked rows."))
            return redirect(self.request.path)
        try:
            saved = services.save_table(
                catalogue=self.catalogue, rows=rows, by=self.request.user, at=timezone.now()
            )
        except services.TableRefused:
            messages.error(self.request, _("Nothing was imported. Correct the marked rows."))
            return redirect(self.request.path)
        self.staged.delete()
        count = len(saved)
        sentence = ngettext(
            "%(count)s matter is saved as a draft.", "%(count)s matters are saved as drafts.", count
        )
        said = sentence % {"count": count} if count else _("Nothing was changed.")
        messages.success(self.request, said)
        return redirect(self.table_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the rows and what they come to."""
        context = super().get_context_data(**kwargs)
        checked = self.checked()
        wrong = sum(1 for one in checked if one.problems)
        plans = [one.plan for one in checked if one.plan]
        context.update(
            catalogue=self.catalogue,
            staged=self.staged,
            checked=checked,
            standing=self.standing(),
            wrong=wrong,
            new=sum(1 for plan in plans if plan.is_new),
            changed=sum(1 for plan in plans if plan.changed and not plan.is_new),
            same=sum(1 for plan in plans if not plan.changed),
            again_url=reverse("import_catalogue", args=[self.catalogue.pk]),
            media=forms.Media(css={"all": ["css/admin/catalogue.css"]}),
        )
        return context


def _heading(name: str) -> str:
    """Return the heading of the column that a sentence concerns."""
    return headings().get(name, "")
