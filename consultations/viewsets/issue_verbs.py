"""Verbs on one issue: open it, give it to somebody, merge it, split it; a form for each."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from consultations import services
from consultations.models import ConsultationPage, Issue, OpinionPoint
from consultations.viewsets.rounds import article_choices
from portal.accounts.models import User
from portal.core.verb_views import VerbView

ISSUES = "wagtailsnippets_consultations_issue"


def desk_url(consultation_id: int) -> str:
    """Return the address of the desk of one consultation."""
    return reverse(f"{ISSUES}:desk", args=[consultation_id])


def points_shown(issue: Issue) -> QuerySet[OpinionPoint]:
    """Return the points of an issue that count, as the desk shows them."""
    points: QuerySet[OpinionPoint] = issue.points.that_count().select_related("opinion")
    return points.order_by("opinion_id", "place", "pk")


class RoundVerbView(VerbView):
    """A verb on the issues of `self.consultation`."""

    model = Issue
    header_icon = "tag"
    consultation: ConsultationPage

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the list and to the desk."""
        return [
            {"url": reverse(f"{ISSUES}:list"), "label": Issue._meta.verbose_name_plural},
            {"url": desk_url(self.consultation.pk), "label": self.consultation.title},
        ]

    def get_success_url(self) -> str:
        """Return to the desk."""
        return desk_url(self.consultation.pk)


class IssueVerbView(RoundVerbView):
    """A verb on one issue, which the form shows with what people said."""

    permission_required = "change"
    template_name = "consultations/admin/issue_verb.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the issue."""
        super().setup(request, *args, **kwargs)
        self.issue = get_object_or_404(Issue.objects.in_scope_of(request.user), pk=kwargs["pk"])
        self.consultation = self.issue.consultation

    def get_page_subtitle(self) -> str:
        """Name the issue."""
        return str(self.issue)

    def version(self) -> int:
        """Return the version of the issue."""
        return self.issue.version

    def reread(self) -> Issue:
        """Read the issue again."""
        self.issue = Issue.objects.get(pk=self.issue.pk)
        return self.issue

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the issue, what people said and where the history is."""
        return super().get_context_data(**kwargs) | {
            "issue": self.issue,
            "draft": getattr(self.issue, "draft", None),
            "points": points_shown(self.issue),
            "history_url": reverse(f"{ISSUES}:history", args=[self.issue.pk]),
        }


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
    field_order: tuple[str, ...] = ("title", "article_id")


class OpenIssueView(RoundVerbView):
    """Open an issue."""

    permission_required = "add"
    form_class = OpenIssueForm
    page_title = _("New issue")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the consultation."""
        super().setup(request, *args, **kwargs)
        rounds = ConsultationPage.objects.live().in_scope_of(request.user)
        self.consultation = get_object_or_404(rounds, pk=kwargs["round"])

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form which draft it is about."""
        return super().get_form_kwargs() | {"consultation": self.consultation}

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


class GiveForm(forms.Form):
    """Who answers an issue, and by when."""

    assignee = forms.ModelChoiceField(
        label=_("Who answers it"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
    )
    due_on = forms.DateField(label=_("Due on"), required=False, widget=AdminDateInput)

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        """Offer those who may answer it."""
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True, pk__in=_who_may_answer(issue))
        field = cast("forms.ModelChoiceField", self.fields["assignee"])
        field.queryset = people.order_by("username")


def _who_may_answer(issue: Issue) -> list[int]:
    """Return who may answer an issue; asked one by one, of those with a role at the desk."""
    people = User.objects.filter(is_active=True).filter(
        groups__permissions__codename="change_issue"
    )
    return [one.pk for one in people.distinct() if services.may_answer(one, issue)]


class GiveIssueView(IssueVerbView):
    """Give an issue to somebody."""

    form_class = GiveForm
    page_title = _("Give to somebody")
    submit_label = _("Give it")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form which issue it is."""
        return super().get_form_kwargs() | {"issue": self.issue}

    def get_initial(self) -> dict[str, Any]:
        """Start from who has it now; the one who gives it may well keep it."""
        return {
            "assignee": self.issue.assignee_id or self.request.user.pk,
            "due_on": self.issue.due_on or self.consultation.feedback_due_on,
        }

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Give it."""
        services.assign_issue(
            issue=self.issue,
            assignee=cleaned["assignee"],
            due_on=cleaned["due_on"],
            seen=cleaned["seen"],
            by=self.request.user,
            at=at,
        )

    def refused_field(self, cleaned: dict[str, Any]) -> str | None:
        """Show a refusal at the day, which is what people get wrong."""
        return "due_on"

    def get_success_message(self) -> str:
        """Name the issue."""
        return gettext("Saved who answers issue %(issue)s.") % {"issue": self.issue}


class MergeForm(forms.Form):
    """Which issue goes on."""

    into = forms.ModelChoiceField(label=_("The issue that goes on"), queryset=Issue.objects.none())

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        """Offer the other issues of the consultation."""
        super().__init__(*args, **kwargs)
        others = Issue.objects.standing().filter(consultation_id=issue.consultation_id)
        field = cast("forms.ModelChoiceField", self.fields["into"])
        field.queryset = others.exclude(pk=issue.pk)


class MergeIssueView(IssueVerbView):
    """Let an issue be part of another."""

    form_class = MergeForm
    page_title = _("Merge into another issue")
    submit_label = _("Merge")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form which issue it is."""
        return super().get_form_kwargs() | {"issue": self.issue}

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Merge it."""
        self.into = cleaned["into"]
        services.merge_issues(
            issue=self.issue,
            into=self.into,
            seen=cleaned["seen"],
            by=self.request.user,
            at=at,
        )

    def get_success_message(self) -> str:
        """Name the issue that goes on."""
        return gettext("Merged; its points stand under issue %(issue)s now.") % {"issue": self.into}


class SplitIssueForm(OpenIssueForm):
    """What goes into a new issue, and what that is about."""

    points = forms.ModelMultipleChoiceField(
        label=_("Points for the new issue"),
        queryset=OpinionPoint.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose the points of this issue that the new one is about.")
        },
    )
    field_order = ("points", "title", "article_id")

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        """Offer the points of the issue."""
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelMultipleChoiceField", self.fields["points"])
        field.queryset = points_shown(issue)
        field.label_from_instance = _in_words  # type: ignore[method-assign, assignment]


FIRST_CHARACTERS = 60


def _in_words(point: OpinionPoint) -> str:
    """Return receipt number and beginning of a point; of one that is not shown the number alone."""
    text = point.desk_text[:FIRST_CHARACTERS]
    return f"{point.opinion.receipt_no}　{text}" if text else point.opinion.receipt_no


class SplitIssueView(IssueVerbView):
    """Take some points of an issue out into a new one."""

    permission_required = "add"
    form_class = SplitIssueForm
    page_title = _("Split this issue")
    submit_label = _("Open the new issue")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form which issue it is."""
        return super().get_form_kwargs() | {"issue": self.issue, "consultation": self.consultation}

    def get_initial(self) -> dict[str, Any]:
        """Start with the article that both are about."""
        return {"article_id": self.issue.article_id}

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Split it."""
        self.new = services.split_issue(
            issue=self.issue,
            points=cleaned["points"],
            title=cleaned["title"],
            article_id=cleaned["article_id"],
            seen=cleaned["seen"],
            by=self.request.user,
            at=at,
        )

    def get_success_message(self) -> str:
        """Name the new issue."""
        return gettext("Issue %(issue)s is open.") % {"issue": self.new}
