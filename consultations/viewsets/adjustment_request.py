"""Requests for adjustments: the unit asks, the disclosure office grants or refuses."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.ui.tables import BaseColumn, Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from consultations import services
from consultations.lifecycle import AdjustmentKind
from consultations.models import AdjustmentRequest, DecisionItemPage
from consultations.services.adjustment_request import REQUESTED
from portal.core.dates import minute_in_words
from portal.core.forms import PastDateField
from portal.core.verb_views import VerbView

GRANT = "grant"
REFUSE = "refuse"


def outcome_of(request: AdjustmentRequest) -> str:
    """Return in words how far a request has come."""
    if request.decided_at is None:
        return _("Waiting")
    return _("Granted") if request.adjustment_id else _("Not granted")


class RequestsView(PermissionCheckedMixin, BaseListingView):
    """Requests in the scope of whoever asks: all for the office, its own for a unit."""

    model = AdjustmentRequest
    any_permission_required: ClassVar[list[str]] = ["view", "add", "change"]
    page_title = gettext_lazy("Requests for adjustments")
    header_icon = "history"
    is_searchable = False
    paginate_by = 50
    default_ordering = ("-requested_at", "-pk")
    index_url_name = "adjustment_requests"
    verbose_name = AdjustmentRequest._meta.verbose_name
    verbose_name_plural = AdjustmentRequest._meta.verbose_name_plural
    no_results_message = gettext_lazy("Nobody has asked for an adjustment yet.")

    @property
    def columns(self) -> list[BaseColumn]:
        """Show what is asked for, by whom, and what became of it."""
        return [
            TitleColumn(
                "item",
                label=_("Matter"),
                accessor="item.title",
                url_name="adjustment_request",
            ),
            Column("kind", label=_("Kind"), accessor="get_kind_display"),
            Column("unit", label=_("Drafting unit"), accessor="item.lead_unit.short_name"),
            Column("requested_by", label=_("Requested by"), accessor="requested_by"),
            Column(
                "requested_at",
                label=_("Requested"),
                accessor=lambda one: minute_in_words(one.requested_at),
            ),
            StatusTagColumn(
                "outcome",
                label=_("State"),
                accessor=outcome_of,
                primary=lambda one: one.decided_at is None,
            ),
        ]

    def get_queryset(self) -> QuerySet[AdjustmentRequest]:
        """Return them, those that wait first."""
        found: QuerySet[AdjustmentRequest] = AdjustmentRequest.objects.in_scope_of(
            self.request.user
        )
        return found.select_related("item__lead_unit", "requested_by").order_by(
            "decided_at", "-requested_at", "-pk"
        )


class RequestForm(forms.Form):
    """What shall change, and why."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[(kind.value, kind.label) for kind in REQUESTED],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Published with the catalogue when the request is granted."),
    )


class RequestAdjustmentView(VerbView):
    """Ask for an adjustment of one matter."""

    model = AdjustmentRequest
    permission_required = "add"
    form_class = RequestForm
    page_title = gettext_lazy("Ask for an adjustment")
    submit_label = gettext_lazy("Send the request")
    success_message = gettext_lazy("The request is with the disclosure office.")
    header_icon = "history"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the matter, if it is public and in scope."""
        super().setup(request, *args, **kwargs)
        matters = DecisionItemPage.objects.with_procedure().in_scope_of(request.user).live()
        self.item = get_object_or_404(matters, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Name the matter."""
        return self.item.title

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the requests."""
        return [{"url": self.get_success_url(), "label": RequestsView.page_title}]

    def get_success_url(self) -> str:
        """Show the list."""
        return reverse("adjustment_requests")

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Ask."""
        services.request_adjustment(
            item=self.item,
            kind=AdjustmentKind(cleaned["kind"]),
            reason=cleaned["reason"],
            by=self.request.user,
            at=at,
        )


