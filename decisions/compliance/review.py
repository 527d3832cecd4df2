"""Rules REV-* and PAR-1: what has to be reviewed before the collective discussion."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from consultations.lifecycle import Act
from portal.core.findings import Level, rule
from portal.core.limits import Limits
from portal.core.workdays import IsWorkday, announced_workday, workdays_between


@dataclass(frozen=True)
class DecisionFacts:
    """What the rules read of a matter that is being decided or whose decision is published.

    Attributes:
        is_publication: whether the decision is being published, not only taken.
        unreported_rounds: titles of rounds with opinions but no published adoption summary.
        unreported_silent_rounds: titles of rounds without opinions and without a summary.
        legality_number: number of the last legality review if it was passed, or the empty string.
        legality_on: day of that review's opinion.
        meeting_name: the meeting that discussed it, or the empty string.
        meeting_on: its day.
        party_report_on: day of the report to the Party committee.
        has_public_feedback: whether an adoption summary is public that the page links to.
        was_consulted: whether the matter had a public round at all.
        needs_participation: whether the catalogue says that the public takes part.
        missing_particulars: names of empty particulars of the document.
        index_no_taken: whether another decision carries the same index number.
        signed_on: day of signing.
        published_on: day of publication.
        today: the day on which the rules are asked.
        unanswered_rounds: titles of rounds with a point that has no answer.
        hearing_required: whether the catalogue promises a hearing.
        hearing_on: day of the last hearing whose result is recorded.
        legality_sent_on: day on which that legality review was asked for.
        missing_reviews: names of the reviews the catalogue asks for that are not concluded.
        is_risk_uncontrollable: whether the last risk assessment was not passed.
        effective_on: first day in force.
        expires_on: last day in force, if it is limited.
        is_public: whether the decision is public already.
        is_superseded: whether a later decision amended or repealed it.
        has_public_successor: whether that later decision is named and public.
        is_repealed: whether a later decision or a published clean-up repeals it.
        record_gaps: names of what the record of the procedure still lacks.
        is_workday: the work calendar.
        is_released: whether the release review has passed for exactly what is published.
        opposing: opinions against it since it was published, or since its last evaluation.
        is_being_evaluated: whether an evaluation was begun whose report is not public yet.
        has_interpretation: whether an interpretation of it is at least prepared.
        interpreted_on: the day its first interpretation became public, or None.
        is_past_record: whether it was decided before this portal and recorded from its document.
        repealed_on: the day from which it is stated to be repealed, of a past decision.
        procedure_since: the day from which decisions go through the procedure kept here.

    """

    is_publication: bool
    unreported_rounds: tuple[str, ...]
    unreported_silent_rounds: tuple[str, ...]
    legality_number: str
    legality_on: date | None
    meeting_name: str
    meeting_on: date | None
    party_report_on: date | None
    has_public_feedback: bool = True
    was_consulted: bool = True
    needs_participation: bool = True
    missing_particulars: tuple[str, ...] = ()
    index_no_taken: bool = False
    signed_on: date | None = None
    published_on: date | None = None
    today: date | None = None
    unanswered_rounds: tuple[str, ...] = ()
    hearing_required: bool = False
    hearing_on: date | None = None
    legality_sent_on: date | None = None
    missing_reviews: tuple[str, ...] = ()
    is_risk_uncontrollable: bool = False
    effective_on: date | None = None
    expires_on: date | None = None
    is_public: bool = False
    is_superseded: bool = False
    has_public_successor: bool = False
    is_repealed: bool = False
    record_gaps: tuple[str, ...] = ()
    is_workday: IsWorkday = announced_workday
    is_released: bool = False
    opposing: int = 0
    is_being_evaluated: bool = False
    has_interpretation: bool = True
    interpreted_on: date | None = None
    is_past_record: bool = False
    repealed_on: date | None = None
    procedure_since: date | None = None

    @property
    def watching_act(self) -> Act:
        """The act at which rules are asked as time passes."""
        return Act.WATCH_PAST_DECISION if self.is_past_record else Act.WATCH_DECISION


@rule(
    "REV-1",
    Level.BLOCK,
    source="713 art. 25",
    acts=[Act.DECIDE, Act.PUBLISH_DECISION],
    title=gettext_lazy("The legality review is passed before the discussion"),
)
def legality_review_is_passed_before_the_discussion(
    facts: DecisionFacts, limits: Limits
) -> str | None:
    """No discussion before the legality review is passed and its number recorded."""
    if not facts.legality_number or facts.legality_on is None:
        return _("Record the legality review that was passed, with its number and day.")
    if facts.meeting_on is not None and facts.legality_on > facts.meeting_on:
        return _("The legality review (%(review)s) came after the discussion (%(meeting)s).") % {
            "review": facts.legality_on.isoformat(),
            "meeting": facts.meeting_on.isoformat(),
        }
    return None


@rule(
    "REV-2",
    Level.WARN,
    source="713 art. 26",
    acts=[Act.DECIDE],
    title=gettext_lazy("The legality review had its time"),
)
def the_legality_review_had_its_time(facts: DecisionFacts, limits: Limits) -> str | None:
    """Seven working days or more lie between asking for the legality review and its opinion."""
    if not facts.legality_number or facts.legality_on is None:
        return None  # REV-1 asks for the review
    if facts.legality_sent_on is None:
        return _("The day on which the legality review was asked for is not recorded.")
    days = workdays_between(facts.legality_sent_on, facts.legality_on, facts.is_workday)
    if days >= limits.legality_workdays:
        return None
    return _(
        "The legality review had %(days)s working days; at least %(least)s are usual. "
        "State why it was given less time."
    ) % {"days": days, "least": limits.legality_workdays}


@rule(
    "REV-3",
    Level.BLOCK,
    source="713 art. 19, 22, 29; 公平竞争审查条例 art. 18",
    acts=[Act.REVIEW_LEGALITY, Act.DECIDE],
    title=gettext_lazy("The other reviews are concluded first"),
)
def the_other_reviews_are_concluded_first(facts: DecisionFacts, limits: Limits) -> str | None:
    """What the catalogue asks for besides is on record before the legality review."""
    if not facts.missing_reviews:
        return None
    return _("Conclude these first: %(reviews)s.") % {
        "reviews": pgettext("list", ", ").join(facts.missing_reviews)
    }


@rule(
    "REV-4",
    Level.BLOCK,
    source="713 art. 24",
    acts=[Act.DECIDE],
    title=gettext_lazy("The risk can be controlled"),
)
def the_risk_can_be_controlled(facts: DecisionFacts, limits: Limits) -> str | None:
    """What the risk assessment found uncontrollable does not go to the meeting."""
    if not facts.is_risk_uncontrollable:
        return None
    return _(
        "The last risk assessment was not passed. Change the draft or the measures, and record a "
        "further assessment before the discussion."
    )


@rule(
    "PAR-1",
    Level.BLOCK,
    source="713 art. 14",
    acts=[Act.DECIDE, Act.PUBLISH_DECISION],
    title=gettext_lazy("The public took part"),
)
def the_public_took_part_where_it_was_promised(facts: DecisionFacts, limits: Limits) -> str | None:
    """A matter whose catalogue entry names public participation had a public round."""
    if facts.was_consulted or not facts.needs_participation:
        return None
    return _("The catalogue promises public participation, but no consultation was held.")
