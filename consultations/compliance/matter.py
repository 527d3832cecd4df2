"""Rules CAT-5, FEE-1 and OPI-5: what the passing of time makes late on a matter."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.compliance.interpretation import Uninterpreted
from consultations.lifecycle import Act
from portal.core.findings import Due, Level, rule
from portal.core.limits import Limits
from portal.core.workdays import IsWorkday, add_workdays, announced_workday


@dataclass(frozen=True)
class RoundFacts:
    """What these rules read of one public round.

    Attributes:
        name: its title.
        opens_on: its opening day.
        closes_on: its closing day.
        reported_on: the day its adoption summary became public, or None.
        opinions: how many opinions count.
        pending_since: the day from which the oldest opinion that counts waits for a moderator,
            or None.
        interpreted_on: the day its draft's first interpretation became public, or None.
        is_excused: whether it is stated why there is none.

    """

    name: str
    opens_on: date
    closes_on: date
    reported_on: date | None = None
    opinions: int = 0
    pending_since: date | None = None
    interpreted_on: date | None = None
    is_excused: bool = False

    def lacks_interpretation(self, today: date) -> bool:
        """Tell whether its draft is with the public, since yesterday at least, and unexplained."""
        is_with_the_public = self.opens_on < today <= self.closes_on
        return is_with_the_public and self.interpreted_on is None and not self.is_excused

    def report_due_on(self, limits: Limits, is_workday: IsWorkday) -> date:
        """Return the day by which the adoption summary is promised."""
        return add_workdays(self.closes_on, limits.feedback_workdays, is_workday)


@dataclass(frozen=True)
class MatterFacts:
    """What the rules read of a matter on a day.

    Attributes:
        today: the day.
        listed_on: the day it came into the catalogue, or None.
        planned_by: the last day of the time planned for the decision, or None.
        is_decided: whether the decision was taken.
        is_set_aside: whether it is deferred or removed from the catalogue.
        needs_participation: whether the catalogue says that the public takes part.
        hearing_required: whether the catalogue promises a hearing.
        rounds: its public rounds, first to last.
        calls: its public rounds about the effects of its decision, first to last.
        is_workday: the work calendar.

    """

    today: date
    listed_on: date | None = None
    planned_by: date | None = None
    is_decided: bool = False
    is_set_aside: bool = False
    needs_participation: bool = True
    hearing_required: bool = False
    rounds: tuple[RoundFacts, ...] = ()
    calls: tuple[RoundFacts, ...] = ()
    is_workday: IsWorkday = announced_workday

    @property
    def uninterpreted(self) -> Uninterpreted | None:
        """The first draft that is with the public without an interpretation (CON-9)."""
        lacking = (one for one in self.rounds if one.lacks_interpretation(self.today))
        first = next(lacking, None)
        return Uninterpreted(first.name, first.opens_on) if first else None


@rule(
    "CAT-5",
    Level.WARN,
    source="713 art. 3",
    acts=[Act.WATCH_MATTER],
    title=gettext_lazy("The planned time of the decision has not passed"),
)
def the_planned_time_has_not_passed(facts: MatterFacts, limits: Limits) -> Due | None:
    """A matter that is not decided in its planned time is adjusted in the catalogue."""
    if facts.planned_by is None or facts.is_decided or facts.is_set_aside:
        return None
    if facts.today <= facts.planned_by:
        return None
    message = _(
        "The planned time of the decision has passed. Ask for an adjustment of the catalogue."
    )
    return Due(message, facts.planned_by)


@rule(
    "FEE-1",
    Level.WARN,
    source="713 art. 18; 期限为本单位规定",
    acts=[Act.WATCH_MATTER],
    title=gettext_lazy("The adoption summary comes in time"),
)
def the_summary_comes_in_time(facts: MatterFacts, limits: Limits) -> Due | None:
    """So many working days after a round has closed its adoption summary is public."""
    for one in (*facts.rounds, *facts.calls):
        due_on = one.report_due_on(limits, facts.is_workday)
        if one.reported_on is None and facts.today > due_on:
            message = _("The adoption summary of “%(round)s” was due. Publish it.") % {
                "round": one.name
            }
            return Due(message, due_on)
    return None


@rule(
    "OPI-5",
    Level.WARN,
    source="本单位规定",
    acts=[Act.WATCH_MATTER],
    title=gettext_lazy("Opinions are read in time"),
)
def opinions_are_read_in_time(facts: MatterFacts, limits: Limits) -> Due | None:
    """So many working days after an opinion counts a moderator has decided on it."""
    for one in (*facts.rounds, *facts.calls):
        if one.pending_since is None:
            continue
        due_on = add_workdays(one.pending_since, limits.moderation_workdays, facts.is_workday)
        if facts.today > due_on:
            message = _("Opinions on “%(round)s” wait for a moderator longer than promised.") % {
                "round": one.name
            }
            return Due(message, due_on)
    return None
