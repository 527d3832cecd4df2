"""Suspensions of decisions in Wagtail's admin: recorded, then ended once."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import AdminDateInput

from decisions import services
from decisions.models import DecisionPage, Suspension
from decisions.viewsets.record import OfferedField, RecordIndexView, RecordView, RecordViewSet


class DecisionField(OfferedField):
    """A public decision, by its title; a form offers those in the user's scope."""

    def __init__(self, **kwargs: Any) -> None:
        """Offer none, until `offer_to` says who asks."""
        super().__init__(
            queryset=DecisionPage.objects.none(),
            label=pgettext_lazy("decision", "Document"),
            **kwargs,
        )

    def offer_to(self, user: Any) -> None:
        """Offer the public decisions that somebody works on, the newest first."""
        decisions = DecisionPage.objects.live().in_scope_of(user).without_text()
        self.queryset = decisions.order_by("-published_on", "-pk")


class SuspendForm(forms.Form):
    """Which decision is suspended, from when, by whom and why."""

    decision = DecisionField()
    from_on = forms.DateField(label=_("Suspended from"), widget=AdminDateInput)
    organ = forms.CharField(label=_("Organ that suspended it"), max_length=60)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Published on the page of the decision."),
    )


class ResumeForm(forms.Form):
    """From when it is carried out again."""

    resumed_on = forms.DateField(label=_("Carried out again from"), widget=AdminDateInput)


class SuspendView(RecordView):
    """Suspend a decision."""

    model = Suspension
    form_class = SuspendForm
    subject = "decision"
    page_title = _("Suspend a decision")
    header_icon = "lock"
    submit_label = _("Suspend and publish")
    success_message = _("The suspension is recorded and shown on the page of the decision.")

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Suspend it."""
        services.suspend(**cleaned, by=self.request.user, at=at)


class ResumeView(RecordView):
    """Record from when a suspended decision is carried out again."""

    model = Suspension
    permission_required = "change"
    form_class = ResumeForm
    page_title = _("Carry the decision out again")
    header_icon = "lock-open"
    submit_label = _("Record and publish")
    success_message = _("The end of the suspension is shown on the page of the decision.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the suspension."""
        super().setup(request, *args, **kwargs)
        own = Suspension.objects.in_scope_of(request.user).select_related("decision")
        self.suspension = get_object_or_404(own, pk=kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        """Show the day that is on record."""
        return {"resumed_on": self.suspension.resumed_on}

    def get_page_subtitle(self) -> str:
        """Name the decision."""
        return str(self.suspension)

    def refused_field(self, cleaned: dict[str, Any]) -> str | None:
        """Show a refusal at the day."""
        return "resumed_on"

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """End it."""
        services.resume(
            suspension=self.suspension,
            resumed_on=cleaned["resumed_on"],
            by=self.request.user,
            at=at,
        )


class SuspensionIndexView(RecordIndexView):
    """Suspensions of the decisions in the user's scope."""

    add_item_label = _("Suspend a decision")

    subjects = ("decision",)


class SuspensionViewSet(RecordViewSet):
    """Suspensions: recorded, then ended once."""

    model = Suspension
    index_view_class = SuspensionIndexView
    icon = "lock"
    url_prefix = "suspensions"
    url_namespace = "wagtailsnippets_decisions_suspension"
    menu_order = 180
    search_fields: ClassVar[list[str]] = ["decision__title", "reason"]
    ordering: ClassVar[list[str]] = ["-from_on", "-pk"]
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("organ", label=_("Organ that suspended it")),
        Column("from_on", label=_("Suspended from"), sort_key="from_on"),
        Column("resumed_on", label=_("Carried out again from"), sort_key="resumed_on"),
    ]

    @property
    def add_view(self) -> Any:
        """Suspend a decision."""
        return SuspendView.as_view()

    @property
    def edit_view(self) -> Any:
        """End a suspension, the only edit there is."""
        return ResumeView.as_view()
