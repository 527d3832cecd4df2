"""What staff see of the administration: signing in, and lists that end at their scope."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.log_actions import LogActionRegistry
from wagtail.query import PageQuerySet

from portal.accounts.file_policy import uploaded_in_scope_of
from portal.accounts.gate import choosable
from portal.accounts.scope import scope_of
from portal.accounts.sign_in.trail import LOG_ACTIONS
from portal.core.log_actions import register

# The entries of the reports that only the office may open (`gate.OFFICE_ONLY`).
OFFICE_REPORTS = {"site-history", "page-types-usage"}


@hooks.register("register_log_actions")
def sign_in_log_actions(actions: LogActionRegistry) -> None:
    """Name the acts of signing in."""
    register(actions, LOG_ACTIONS)


@hooks.register("register_account_menu_item")
def second_factors(request: HttpRequest) -> dict[str, str]:
    """Lead from one's account to one's second factors."""
    return {
        "url": reverse("mfa_index"),
        "label": _("Second factors"),
        "help_text": _("Set up or remove an authenticator app, passkeys and recovery codes."),
    }


@hooks.register("construct_page_chooser_queryset")
def offer_pages_to_link_to(pages: PageQuerySet, request: HttpRequest) -> QuerySet[Any]:
    """Offer no draft of another unit."""
    return choosable(pages, request.user)


@hooks.register("construct_reports_menu")
def hide_reports_of_the_office(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Offer the reports over every unit to those who work on every unit."""
    if not scope_of(request.user).everywhere:
        menu_items[:] = [item for item in menu_items if item.name not in OFFICE_REPORTS]


def _known_to(user: Any, files: QuerySet[Any]) -> QuerySet[Any]:
    """Return those of `files` that somebody may know of, so that they can still be searched."""
    own = files.model._default_manager.filter(uploaded_in_scope_of(user))
    return files.filter(pk__in=own.order_by().values("pk"))


class ScopedDocuments(DocumentsAdminAPIViewSet):
    """The documents that a user may know of."""

    def get_queryset(self) -> QuerySet[Any]:
        """Return those of the user's scope."""
        return _known_to(self.request.user, super().get_queryset())


class ScopedImages(ImagesAdminAPIViewSet):
    """The pictures that a user may know of."""

    def get_queryset(self) -> QuerySet[Any]:
        """Return those of the user's scope."""
        return _known_to(self.request.user, super().get_queryset())


# After the hooks by which Wagtail adds its own.
@hooks.register("construct_admin_api", order=1000)
def scope_the_api(router: WagtailAPIRouter) -> None:
    """Put the lists that end at the scope in the place of Wagtail's."""
    router.register_endpoint("documents", ScopedDocuments)
    router.register_endpoint("images", ScopedImages)
