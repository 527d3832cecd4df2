"""The list of issues in the admin, and where each of their screens stands."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Count, QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, StatusTagColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import HistoryView, IndexView, SnippetViewSet

from consultations.lifecycle import Outcome
from consultations.models import Issue
from consultations.querysets import counts
from consultations.viewsets.issue_answer import AnswerIssueView, DraftsView, ReviewAnswerView
from consultations.viewsets.issue_desk import DesksView, DeskView, MatrixView
from consultations.viewsets.issue_points import JoinPointsView, SplitPointView
from consultations.viewsets.issue_verbs import (
    ISSUES,
    GiveIssueView,
    MergeIssueView,
    OpenIssueView,
    SplitIssueView,
)
from consultations.viewsets.rounds import RoundsView, rounds_in_scope
from portal.accounts.scoped_views import ScopedObjectMixin


class IssueFilterSet(WagtailFilterSet):
    """By consultation and by outcome."""

    consultation = django_filters.ModelChoiceFilter(
        label=_("Consultation"), queryset=rounds_in_scope
    )
    outcome = django_filters.MultipleChoiceFilter(
        label=_("Outcome"),
        choices=[*Outcome.choices, ("", _("Not answered yet"))],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Issue
        fields: ClassVar[list[str]] = []


class IssueIndexView(IndexView):
    """Issues, each with the number of opinions grouped there."""

    def get_base_queryset(self) -> QuerySet[Issue]:
        """Count the opinions that count."""
        return (
            Issue.objects.in_scope_of(self.request.user)
            .standing()
            .select_related("consultation", "draft", "assignee")
            .annotate(
                opinion_count=Count(
                    "points__opinion", filter=counts("points__opinion__"), distinct=True
                )
            )
        )

    @property
    def columns(self) -> list[BaseColumn]:
        """Show no boxes to tick: an issue is answered one by one."""
        return super(IndexView, self).columns


class IssueHistoryView(ScopedObjectMixin, HistoryView):
    """What was done to an issue; everyone who may see it may see that."""

    any_permission_required: ClassVar[list[str]] = ["view"]
    header_buttons: ClassVar[list[HeaderButton]] = []


class NewIssueRoundsView(RoundsView):
    """Which consultation does the issue belong to?"""

    model = Issue
    permission_required = "add"
    page_title = _("New issue")
    header_icon = "tag"
    next_url_name = f"{ISSUES}:add_for"


class IssueViewSet(SnippetViewSet):
    """Issues: opened and answered through the verbs."""

    model = Issue
    icon = "tag"
    url_prefix = "issues"
    url_namespace = ISSUES
    index_view_class = IssueIndexView
    history_view_class = IssueHistoryView
    copy_view_enabled = False
    add_to_reference_index = False
    filterset_class = IssueFilterSet
    search_backend_name = None
    search_fields: ClassVar[list[str]] = ["title", "reason"]
    list_per_page = 50
    ordering: ClassVar[list[str]] = ["-consultation_id", "number"]
    list_export: ClassVar[list[str]] = []
    list_display: ClassVar[list[Any]] = [
        "title",
        Column("number", label=_("Number"), sort_key="number"),
        Column("consultation", label=_("Consultation"), accessor="consultation.title"),
        StatusTagColumn(
            "outcome",
            label=_("Outcome"),
            accessor=lambda issue: issue.get_outcome_display() or issue.answer_state.label,
            sort_key="outcome",
            primary=lambda issue: bool(issue.outcome),
        ),
        Column("assignee", label=_("Who answers it"), sort_key="assignee"),
        Column("due_on", label=_("Due on"), sort_key="due_on"),
        Column(
            "opinion_count",
            label=_("Opinions"),
            accessor="opinion_count",
            sort_key="opinion_count",
        ),
        Column("answered_at", label=_("Answered"), sort_key="answered_at"),
    ]

    def register_chooser_viewset(self) -> None:
        """Offer no chooser: nothing refers to an issue but points, and those by a verb."""

    @property
    def add_view(self) -> Any:
        """Choose the consultation first."""
        return NewIssueRoundsView.as_view()

    @property
    def edit_view(self) -> Any:
        """Draft the answer, the only edit there is."""
        return AnswerIssueView.as_view()

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the desk and the verbs."""
        return [
            *super().get_urlpatterns(),
            path("add/<int:round>/", OpenIssueView.as_view(), name="add_for"),
            path("desk/", DesksView.as_view(), name="desks"),
            path("desk/<int:round>/", DeskView.as_view(), name="desk"),
            path("desk/<int:round>/matrix/", MatrixView.as_view(), name="matrix"),
            path("drafts/", DraftsView.as_view(), name="drafts"),
            path("review/<int:pk>/", ReviewAnswerView.as_view(), name="review"),
            path("give/<int:pk>/", GiveIssueView.as_view(), name="give"),
            path("merge/<int:pk>/", MergeIssueView.as_view(), name="merge"),
            path("split/<int:pk>/", SplitIssueView.as_view(), name="split"),
            path("points/<int:pk>/cut/", SplitPointView.as_view(), name="cut_point"),
            path("points/<int:pk>/join/", JoinPointsView.as_view(), name="join_point"),
        ]
