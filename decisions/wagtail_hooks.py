"""What this app adds to Wagtail: its part of a matter's story, names of acts, the archive page."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.snippets.models import register_snippet

from consultations.models import DecisionItemPage
from decisions import effects, services, tasks, timeline, watch
from decisions.archive_addresses import answer_below
from decisions.archives.views import ArchivesPackageView
from decisions.change_views import ExplainChangesView
from decisions.datasets.views import round_package
from decisions.draft_changes import draft_changes
from decisions.lifecycle import CleanupOutcome, EvaluationOutcome, ReviewKind, ReviewResult
from decisions.models import ArchivePage, CleanupPage, DecisionPage, EvaluationPage
from decisions.search.similar import similar_matters
from decisions.viewsets import (
    CleanupEntryViewSet,
    DiscussionViewSet,
    ReviewViewSet,
    SetOutcomes,
    SuspensionViewSet,
    SynonymGroupViewSet,
)
from decisions.viewsets.past_import import (
    PastDiscardView,
    PastImportsView,
    PastImportView,
    PastTemplateView,
    menu_of_past,
)
from portal.core import log_actions
from portal.core.publishing import publish_with

hooks.register("matter_events", timeline.events)
hooks.register("matter_evaluation", timeline.evaluation)
hooks.register("matter_findings", watch.own_findings)
hooks.register("matter_duties", watch.duties)
hooks.register("draft_changes", draft_changes)
hooks.register("round_package", round_package)
hooks.register("issue_effects", effects.effects)
hooks.register("similar_matters", lambda item, at: similar_matters(item.pk, at=at))
hooks.register("round_words_changed", tasks.follow_words)
hooks.register("round_count_changed", tasks.follow_count)
hooks.register("hearing_changed", tasks.promise_archive)
hooks.register("register_catalogue_menu_item", menu_of_past)

publish_with(DecisionPage, services.publish_decision)
publish_with(EvaluationPage, services.publish_evaluation)
publish_with(CleanupPage, services.publish_cleanup)

for viewset in (
    ReviewViewSet,
    DiscussionViewSet,
    SuspensionViewSet,
    CleanupEntryViewSet,
    SynonymGroupViewSet,
):
    register_snippet(viewset)
hooks.register("register_bulk_action", SetOutcomes)


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def record_what_came_before(
    page: Page, user: AbstractBaseUser, next_url: str | None = None, **_kwargs: Any
) -> Iterator[Button]:
    """Offer to record a review or the decision where a matter is listed or edited."""
    if page.specific_class is not DecisionItemPage or not page.live:
        return
    if page.specific.is_past_record:
        return
    offers = ((ReviewViewSet, _("Record a review")), (DiscussionViewSet, _("Decide")))
    for place, (viewset, label) in enumerate(offers):
        if policy_registry.get_by_type(viewset.model).user_has_permission(user, "add"):
            url = f"{reverse(f'{viewset.url_namespace}:add')}?item={page.pk}"
            yield Button(label, url=url, icon_name=viewset.icon, priority=70 + place)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Add the screens that belong to a decision or a matter, not to a list of records."""
    return [
        path("decisions/<int:pk>/changes/", ExplainChangesView.as_view(), name="changes"),
        path("matters/<int:pk>/archives/", ArchivesPackageView.as_view(), name="archives_package"),
        path("past-decisions/", PastImportsView.as_view(), name="past_imports"),
        path("past-decisions/template/", PastTemplateView.as_view(), name="past_template"),
        path("past-decisions/<int:pk>/", PastImportView.as_view(), name="past_import"),
        path(
            "past-decisions/<int:pk>/discard/",
            PastDiscardView.as_view(),
            name="past_import_discard",
        ),
    ]


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def hand_over_to_the_archives(
    page: Page, user: AbstractBaseUser, next_url: str | None = None, **_kwargs: Any
) -> Iterator[Button]:
    """Offer the package for the archives office where a public matter is listed or edited."""
    if page.specific_class is DecisionItemPage and page.live:
        url = reverse("archives_package", args=[page.pk])
        label = ArchivesPackageView.page_title
        yield Button(label, url=url, icon_name=ArchivesPackageView.header_icon, priority=75)


