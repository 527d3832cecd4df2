"""How Wagtail's admin keeps to the procedure: each way to publish, unpublish, move or delete."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from portal.core import log_actions
from portal.core.document_hooks import give_what_is_published
from portal.core.draft_views import admin_urls as draft_urls
from portal.core.draft_views import import_button, name_the_import
from portal.core.findings import Refused
from portal.core.gone import GONE
from portal.core.outbox_report import FailingMessagesView, RetryView
from portal.core.publishing import (
    publishing_verb,
    why_not_moved,
    why_not_published_together,
    why_not_removed,
)
from portal.core.release import hooks as release_hooks  # noqa: F401 - registers them
from portal.core.verb_views import say_refused
from portal.core.waiver_views import admin_urls as waiver_urls
from portal.core.waiver_views import may_waive

if TYPE_CHECKING:
    from portal.accounts.models import User


hooks.register("before_serve_document", give_what_is_published)
hooks.register("register_admin_urls", draft_urls)
hooks.register("register_page_header_buttons", import_button)
hooks.register("register_log_actions", name_the_import)
hooks.register("register_admin_urls", waiver_urls)


@hooks.register("insert_global_admin_css")
def style_of_the_frame() -> SafeString:
    """Add what holds on every screen."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin/frame.css"))


@hooks.register("before_publish_page")
def publish_through_the_verb(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Publish a page of the procedure by its verb; when refused the draft stays, with reasons.

    Wagtail has saved the draft before this hook.
    """
    verb = publishing_verb(page)
    if verb is None:
        return None
    try:
        verb(page=page, by=cast("User", request.user), at=timezone.now())
    except Refused as refused:
        if refused.asks_for_reasons and may_waive(request.user):
            return redirect("publish_with_reasons", page.pk)
        say_refused(request, refused)
        return redirect("wagtailadmin_pages:edit", page.pk)
    messages.success(
        request,
        _("“%(title)s” is published.") % {"title": page.get_admin_display_title()},
        buttons=[messages.button(page.get_absolute_url(), _("View live"))],
    )
    away = get_valid_next_url_from_request(request)
    return redirect(away) if away else redirect("wagtailadmin_explore", page.get_parent().pk)


def _refuse(request: HttpRequest, page: Page, sentence: str | None) -> HttpResponse | None:
    """Show why an act on a page is refused, or return None when it is not."""
    if sentence is None:
        return None
    messages.error(request, sentence)
    parent = page.get_parent()
    return redirect("wagtailadmin_explore", parent.pk if parent else page.pk)


@hooks.register("before_unpublish_page")
def keep_public_what_was_public(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to take down what is on record."""
    return _refuse(request, page, why_not_removed(page))


@hooks.register("before_delete_page")
def keep_what_is_on_record(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete what is on record or what opinions belong to."""
    return _refuse(request, page, why_not_removed(page))


@hooks.register("before_move_page")
def keep_addresses(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Refuse to move what has been public at its address."""
    return _refuse(request, page, why_not_moved(page))


@hooks.register("before_bulk_action")
def keep_the_record_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: BulkAction
) -> HttpResponse | None:
    """Refuse for many pages at once what is refused for one."""
    if not issubclass(action.model, Page):
        return None
    sentence = _why_not_in_bulk(action_type, list(objects), action)
    if sentence is None:
        return None
    messages.error(request, sentence)
    return redirect(action.next_url)


def _why_not_in_bulk(action_type: str, pages: list[Page], action: BulkAction) -> str | None:
    """Return the first reason against a bulk action, or None."""
    if action_type == "publish":
        if action.cleaned_form.cleaned_data["include_descendants"]:
            pages += [draft for page in pages for draft in page.get_descendants().not_live()]
        return why_not_published_together(pages)
    questions = {"unpublish": why_not_removed, "delete": why_not_removed, "move": why_not_moved}
    ask = questions.get(action_type)
    reasons = (ask(page) for page in pages) if ask else ()
    return next((reason for reason in reasons if reason), None)


class ReadOnlyPages(PagesAdminAPIViewSet):
    """The admin's own API of pages without its acts, which would pass the hooks above by.

    The page explorer and the page chooser only read.
    """

    actions: dict[str, Any] = {}


@hooks.register("construct_admin_api")
def close_the_acts_of_the_api(router: WagtailAPIRouter) -> None:
    """Put the read-only pages in the place of Wagtail's."""
    router.register_endpoint("pages", ReadOnlyPages)


@hooks.register("register_admin_urls")
def outbox_urls() -> list[URLPattern]:
    """Add the report on failing messages."""
    report = FailingMessagesView
    return [
        path("reports/outbox/", report.as_view(), name="outbox_report"),
        path(
            "reports/outbox/results/",
            report.as_view(results_only=True),
            name="outbox_report_results",
        ),
        path("reports/outbox/<int:pk>/retry/", RetryView.as_view(), name="outbox_retry"),
    ]


class OutboxMenuItem(MenuItem):
    """An entry for those who may see what fails."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to them."""
        return cast("User", request.user).has_perm("core.view_outboxmessage")


@hooks.register("register_reports_menu_item")
def outbox_report() -> MenuItem:
    """List the report among the others."""
    label = FailingMessagesView.page_title
    return OutboxMenuItem(label, reverse("outbox_report"), icon_name="mail", order=100)


@hooks.register("register_log_actions")
def name_the_acts(actions: LogActionRegistry) -> None:
    """Give the acts of this app a name on history pages."""
    log_actions.register(
        actions,
        {
            "core.waive": (
                gettext_lazy("Go past a warning"),
                gettext_lazy("Reason given for going past the warning %(rule)s"),
                {},
            ),
            GONE: (
                gettext_lazy("Leave a public address"),
                gettext_lazy("No longer public: “%(title)s”"),
                {},
            ),
        },
    )
