"""The desk of one consultation: its issues, how far they are, and the points under none."""

from typing import Any, cast

from django import forms
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from consultations import services
from consultations.lifecycle import Outcome, Stance, official_date
from consultations.models import ConsultationPage, FeedbackReportPage, Issue, OpinionPoint
from consultations.models.desk import MOST_COMPARED, WHOLE, PointFilter, page_of_bundles
from consultations.models.matrix import matrix_of, missing_of
from consultations.models.progress import progress_of
from consultations.querysets import counts
from consultations.viewsets.issue_verbs import ISSUES
from consultations.viewsets.rounds import RoundsView, article_choices
from portal.core.findings import Refused
from portal.core.verb_views import sentences
from portal.core.versions import Overtaken

MOST_DIGITS = 9
MOST_MISSING = 50


class DesksView(RoundsView):
    """Which consultation is to be answered?"""

    model = Issue
    permission_required = "view"
    page_title = _("Group and answer")
    header_icon = "tag"
    next_url_name = f"{ISSUES}:desk"


class RoundView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A screen about the issues of one consultation."""

    request: Any
    model = Issue
    permission_required = "view"
    header_icon = "tag"
    consultation: ConsultationPage

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the consultation."""
        super().setup(request, *args, **kwargs)
        rounds = ConsultationPage.objects.live().in_scope_of(request.user)
        self.consultation = get_object_or_404(rounds, pk=kwargs["round"])

    def get_page_subtitle(self) -> str:
        """Name the consultation."""
        return self.consultation.title

    def path(self) -> list[dict[str, Any]]:
        """Return the breadcrumbs between home and this screen."""
        return [{"url": reverse(f"{ISSUES}:desks"), "label": _("Group and answer")}]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Add this screen to the path."""
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, *self.path(), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the consultation and the way to its other screens."""
        return super().get_context_data(**kwargs) | {
            "consultation": self.consultation,
            "desk_url": reverse(f"{ISSUES}:desk", args=[self.consultation.pk]),
            "matrix_url": reverse(f"{ISSUES}:matrix", args=[self.consultation.pk]),
            "drafts_url": reverse(f"{ISSUES}:drafts"),
        }


class PointFilterForm(forms.Form):
    """By article, stance and words."""

    article = forms.ChoiceField(label=_("Article"), required=False)
    stance = forms.ChoiceField(
        label=_("Stance"), required=False, choices=[("", _("Any")), *Stance.choices]
    )
    words = forms.CharField(label=_("Words in the text"), required=False, max_length=100)

    def __init__(self, data: Any, *, consultation: ConsultationPage) -> None:
        """Offer the articles of the draft."""
        super().__init__(data, label_suffix="")
        articles = article_choices(consultation)
        field = cast("forms.ChoiceField", self.fields["article"])
        field.choices = [("", _("Any")), (WHOLE, articles[0][1]), *articles[1:]]

    def chosen(self) -> PointFilter:
        """Return the filter; what is not offered is left out."""
        self.is_valid()
        known = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return PointFilter(**known)


