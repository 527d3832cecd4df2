"""The report on the copies of the archive: how fresh and true they are, and what to do else."""

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from decisions.search.freshness import freshness
from home.desk.access import DeskMixin


class ArchiveCopiesView(DeskMixin, WagtailAdminTemplateMixin, TemplateView):
    """What is public, what each copy holds, what waits, what the last comparison found."""

    template_name = "home/desk/archive_copies.html"
    page_title = gettext_lazy("Freshness of the archive")
    header_icon = "history"
    url_name = "archive_copies_report"
    permissions: ClassVar[tuple[str, ...]] = ("core.view_outboxmessage",)
    _show_breadcrumbs = True
    http_method_names = ["get", "head", "options"]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Add this report to the path."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how the copies stand at this moment."""
        return {**super().get_context_data(**kwargs), "archive": freshness(at=timezone.now())}
