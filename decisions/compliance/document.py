"""Rules DEC-*, LIF-* and ARC-1: what stands on record before and after a decision is published."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from consultations.lifecycle import Act
from decisions.compliance.review import DecisionFacts
from portal.core.findings import Due, Level, rule
from portal.core.limits import Limits
from portal.core.workdays import add_workdays


@rule(
    "DEC-1",
    Level.BLOCK,
    source="713 art. 30, 31",
    acts=[Act.DECIDE, Act.PUBLISH_DECISION],
    title=gettext_lazy("Meeting and report to the Party committee are dated"),
)
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


@rule(
    "DEC-2",
    Level.WARN,
    source="711 art. 26",
    acts=[Act.PUBLISH_DECISION, Act.WATCH_DECISION],
    title=gettext_lazy("Published in time after signing"),
    public_reason=True,
)
def it_is_published_in_time(facts: DecisionFacts, limits: Limits) -> Due | None:
    """Twenty working days after it was signed a decision is public."""
    day = facts.published_on or facts.today
    if facts.signed_on is None or day is None:
        return None
    due_on = add_workdays(facts.signed_on, limits.publication_workdays, facts.is_workday)
    if day <= due_on:
        return None
    message = _(
        "Signed on %(signed)s, it was to be public by %(due)s. "
        "Publish it, and state why it is late."
    ) % {"signed": facts.signed_on.isoformat(), "due": due_on.isoformat()}
    return Due(message, due_on)


@rule(
    "DEC-3",
    Level.BLOCK,
    source="713 art. 32",
    acts=[Act.PUBLISH_DECISION],
    title=gettext_lazy("The adoption of opinions is linked"),
)
def adoption_is_linked_from_the_decision(facts: DecisionFacts, limits: Limits) -> str | None:
    """The decision page leads to what became of the opinions."""
    if facts.has_public_feedback or not facts.was_consulted:
        return None
    return _("The decision needs a published adoption summary to link to.")


@rule(
    "DEC-4",
    Level.WARN,
    source="713 art. 32; 期限为本单位规定",
    acts=[Act.PUBLISH_DECISION, Act.WATCH_DECISION],
    title=gettext_lazy("The decision is interpreted"),
    public_reason=True,
)
def the_decision_is_interpreted(facts: DecisionFacts, limits: Limits) -> str | Due | None:
    """An interpretation is prepared when a decision is published, and public days after it."""
    if facts.is_superseded:
        return None
    if not facts.is_public or facts.published_on is None:
        if facts.has_interpretation:
            return None
        return _(
            "Prepare an interpretation of the decision below this page, to be published with it, "
            "or state why there is none."
        )
    due_on = add_workdays(facts.published_on, limits.interpretation_workdays, facts.is_workday)
    if facts.interpreted_on is not None or facts.today is None or facts.today <= due_on:
        return None
    message = _("The decision is public without an interpretation. Publish one.")
    return Due(message, due_on)


@rule(
    "DEC-5",
    Level.BLOCK,
    source="711 art. 12",
    acts=[Act.PUBLISH_DECISION, Act.RECORD_PAST_DECISION, Act.CORRECT_PAST_DECISION],
    title=gettext_lazy("The particulars are complete and in order"),
)
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


@rule(
    "DEC-6",
    Level.WARN,
    source="本单位规定",
    acts=[Act.PUBLISH_DECISION],
    title=gettext_lazy("It takes effect after it is public"),
    public_reason=True,
)
def it_takes_effect_after_it_is_public(facts: DecisionFacts, limits: Limits) -> str | None:
    """Nobody is bound by a decision before it could be read."""
    day = facts.published_on or facts.today
    if facts.effective_on is None or day is None or facts.effective_on >= day:
        return None
    return _(
        "It would be in force from %(effective)s, before people could read it. "
        "Choose a later day, or state the reason."
    ) % {"effective": facts.effective_on.isoformat()}


@rule(
    "LIF-1",
    Level.WARN,
    source="本单位规定",
    acts=[Act.WATCH_DECISION, Act.WATCH_PAST_DECISION],
    title=gettext_lazy("Its validity is looked at before it expires"),
)
def its_validity_is_looked_at_before_it_expires(facts: DecisionFacts, limits: Limits) -> Due | None:
    """Some time before a decision expires it is decided whether it goes on."""
    if facts.expires_on is None or facts.today is None:
        return None
    if facts.is_superseded or facts.is_repealed or _ended_before_our_time(facts):
        return None
    if not facts.is_public or facts.today < facts.expires_on - timedelta(
        days=limits.expiry_notice_days
    ):
        return None
    message = _("It is in force until %(day)s. Decide whether it is prolonged, changed or ended.")
    return Due(message % {"day": facts.expires_on.isoformat()}, facts.expires_on)


def _ended_before_our_time(facts: DecisionFacts) -> bool:
    """Tell whether a past decision had expired before anybody here could look at it."""
    since = facts.procedure_since or facts.today
    is_over = facts.expires_on is not None and since is not None and facts.expires_on < since
    return facts.is_past_record and is_over


@rule(
    "LIF-2",
    Level.BLOCK,
    source="国办发〔2017〕47号",
    acts=[
        *(Act.PUBLISH_DECISION, Act.WATCH_DECISION),
        *(Act.RECORD_PAST_DECISION, Act.CORRECT_PAST_DECISION, Act.WATCH_PAST_DECISION),
    ],
    title=gettext_lazy("An amended or repealed decision leads to its successor"),
)
def a_superseded_decision_leads_to_its_successor(
    facts: DecisionFacts, limits: Limits
) -> str | None:
    """An amended or repealed decision stays readable and links to the one that replaced it."""
    if not facts.is_superseded or facts.has_public_successor:
        return None
    return _("Name the later decision that amended or repealed this one; it has to be public.")


@rule(
    "ARC-1",
    Level.WARN,
    source="713 art. 33; 档案法",
    acts=[Act.WATCH_DECISION],
    title=gettext_lazy("The record of the procedure is complete"),
)
def the_record_is_complete(facts: DecisionFacts, limits: Limits) -> str | None:
    """Once the decision is public, nothing of the procedure is missing on record."""
    if not facts.is_public or not facts.record_gaps:
        return None
    return _("For the archive, the record still lacks: %(gaps)s.") % {
        "gaps": pgettext("list", ", ").join(facts.record_gaps)
    }
