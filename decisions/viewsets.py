"""Reviews and the collective discussion in Wagtail's admin, recorded through the verbs."""

from datetime import datetime
from typing import Any, ClassVar, cast

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, StatusTagColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Page
from wagtail.snippets.views.snippets import HistoryView, IndexView, SnippetViewSet

from consultations.models import DecisionItemPage
from decisions import services
from decisions.lifecycle import PASSED, ReviewKind, ReviewResult
from decisions.models import CollectiveDiscussion, Review
from portal.accounts.scoped_views import ScopedObjectMixin
from portal.core.forms import PastDateField
from portal.core.verb_views import VerbView
from portal.core.waiver_views import WaivingView


class MatterField(forms.ModelChoiceField):
    """A public matter, by its title; a form offers those in the user's scope."""

    def __init__(self, **kwargs: Any) -> None:
        """Offer none, until `offer_to` says who asks."""
        matters = DecisionItemPage.objects.none()
        super().__init__(queryset=matters, label=_("Matter"), **kwargs)

    def offer_to(self, user: Any) -> None:
        """Offer the public matters that somebody works on, the newest catalogue first."""
        self.queryset = DecisionItemPage.objects.live().in_scope_of(user).order_by("-path")


class RecordIndexView(IndexView):
    """Records of matters; there is nothing to do with many of them at once."""

    def get_base_queryset(self) -> QuerySet[Any]:
        """Read the matter of each along."""
        own: QuerySet[Any] = self.model._default_manager.in_scope_of(self.request.user)
        return own.select_related("item")

    @property
    def columns(self) -> list[BaseColumn]:
        """Show no boxes to tick."""
        return super(IndexView, self).columns


class RecordHistoryView(ScopedObjectMixin, HistoryView):
    """What was done to a record; everyone who may see it may see that."""

    any_permission_required: ClassVar[list[str]] = ["view"]
    header_buttons: ClassVar[list[HeaderButton]] = []


class RecordView(VerbView):
    """A verb that writes a record of a matter, given in the address as `?item=`."""

    permission_required = "add"

    def get_initial(self) -> dict[str, Any]:
        """Start with the matter the user comes from."""
        item = self.request.GET.get("item", "")
        return {"item": item} if item.isascii() and item.isdigit() else {}

    def get_form(self, form_class: Any = None) -> forms.Form:
        """Offer the matters that the user works on, where the form asks for one."""
        form = super().get_form(form_class)
        if "item" in form.fields:
            cast("MatterField", form.fields["item"]).offer_to(self.request.user)
        return form

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [{"url": self.get_success_url(), "label": self.model._meta.verbose_name_plural}]

    def get_success_url(self) -> str:
        """Return to the list."""
        return reverse(self.model.snippet_viewset.get_url_name("list"))


