"""Rules REV-*: what has to be reviewed before the collective discussion."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from consultations.lifecycle import Act
from portal.core.findings import Level, rule
from portal.core.limits import Limits


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


@rule("REV-1", Level.BLOCK, source="713 art. 25", acts=[Act.DECIDE, Act.PUBLISH_DECISION])
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


@rule("PAR-1", Level.BLOCK, source="713 art. 14", acts=[Act.DECIDE, Act.PUBLISH_DECISION])
def the_public_took_part_where_it_was_promised(facts: DecisionFacts, limits: Limits) -> str | None:
    """A matter whose catalogue entry names public participation had a public round."""
    if facts.was_consulted or not facts.needs_participation:
        return None
    return _("The catalogue promises public participation, but no consultation was held.")
