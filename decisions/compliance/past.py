"""Rules PAST-*: what may be recorded as a decision made before this portal."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.lifecycle import Act
from decisions.compliance.review import DecisionFacts
from portal.core.findings import Level, rule
from portal.core.limits import Limits


@dataclass(frozen=True)
class PastImportFacts:
    """What the rules read of a table of past decisions that is to be confirmed.

    Attributes:
        changes: how many of its rows change a decision that is public.
        uploaded_by: primary key of who uploaded it.
        confirmed_by: primary key of who confirms it.

    """

    changes: int
    uploaded_by: int
    confirmed_by: int


@rule(
    "PAST-1",
    Level.BLOCK,
    source="713 art. 3, 32",
    acts=[Act.RECORD_PAST_DECISION],
    title=gettext_lazy("It was public before the procedure was kept here"),
)
def it_was_public_before_the_procedure_was_kept_here(
    facts: DecisionFacts, limits: Limits
) -> str | None:
    """Recording is no way around the procedure: what is younger goes through it."""
    day, since = facts.published_on, facts.procedure_since
    if day is None:
        return None
    if facts.today is not None and day > facts.today:
        return _("Its day of publication has not come yet.")
    if since is None or day < since:
        return None
    return _(
        "Since %(day)s decisions go through the procedure of this portal. Only one that was "
        "published before that day is recorded from its document."
    ) % {"day": since.isoformat()}


@rule(
    "PAST-2",
    Level.BLOCK,
    source="711 art. 12",
    acts=[Act.RECORD_PAST_DECISION, Act.CORRECT_PAST_DECISION],
    title=gettext_lazy("The days follow one another"),
)
def the_days_follow_one_another(facts: DecisionFacts, limits: Limits) -> str | None:
    """It takes effect before it ends, in whatever way it ends."""
    if facts.effective_on is None:
        return None
    if facts.expires_on is not None and facts.expires_on < facts.effective_on:
        return _("The last day in force must not come before the first.")
    if facts.repealed_on is not None and facts.repealed_on < facts.effective_on:
        return _("The day of repeal must not come before the first day in force.")
    return None


@rule(
    "PAST-3",
    Level.BLOCK,
    source="711 art. 17",
    acts=[Act.CONFIRM_PAST_IMPORT],
    title=gettext_lazy("Another person confirms what changes a record"),
)
def another_person_confirms_what_changes_a_record(
    facts: PastImportFacts, limits: Limits
) -> str | None:
    """A table is no way around the release review: what changes a record takes two people."""
    if not facts.changes or facts.confirmed_by != facts.uploaded_by:
        return None
    return _(
        "This import changes decisions that are public. Somebody else than who uploaded it has to "
        "confirm it."
    )
