"""What a decision's validity follows from: its dates, later decisions, suspensions, clean-ups."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from decisions.lifecycle import (
    CleanupOutcome,
    Pause,
    Supersession,
    Validity,
    ValidityFacts,
    validity_of,
)
from portal.core.remembered import remembered

if TYPE_CHECKING:
    from decisions.models.cleanup import CleanupEntry
    from decisions.models.decision import DecisionPage


class OfDecisionsQuerySet(models.QuerySet[Any]):
    """Records that hang on a decision."""

    def in_scope_of(self, user: Any) -> Self:
        """Records of the decisions that somebody works on."""
        decisions = apps.get_model("decisions", "DecisionPage").objects
        return self.filter(decision__in=decisions.in_scope_of(user).order_by().values("pk"))


class Suspension(models.Model):
    """A time in which a decision is not carried out 中止执行 (713 art. 37)."""

    decision = models.ForeignKey(
        "decisions.DecisionPage",
        verbose_name=_("decision"),
        on_delete=models.PROTECT,
        related_name="suspensions",
    )
    from_on = models.DateField(_("suspended from"))
    resumed_on = models.DateField(_("carried out again from"), null=True, blank=True)
    organ = models.CharField(_("organ that suspended it"), max_length=60)
    reason = models.TextField(_("reason"))

    objects = OfDecisionsQuerySet.as_manager()

    class Meta:
        ordering = ("from_on", "pk")
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(resumed_on__isnull=True)
                | models.Q(resumed_on__gt=models.F("from_on")),
                name="suspension_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["decision"],
                condition=models.Q(resumed_on__isnull=True),
                name="one_suspension_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        """Return the decision's title."""
        return self.decision.title

    @property
    def pause(self) -> Pause:
        """Its days."""
        return Pause(self.from_on, self.resumed_on)


@dataclass(frozen=True)
class Repeal:
    """What repeals a decision: a later decision, an entry of a published clean-up, or a document
    that is only stated with a past decision and has no address here.
    """

    on: date
    title: str
    url: str
    by_cleanup: bool = False


class Lasting:
    """A decision as the books have it on a day; mixed into its page.

    `DecisionQuerySet.with_acts` reads for many what is read here for one.
    """

    pk: Any
    effective_on: date | None
    expires_on: date | None
    supersession: str
    superseded_by: "DecisionPage | None"
    superseded_by_id: Any
    suspensions: Any
    cleanup_entries: Any
    repealed_on: date | None
    repeal_basis: str

    @cached_property
    def all_suspensions(self) -> list[Suspension]:
        """Its suspensions, oldest first."""
        return sorted(self.suspensions.all(), key=_beginning) if self.pk else []

    @cached_property
    def cleanup_results(self) -> "list[CleanupEntry]":
        """What published clean-ups said of it, oldest first."""
        entries = self.cleanup_entries.all() if self.pk else []
        public = [one for one in entries if one.cleanup.live]
        return sorted(public, key=lambda one: one.cleanup.published_on)

    @property
    def repeals(self) -> list[Repeal]:
        """Everything that repeals it, the first day first."""
        later = self.superseded_by
        found = [
            Repeal(one.effective_on, one.cleanup.title, one.cleanup.url, by_cleanup=True)
            for one in self.cleanup_results
            if one.outcome == CleanupOutcome.REPEAL and one.effective_on
        ]
        if later and later.effective_on and self.supersession == Supersession.REPEALED:
            found.append(Repeal(later.effective_on, later.title, later.get_absolute_url()))
        if self.repealed_on:
            found.append(Repeal(self.repealed_on, self.repeal_basis, ""))
        return sorted(found, key=lambda one: (one.on, one.by_cleanup))

    @cached_property
    def repeal(self) -> Repeal | None:
        """The first of what repeals it, whether its day has come or not."""
        return next(iter(self.repeals), None)

    def suspension(self, *, on: date) -> Suspension | None:
        """Return the suspension that a day lies in."""
        return next((one for one in self.all_suspensions if one.pause.covers(on)), None)

    def validity_facts(self) -> ValidityFacts | None:
        """Return what its validity follows from, or None while its effective date is missing."""
        if self.effective_on is None:
            return None
        later = self.superseded_by
        is_amended = later is not None and self.supersession == Supersession.AMENDED
        return ValidityFacts(
            effective_on=self.effective_on,
            expires_on=self.expires_on,
            amended_on=later.effective_on if later is not None and is_amended else None,
            repealed_on=self.repeal.on if self.repeal else None,
            pauses=tuple(one.pause for one in self.all_suspensions),
        )

    def validity(self, *, on: date) -> Validity | None:
        """Return whether it is law on a day, or None while its effective date is missing."""
        facts = self.validity_facts()
        return validity_of(facts, on=on) if facts else None

    @cached_property
    def predecessors(self) -> "list[DecisionPage]":
        """The public decisions that it amends or repeals, oldest first.

        The one that supersedes it is read in the same statement.
        """
        decisions = apps.get_model("decisions", "DecisionPage").objects
        earlier = models.Q(superseded_by=self.pk, live=True)
        near = decisions.filter(earlier | models.Q(pk=self.superseded_by_id))
        found = list(near.order_by("published_on", "pk"))
        for one in found:
            if one.pk == self.superseded_by_id:
                self.superseded_by = one
        return [one for one in found if one.pk != self.superseded_by_id]

    @property
    def earlier_edition(self) -> "DecisionPage | None":
        """The last of them."""
        return self.predecessors[-1] if self.predecessors else None

    @property
    def has_earlier_edition(self) -> bool:
        """Whether there is one, remembered for pages that only lead there."""
        return remembered(f"earlier:{self.pk}", lambda: self.earlier_edition is not None)


def _beginning(suspension: Suspension) -> date:
    return suspension.from_on