class GroupPointsForm(forms.Form):
    """What is grouped, and under which issue: one that is open, or a new one."""

    ALL = "all"  # the button that takes everything the filter leaves

    issue = forms.ModelChoiceField(
        label=_("Existing issue"), queryset=Issue.objects.none(), required=False
    )
    title = forms.CharField(label=_("Or a new issue"), max_length=200, required=False)
    article_id = forms.ChoiceField(label=_("Article of the new issue"), required=False)

    def __init__(self, *args: Any, consultation: ConsultationPage, **kwargs: Any) -> None:
        """Offer the issues and the articles of the consultation."""
        super().__init__(*args, **(kwargs | {"label_suffix": ""}))
        issues = cast("forms.ModelChoiceField", self.fields["issue"])
        issues.queryset = Issue.objects.standing().filter(consultation=consultation)
        articles = cast("forms.ChoiceField", self.fields["article_id"])
        articles.choices = article_choices(consultation)

    def clean(self) -> dict[str, Any]:
        """Ask for one issue."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["title"] = cleaned.get("title", "").strip()  # not asked of who may open none
        if bool(cleaned.get("issue")) == bool(cleaned["title"]):
            self.add_error("issue", _("Choose an existing issue or name a new one."))
        return cleaned


class DeskView(RoundView):
    """Issues and points of one consultation; points are grouped here."""

    template_name = "consultations/admin/issue_desk.html"
    page_title = _("Group and answer")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the filter."""
        super().setup(request, *args, **kwargs)
        self.filter_form = PointFilterForm(request.GET, consultation=self.consultation)
        self.filter = self.filter_form.chosen()
        self.form = GroupPointsForm(
            initial={"article_id": "" if self.filter.article == WHOLE else self.filter.article},
            consultation=self.consultation,
        )
        self.picked: set[int] = set()

    def may(self, action: str) -> bool:
        """Tell whether whoever asks may carry out an act on issues."""
        allowed: bool = self.permission_policy.user_has_permission(self.request.user, action)
        return allowed

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Group what was picked, or show what is wrong with what was entered."""
        self.form = GroupPointsForm(request.POST, consultation=self.consultation)
        if not self.may("add"):
            del self.form.fields["title"], self.form.fields["article_id"]
        self.picked = _picked(request.POST.getlist("points"))
        if not self.may("change"):
            raise Http404
        if not self.form.is_valid():
            return self._again()
        points = self._points()
        if points is None:
            return self._again()
        try:
            issue = self._group(points, self.form.cleaned_data)
        except Overtaken:
            self.form.add_error(
                None,
                _(
                    "A colleague has grouped or cut some of these points meanwhile. They are not "
                    "in the list any more; nothing was grouped. Press the button again."
                ),
            )
            return self._again()
        except Refused as refused:
            for sentence in sentences(refused):
                self.form.add_error(None, sentence)
            return self._again()
        count = ngettext("%(count)s point", "%(count)s points", len(points)) % {
            "count": len(points)
        }
        messages.success(
            request,
            gettext("%(points)s grouped under issue %(issue)s.")
            % {"points": count, "issue": issue},
        )
        return redirect(request.get_full_path())

    def _again(self) -> HttpResponse:
        messages.validation_error(
            self.request, _("Nothing was saved. Please correct this:"), self.form
        )
        return self.render_to_response(self.get_context_data())

    def _points(self) -> list[OpinionPoint] | None:
        """Return the points that are meant; None with an error at the form where none is."""
        if GroupPointsForm.ALL not in self.request.POST:
            if not self.picked:
                self.form.add_error(None, _("Tick the points that belong together."))
                return None
            own = OpinionPoint.objects.filter(opinion__consultation=self.consultation)
            # What was joined to another point meanwhile is gone; the verb has to know.
            found = list(own.filter(pk__in=self.picked).only("pk"))
            gone = self.picked - {point.pk for point in found}
            return found + [OpinionPoint(pk=pk) for pk in gone]
        points = list(self.filter.points(self.consultation).only("pk"))
        shown = self.request.POST.get(GroupPointsForm.ALL, "")
        if str(len(points)) != shown:
            self.form.add_error(
                None,
                ngettext(
                    "The filter leaves %(count)s point now. Press the button again if you mean it.",
                    "The filter leaves %(count)s points now. Press the button again if you mean "
                    "them.",
                    len(points),
                )
                % {"count": len(points)},
            )
            return None
        return points

    @transaction.atomic
    def _group(self, points: list[OpinionPoint], cleaned: dict[str, Any]) -> Issue:
        who_and_when = {"by": self.request.user, "at": timezone.now()}
        issue: Issue | None = cleaned["issue"]
        if issue is None:
            issue = services.open_issue(
                consultation=self.consultation,
                title=cleaned["title"],
                article_id=cleaned["article_id"],
                **who_and_when,
            )
        seen = {point.pk: None for point in points}
        services.assign(points=points, issue=issue, seen=seen, **who_and_when)
        return issue

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add issues, progress, and one page of the points under no issue."""
        today = official_date(timezone.now())
        number = self.request.GET.get("p", "")
        is_number = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
        page = page_of_bundles(
            self.filter.points(self.consultation), number=int(number) if is_number else 1
        )
        issues = list(issues_of(self.consultation))
        offered = cast("forms.ModelChoiceField", self.form.fields["issue"])
        offered.choices = [("", "—"), *((issue.pk, str(issue)) for issue in issues)]
        return super().get_context_data(**kwargs) | {
            "today": today,
            "progress": progress_of([self.consultation.pk], on=today)[self.consultation.pk],
            "issues": issues,
            "filter_form": self.filter_form,
            "form": self.form,
            "page": page,
            "picked": self.picked,
            "labels": self.consultation.article_labels,
            "most_compared": MOST_COMPARED,
            "may_change": self.may("change"),
            "may_add": self.may("add"),
            "older_url": self._url(page.number + 1) if page.number < page.pages else "",
            "newer_url": self._url(page.number - 1) if page.number > 1 else "",
        }

    def _url(self, number: int) -> str:
        given = {
            "article": self.filter.article,
            "stance": self.filter.stance,
            "words": self.filter.words,
            "p": str(number),
        }
        return "?" + urlencode({key: value for key, value in given.items() if value})


def issues_of(consultation: ConsultationPage) -> QuerySet[Issue]:
    """Return the issues that stand, each with its draft and what is grouped under it."""
    issues: QuerySet[Issue] = Issue.objects.standing().filter(consultation=consultation)
    that_count = counts("points__opinion__")
    return (
        issues.select_related("draft", "assignee")
        .annotate(
            opinion_count=Count("points__opinion", filter=that_count, distinct=True),
            point_count=Count("points", filter=that_count, distinct=True),
        )
        .order_by("number")
    )


def _picked(values: list[str]) -> set[int]:
    """Read the ids that boxes send, several to a box; what is none is left out."""
    ids = (one for value in values for one in value.split("."))
    return {int(one) for one in ids if one.isascii() and one.isdigit() and len(one) <= MOST_DIGITS}


class MatrixView(RoundView):
    """The adoption matrix, which is the table that the public will read; and what is missing."""

    template_name = "consultations/admin/issue_matrix.html"
    page_title = _("Adoption matrix")

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the desk."""
        desk = reverse(f"{ISSUES}:desk", args=[self.consultation.pk])
        return [*super().path(), {"url": desk, "label": self.consultation.title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the matrix, row by row as the public table has it."""
        matrix = matrix_of(self.consultation)
        return super().get_context_data(**kwargs) | {
            "matrix": matrix,
            "outcomes": list(Outcome),
            "rows": [
                (row, [row.count if row.outcome is outcome else "" for outcome in Outcome])
                for row in matrix.rows
            ],
            "totals": [matrix.totals.by_outcome[outcome] for outcome in Outcome],
            "missing": missing_of(self.consultation.pk, most=MOST_MISSING),
            "report": FeedbackReportPage.objects.child_of(self.consultation).first(),
        }
