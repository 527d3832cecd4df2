"""Answers in the admin: one drafts, another reads, then many are made final at once."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from consultations import services
from consultations.compliance.opinion import reason_is_missing
from consultations.lifecycle import AnswerState, Outcome
from consultations.models import Issue, ReasonTemplate
from consultations.viewsets.issue_verbs import ISSUES, ArticleForm, IssueVerbView
from portal.core.findings import Refused
from portal.core.verb_views import say_refused
from portal.core.versions import Overtaken

MOST_IN_QUEUE = 200
ANSWER_FIELDS = ("outcome", "reason", "change", "article_id")


class AnswerForm(ArticleForm):
    """What becomes of an issue, and why."""

    TAKE = "take_template"  # the button that puts a template's text into the reason

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    template = forms.ModelChoiceField(
        label=_("Reason template"), queryset=ReasonTemplate.objects.none(), required=False
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
    field_order = ("outcome", "template", "reason", "change", "article_id")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        """Offer the templates of the user's units and those of all."""
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField", self.fields["template"])
        field.queryset = ReasonTemplate.objects.in_scope_of(user).order_by("outcome", "title")
        field.label_from_instance = _template_label  # type: ignore[method-assign, assignment]


def _template_label(template: ReasonTemplate) -> str:
    outcome = template.get_outcome_display()
    return f"{outcome}　{template.title}" if outcome else template.title


class AnswerIssueView(IssueVerbView):
    """Draft the answer to an issue, and with it to every opinion grouped there."""

    form_class = AnswerForm
    template_name = "consultations/admin/issue_answer.html"
    page_title = _("Answer")
    submit_label = _("Save the draft")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form whose it is; with a template taken, fill it instead of judging it."""
        kwargs = super().get_form_kwargs()
        kwargs |= {"consultation": self.consultation, "user": self.request.user}
        if AnswerForm.TAKE in self.request.POST:
            kwargs["initial"] = self._with_template(kwargs.pop("data"))
            del kwargs["files"]
        return kwargs

    def _with_template(self, sent: Any) -> dict[str, Any]:
        """Return what was entered, with the text of the chosen template as the reason."""
        initial = {name: sent.get(name, "") for name in (*ANSWER_FIELDS, "template", "seen")}
        number = initial["template"]
        templates = ReasonTemplate.objects.in_scope_of(self.request.user)
        chosen = templates.filter(pk=number).first() if number.isdigit() else None
        if chosen is not None:
            initial["reason"] = chosen.text
            initial["outcome"] = initial["outcome"] or chosen.outcome
        return initial

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the draft, or show the form with a template's text in it."""
        if AnswerForm.TAKE in request.POST:
            return self.render_to_response(self.get_context_data())
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """Start from the draft, or from the answer as it stands."""
        written = getattr(self.issue, "draft", None) or self.issue
        return {name: getattr(written, name) for name in ANSWER_FIELDS}

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Save the draft."""
        services.draft_answer(
            issue=self.issue,
            outcome=Outcome(cleaned["outcome"]),
            reason=cleaned["reason"],
            change=cleaned["change"],
            article_id=cleaned["article_id"],
            seen=cleaned["seen"],
            by=self.request.user,
            at=at,
        )

    def refused_field(self, cleaned: dict[str, Any]) -> str | None:
        """Show a refusal at the input it concerns."""
        if reason_is_missing(cleaned["outcome"], cleaned["reason"]):
            return "reason"
        return "article_id"

    def get_success_message(self) -> str:
        """Say what comes next."""
        return gettext("The answer to issue %(issue)s is drafted. A colleague has to read it.") % {
            "issue": self.issue
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what else can be done with the issue."""
        return super().get_context_data(**kwargs) | {
            "take_button": AnswerForm.TAKE,
            "is_to_be_read": self.issue.answer_state is AnswerState.DRAFT,
            "review_url": reverse(f"{ISSUES}:review", args=[self.issue.pk]),
        }


class ReviewAnswerView(IssueVerbView):
    """Read the draft of an answer and pass it."""

    form_class = forms.Form
    template_name = "consultations/admin/issue_review.html"
    page_title = _("Read the draft")
    submit_label = _("Pass the draft")

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Pass it."""
        services.review_answer(issue=self.issue, seen=cleaned["seen"], by=self.request.user, at=at)

    def get_success_url(self) -> str:
        """Return to what else is to be read."""
        return reverse(f"{ISSUES}:drafts")

    def get_success_message(self) -> str:
        """Say what comes next."""
        return gettext("The answer to issue %(issue)s is read. It can be made final.") % {
            "issue": self.issue
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words of the article that changes, and where the draft is rewritten."""
        draft = getattr(self.issue, "draft", None)
        return super().get_context_data(**kwargs) | {
            "article": self.consultation.article_labels.get(draft.article_id) if draft else None,
            "edit_url": reverse(f"{ISSUES}:edit", args=[self.issue.pk]),
        }


class DraftsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The drafts that wait for a reader, and those read, which are made final here."""

    request: Any
    model = Issue
    permission_required = "change"
    template_name = "consultations/admin/issue_drafts.html"
    page_title = _("Drafts to read")
    header_icon = "tag"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list of issues."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(f"{ISSUES}:list"), "label": Issue._meta.verbose_name_plural},
            {"url": "", "label": self.get_page_title()},
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make the ticked answers final; what is refused for one does not hold up the others."""
        versions = dict(_ticked(request.POST.getlist("issues")))
        issues = Issue.objects.in_scope_of(self.request.user).filter(pk__in=versions)
        done = 0
        for issue in issues.order_by("pk"):
            done += self._finalise(issue, versions[issue.pk])
        if done:
            messages.success(
                request,
                ngettext("%(count)s answer is final.", "%(count)s answers are final.", done)
                % {"count": done},
            )
        elif not versions:
            messages.warning(request, _("Tick the answers that are to become final."))
        return redirect(request.get_full_path())

    def _finalise(self, issue: Issue, seen: int) -> bool:
        """Make one answer final; say why where it cannot be."""
        try:
            services.finalise_answer(
                issue=issue, seen=seen, by=self.request.user, at=timezone.now()
            )
        except Refused as refused:
            messages.warning(self.request, str(issue))
            say_refused(self.request, refused)
            return False
        except Overtaken:
            messages.warning(
                self.request,
                gettext("Somebody has acted on issue %(issue)s meanwhile; look at it again.")
                % {"issue": issue},
            )
            return False
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the drafts in scope, those of others first."""
        own = (
            Issue.objects.in_scope_of(self.request.user)
            .standing()
            .select_related("consultation", "draft__drafted_by", "draft__reviewed_by")
            .order_by("draft__drafted_at")
        )
        return super().get_context_data(**kwargs) | {
            "to_read": own.awaiting_review()[:MOST_IN_QUEUE],
            "to_finalise": own.awaiting_the_last_word()[:MOST_IN_QUEUE],
        }


def _ticked(values: list[str]) -> list[tuple[int, int]]:
    """Read “issue:version” of each ticked box; what is none is left out."""
    pairs = [value.partition(":") for value in values]
    return [(int(pk), int(seen)) for pk, _colon, seen in pairs if _is_id(pk) and _is_id(seen)]


def _is_id(text: str) -> bool:
    most_digits = 9
    return text.isascii() and text.isdigit() and len(text) <= most_digits
