"""The steps the law asks for on one matter, as the public sees them: 程序履行情况; pure.

Each app tells its own duties through the hook `matter_duties`, as it tells its events.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from consultations.compliance.hearing import HearingFacts
from consultations.compliance.matter import MatterFacts, RoundFacts
from portal.core.dates import day_in_words
from portal.core.limits import Limits
from portal.core.workdays import workdays_between


class DutyState(TextChoices):
    """How far one step of the law has come."""

    DONE = "done", pgettext_lazy("duty", "Done")
    DONE_LATE = "done_late", pgettext_lazy("duty", "Done, but late")
    NOW = "now", pgettext_lazy("duty", "Under way")
    OVERDUE = "overdue", pgettext_lazy("duty", "Overdue")
    LATER = "later", pgettext_lazy("duty", "Not due yet")
    EXEMPT = "exempt", pgettext_lazy("duty", "Not asked for here")


KEPT = frozenset({DutyState.DONE, DutyState.DONE_LATE})


@dataclass(frozen=True)
class Duty:
    """One step that the law asks for.

    Attributes:
        place: where it stands in the order of the procedure.
        name: what is asked.
        state: how far it has come.
        fact: what is on record, as a short sentence.
        source: the article that asks for it.
        on: the day it was done or is due, if there is one.

    """

    place: int
    name: str
    state: DutyState
    fact: str
    source: str
    on: date | None = None


def kept_of(duties: Iterable[Duty]) -> tuple[int, int]:
    """Return how many of the duties that apply are done, and how many apply."""
    applying = [one for one in duties if one.state is not DutyState.EXEMPT]
    return sum(one.state in KEPT for one in applying), len(applying)


def duties_before_the_decision(
    facts: MatterFacts, hearing: HearingFacts | None, limits: Limits
) -> list[Duty]:
    """Return the duties from the catalogue to the adoption summary.

    Args:
        facts: the matter.
        hearing: its last hearing whose notice is public, if there is one.
        limits: the thresholds.

    """
    return [
        _listing(facts),
        *_participation(facts, limits),
        _interpretation(facts),
        _hearing(facts, hearing, limits),
        _summary(facts, limits),
    ]


def _listing(facts: MatterFacts) -> Duty:
    is_done = facts.listed_on is not None
    return Duty(
        10,
        _("Listed in the yearly catalogue"),
        DutyState.DONE if is_done else DutyState.LATER,
        _("Listed on %(day)s") % {"day": day_in_words(facts.listed_on, facts.today)}
        if is_done
        else "",
        _("Order 713, article 3"),
        facts.listed_on,
    )


def _participation(facts: MatterFacts, limits: Limits) -> list[Duty]:
    names = (_("Draft, explanation and background"), _("Period of the consultation"))
    source = _("Order 713, article 15")
    if not facts.rounds:
        state = DutyState.LATER if facts.needs_participation else DutyState.EXEMPT
        return [Duty(20 + n, name, state, "", source) for n, name in enumerate(names)]
    last = facts.rounds[-1]
    published = _("Put to the public together on %(day)s") % {
        "day": day_in_words(last.opens_on, facts.today)
    }
    has_opened = facts.today >= last.opens_on
    return [
        Duty(
            20,
            names[0],
            DutyState.DONE if has_opened else DutyState.NOW,
            published if has_opened else "",
            source,
            last.opens_on,
        ),
        Duty(
            21,
            names[1],
            _state_of_round(last, facts.today),
            _length(last, limits),
            source,
            last.closes_on,
        ),
    ]


def _interpretation(facts: MatterFacts) -> Duty:
    name, source = _("Interpretation of the draft"), _("Rule of this office")
    if not facts.rounds:
        state = DutyState.LATER if facts.needs_participation else DutyState.EXEMPT
        return Duty(22, name, state, "", source)
    one = facts.rounds[-1]
    if one.interpreted_on is not None:
        state = DutyState.DONE_LATE if one.interpreted_on > one.opens_on else DutyState.DONE
        fact = _("Published on %(day)s") % {"day": day_in_words(one.interpreted_on, facts.today)}
        return Duty(22, name, state, fact, source, one.interpreted_on)
    if one.is_excused:
        return Duty(22, name, DutyState.EXEMPT, _("There is none; the reason is stated"), source)
    state = DutyState.OVERDUE if facts.today > one.opens_on else DutyState.LATER
    return Duty(22, name, state, _("To be published with the draft"), source, one.opens_on)


def _state_of_round(one: RoundFacts, today: date) -> DutyState:
    if today > one.closes_on:
        return DutyState.DONE
    return DutyState.NOW if today >= one.opens_on else DutyState.LATER


def _length(one: RoundFacts, limits: Limits) -> str:
    days = (one.closes_on - one.opens_on).days
    if days < limits.consultation_days:
        return ngettext(
            "%(days)s day, shortened for a published reason",
            "%(days)s days, shortened for a published reason",
            days,
        ) % {"days": days}
    return ngettext(
        "%(days)s day; at least %(least)s are asked for",
        "%(days)s days; at least %(least)s are asked for",
        days,
    ) % {"days": days, "least": limits.consultation_days}


def _hearing(facts: MatterFacts, hearing: HearingFacts | None, limits: Limits) -> Duty:
    name, source = _("Hearing"), _("Order 713, articles 16 and 17")
    if hearing is None:
        state = DutyState.LATER if facts.hearing_required else DutyState.EXEMPT
        return Duty(30, name, state, "", source)
    day = day_in_words(hearing.held_on, facts.today)
    if not hearing.is_concluded:
        fact = (
            _("It takes place on %(day)s")
            if facts.today <= hearing.held_on
            else _("It took place on %(day)s; the result follows")
        )
        return Duty(30, name, DutyState.NOW, fact % {"day": day}, source, hearing.held_on)
    fact = _("Held on %(day)s") % {"day": day}
    if hearing.materials_on is not None:
        days = (hearing.held_on - hearing.materials_on).days
        fact = _("Held on %(day)s; materials %(days)s days before, %(least)s are asked for") % {
            "day": day,
            "days": days,
            "least": limits.hearing_material_days,
        }
    return Duty(30, name, DutyState.DONE, fact, source, hearing.held_on)


def _summary(facts: MatterFacts, limits: Limits) -> Duty:
    name, source = _("Opinions studied and answered"), _("Order 713, article 18")
    if not facts.rounds:
        state = DutyState.LATER if facts.needs_participation else DutyState.EXEMPT
        return Duty(40, name, state, "", source)
    open_rounds = [one for one in facts.rounds if one.reported_on is None]
    one = open_rounds[0] if open_rounds else facts.rounds[-1]
    due_on = one.report_due_on(limits, facts.is_workday)
    if one.reported_on is not None:
        is_late = one.reported_on > due_on
        return Duty(
            40,
            name,
            DutyState.DONE_LATE if is_late else DutyState.DONE,
            _reported(one, workdays_between(one.closes_on, one.reported_on, facts.is_workday)),
            source,
            one.reported_on,
        )
    fact = _("Due by %(day)s") % {"day": day_in_words(due_on, facts.today)}
    state = DutyState.LATER
    if facts.today > one.closes_on:
        state = DutyState.OVERDUE if facts.today > due_on else DutyState.NOW
    return Duty(40, name, state, fact, source, due_on)


def _reported(one: RoundFacts, workdays: int) -> str:
    if not one.opinions:
        return _("No opinion was received; published on working day %(nth)s after closing") % {
            "nth": workdays
        }
    return ngettext(
        "%(count)s opinion answered; published on working day %(nth)s after closing",
        "%(count)s opinions answered; published on working day %(nth)s after closing",
        one.opinions,
    ) % {"count": one.opinions, "nth": workdays}
