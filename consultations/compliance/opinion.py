"""Rules OPI-*: every opinion is answered, and the figures add up."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from consultations.lifecycle import REASON_REQUIRED, Act, Outcome
from portal.core.findings import Level, rule
from portal.core.limits import Limits

MOST_NAMED = 10


@dataclass(frozen=True)
class HandlingFacts:
    """What the rules read of the answers in one consultation.

    Attributes:
        is_closed: whether the closing day is over.
        awaited: number of opinions that came in time and may still be confirmed.
        opinions: number of opinions that count.
        unanswered: number of their points without an issue that has an outcome.
        by_outcome: opinions by the outcome of their points, each counted once.
        by_channel: opinions by the way they came.
        without_reason: titles of issues whose outcome needs a reason and has none.
        open_issues: issues with such points and no final answer, by number.
        ungrouped: receipt numbers of the first opinions with a point under no issue.
        is_released: whether the release review has passed for exactly what is published.

    """

    is_closed: bool
    opinions: int
    unanswered: int
    by_outcome: dict[str, int] = field(default_factory=dict)
    by_channel: dict[str, int] = field(default_factory=dict)
    without_reason: tuple[str, ...] = ()
    awaited: int = 0
    open_issues: tuple[int, ...] = ()
    ungrouped: tuple[str, ...] = ()
    is_released: bool = False


def reason_is_missing(outcome: str, reason: str) -> bool:
    """Tell whether this outcome may not stand without a reason."""
    return outcome in REASON_REQUIRED and not reason.strip()


@rule(
    "OPI-1",
    Level.BLOCK,
    source="713 art. 18",
    acts=[Act.PUBLISH_FEEDBACK],
    title=gettext_lazy("Every opinion is answered, every refusal explained"),
)
def every_opinion_is_answered(facts: HandlingFacts, limits: Limits) -> str | None:
    """Each point has an outcome; a refusal has a reason."""
    sentences = []
    if facts.unanswered:
        sentences.append(
            ngettext(
                "%(count)s point still has no answer.",
                "%(count)s points still have no answer.",
                facts.unanswered,
            )
            % {"count": facts.unanswered}
        )
    if facts.open_issues:
        sentences.append(
            _("Issues without a final answer: %(issues)s.")
            % {"issues": _named([str(number) for number in facts.open_issues])}
        )
    if facts.ungrouped:
        sentences.append(
            _("Opinions not grouped under an issue: %(receipts)s.")
            % {"receipts": _named(facts.ungrouped)}
        )
    if facts.without_reason:
        sentences.append(
            _("State the reason for: %(issues)s.")
            % {"issues": pgettext("list", ", ").join(facts.without_reason)}
        )
    return " ".join(sentences) or None


def _named(names: Sequence[str]) -> str:
    """Return the first of these names; whoever reads them asks the desk for the others."""
    listed = pgettext("list", ", ").join(names[:MOST_NAMED])
    return _("%(names)s and others") % {"names": listed} if names[MOST_NAMED:] else listed


@rule(
    "OPI-2",
    Level.BLOCK,
    source="713 art. 18",
    acts=[Act.PUBLISH_FEEDBACK],
    title=gettext_lazy("The figures add up"),
)
def figures_add_up(facts: HandlingFacts, limits: Limits) -> str | None:
    """Outcomes and channels each sum to the number of opinions."""
    outcomes, channels = sum(facts.by_outcome.values()), sum(facts.by_channel.values())
    if outcomes == channels == facts.opinions:
        return None
    return _(
        "The figures do not add up: %(opinions)s opinions, %(outcomes)s outcomes, "
        "%(channels)s by channel."
    ) % {"opinions": facts.opinions, "outcomes": outcomes, "channels": channels}


# An opinion none of whose points was adopted counts once, under the weightiest of their fates.
WEIGHTIEST_FIRST = (Outcome.NOT_ADOPTED, Outcome.NOTED, Outcome.OUT_OF_SCOPE)


def outcome_of_opinion(outcomes: list[str]) -> Outcome | None:
    """Return the outcome under which an opinion is counted, or None while a point is open."""
    if not outcomes or "" in outcomes:
        return None
    if set(outcomes) == {Outcome.ADOPTED}:
        return Outcome.ADOPTED
    if Outcome.ADOPTED in outcomes or Outcome.PARTLY_ADOPTED in outcomes:
        return Outcome.PARTLY_ADOPTED
    return min((Outcome(one) for one in outcomes), key=WEIGHTIEST_FIRST.index)
