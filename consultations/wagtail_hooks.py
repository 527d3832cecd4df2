"""What this app adds to Wagtail's admin."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from consultations import services, timeline, watch
from consultations.lifecycle import AdjustmentKind, Channel, Stage, WithheldReason
from consultations.models import (
    CataloguePage,
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
    InterpretationPage,
    Opinion,
)
from consultations.viewsets import (
    BULK_ACTIONS,
    AdjustView,
    HearingViewSet,
    IssueViewSet,
    OpinionViewSet,
    ReasonTemplateViewSet,
    catalogue_menu,
    hearing_menu,
    issue_menu,
)
from consultations.viewsets.triage import menu as triage_menu
from portal.core import log_actions
from portal.core.publishing import publish_with

hooks.register("matter_events", timeline.events)

hooks.register("register_admin_urls", catalogue_menu.admin_urls)
hooks.register("register_admin_menu_item", catalogue_menu.catalogue_menu)
hooks.register("register_catalogue_menu_item", catalogue_menu.menu_of_table)
hooks.register("register_catalogue_menu_item", catalogue_menu.menu_of_requests)
hooks.register("register_catalogue_menu_item", catalogue_menu.menu_of_overdue)
hooks.register("register_page_header_buttons", catalogue_menu.header_buttons)
hooks.register("register_log_actions", catalogue_menu.name_the_acts)
hooks.register("register_admin_urls", triage_menu.admin_urls)
hooks.register("register_opinions_menu_item", triage_menu.queue_menu)
hooks.register("register_log_actions", triage_menu.name_the_acts)
hooks.register("matter_findings", watch.own_findings)
hooks.register("matter_duties", watch.duties)
hooks.register("register_page_header_buttons", hearing_menu.plan_button)
hooks.register("register_page_listing_more_buttons", hearing_menu.plan_button)
hooks.register("register_log_actions", hearing_menu.name_the_acts)
hooks.register("register_opinions_menu_item", issue_menu.group_and_answer)
hooks.register("register_opinions_menu_item", issue_menu.drafts_to_read)
hooks.register("register_log_actions", issue_menu.name_the_acts)

publish_with(CataloguePage, services.publish_catalogue)
publish_with(DecisionItemPage, services.publish_item)
publish_with(ConsultationPage, services.open_round)
publish_with(FeedbackReportPage, services.publish_feedback)
publish_with(InterpretationPage, services.publish_interpretation)

for bulk_action in BULK_ACTIONS:
    hooks.register("register_bulk_action", bulk_action)


class OpinionGroup(SnippetViewSetGroup):
    """Opinions and what is done with them, under one entry of the menu."""

    items = (OpinionViewSet, IssueViewSet, ReasonTemplateViewSet)
    menu_label = _("Opinions and answers")
    menu_name = "opinions"
    menu_icon = "comment"
    menu_order = 150
    submenu_hook = "register_opinions_menu_item"


register_snippet(OpinionGroup)
register_snippet(HearingViewSet)


class ModeratorsMenuItem(MenuItem):
    """An entry for those who moderate opinions."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to them."""
        policy = policy_registry.get_by_type(Opinion)
        shown: bool = policy.user_has_permission(request.user, "moderate")
        return shown


@hooks.register("register_opinions_menu_item")
def enter_an_opinion() -> MenuItem:
    """Let clerks enter what came by letter or telephone."""
    enter = reverse(Opinion.snippet_viewset.get_url_name("enter"))
    return ModeratorsMenuItem(_("Enter an opinion"), enter, icon_name="edit", order=10)


@hooks.register("register_opinions_menu_item")
def check_transcripts() -> MenuItem:
    """Let clerks compare what a colleague typed in with the original."""
    address = reverse(Opinion.snippet_viewset.get_url_name("transcripts"))
    return ModeratorsMenuItem(_("Transcripts to be checked"), address, icon_name="check", order=20)


