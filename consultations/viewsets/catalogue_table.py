"""The year's catalogue edited as a table; every changed row becomes a draft of its matter."""

from typing import Any, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import RedirectView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from consultations import services
from consultations.models import CataloguePage
from consultations.viewsets.catalogue_rows import RowForm, RowFormSet, table_of


class CatalogueView(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """A screen of `self.catalogue` for those who may publish it."""

    model = CataloguePage
    permission_required = "change"
    header_icon = "table"
    request: Any
    catalogue: CataloguePage

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the catalogue."""
        super().setup(request, *args, **kwargs)
        self.catalogue = get_object_or_404(CataloguePage, pk=kwargs["pk"])

    def user_has_permission(self, permission: str) -> bool:
        """Let those in who may publish the catalogue."""
        allowed: bool = self.catalogue.permissions_for_user(self.request.user).can_publish()
        return allowed

    def get_page_subtitle(self) -> str:
        """Name the catalogue."""
        return self.catalogue.get_admin_display_title()

    @property
    def table_url(self) -> str:
        """The address of the table."""
        return reverse("catalogue_table", args=[self.catalogue.pk])

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the catalogue's editor."""
        editor = reverse("wagtailadmin_pages:edit", args=[self.catalogue.pk])
        return [{"url": editor, "label": self.catalogue.get_admin_display_title()}]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Add this view to the path."""
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, *self.path(), here]


class CatalogueTableView(CatalogueView, TemplateView):
    """All matters of a year, one row each, and some rows for new ones."""

    template_name = "consultations/admin/catalogue_table.html"
    page_title = gettext_lazy("The year's table")

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer the import."""
        return [
            HeaderButton(
                _("Import from a table"),
                url=reverse("import_catalogue", args=[self.catalogue.pk]),
                icon_name="upload",
            )
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save what was changed, or show the table again with what is wrong."""
        table = table_of(self.catalogue, services.as_saved(self.catalogue), data=request.POST)
        if not table.is_valid() or not self._save(table):
            messages.error(request, _("Nothing was saved. Please correct the marked rows."))
            return self.render_to_response(self.get_context_data(table=table))
        return redirect(self.table_url)

    def _save(self, table: RowFormSet) -> bool:
        """Save; when refused, put the reasons to the rows and return False."""
        given = table.given()
        try:
            saved = services.save_table(
                catalogue=self.catalogue,
                rows=[form.row() for form in given],
                by=self.request.user,
                at=timezone.now(),
            )
        except services.TableRefused as refused:
            for form, plan in zip(given, refused.planned, strict=True):
                form.tell(plan)
            self._show_versions(given)
            return False
        messages.success(self.request, self._said(saved))
        return True

    def _show_versions(self, given: list[RowForm]) -> None:
        """Let the table carry the versions that stand now: the same button again is meant."""
        now = {one.item.pk: one.version for one in services.as_saved(self.catalogue)}
        for form in given:
            pk = form.cleaned_data.get("pk")
            if pk in now:
                data = cast("QueryDict", form.data).copy()
                data[form.add_prefix("seen")] = str(now[pk])
                form.data = data

    def _said(self, saved: list[services.PlannedRow]) -> str:
        if not saved:
            return _("Nothing was changed.")
        count = len(saved)
        sentence = ngettext(
            "%(count)s matter is saved as a draft.", "%(count)s matters are saved as drafts.", count
        ) % {"count": count}
        if self.catalogue.live:
            return _(
                "%(saved)s What is public changes when a matter is published in its own editor."
            ) % {"saved": sentence}
        return sentence

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the table with what is public of each row."""
        saved = services.as_saved(self.catalogue)
        table = kwargs.pop("table", None) or table_of(self.catalogue, saved)
        by_pk = {str(one.item.pk): one.item for one in saved}
        rows = [{"form": form, "item": by_pk.get(str(form["pk"].value()))} for form in table.forms]
        context = super().get_context_data(**kwargs)
        context.update(
            catalogue=self.catalogue,
            table=table,
            rows=rows,
            years=CataloguePage.objects.sibling_of(self.catalogue).order_by("-year"),
            media=table.media + forms.Media(css={"all": ["css/admin/catalogue.css"]}),
        )
        return context


class LatestTableView(RedirectView):
    """From the menu to the newest year; the table itself asks who may see it."""

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        """Return the address of the newest table.

        Raises:
            Http404: there is no catalogue yet.

        """
        newest = CataloguePage.objects.order_by("-year", "-pk").first()
        if newest is None:
            raise Http404
        return reverse("catalogue_table", args=[newest.pk])
