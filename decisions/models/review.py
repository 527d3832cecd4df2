"""What came before a decision: the reviews and the collective discussion, one record each."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consultations.models import DecisionItemPage
from consultations.querysets import OfMattersQuerySet
from decisions.lifecycle import PASSED, ReviewKind, ReviewResult


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


# The catalogue's mark that a matter goes through a review.
NEEDED = {
    ReviewKind.EXPERT: "needs_expert",
    ReviewKind.RISK: "needs_risk",
    ReviewKind.FAIR_COMPETITION: "needs_fair_competition",
}


class Reviews:
    """The reviews of one matter, oldest first, and what the rules want to know of them."""

    def __init__(self, reviews: Iterable[Review]) -> None:
        """Keep them by kind; those in progress come last."""
        ordered = sorted(reviews, key=lambda one: (one.concluded_on is None, one.pk))
        self._by_kind = {kind: [one for one in ordered if one.kind == kind] for kind in ReviewKind}

    def concluded(self, kind: ReviewKind) -> list[Review]:
        """Return those of a kind that have ended, by their day."""
        ended = [one for one in self._by_kind[kind] if one.result != ReviewResult.PENDING]
        return sorted(ended, key=lambda one: (one.concluded_on or date.min, one.pk))

    def last(self, kind: ReviewKind) -> Review | None:
        """Return the last of a kind that has ended, or else the one in progress, or None."""
        known = self.concluded(kind) or self._by_kind[kind]
        return known[-1] if known else None

    def passed(self, kind: ReviewKind) -> Review | None:
        """Return the last of a kind that has ended, if it was passed."""
        ended = self.concluded(kind)
        return ended[-1] if ended and ended[-1].result in PASSED else None

    def is_refused(self, kind: ReviewKind) -> bool:
        """Tell whether the last of a kind that has ended was not passed."""
        return bool(self.concluded(kind)) and self.passed(kind) is None

    def missing(self, item: DecisionItemPage) -> tuple[str, ...]:
        """Return the names of the reviews before the legality review that have not ended."""
        return tuple(
            str(kind.label)
            for kind, field in NEEDED.items()
            if getattr(item, field) and not self.concluded(kind)
        )

    def gaps(self) -> tuple[str, ...]:
        """Return what the record of the reviews lacks: an end, a day, a conclusion."""
        return tuple(
            gettext("%(review)s (day asked for, day and conclusion)") % {"review": kind.label}
            for kind, reviews in self._by_kind.items()
            for one in reviews
            if one.result == ReviewResult.PENDING
            or not (one.sent_on and one.concluded_on and (one.conclusion or one.number))
        )


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
