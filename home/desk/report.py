"""A report of the desk: a form that narrows it down, rows page by page, and the same as a file."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, ClassVar

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from consultations.lifecycle import official_date
from consultations.services import Export, record_export
from home.desk.access import DeskMixin
from home.desk.overview import Desk
from portal.accounts.models import Unit
from portal.accounts.scope import scope_of
from portal.core.sheets import Cell, download, write_xlsx


def units_of(user: Any) -> Any:
    """Return the units in somebody's scope."""
    scope = scope_of(user)
    return Unit.objects.all() if scope.everywhere else Unit.objects.filter(pk__in=scope.units)


class OfUnitForm(forms.Form):
    """A report of one unit or of all in scope."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), required=False, label=_("Unit"), empty_label=_("all units")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        """Offer the units in scope."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = units_of(user)

    @property
    def unit_key(self) -> int | None:
        """The unit that was chosen."""
        unit = self.cleaned_data.get("unit")
        return unit.pk if unit else None


class DeskReport(DeskMixin, WagtailAdminTemplateMixin, TemplateView):
    """A report over what is in somebody's scope.

    A subclass finds the `rows`, and turns each into cells for the file.
    """

    form_class: type[OfUnitForm] = OfUnitForm
    url_name: str
    export: Export
    headings: ClassVar[Sequence[Any]] = ()
    widths: ClassVar[Sequence[int]] = ()
    page_size = 100
    _show_breadcrumbs = True
    http_method_names = ["get", "head", "options"]

    def rows(self, desk: Desk, form: Any) -> Sequence[Any]:
        """Return what is asked for."""
        raise NotImplementedError

    def table_headings(self) -> Sequence[str]:
        """Return the headings of the file."""
        return [str(one) for one in self.headings]

    def cells(self, row: Any) -> Sequence[Cell]:
        """Return a row as cells of the file."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the report, or hand it out as a file."""
        at = timezone.now()
        desk = Desk(self.user, at=at)
        form = self.form_class(request.GET or {}, user=self.user)
        rows = self.rows(desk, form) if form.is_valid() else []
        if request.GET.get("export") == "xlsx" and form.is_valid():
            return self._file(rows)
        page = Paginator(rows, self.page_size).get_page(request.GET.get("p"))
        return self.render_to_response(
            self.get_context_data(form=form, desk=desk, rows=page.object_list, page_obj=page)
        )

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Add this report to the path."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the addresses of this report, of its file, and of its other pages."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        page = context["page_obj"]
        context.update(
            own_address=reverse(self.url_name),
            exports=[("XLSX", self._address(export="xlsx"))],
            earlier=self._address(p=str(page.number - 1)) if page.has_previous() else "",
            later=self._address(p=str(page.number + 1)) if page.has_next() else "",
        )
        return context

    def _address(self, **parameters: str) -> str:
        """Return the address of this report with the filters as they are."""
        query = self.request.GET.copy()
        for name in ("p", "export"):
            query.pop(name, None)
        query.update(parameters)
        return f"{reverse(self.url_name)}?{query.urlencode()}"

    def _file(self, rows: Sequence[Any]) -> HttpResponseBase:
        """Return the rows as a workbook, which is on record as an export."""
        at = timezone.now()
        title = str(self.page_title)
        headings = list(self.table_headings())
        table = [self.cells(row) for row in rows]
        content = b"".join(write_xlsx(headings, table, title=title, widths=self.widths))
        digest = sha256(content).hexdigest()
        record_export(what=self.export, count=len(table), digest=digest, by=self.user, at=at)
        return download([content], name=f"{title} {official_date(at).isoformat()}.xlsx")
