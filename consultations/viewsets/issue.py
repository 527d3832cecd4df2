"""Issues in the admin: opened for a consultation, answered once for all their opinions."""

from datetime import datetime
from typing import Any, ClassVar, cast

import django_filters
from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, StatusTagColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import HistoryView, IndexView, SnippetViewSet

from consultations import services
from consultations.compliance.opinion import reason_is_missing
from consultations.lifecycle import Outcome
from consultations.models import ConsultationPage, Issue
from consultations.querysets import counts
from consultations.viewsets.rounds import RoundsView, article_choices
from portal.core.verb_views import VerbView

ISSUES = "wagtailsnippets_consultations_issue"


class IssueFilterSet(WagtailFilterSet):
    """By consultation and by outcome."""

    consultation = django_filters.ModelChoiceFilter(
        label=_("Consultation"), queryset=ConsultationPage.objects.order_by("-opens_on", "-pk")
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
        return Issue.objects.select_related("consultation").annotate(
            opinion_count=Count(
                "points__opinion", filter=counts("points__opinion__"), distinct=True
            )
        )

    @property
    def columns(self) -> list[BaseColumn]:
        """Show no boxes to tick: an issue is answered one by one."""
        return super(IndexView, self).columns


class IssueHistoryView(HistoryView):
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


class IssueVerbView(VerbView):
    """A verb on an issue of `self.consultation`."""

    model = Issue
    header_icon = "tag"
    consultation: ConsultationPage

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [{"url": self.get_success_url(), "label": Issue._meta.verbose_name_plural}]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form which draft it is about."""
        return super().get_form_kwargs() | {"consultation": self.consultation}

    def get_success_url(self) -> str:
        """Return to the issues of this consultation."""
        return f"{reverse(f'{ISSUES}:list')}?consultation={self.consultation.pk}"


class ArticleForm(forms.Form):
    """A form that asks for an article of the draft."""

    article_id = forms.ChoiceField(label=_("Article"), required=False)

    def __init__(self, *args: Any, consultation: ConsultationPage, **kwargs: Any) -> None:
        """Offer the articles of the draft."""
        super().__init__(*args, **kwargs)
        articles = cast("forms.ChoiceField", self.fields["article_id"])
        articles.choices = article_choices(consultation)


class OpenIssueForm(ArticleForm):
    """What an issue is about."""

    title = forms.CharField(label=_("What the issue is"), max_length=200)
    field_order = ("title", "article_id")


class OpenIssueView(IssueVerbView):
    """Open an issue."""

    permission_required = "add"
    form_class = OpenIssueForm
    page_title = _("New issue")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the consultation."""
        super().setup(request, *args, **kwargs)
        rounds = ConsultationPage.objects.live()
        self.consultation = get_object_or_404(rounds, pk=kwargs["round"])

    def get_page_subtitle(self) -> str:
        """Name the consultation."""
        return self.consultation.title

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Open it."""
        self.issue = services.open_issue(
            consultation=self.consultation,
            title=cleaned["title"],
            article_id=cleaned["article_id"],
            by=self.request.user,
            at=at,
        )

    def refused_field(self, cleaned: dict[str, Any]) -> str | None:
        """Show a refusal at the article."""
        return "article_id"

    def get_success_message(self) -> str:
        """Name the issue."""
        return gettext("Issue %(issue)s is open.") % {"issue": self.issue}


class AnswerForm(ArticleForm):
    """What becomes of an issue, and why."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Published. It may stay empty only for what is adopted or noted."),
    )
    change = forms.CharField(
        label=_("Change in the draft"),
        max_length=200,
        required=False,
        help_text=_("In one sentence; published."),
    )
    field_order = ("outcome", "reason", "change", "article_id")


class AnswerIssueView(IssueVerbView):
    """Answer an issue, and with it every opinion grouped there."""

    permission_required = "change"
    form_class = AnswerForm
    template_name = "consultations/admin/issue_answer.html"
    page_title = _("Answer")
    submit_label = _("Save the answer")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the issue."""
        super().setup(request, *args, **kwargs)
        self.issue = get_object_or_404(Issue, pk=kwargs["pk"])
        self.consultation = self.issue.consultation

    def get_page_subtitle(self) -> str:
        """Name the issue."""
        return str(self.issue)

    def get_initial(self) -> dict[str, Any]:
        """Start from the answer as it stands."""
        return {name: getattr(self.issue, name) for name in AnswerForm.field_order}

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Answer it."""
        services.answer(
            issue=self.issue,
            outcome=Outcome(cleaned["outcome"]),
            reason=cleaned["reason"],
            change=cleaned["change"],
            article_id=cleaned["article_id"],
            seen=cleaned["seen"],
            by=self.request.user,
            at=at,
        )

    def version(self) -> int:
        """Return the version of the issue."""
        return self.issue.version

    def reread(self) -> Issue:
        """Read the issue again."""
        self.issue.refresh_from_db()
        return self.issue

    def refused_field(self, cleaned: dict[str, Any]) -> str | None:
        """Show a refusal at the input it concerns."""
        if reason_is_missing(cleaned["outcome"], cleaned["reason"]):
            return "reason"
        return "article_id"

    def get_success_message(self) -> str:
        """Name the issue."""
        return gettext("Issue %(issue)s is answered.") % {"issue": self.issue}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what people said and where the history is."""
        points = self.issue.points.that_count().select_related("opinion").order_by("opinion_id")
        history = reverse(f"{ISSUES}:history", args=[self.issue.pk])
        return super().get_context_data(**kwargs) | {
            "points": points,
            "issue": self.issue,
            "history_url": history,
        }


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
            accessor=lambda issue: issue.get_outcome_display() or _("Not answered yet"),
            sort_key="outcome",
            primary=lambda issue: bool(issue.outcome),
        ),
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
        """Answer, the only edit there is."""
        return AnswerIssueView.as_view()

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the form for one consultation."""
        return [
            *super().get_urlpatterns(),
            path("add/<int:round>/", OpenIssueView.as_view(), name="add_for"),
        ]