class ConclusionForm(forms.Form):
    """How a review ended."""

    result = forms.ChoiceField(
        label=_("Result"), choices=ReviewResult.choices, widget=forms.RadioSelect
    )
    number = forms.CharField(label=_("Review number"), max_length=40, required=False)
    concluded_on = PastDateField(label=_("Concluded on"), required=False)
    conclusion = forms.CharField(label=_("Conclusion as published"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the day of a conclusion, and for none while there is none."""
        cleaned = super().clean() or self.cleaned_data
        is_over = cleaned.get("result") != ReviewResult.PENDING
        if is_over and not cleaned.get("concluded_on") and "concluded_on" not in self.errors:
            self.add_error("concluded_on", _("Enter the day of the conclusion."))
        return cleaned


class ReviewForm(ConclusionForm):
    """A review that was asked for, and how it ended if it has."""

    item = MatterField()
    kind = forms.ChoiceField(label=_("Kind"), choices=ReviewKind.choices, widget=forms.RadioSelect)
    sent_on = PastDateField(label=_("Sent on"), required=False)
    field_order = ("item", "kind", "sent_on", "result", "number", "concluded_on", "conclusion")


class RecordReviewView(RecordView):
    """Record a review."""

    model = Review
    form_class = ReviewForm
    page_title = _("Record a review")
    header_icon = "check"
    success_message = _("The review is recorded.")

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Record it."""
        services.record_review(
            item=cleaned["item"],
            kind=ReviewKind(cleaned["kind"]),
            result=ReviewResult(cleaned["result"]),
            number=cleaned["number"],
            sent_on=cleaned["sent_on"],
            concluded_on=cleaned["concluded_on"],
            conclusion=cleaned["conclusion"],
            by=self.request.user,
            at=at,
        )


class ConcludeReviewView(RecordView):
    """Conclude a review that was in progress."""

    model = Review
    permission_required = "change"
    form_class = ConclusionForm
    page_title = _("Conclude the review")
    header_icon = "check"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the review."""
        super().setup(request, *args, **kwargs)
        self.review = get_object_or_404(
            Review.objects.in_scope_of(request.user).select_related("item"), pk=kwargs["pk"]
        )

    def get_page_subtitle(self) -> str:
        """Name the review and its matter."""
        return f"{self.review} · {self.review.item.title}"

    def get_initial(self) -> dict[str, Any]:
        """Start from what is recorded."""
        return {name: getattr(self.review, name) for name in ConclusionForm.base_fields}

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Conclude it."""
        services.conclude_review(
            review=self.review,
            result=ReviewResult(cleaned["result"]),
            number=cleaned["number"],
            concluded_on=cleaned["concluded_on"],
            conclusion=cleaned["conclusion"],
            by=self.request.user,
            at=at,
        )

    def refused_field(self, cleaned: dict[str, Any]) -> str | None:
        """Show a refusal at the result."""
        return "result"

    def get_success_message(self) -> str:
        """Say the result."""
        return _t("%(review)s: %(result)s") % {
            "review": self.review,
            "result": self.review.get_result_display(),
        }


class ReviewFilterSet(WagtailFilterSet):
    """By kind and result."""

    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=ReviewKind.choices, widget=forms.CheckboxSelectMultiple
    )
    result = django_filters.MultipleChoiceFilter(
        label=_("Result"), choices=ReviewResult.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Review
        fields: ClassVar[list[str]] = []


class RecordViewSet(SnippetViewSet):
    """Records that only verbs write."""

    index_view_class = RecordIndexView
    history_view_class = RecordHistoryView
    copy_view_enabled = False
    add_to_reference_index = False
    add_to_admin_menu = True
    search_backend_name = None
    list_per_page = 50
    list_export: ClassVar[list[str]] = []

    def register_chooser_viewset(self) -> None:
        """Offer no chooser: nothing refers to these records."""


class ReviewViewSet(RecordViewSet):
    """Reviews: recorded, then concluded once."""

    model = Review
    icon = "check"
    url_prefix = "reviews"
    url_namespace = "wagtailsnippets_decisions_review"
    menu_order = 160
    filterset_class = ReviewFilterSet
    search_fields: ClassVar[list[str]] = ["item__title", "number"]
    ordering = "-pk"
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("item", label=_("Matter"), accessor="item.title"),
        StatusTagColumn(
            "result",
            label=_("Result"),
            accessor="get_result_display",
            sort_key="result",
            primary=lambda review: review.result in PASSED,
        ),
        Column("sent_on", label=_("Sent on"), sort_key="sent_on"),
        Column("concluded_on", label=_("Concluded on"), sort_key="concluded_on"),
    ]

    @property
    def add_view(self) -> Any:
        """Record a review."""
        return RecordReviewView.as_view()

    @property
    def edit_view(self) -> Any:
        """Conclude, the only edit there is."""
        return ConcludeReviewView.as_view()


class DecideForm(forms.Form):
    """The meeting that decided a matter."""

    item = MatterField()
    meeting_name = forms.CharField(label=_("Meeting"), max_length=60)
    held_on = PastDateField(label=_("Held on"))
    party_report_on = PastDateField(label=_("Reported to the Party committee on"))


class DecideView(WaivingView, RecordView):
    """Record the collective decision on a matter; REV-2 may ask for a reason."""

    model = CollectiveDiscussion
    form_class = DecideForm
    page_title = _("Record the collective decision")
    header_icon = "group"
    success_message = _("The decision is recorded. Its text can be published now.")

    def waived_page(self, cleaned: dict[str, Any]) -> Page:
        """Record reasons for the matter."""
        item: DecisionItemPage = cleaned["item"]
        return item

    def act(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Record it, if the rules allow the decision."""
        services.decide(**cleaned, by=self.request.user, at=at)


class DiscussionViewSet(RecordViewSet):
    """Collective discussions: recorded once, never edited."""

    model = CollectiveDiscussion
    icon = "group"
    url_prefix = "discussions"
    url_namespace = "wagtailsnippets_decisions_collectivediscussion"
    menu_order = 170
    search_fields: ClassVar[list[str]] = ["item__title", "meeting_name"]
    ordering: ClassVar[list[str]] = ["-held_on", "-pk"]
    list_display: ClassVar[list[Any]] = [
        "meeting_name",
        Column("item", label=_("Matter"), accessor="item.title"),
        Column("held_on", label=_("Held on"), sort_key="held_on"),
        Column(
            "party_report_on",
            label=_("Reported to the Party committee on"),
            sort_key="party_report_on",
        ),
    ]

    @property
    def add_view(self) -> Any:
        """Record a decision."""
        return DecideView.as_view()
