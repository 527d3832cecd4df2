"""The editors' screen on which each change of a decision gets its causes."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultations.models import Issue
from decisions import services
from decisions.models import DecisionPage
from decisions.models.changes import Change, Changes, changes_of
from portal.core.verb_views import VerbView


def article_of(change: Change) -> str:
    """Return the id of the article under which the causes of a change are recorded."""
    return (change.row.new or change.row.old)[0].id


class CausesForm(forms.Form):
    """For each article that changed: the adopted issues that caused it, or another reason."""

    def __init__(self, *args: Any, changes: Changes, issues: list[Issue], **kwargs: Any) -> None:
        """Ask about each change, starting from what is known."""
        super().__init__(*args, **kwargs)
        self.changes = changes
        choices = [(str(issue.pk), str(issue)) for issue in issues]
        for place, change in enumerate(changes.changed):
            labels = change.labels or change.old_labels
            self.fields[f"issues_{place}"] = forms.MultipleChoiceField(
                label=_("%(article)s: because of these issues") % {"article": labels},
                choices=choices,
                required=False,
                initial=[str(cause.issue.pk) for cause in change.causes],
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields[f"reason_{place}"] = forms.CharField(
                label=_("%(article)s: changed of the organ's own motion, because")
                % {"article": labels},
                required=False,
                max_length=500,
                initial=" ".join(change.own_reasons),
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("Published beside the article."),
            )

    def clean(self) -> dict[str, Any]:
        """Gather as `answers` the changes about which something else was answered."""
        cleaned = super().clean() or self.cleaned_data
        given = (
            (change, cleaned.get(f"issues_{place}", []), cleaned.get(f"reason_{place}", ""))
            for place, change in enumerate(self.changes.changed)
            if {f"issues_{place}", f"reason_{place}"} & set(self.changed_data)
        )
        return cleaned | {"answers": list(given)}


class ExplainChangesView(VerbView):
    """Say why each article is not as it was in the draft."""

    model = DecisionPage
    form_class = CausesForm
    template_name = "decisions/admin/explain_changes.html"
    page_title = _("Why the draft was changed")
    header_icon = "history"
    success_message = _("The causes are recorded and shown beside the articles.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the decision and its changes."""
        super().setup(request, *args, **kwargs)
        decisions = DecisionPage.objects.in_scope_of(request.user)
        self.page = get_object_or_404(decisions, pk=kwargs["pk"])
        changes = changes_of(self.page)
        if changes is None:
            raise Http404
        self.changes = changes

    def user_has_permission(self, permission: str) -> bool:
        """Let those explain who may edit the decision."""
        allowed: bool = self.page.permissions_for_user(self.request.user).can_edit()
        return allowed

    def get_page_subtitle(self) -> str:
        """Name the decision."""
        return self.page.title

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form what changed, and what may have caused it."""
        issues = [cause.issue for cause in self.changes.adopted]
        return super().get_form_kwargs() | {"changes": self.changes, "issues": issues}

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Record the causes of each change about which something else was answered."""
        for change, issues, reason in cleaned["answers"]:
            services.explain_change(
                page=self.page,
                article_id=article_of(change),
                issues=Issue.objects.filter(pk__in=issues),
                own_reason=reason,
                by=self.request.user,
                at=at,
            )

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the decision."""
        return [{"url": self.get_success_url(), "label": self.page.title}]

    def get_success_url(self) -> str:
        """Return to the decision."""
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])
