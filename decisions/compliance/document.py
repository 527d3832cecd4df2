"""Rules DEC-*: what stands on record before a decision is taken and published."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consultations.lifecycle import Act
from decisions.compliance.review import DecisionFacts
from portal.core.findings import Level, rule
from portal.core.limits import Limits


@rule("DEC-1", Level.BLOCK, source="713 art. 30, 31", acts=[Act.DECIDE, Act.PUBLISH_DECISION])
def meeting_and_party_report_are_recorded(facts: DecisionFacts, limits: Limits) -> str | None:
    """The discussing meeting, its day and the report to the Party committee are dated."""
    parts = (
        (bool(facts.meeting_name and facts.meeting_on), _("the meeting and its day")),
        (facts.party_report_on is not None, _("the day of the report to the Party committee")),
    )
    missing = [name for present, name in parts if not present]
    if not missing:
        return None
    return _("Record %(parts)s.") % {"parts": pgettext("list", ", ").join(missing)}


@rule("DEC-3", Level.BLOCK, source="713 art. 32", acts=[Act.PUBLISH_DECISION])
def adoption_is_linked_from_the_decision(facts: DecisionFacts, limits: Limits) -> str | None:
    """The decision page leads to what became of the opinions."""
    if facts.has_public_feedback or not facts.was_consulted:
        return None
    return _("The decision needs a published adoption summary to link to.")


@rule("DEC-5", Level.BLOCK, source="711 art. 12", acts=[Act.PUBLISH_DECISION])
def particulars_are_complete_and_in_order(facts: DecisionFacts, limits: Limits) -> str | None:
    """Numbers, dates and topic are there, the index number is unique, signing comes first."""
    sentences = []
    if facts.missing_particulars:
        sentences.append(
            _("Fill in: %(fields)s.")
            % {"fields": pgettext("list", ", ").join(facts.missing_particulars)}
        )
    if facts.index_no_taken:
        sentences.append(_("Another decision already has this index number."))
    if facts.signed_on and facts.published_on and facts.signed_on > facts.published_on:
        sentences.append(_("The day of signing must not come after the day of publication."))
    return " ".join(sentences) or None
