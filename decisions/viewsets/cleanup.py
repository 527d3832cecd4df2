"""The clean-up of documents in Wagtail's admin: its list, and the outcome of one or of many."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.widgets import AdminDateInput
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from decisions import services
from decisions.lifecycle import CleanupOutcome
from decisions.models import CleanupEntry, CleanupPage
from decisions.viewsets.record import RecordView, RecordViewSet, ScopedIndexView
from portal.core.findings import Refused
from portal.core.verb_views import say_refused


class StartForm(forms.Form):
    """What the page of a new clean-up says first."""

    title = forms.CharField(label=_("Title"), max_length=255)
    organ = forms.CharField(label=_("Organ that cleans up"), max_length=60)
    basis = forms.CharField(label=_("Basis of the clean-up"), max_length=200, required=False)


class OutcomeForm(forms.Form):
    """What becomes of a decision, or of many."""

    outcome = forms.ChoiceField(
        label=_("Result of the clean-up"), choices=CleanupOutcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Published with the result; required unless the decision stays in force."),
    )
    effective_on = forms.DateField(
        label=_("Repealed from"),
        required=False,
        widget=AdminDateInput,
        help_text=_("Only for a repeal; without a day it holds from the day of publication."),
    )


class StartCleanupView(RecordView):
    """Start a clean-up with every decision in force in the user's scope."""

    model = CleanupEntry
    form_class = StartForm
    page_title = _("Start a clean-up of documents")
    header_icon = "list-ul"
    submit_label = _("List every decision in force")
    success_message = _("The list is made. Nothing of it is public yet.")

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Make the list."""
        cleaned.pop("seen", None)
        self.cleanup = services.start_cleanup(**cleaned, by=self.request.user, at=at)

    def get_success_url(self) -> str:
        """Go to the list."""
        base = super().get_success_url()
        cleanup = getattr(self, "cleanup", None)
        return f"{base}?cleanup={cleanup.pk}" if cleanup else base


class SetOutcomeView(RecordView):
    """Say what becomes of one decision."""

    model = CleanupEntry
    permission_required = "change"
    form_class = OutcomeForm
    page_title = _("What becomes of the decision")
    header_icon = "list-ul"
    success_message = _("The outcome is recorded. It is public once the clean-up is published.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the decision."""
        super().setup(request, *args, **kwargs)
        own = CleanupEntry.objects.in_scope_of(request.user)
        self.entry = get_object_or_404(own.select_related("decision", "cleanup"), pk=kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        """Start from what is recorded."""
        return {name: getattr(self.entry, name) for name in OutcomeForm.base_fields}

    def get_page_subtitle(self) -> str:
        """Name the decision and the clean-up."""
        return f"{self.entry} · {self.entry.cleanup.title}"

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Record it."""
        services.set_outcome(
            entries=[self.entry.pk], **_outcome(cleaned), by=self.request.user, at=at
        )

    def get_success_url(self) -> str:
        """Return to the list of this clean-up."""
        return f"{super().get_success_url()}?cleanup={self.entry.cleanup_id}"


def _outcome(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Return what the form of an outcome says, for the verb."""
    return {
        "outcome": CleanupOutcome(cleaned["outcome"]),
        "reason": cleaned["reason"],
        "effective_on": cleaned["effective_on"],
    }


class SetOutcomes(SnippetBulkAction):
    """Say what becomes of the decisions ticked in the list."""

    models: ClassVar[list[Any]] = [CleanupEntry]
    display_name = _("Set the outcome")
    aria_label = _("Set the outcome of the selected decisions")
    action_type = "set_outcome"
    action_priority = 10
    template_name = "decisions/admin/cleanup_bulk.html"
    form_class = OutcomeForm

    def check_perm(self, obj: CleanupEntry) -> bool:
        """Let those act who may change what is listed."""
        allowed: bool = self.permission_policy.user_has_permission(self.request.user, "change")
        return allowed

    def get_queryset(self, model: Any, object_ids: Iterable[Any]) -> QuerySet[CleanupEntry]:
        """Read the decisions in scope."""
        own = CleanupEntry.objects.in_scope_of(self.request.user)
        return own.filter(pk__in=list(object_ids)).select_related("decision").order_by("pk")

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[int]:
        """Act on nothing that was not ticked: the list may be filtered, this query is not."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words of this action."""
        return super().get_context_data(**kwargs) | {"title": self.aria_label}

    @classmethod
    def execute_action(cls, objects: list[CleanupEntry], **kwargs: Any) -> tuple[int, int]:
        """Set the outcome of all, or of none when it is refused."""
        action: SetOutcomes = kwargs["self"]
        try:
            done = services.set_outcome(
                entries=[one.pk for one in objects],
                **_outcome(action.cleaned_form.cleaned_data),
                by=action.request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            say_refused(action.request, refused)
            return 0, 0
        return done, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        """Say how many are done."""
        if not num_parent_objects:
            return None
        return ngettext(
            "The outcome of %(count)s decision is recorded.",
            "The outcome of %(count)s decisions is recorded.",
            num_parent_objects,
        ) % {"count": num_parent_objects}


def _cleanups(request: HttpRequest) -> QuerySet[CleanupPage]:
    """Return the clean-ups that go through a decision in the user's scope."""
    own = CleanupEntry.objects.in_scope_of(request.user).order_by()
    cleanups = CleanupPage.objects.filter(pk__in=own.values("cleanup"))
    return cleanups.order_by("-pk")


class CleanupFilterSet(WagtailFilterSet):
    """By clean-up and outcome."""

    cleanup = django_filters.ModelChoiceFilter(label=_("Clean-up"), queryset=_cleanups)
    outcome = django_filters.MultipleChoiceFilter(
        label=_("Result of the clean-up"),
        choices=CleanupOutcome.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = CleanupEntry
        fields: ClassVar[list[str]] = []


class CleanupIndexView(ScopedIndexView):
    """Decisions under clean-up in the user's scope."""

    add_item_label = _("Start a clean-up of documents")

    subjects = ("decision", "cleanup")


class CleanupEntryViewSet(RecordViewSet):
    """Decisions under clean-up: listed in one act, each with its outcome."""

    model = CleanupEntry
    index_view_class = CleanupIndexView
    icon = "list-ul"
    url_prefix = "cleanup"
    url_namespace = "wagtailsnippets_decisions_cleanupentry"
    menu_label = _("Clean-up of documents")
    menu_order = 190
    filterset_class = CleanupFilterSet
    search_fields: ClassVar[list[str]] = ["decision__title", "decision__document_no"]
    ordering: ClassVar[list[str]] = ["-cleanup", "pk"]
    list_per_page = 100
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("document_no", label=_("Document number"), accessor="decision.document_no"),
        StatusTagColumn(
            "outcome",
            label=_("Result of the clean-up"),
            accessor="get_outcome_display",
            sort_key="outcome",
            primary=lambda entry: bool(entry.outcome),
        ),
        Column("reason", label=_("Reason")),
        Column("effective_on", label=_("Repealed from"), sort_key="effective_on"),
        Column("cleanup", label=_("Clean-up"), accessor="cleanup.title"),
    ]

    @property
    def add_view(self) -> Any:
        """Start a clean-up."""
        return StartCleanupView.as_view()

    @property
    def edit_view(self) -> Any:
        """Say what becomes of one decision."""
        return SetOutcomeView.as_view()
