"""Where the catalogue work is found in the admin: its addresses, its menu, its buttons, its log."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.permissions import policy_registry

from consultations.lifecycle import AdjustmentKind
from consultations.models import AdjustmentRequest, CataloguePage, DecisionItemPage
from consultations.viewsets.adjustment_request import (
    AdjustmentRequestView,
    OverdueView,
    RequestAdjustmentView,
    RequestsView,
)
from consultations.viewsets.catalogue_import import (
    CatalogueTemplateView,
    ImportCatalogueView,
    PreviewCatalogueView,
)
from consultations.viewsets.catalogue_table import CatalogueTableView, LatestTableView
from portal.core import log_actions


def admin_urls() -> list[URLPattern]:
    """Return the addresses of the catalogue work."""
    table = "catalogues/<int:pk>/table/"
    return [
        path("catalogues/table/", LatestTableView.as_view(), name="latest_catalogue_table"),
        path(table, CatalogueTableView.as_view(), name="catalogue_table"),
        path(f"{table}template/", CatalogueTemplateView.as_view(), name="catalogue_template"),
        path(f"{table}import/", ImportCatalogueView.as_view(), name="import_catalogue"),
        path(
            f"{table}import/<int:staged>/",
            PreviewCatalogueView.as_view(),
            name="preview_catalogue",
        ),
        path(
            "matters/<int:pk>/request-adjustment/",
            RequestAdjustmentView.as_view(),
            name="request_adjustment",
        ),
        path("adjustment-requests/", RequestsView.as_view(), name="adjustment_requests"),
        path(
            "adjustment-requests/<int:pk>/",
            AdjustmentRequestView.as_view(),
            name="adjustment_request",
        ),
        path("matters/overdue/", OverdueView.as_view(), name="overdue_matters"),
    ]


class TableMenuItem(MenuItem):
    """An entry for those who may publish a catalogue."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to them, once there is one."""
        newest = CataloguePage.objects.order_by("-year", "-pk").first()
        return bool(newest and newest.permissions_for_user(request.user).can_publish())


class RequestsMenuItem(MenuItem):
    """An entry for those who ask for adjustments or decide on them."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to them."""
        policy = policy_registry.get_by_type(AdjustmentRequest)
        return bool(policy.user_has_any_permission(request.user, ["view", "add", "change"]))


def catalogue_menu() -> MenuItem:
    """Return the entry of the main menu."""
    menu = Menu(register_hook_name="register_catalogue_menu_item")
    return SubmenuMenuItem(
        _("Catalogue work"), menu, icon_name="list-ul", order=140, name="catalogue-work"
    )


def menu_of_table() -> MenuItem:
    """Lead to the year's table."""
    url = reverse("latest_catalogue_table")
    return TableMenuItem(_("The year's table"), url, icon_name="table", order=10)


def menu_of_requests() -> MenuItem:
    """Lead to the requests."""
    url = reverse("adjustment_requests")
    return RequestsMenuItem(_("Requests for adjustments"), url, icon_name="history", order=20)


def menu_of_overdue() -> MenuItem:
    """Lead to the matters whose planned time is over."""
    url = reverse("overdue_matters")
    return RequestsMenuItem(_("Planned time passed"), url, icon_name="calendar-alt", order=30)


def header_buttons(
    page: Page, user: AbstractBaseUser, next_url: str | None = None, **_kwargs: Any
) -> Iterator[Button]:
    """Offer the table at a catalogue, and a request at a public matter."""
    if page.specific_class is CataloguePage and page.permissions_for_user(user).can_publish():
        yield Button(
            _("Edit as a table"),
            url=reverse("catalogue_table", args=[page.pk]),
            icon_name="table",
            priority=50,
        )
    if page.specific_class is DecisionItemPage and page.live and may_ask(user, page):
        yield Button(
            _("Ask for an adjustment"),
            url=reverse("request_adjustment", args=[page.pk]),
            icon_name="history",
            priority=60,
        )


def may_ask(user: Any, matter: Page) -> bool:
    """Tell whether somebody asks for adjustments of a matter."""
    policy = policy_registry.get_by_type(AdjustmentRequest)
    own = DecisionItemPage.objects.with_procedure().in_scope_of(user).filter(pk=matter.pk)
    return bool(policy.user_has_permission(user, "add")) and own.exists()


def name_the_acts(actions: LogActionRegistry) -> None:
    """Give the acts of the catalogue work a name on history pages."""
    kind = {"kind": AdjustmentKind}
    log_actions.register(
        actions,
        {
            "consultations.add_entry": (
                _("Add a matter"),
                _("Matter added in the year's table"),
                {},
            ),
            "consultations.change_entry": (
                _("Change a matter"),
                _("Matter changed in the year's table"),
                {},
            ),
            "consultations.request_adjustment": (
                _("Ask for an adjustment"),
                _("Adjustment asked for: %(kind)s"),
                kind,
            ),
            "consultations.grant_adjustment": (
                _("Grant an adjustment"),
                _("Adjustment granted: %(kind)s"),
                kind,
            ),
            "consultations.refuse_adjustment": (
                _("Refuse an adjustment"),
                _("Adjustment not granted: %(kind)s"),
                kind,
            ),
        },
    )
