"""Rule LIF-3: a clean-up 清理 says of every decision what becomes of it, and why."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from consultations.lifecycle import Act
from decisions.lifecycle import CleanupOutcome
from portal.core.findings import Level, rule
from portal.core.limits import Limits

# Titles named in one sentence; the list itself shows all.
MOST_NAMED = 5


@dataclass(frozen=True)
class CleanupEntryFacts:
    """What the rules read of one decision of a clean-up.

    Attributes:
        name: its title.
        outcome: a CleanupOutcome value, or the empty string while nobody has decided.
        has_reason: whether a reason is given.
        effective_on: for a repeal, its first day; None means the day of publication.

    """

    name: str
    outcome: str = ""
    has_reason: bool = False
    effective_on: date | None = None


@dataclass(frozen=True)
class CleanupFacts:
    """What the rules read of a clean-up that is about to be published.

    Attributes:
        entries: the decisions it goes through.
        published_on: the day on which it is published, or was.
        is_released: whether the release review has passed for exactly what is published.

    """

    entries: tuple[CleanupEntryFacts, ...]
    published_on: date
    is_released: bool = False


@rule(
    "LIF-3",
    Level.BLOCK,
    source="本单位规定",
    acts=[Act.PUBLISH_CLEANUP],
    title=gettext_lazy("Every decision of the clean-up has its outcome and reason"),
)
def every_decision_has_its_outcome(facts: CleanupFacts, limits: Limits) -> str | None:
    """A clean-up keeps, amends or repeals each decision, with a reason unless it keeps it."""
    if not facts.entries:
        return _("The clean-up has no decision on its list yet.")
    undecided = [one.name for one in facts.entries if not one.outcome]
    unexplained = [
        one.name
        for one in facts.entries
        if one.outcome not in {"", CleanupOutcome.KEEP} and not one.has_reason
    ]
    backdated = [
        one.name
        for one in facts.entries
        if one.effective_on is not None and one.effective_on < facts.published_on
    ]
    sentences = (
        (undecided, _("These decisions have no outcome yet: %(titles)s.")),
        (unexplained, _("State the reason why these are amended or repealed: %(titles)s.")),
        (
            backdated,
            _("No repeal holds before it is public; choose a later day: %(titles)s."),
        ),
    )
    told = [sentence % {"titles": _named(titles)} for titles, sentence in sentences if titles]
    return " ".join(told) or None


def _named(titles: list[str]) -> str:
    """Name the first of them and say how many there are."""
    named = pgettext("list", ", ").join(titles[:MOST_NAMED])
    if len(titles) <= MOST_NAMED:
        return named
    return _("%(titles)s and others, %(count)s in all") % {"titles": named, "count": len(titles)}