class DecisionForm(forms.Form):
    """Whether a request is granted: the day of approval, or the reason against it."""

    verdict = forms.ChoiceField(
        label=pgettext_lazy("adjustment", "Decision"),
        choices=[(GRANT, gettext_lazy("Grant")), (REFUSE, gettext_lazy("Do not grant"))],
        widget=forms.RadioSelect,
    )
    approved_on = PastDateField(
        label=gettext_lazy("Approved on"),
        required=False,
        help_text=gettext_lazy("For a request that is granted; published with the catalogue."),
    )
    refusal = forms.CharField(
        label=gettext_lazy("Why it is not granted"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The unit reads it; it is not published."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for what the verdict needs."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        verdict = cleaned.get("verdict")
        if verdict == GRANT and not cleaned.get("approved_on") and "approved_on" not in self.errors:
            self.add_error("approved_on", _("Enter the day on which this was approved."))
        if verdict == REFUSE and not cleaned.get("refusal"):
            self.add_error("refusal", _("State why the request is not granted."))
        return cleaned


class AdjustmentRequestView(VerbView):
    """One request; the office decides it, its unit reads what became of it."""

    model = AdjustmentRequest
    any_permission_required: ClassVar[list[str]] = ["view", "add", "change"]
    form_class = DecisionForm
    template_name = "consultations/admin/adjustment_request.html"
    page_title = gettext_lazy("Request for an adjustment")
    submit_label = gettext_lazy("Save the decision")
    success_message = gettext_lazy("The request is decided.")
    header_icon = "history"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the request in scope."""
        super().setup(request, *args, **kwargs)
        requests = AdjustmentRequest.objects.in_scope_of(request.user)
        self.asked = get_object_or_404(requests.select_related("item"), pk=kwargs["pk"])

    @property
    def may_decide(self) -> bool:
        """Whether it waits for the decision of whoever looks at it."""
        waits = self.asked.decided_at is None
        return waits and bool(self.user_has_permission("change")) and self._may_publish()

    def _may_publish(self) -> bool:
        """Tell whether somebody may adjust the catalogue anyway."""
        allowed: bool = self.asked.item.permissions_for_user(self.request.user).can_publish()
        return allowed

    def get_page_subtitle(self) -> str:
        """Name the matter."""
        return self.asked.item.title

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [{"url": self.get_success_url(), "label": RequestsView.page_title}]

    def get_success_url(self) -> str:
        """Show the list."""
        return reverse("adjustment_requests")

    def form_valid(self, form: forms.Form) -> Any:
        """Decide, if it is one's to decide."""
        if not self.may_decide:
            form.add_error(None, _("This request is not yours to decide, or is decided already."))
            return self.form_invalid(form)
        return super().form_valid(form)

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Grant or refuse it."""
        if cleaned["verdict"] == GRANT:
            services.grant_adjustment(
                request=self.asked,
                approved_on=cleaned["approved_on"],
                by=self.request.user,
                at=at,
            )
            return
        services.refuse_adjustment(
            request=self.asked, refusal=cleaned["refusal"], by=self.request.user, at=at
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the request."""
        context = super().get_context_data(**kwargs)
        context.update(
            asked=self.asked,
            outcome=outcome_of(self.asked),
            may_decide=self.may_decide,
            media=context["media"] + forms.Media(css={"all": ["css/admin/catalogue.css"]}),
        )
        return context


class OverdueView(PermissionCheckedMixin, BaseListingView):
    """Matters whose planned quarter is over before they were decided (CAT-5)."""

    model = AdjustmentRequest
    any_permission_required: ClassVar[list[str]] = ["view", "add", "change"]
    page_title = gettext_lazy("Planned time passed")
    header_icon = "calendar-alt"
    is_searchable = False
    paginate_by = 50
    default_ordering = ("planned_by", "pk")
    index_url_name = "overdue_matters"
    verbose_name = DecisionItemPage._meta.verbose_name
    verbose_name_plural = gettext_lazy("matters")

    @property
    def columns(self) -> list[BaseColumn]:
        """Show what was planned, where the matter stands, and what can be done."""
        at = timezone.now()
        return [
            TitleColumn("title", label=_("Matter"), url_name="wagtailadmin_pages:edit"),
            Column("unit", label=_("Drafting unit"), accessor="lead_unit.short_name"),
            Column("planned_by", label=_("Planned"), accessor="planned_quarter"),
            Column("stage", label=_("Stage"), accessor=lambda item: item.standing(at=at).label),
            AskColumn("ask", label=_("Adjustment")),
        ]

    def get_queryset(self) -> QuerySet[DecisionItemPage]:
        """Return them, the longest overdue first, with whether a request waits."""
        waiting = AdjustmentRequest.objects.filter(item=OuterRef("pk"), decided_at__isnull=True)
        found: QuerySet[DecisionItemPage] = DecisionItemPage.objects.in_scope_of(
            self.request.user
        ).past_planned_time(at=timezone.now())
        return found.annotate(has_request=Exists(waiting)).order_by("planned_by", "pk")


class AskColumn(BaseColumn):
    """A button to ask for an adjustment, unless a request waits already."""

    cell_template_name = "consultations/admin/ask_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        """Add where the button leads for whoever looks."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        user = parent_context["request"].user
        context["may_ask"] = user.has_perm("consultations.add_adjustmentrequest")
        context["may_adjust"] = instance.permissions_for_user(user).can_publish()
        return context
