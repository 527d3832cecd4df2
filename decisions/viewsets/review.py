"""Reviews in Wagtail's admin, recorded through the verbs."""

from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django import forms
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn

from decisions import services
from decisions.lifecycle import PASSED, ReviewKind, ReviewResult
from decisions.models import Review
from decisions.viewsets.record import MatterField, RecordView, RecordViewSet
from portal.core.forms import PastDateField


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