@hooks.register("register_page_header_buttons")
def explain_the_changes(
    page: Page, user: AbstractBaseUser, next_url: str | None = None, **_kwargs: Any
) -> Iterator[Button]:
    """Offer to say why a decision changed its draft."""
    if page.specific_class is DecisionPage and page.permissions_for_user(user).can_edit():
        url = reverse("changes", args=[page.pk])
        label = ExplainChangesView.page_title
        yield Button(label, url=url, icon_name=ExplainChangesView.header_icon, priority=65)


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def act_on_validity(
    page: Page, user: AbstractBaseUser, next_url: str | None = None, **_kwargs: Any
) -> Iterator[Button]:
    """Offer to suspend a public decision, and lead from a clean-up to its list."""
    offers = {
        DecisionPage: (SuspensionViewSet, "add", "add", "decision", _("Suspend")),
        CleanupPage: (CleanupEntryViewSet, "list", "view", "cleanup", _("Its decisions")),
    }
    if page.specific_class not in offers or (page.specific_class is DecisionPage and not page.live):
        return
    viewset, screen, act, parameter, label = offers[page.specific_class]
    if policy_registry.get_by_type(viewset.model).user_has_permission(user, act):
        url = f"{reverse(f'{viewset.url_namespace}:{screen}')}?{parameter}={page.pk}"
        yield Button(label, url=url, icon_name=viewset.icon, priority=75)


@hooks.register("register_log_actions")
def name_the_acts(actions: LogActionRegistry) -> None:
    """Give every act of `services` a name on history pages."""
    log_actions.register(
        actions,
        {
            "decisions.record_review": (
                _("Record a review"),
                _("Review recorded: %(kind)s"),
                {"kind": ReviewKind},
            ),
            "decisions.conclude_review": (
                _("Conclude a review"),
                _("Review concluded: %(result)s"),
                {"result": ReviewResult},
            ),
            "decisions.decide": (
                _("Record the collective decision"),
                _("Collective decision recorded"),
                {},
            ),
            "decisions.explain_change": (
                _("Explain a change"),
                _("Reason of a change recorded"),
                {},
            ),
            "decisions.publish_decision": (
                _("Publish the decision"),
                _("Decision published"),
                {},
            ),
            "decisions.record_past_decision": (
                _("Record a past decision"),
                _("Past decision recorded from its document"),
                {},
            ),
            "decisions.upload_past_import": (
                _("Upload past decisions"),
                _("Table of past decisions uploaded"),
                {},
            ),
            "decisions.confirm_past_import": (
                _("Confirm an import of past decisions"),
                _("Import of past decisions confirmed"),
                {},
            ),
            "decisions.discard_past_import": (
                _("Discard an import of past decisions"),
                _("Import of past decisions discarded"),
                {},
            ),
            "decisions.publish_evaluation": (
                _("Publish the evaluation"),
                _("Evaluation published: %(outcome)s"),
                {"outcome": EvaluationOutcome},
            ),
            "decisions.suspend": (_("Suspend a decision"), _("Decision suspended"), {}),
            "decisions.resume": (
                _("Carry a decision out again"),
                _("End of the suspension recorded"),
                {},
            ),
            "decisions.start_cleanup": (
                _("Start a clean-up of documents"),
                _("Decisions in force listed for a clean-up"),
                {},
            ),
            "decisions.set_outcome": (
                _("Set the outcome of a clean-up"),
                _("Outcome of the clean-up: %(outcome)s"),
                {"outcome": CleanupOutcome},
            ),
            "decisions.publish_cleanup": (
                _("Publish the result of a clean-up"),
                _("Result of the clean-up published"),
                {},
            ),
        },
    )


# Inside Wagtail's own hook, which asks who may see a page that is closed to the public.
@hooks.register("on_serve_page", order=100)
def serve_archive(serve: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer the archive page and what lies below it by views, which live above the models."""

    def serve_by_view(
        page: Page, request: HttpRequest, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase:
        if isinstance(page, ArchivePage):
            return answer_below(request, page, kwargs["below"])
        return serve(page, request, args, kwargs)

    return serve_by_view
