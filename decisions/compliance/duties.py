"""The steps the law asks for from the reviews to the publication, as the public sees them; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from consultations.compliance.duties import Duty, DutyState
from consultations.story import Evaluation
from decisions.lifecycle import PASSED, ReviewKind, ReviewResult
from portal.core.dates import day_in_words
from portal.core.limits import Limits
from portal.core.workdays import (
    IsWorkday,
    add_workdays,
    announced_workday,
    workdays_between,
)


@dataclass(frozen=True)
class ReviewStanding:
    """The last review of a kind, as far as the public may know it."""

    result: str
    sent_on: date | None = None
    concluded_on: date | None = None


@dataclass(frozen=True)
class DecisionStanding:
    """What is public, or on record for the public, of a matter's way to its decision.

    Attributes:
        today: the day.
        needed: the reviews that the catalogue asks for.
        reviews: the last review of each kind that there is one of.
        needs_collective: whether the catalogue asks for a collective decision.
        meeting_name: the meeting that decided it, or the empty string.
        meeting_on: its day.
        signed_on: the day the published decision was signed.
        published_on: the day it was published.
        evaluation: how far its evaluation has come, None while there is none.
        interpreted_on: the day its first interpretation became public.
        is_excused: whether it is stated why there is none.
        is_workday: the work calendar.

    """

    today: date
    needed: frozenset[ReviewKind]
    reviews: dict[ReviewKind, ReviewStanding]
    needs_collective: bool = True
    meeting_name: str = ""
    meeting_on: date | None = None
    signed_on: date | None = None
    published_on: date | None = None
    evaluation: Evaluation | None = None
    interpreted_on: date | None = None
    is_excused: bool = False
    is_workday: IsWorkday = announced_workday


def duties_of_the_decision(standing: DecisionStanding, limits: Limits) -> list[Duty]:
    """Return the duties from the reviews to the decision, public and interpreted."""
    sources = {
        ReviewKind.EXPERT: _("Order 713, article 19"),
        ReviewKind.RISK: _("Order 713, article 22"),
        ReviewKind.FAIR_COMPETITION: _("Order 713, article 29"),
        ReviewKind.LEGALITY: _("Order 713, articles 25 and 26"),
    }
    reviews = [
        _review(standing, kind, 50 + place, source, limits)
        for place, (kind, source) in enumerate(sources.items())
    ]
    return [
        *reviews,
        _discussion(standing),
        _publication(standing, limits),
        _interpretation(standing, limits),
        *_evaluation(standing),
    ]


def _review(
    standing: DecisionStanding, kind: ReviewKind, place: int, source: str, limits: Limits
) -> Duty:
    name = str(kind.label)
    review = standing.reviews.get(kind)
    if review is None:
        state = DutyState.LATER if kind in standing.needed else DutyState.EXEMPT
        return Duty(place, name, state, "", source)
    if review.result not in PASSED:
        fact = str(ReviewResult(review.result).label)
        return Duty(place, name, DutyState.NOW, fact, source, review.concluded_on)
    fact = str(ReviewResult(review.result).label)
    if kind is ReviewKind.LEGALITY and review.sent_on and review.concluded_on:
        days = workdays_between(review.sent_on, review.concluded_on, standing.is_workday)
        fact = _("%(result)s; it had %(days)s working days, %(least)s are usual") % {
            "result": fact,
            "days": days,
            "least": limits.legality_workdays,
        }
    return Duty(place, name, DutyState.DONE, fact, source, review.concluded_on)


def _discussion(standing: DecisionStanding) -> Duty:
    name, source = _("Collective discussion and decision"), _("Order 713, article 30")
    if standing.meeting_on is None:
        state = DutyState.LATER if standing.needs_collective else DutyState.EXEMPT
        return Duty(60, name, state, "", source)
    fact = _("%(meeting)s, %(day)s") % {
        "meeting": standing.meeting_name,
        "day": day_in_words(standing.meeting_on, standing.today),
    }
    return Duty(60, name, DutyState.DONE, fact, source, standing.meeting_on)


def _publication(standing: DecisionStanding, limits: Limits) -> Duty:
    name, source = (
        _("Publication of the decision"),
        _("Order 713, article 32; Order 711, article 26"),
    )
    if standing.published_on is None:
        is_decided = standing.meeting_on is not None
        state = DutyState.NOW if is_decided else DutyState.LATER
        fact = _("At most %(days)s working days after signing") % {
            "days": limits.publication_workdays
        }
        return Duty(70, name, state, fact, source)
    state = DutyState.DONE
    fact = _("Published on %(day)s") % {"day": day_in_words(standing.published_on, standing.today)}
    if standing.signed_on is not None:
        days = workdays_between(standing.signed_on, standing.published_on, standing.is_workday)
        if days > limits.publication_workdays:
            state = DutyState.DONE_LATE
        fact = _("Published on working day %(nth)s after signing; at most %(most)s are allowed") % {
            "nth": days,
            "most": limits.publication_workdays,
        }
    return Duty(70, name, state, fact, source, standing.published_on)


def _evaluation(standing: DecisionStanding) -> Iterator[Duty]:
    """Yield the evaluation where there is one; the law allows it, it does not ask for it."""
    name, source = _("Post-decision evaluation"), _("Order 713, article 36")
    found = standing.evaluation
    if found is None:
        return
    if found.is_running:
        fact = _("Opinions on how the decision works are asked for")
        yield Duty(80, name, DutyState.NOW, fact, source)
        return
    fact = _("Report published on %(day)s") % {
        "day": day_in_words(found.reported_on, standing.today)
    }
    yield Duty(80, name, DutyState.DONE, fact, source, found.reported_on)


def _interpretation(standing: DecisionStanding, limits: Limits) -> Duty:
    name, source = _("Interpretation of the decision"), _("Order 713, article 32")
    if standing.published_on is None:
        fact = _("At most %(days)s working days after publication") % {
            "days": limits.interpretation_workdays
        }
        return Duty(71, name, DutyState.LATER, fact, source)
    due_on = add_workdays(
        standing.published_on, limits.interpretation_workdays, standing.is_workday
    )
    if standing.interpreted_on is not None:
        is_late = standing.interpreted_on > due_on
        return Duty(
            71,
            name,
            DutyState.DONE_LATE if is_late else DutyState.DONE,
            _("Published on %(day)s")
            % {"day": day_in_words(standing.interpreted_on, standing.today)},
            source,
            standing.interpreted_on,
        )
    if standing.is_excused:
        return Duty(71, name, DutyState.EXEMPT, _("There is none; the reason is stated"), source)
    state = DutyState.OVERDUE if standing.today > due_on else DutyState.NOW
    fact = _("Due by %(day)s") % {"day": day_in_words(due_on, standing.today)}
    return Duty(71, name, state, fact, source, due_on)
