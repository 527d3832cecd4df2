"""What came before a decision: the reviews and the collective discussion, one record each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.querysets import OfMattersQuerySet
from decisions.lifecycle import ReviewKind, ReviewResult


class Review(models.Model):
    """One review of a matter: expert, risk, fair competition or legality."""

    item = models.ForeignKey(
        "consultations.DecisionItemPage",
        verbose_name=_("matter"),
        on_delete=models.PROTECT,
        related_name="reviews",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ReviewKind.choices)
    number = models.CharField(_("number"), max_length=40, blank=True)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    concluded_on = models.DateField(_("concluded on"), null=True, blank=True)
    result = models.CharField(
        _("result"), max_length=20, choices=ReviewResult.choices, default=ReviewResult.PENDING
    )
    conclusion = models.CharField(_("conclusion as published"), max_length=200, blank=True)

    objects = OfMattersQuerySet.as_manager()

    class Meta:
        ordering = ("concluded_on", "pk")
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def __str__(self) -> str:
        """Return kind and number."""
        return f"{self.get_kind_display()} {self.number}".strip()


class CollectiveDiscussion(models.Model):
    """The meeting that discussed a matter and decided on it (713 art. 30)."""

    item = models.OneToOneField(
        "consultations.DecisionItemPage",
        verbose_name=_("matter"),
        on_delete=models.PROTECT,
        related_name="discussion",
    )
    meeting_name = models.CharField(_("meeting"), max_length=60)
    held_on = models.DateField(_("held on"))
    party_report_on = models.DateField(_("reported to the Party committee on"))

    objects = OfMattersQuerySet.as_manager()

    class Meta:
        verbose_name = _("collective discussion")
        verbose_name_plural = _("collective discussions")

    def __str__(self) -> str:
        """Return the meeting's name."""
        return self.meeting_name
