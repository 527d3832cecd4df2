"""A hearing 听证会 on a matter, its notice, its participants and its result (713 art. 16, 17)."""

from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.compliance.hearing import HearingFacts
from consultations.lifecycle import HearingState, hearing_state_of, official_date
from consultations.models.consultation import ConsultationPage
from consultations.querysets import HearingQuerySet


class Hearing(models.Model):
    """One hearing; public from the day of its notice."""

    item = models.ForeignKey(
        "consultations.DecisionItemPage",
        verbose_name=_("matter"),
        on_delete=models.PROTECT,
        related_name="hearings",
    )
    held_at = models.DateTimeField(_("time"))
    place = models.CharField(_("place"), max_length=120)
    subject = models.TextField(_("what is heard"), blank=True)
    selection_method = models.TextField(_("how participants are selected"), blank=True)
    apply_until = models.DateField(_("apply until"), null=True, blank=True)
    observers = models.PositiveSmallIntegerField(_("seats for observers"), default=0)
    notice_on = models.DateField(_("notice published on"), null=True, blank=True)
    participants_on = models.DateField(
        _("list of participants published on"), null=True, blank=True
    )
    materials_on = models.DateField(_("materials handed over on"), null=True, blank=True)
    chair = models.CharField(_("chair"), max_length=60, blank=True)
    conclusion = models.TextField(_("result as published"), blank=True)
    concluded_at = models.DateTimeField(_("result recorded at"), null=True, blank=True)
    cancelled_reason = models.TextField(_("reason for not holding it"), blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = HearingQuerySet.as_manager()

    class Meta:
        ordering = ("held_at", "pk")
        verbose_name = _("hearing")
        verbose_name_plural = _("hearings")

    def __str__(self) -> str:
        """Return its place."""
        return self.place

    def get_absolute_url(self) -> str:
        """Return its place on the page of its matter."""
        return f"{self.item.get_absolute_url()}#{self.anchor}"

    @property
    def anchor(self) -> str:
        """The fragment of its address on its matter's page."""
        return f"hearing-{self.pk}"

    @property
    def held_on(self) -> date:
        """Its day, official time."""
        return official_date(self.held_at)

    @property
    def state(self) -> HearingState:
        """Where it stands."""
        return hearing_state_of(self.notice_on, self.concluded_at, self.cancelled_reason)

    def draft_on(self) -> date | None:
        """Return the day the draft and its explanation became public, or None."""
        published = (
            ConsultationPage.objects.child_of(self.item)
            .live()
            .aggregate(first=models.Min("first_published_at"))["first"]
        )
        return official_date(published) if published else None

    def facts(self, *, at: datetime, draft_on: date | None = None) -> HearingFacts:
        """Return what the rules read at an instant.

        Args:
            at: the instant.
            draft_on: the day the draft became public, for those rules that ask for it.

        """
        participants = list(self.participants.all())
        return HearingFacts(
            today=official_date(at),
            held_on=self.held_on,
            has_selection_method=bool(self.selection_method.strip()),
            notice_on=self.notice_on,
            draft_on=draft_on,
            participants_on=self.participants_on,
            materials_on=self.materials_on,
            participants=len(participants),
            affected=sum(one.is_affected for one in participants),
            is_concluded=self.concluded_at is not None,
        )


class HearingParticipant(models.Model):
    """Somebody who takes part in a hearing; the list is published (713 art. 16)."""

    hearing = models.ForeignKey(Hearing, on_delete=models.CASCADE, related_name="participants")
    name = models.CharField(_("name as published"), max_length=60)
    standing = models.CharField(
        _("takes part as"), max_length=60, help_text=_("Like: consumer, operator, expert.")
    )
    is_affected = models.BooleanField(_("the decision affects them"), default=False)
    place = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ("place", "pk")
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hearing", "name", "standing"], name="participant_once_in_hearing"
            )
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name
