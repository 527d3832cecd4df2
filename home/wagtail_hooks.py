"""What the desk adds to Wagtail's admin: reports and the panels of the home page."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.home import LockedPagesPanel, RecentEditsPanel

from home.desk.access import DeskMenuItem
from home.desk.archive_report import ArchiveCopiesView
from home.desk.figures_report import FiguresView
from home.desk.overview import Desk
from home.desk.panels import (
    CompliancePanel,
    DeskPanel,
    DraftsPanel,
    DuePanel,
    MachineryPanel,
    TriagePanel,
)
from home.desk.reports import ComplianceView, DeadlinesView
from home.desk.trace_report import TraceView

# Behind what Wagtail's own apps add.
LAST = 1000
_REPORTS: tuple[Any, ...] = (
    DeadlinesView,
    ComplianceView,
    FiguresView,
    TraceView,
    ArchiveCopiesView,
)
# What each panel is for, by the permission of those it is for.
_PANELS: dict[str, type[DeskPanel]] = {
    "consultations.view_opinion": TriagePanel,
    "consultations.view_issue": DraftsPanel,
    "core.view_outboxmessage": MachineryPanel,
}


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    """Add the reports of the desk."""
    return [
        path("reports/deadlines/", DeadlinesView.as_view(), name="deadlines_report"),
        path("reports/compliance/", ComplianceView.as_view(), name="compliance_report"),
        path("reports/figures/", FiguresView.as_view(), name="figures_report"),
        path("reports/trace/", TraceView.as_view(), name="trace_report"),
        path("reports/archive/", ArchiveCopiesView.as_view(), name="archive_copies_report"),
    ]


def _entry_for(view: Any, order: int) -> Any:
    """Return what makes the menu's entry of a report."""

    def entry() -> MenuItem:
        return DeskMenuItem(
            view.page_title,
            reverse(view.url_name),
            permissions=view.permissions,
            icon_name=view.header_icon,
            order=order,
        )

    return entry


for number, report in enumerate(_REPORTS):
    hooks.register("register_reports_menu_item", _entry_for(report, 10 + number))


@hooks.register("construct_homepage_panels")
def desk_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Put the desk's panels on the home page, for whoever works on matters.

    Lists of pages once edited or locked say nothing of what is to be done, and cost a good deal.
    """
    panels[:] = [one for one in panels if not isinstance(one, RecentEditsPanel | LockedPagesPanel)]
    desk = Desk(request.user, at=timezone.now())
    if desk.works_on_matters:
        panels += [DuePanel(desk), CompliancePanel(desk)]
    panels += [panel(desk) for name, panel in _PANELS.items() if desk.user.has_perm(name)]


@hooks.register("construct_homepage_summary_items", order=LAST)
def no_summary(request: HttpRequest, items: list[Any]) -> None:
    """Leave out how many pages and pictures there are."""
    items.clear()
