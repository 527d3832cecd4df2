"""The verbs on one hearing in the admin: changed, announced, held, called off."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from consultations import services
from consultations.forms.hearing import (
    CancelForm,
    MaterialsForm,
    ParticipantsForm,
    PlanForm,
    ResultForm,
)
from consultations.lifecycle import HearingState
from consultations.models import Hearing
from portal.core.verb_views import VerbView
from portal.core.waiver_views import WaivingView

HEARINGS = "wagtailsnippets_consultations_hearing"


class OfHearing:
    """A screen about one hearing in the user's scope, with its address on the way back."""

    request: Any
    hearing: Hearing

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the hearing."""
        super().setup(request, *args, **kwargs)  # type: ignore[misc] # the view it is mixed into
        own = Hearing.objects.in_scope_of(request.user).select_related("item")
        self.hearing = get_object_or_404(own, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Name the matter."""
        return str(self.hearing.item.title)

    def may_publish(self) -> bool:
        """Tell whether the user publishes what concerns this matter."""
        allowed: bool = self.hearing.item.permissions_for_user(self.request.user).can_publish()
        return allowed

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the list and to the hearing."""
        return [
            {"url": reverse(f"{HEARINGS}:list"), "label": Hearing._meta.verbose_name_plural},
            {"url": self.get_success_url(), "label": self.hearing.place},
        ]

    def get_success_url(self) -> str:
        """Return to the hearing."""
        return reverse(f"{HEARINGS}:edit", args=[self.hearing.pk])

    def version(self) -> int:
        """Return the version of the hearing."""
        return self.hearing.version

    def reread(self) -> Hearing:
        """Read the hearing again."""
        self.hearing.refresh_from_db()
        return self.hearing


class PublicVerbView(OfHearing, WaivingView):
    """A verb that makes something of a hearing public; its rules may warn."""

    model = Hearing
    permission_required = "change"
    header_icon = "group"

    def user_has_permission(self, permission: str) -> bool:
        """Let those act who publish the matter."""
        return self.may_publish()

    def waived_page(self, cleaned: dict[str, Any]) -> Page:
        """Record reasons for the matter."""
        return self.hearing.item


class ChangeHearingView(OfHearing, VerbView):
    """Change a hearing that is not announced."""

    model = Hearing
    permission_required = "change"
    form_class = PlanForm
    page_title = _("Change the plan")
    header_icon = "edit"
    success_message = _("The plan is changed.")

    def get_initial(self) -> dict[str, Any]:
        """Start from what is planned."""
        return {name: getattr(self.hearing, name) for name in PlanForm.base_fields}

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Change it."""
        seen = cleaned.pop("seen", None)
        services.change_hearing(
            hearing=self.hearing,
            plan=services.HearingPlan(**cleaned),
            seen=seen,
            by=self.request.user,
            at=at,
        )


class AnnounceHearingView(PublicVerbView):
    """Publish the notice."""

    form_class = forms.Form
    template_name = "consultations/admin/hearing_announce.html"
    page_title = _("Publish the notice of the hearing")
    submit_label = _("Publish the notice")
    success_message = _("The notice is public, on the page of the matter.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show what will be public."""
        return super().get_context_data(**kwargs) | {"hearing": self.hearing}

    def act(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Publish it."""
        services.announce_hearing(
            hearing=self.hearing, seen=cleaned.get("seen"), by=self.request.user, at=at
        )


class ParticipantsView(PublicVerbView):
    """Publish who takes part."""

    form_class = ParticipantsForm
    page_title = _("Publish the participants")
    submit_label = _("Publish the list")
    success_message = _("The list of participants is public.")

    def get_initial(self) -> dict[str, Any]:
        """Start from the list as it stands."""
        lines = (
            f"{one.name}，{one.standing}，{'是' if one.is_affected else '否'}"
            for one in self.hearing.participants.all()
        )
        return {"people": "\n".join(lines)}

    def refused_field(self, cleaned: dict[str, Any]) -> str | None:
        """Show a refusal at the list."""
        return "people"

    def act(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Publish them."""
        services.publish_participants(
            hearing=self.hearing,
            participants=[services.Participant(*one) for one in cleaned["people"]],
            seen=cleaned.get("seen"),
            by=self.request.user,
            at=at,
        )


class MaterialsView(OfHearing, VerbView):
    """Record that the materials were handed over; the day is not a secret but no news either."""

    model = Hearing
    permission_required = "change"
    form_class = MaterialsForm
    page_title = _("Materials handed over")
    header_icon = "doc-full"
    success_message = _("The day is recorded.")

    def refused_field(self, cleaned: dict[str, Any]) -> str | None:
        """Show a refusal at the day."""
        return "on"

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Record it."""
        services.record_materials(
            hearing=self.hearing,
            on=cleaned["on"],
            seen=cleaned.get("seen"),
            by=self.request.user,
            at=at,
        )


class ResultView(PublicVerbView):
    """Publish the result."""

    form_class = ResultForm
    page_title = _("Publish the result of the hearing")
    submit_label = _("Publish the result")
    success_message = _("The result is public.")

    def act(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Publish it."""
        services.record_hearing(
            hearing=self.hearing,
            conclusion=cleaned["conclusion"],
            seen=cleaned.get("seen"),
            by=self.request.user,
            at=at,
        )


class CancelHearingView(OfHearing, VerbView):
    """Call a hearing off; once its notice is public, that is for those who publish."""

    model = Hearing
    permission_required = "change"
    form_class = CancelForm
    page_title = _("Call the hearing off")
    submit_label = _("Call it off")
    header_icon = "cross"
    success_message = _("The hearing is called off.")

    def user_has_permission(self, permission: str) -> bool:
        """Let the drafting unit drop a plan, and those who publish call off what is announced."""
        if self.hearing.state is HearingState.PLANNED:
            return super().user_has_permission(permission)
        return self.may_publish()

    def refused_field(self, cleaned: dict[str, Any]) -> str | None:
        """Show a refusal at the reason."""
        return "reason"

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Call it off."""
        services.cancel_hearing(
            hearing=self.hearing,
            reason=cleaned["reason"],
            seen=cleaned.get("seen"),
            by=self.request.user,
            at=at,
        )