class ReadersMenuItem(MenuItem):
    """An entry for those who may see opinions."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to them."""
        policy = policy_registry.get_by_type(Opinion)
        shown: bool = policy.user_has_any_permission(request.user, ["view", "change"])
        return shown


@hooks.register("register_opinions_menu_item")
def export_opinions() -> MenuItem:
    """Let staff take opinions out as a table."""
    address = reverse(Opinion.snippet_viewset.get_url_name("export"))
    return ReadersMenuItem(_("Export opinions"), address, icon_name="download", order=1000)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Add the screens that belong to a page, not to a list of records."""
    return [
        path("matters/<int:pk>/adjust/", AdjustView.as_view(), name="adjust_catalogue"),
    ]


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def adjust_the_catalogue(
    page: Page, user: AbstractBaseUser, next_url: str | None = None, **_kwargs: Any
) -> Iterator[Button]:
    """Offer to adjust the published catalogue where a matter is listed or edited."""
    if page.specific_class is not DecisionItemPage or page.specific.is_past_record:
        return
    if page.permissions_for_user(user).can_publish():
        yield Button(
            _("Adjust the catalogue"),
            url=reverse("adjust_catalogue", args=[page.pk]),
            icon_name="history",
            priority=60,
        )


@hooks.register("register_log_actions")
def name_the_acts(actions: LogActionRegistry) -> None:
    """Give every act of `services` a name on history pages."""
    log_actions.register(
        actions,
        {
            "consultations.advance": (
                _("Move to another stage"),
                _("Moved from “%(from)s” to “%(to)s”"),
                {"from": Stage, "to": Stage},
            ),
            "consultations.publish_catalogue": (
                _("Publish the catalogue"),
                _("Catalogue published with its entries"),
                {},
            ),
            "consultations.publish_item": (
                _("Publish a catalogue entry"),
                _("Catalogue entry published"),
                {},
            ),
            "consultations.adjust": (
                _("Adjust the catalogue"),
                _("Catalogue adjustment recorded: %(kind)s"),
                {"kind": AdjustmentKind},
            ),
            "consultations.open_round": (
                _("Open a consultation"),
                _("Consultation published"),
                {},
            ),
            "consultations.publish_feedback": (
                _("Publish the adoption summary"),
                _("Adoption summary published"),
                {},
            ),
            "consultations.publish_interpretation": (
                _("Publish an interpretation"),
                _("Interpretation published"),
                {},
            ),
            "consultations.enter_offline": (
                _("Enter an opinion"),
                _("Opinion entered that came this way: %(channel)s"),
                {"channel": Channel},
            ),
            "consultations.import_offline": (
                _("Import a table of opinions"),
                _("Opinions entered from a table"),
                {},
            ),
            "consultations.check_transcript": (
                _("Check a transcript"),
                _("Transcript compared with the original: they agree"),
                {},
            ),
            "consultations.correct_transcript": (
                _("Correct a transcript"),
                _("Transcript corrected before its check"),
                {},
            ),
            "consultations.publish_opinion": (
                _("Show an opinion"),
                _("Opinion shown to the public"),
                {},
            ),
            "consultations.withhold_opinion": (
                _("Withhold an opinion"),
                _("Opinion withheld: %(reason)s"),
                {"reason": WithheldReason},
            ),
            "consultations.withdraw": (
                _("Take an opinion back"),
                _("Taken back from the public by its author"),
                {},
            ),
            "consultations.hide_name": (
                _("Hide the name"),
                _("The author no longer wishes the name to be shown"),
                {},
            ),
            "consultations.erase": (
                _("Erase an opinion"),
                _("Text, name and e-mail address erased at the author's wish"),
                {},
            ),
            "consultations.purge_personal_data": (
                _("Remove personal data"),
                _("Names and e-mail addresses removed: their time is over"),
                {},
            ),
            "consultations.look": (
                _("Look at what is not public"),
                _("Withheld text or personal data was shown"),
                {},
            ),
            "consultations.export": (
                _("Export"),
                _("Exported as a file: %(what)s"),
                {"what": services.Export},
            ),
        },
    )
