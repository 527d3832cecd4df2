"""Rules EVA-*: when a decision is evaluated after it was issued, and what the report needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from consultations.lifecycle import Act
from decisions.compliance.review import DecisionFacts
from portal.core.findings import Level, rule
from portal.core.limits import Limits


@dataclass(frozen=True)
class EvaluationFacts:
    """What the rules read of the report of an evaluation that is being published.

    Attributes:
        missing: names of empty particulars.
        unreported_calls: titles of the calls for opinions on the decision whose adoption summary
            is not public.
        is_released: whether the release review has passed for exactly what is published.

    """

    missing: tuple[str, ...] = ()
    unreported_calls: tuple[str, ...] = ()
    is_released: bool = False


def opposing_since(calls: Iterable[tuple[date | None, int]], reported_on: date | None) -> int:
    """Return how many opinions against a decision no evaluation has dealt with.

    Args:
        calls: opening day of each call for opinions on it, and how many opinions against it came.
        reported_on: the day of its last evaluation report, or None.

    """
    return sum(
        opposing
        for opens_on, opposing in calls
        if reported_on is None or (opens_on is not None and opens_on > reported_on)
    )


@rule(
    "EVA-1",
    Level.SHOW,
    source="713 art. 36(2)",
    acts=[Act.PUBLISH_DECISION, Act.WATCH_DECISION, Act.WATCH_PAST_DECISION],
    title=gettext_lazy("Many opinions against it call for an evaluation"),
)
def many_opinions_against_it_call_for_an_evaluation(
    facts: DecisionFacts, limits: Limits
) -> str | None:
    """So many opinions against a published decision propose to evaluate it."""
    if not facts.is_public or facts.is_being_evaluated:
        return None
    if facts.opposing < limits.evaluation_opinions:
        return None
    return ngettext(
        "%(count)s opinion speaks against this decision since it was published. "
        "Consider a post-decision evaluation.",
        "%(count)s opinions speak against this decision since it was published. "
        "Consider a post-decision evaluation.",
        facts.opposing,
    ) % {"count": facts.opposing}


@rule(
    "EVA-2",
    Level.BLOCK,
    source="713 art. 36",
    acts=[Act.PUBLISH_EVALUATION],
    title=gettext_lazy("The evaluation says who did it, how, and with what outcome"),
)
def the_evaluation_is_complete(facts: EvaluationFacts, limits: Limits) -> str | None:
    """Who evaluated, since when, why and how, the report, the outcome and its reason are there."""
    if not facts.missing:
        return None
    return _("Fill in: %(fields)s.") % {"fields": pgettext("list", ", ").join(facts.missing)}


@rule(
    "EVA-3",
    Level.BLOCK,
    source="713 art. 18, 36",
    acts=[Act.PUBLISH_EVALUATION],
    title=gettext_lazy("Opinions on the decision are answered first"),
)
def opinions_on_the_decision_are_answered_first(
    facts: EvaluationFacts, limits: Limits
) -> str | None:
    """Where people were asked, the adoption summary is public before the report."""
    if not facts.unreported_calls:
        return None
    return _("Publish the adoption summary of %(rounds)s first.") % {
        "rounds": pgettext("list", ", ").join(facts.unreported_calls)
    }
