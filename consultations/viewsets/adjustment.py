"""A change of a published catalogue, recorded for one matter."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultations import services
from consultations.lifecycle import AdjustmentKind
from consultations.models import CatalogueAdjustment, DecisionItemPage
from portal.core.forms import PastDateField
from portal.core.verb_views import VerbView


class AdjustForm(forms.Form):
    """What changes, why, and since when it is approved."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=AdjustmentKind.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Published with the catalogue."),
    )
    approved_on = PastDateField(label=_("Approved on"))


class AdjustView(VerbView):
    """Record an adjustment."""

    model = CatalogueAdjustment
    permission_required = "add"
    form_class = AdjustForm
    page_title = _("Adjust the catalogue")
    submit_label = _("Record the adjustment")
    success_message = _("The adjustment is recorded and shown with the catalogue.")
    header_icon = "edit"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the matter; only what is in a public catalogue is adjusted."""
        super().setup(request, *args, **kwargs)
        self.item = get_object_or_404(
            DecisionItemPage.objects.with_procedure().in_scope_of(request.user), pk=kwargs["pk"]
        )
        if not self.item.catalogue.live:
            raise Http404

    def user_has_permission(self, permission: str) -> bool:
        """Let those adjust the catalogue who may publish the matter."""
        allowed: bool = self.item.permissions_for_user(self.request.user).can_publish()
        return allowed

    def get_page_subtitle(self) -> str:
        """Name the matter."""
        return self.item.title

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the matter."""
        return [{"url": self.get_success_url(), "label": self.item.title}]

    def get_success_url(self) -> str:
        """Return to the matter: a change of its particulars is published there next."""
        return reverse("wagtailadmin_pages:edit", args=[self.item.pk])

    def refused_field(self, cleaned: dict[str, Any]) -> str | None:
        """Show a refusal at the kind, or at the reason when it is empty."""
        return "kind" if cleaned["reason"].strip() else "reason"

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Record it."""
        services.adjust(
            item=self.item,
            kind=AdjustmentKind(cleaned["kind"]),
            reason=cleaned["reason"],
            approved_on=cleaned["approved_on"],
            by=self.request.user,
            at=at,
        )
