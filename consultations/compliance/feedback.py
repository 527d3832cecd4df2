"""Rules FEE-*: the adoption summary comes before the decision, even when nobody wrote."""

from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from consultations.compliance.opinion import HandlingFacts
from consultations.lifecycle import Act
from portal.core.findings import Level, rule
from portal.core.limits import FeedbackGate, Limits


class RoundsFacts(Protocol):
    """What these rules read of a matter that is about to be decided.

    Attributes:
        is_publication: whether the decision is being published, not only taken.
        unreported_rounds: titles of rounds with opinions but no published adoption summary.
        unreported_silent_rounds: titles of rounds without opinions and without a summary.
        unanswered_rounds: titles of rounds with a point that has no answer.

    """

    @property
    def is_publication(self) -> bool: ...
    @property
    def unreported_rounds(self) -> tuple[str, ...]: ...
    @property
    def unreported_silent_rounds(self) -> tuple[str, ...]: ...
    @property
    def unanswered_rounds(self) -> tuple[str, ...]: ...


@rule(
    "FEE-5",
    Level.BLOCK,
    source="713 art. 15, 18",
    acts=[Act.PUBLISH_FEEDBACK],
    title=gettext_lazy("The consultation is over"),
)
def every_opinion_has_had_its_time(facts: HandlingFacts, limits: Limits) -> str | None:
    """The round is over, and nobody can still confirm what was sent in time."""
    if not facts.is_closed:
        return _("The consultation is still open. Its result can be published once it has closed.")
    if facts.awaited:
        return ngettext(
            "%(count)s opinion that came in time can still be confirmed by its author.",
            "%(count)s opinions that came in time can still be confirmed by their authors.",
            facts.awaited,
        ) % {"count": facts.awaited}
    return None


@rule(
    "FEE-2",
    Level.BLOCK,
    source="713 art. 29(2), 32",
    acts=[Act.DECIDE, Act.PUBLISH_DECISION],
    title=gettext_lazy("The adoption summary comes first"),
)
def adoption_is_public_before_the_decision(facts: RoundsFacts, limits: Limits) -> str | None:
    """The summary precedes the decision, or comes with it where the office chose so."""
    if limits.feedback_gate is FeedbackGate.WITH_DECISION and not facts.is_publication:
        return None
    if not facts.unreported_rounds:
        return None
    return _("Publish the adoption summary of %(rounds)s first.") % {
        "rounds": pgettext("list", ", ").join(facts.unreported_rounds)
    }


@rule(
    "FEE-3",
    Level.BLOCK,
    source="713 art. 18",
    acts=[Act.DECIDE, Act.PUBLISH_DECISION],
    title=gettext_lazy("A consultation without opinions is reported, too"),
)
def silence_is_reported_too(facts: RoundsFacts, limits: Limits) -> str | None:
    """A consultation without opinions still has a summary that says so."""
    if not facts.unreported_silent_rounds:
        return None
    return _(
        "Nobody wrote on %(rounds)s. An adoption summary has to say so before the decision."
    ) % {"rounds": pgettext("list", ", ").join(facts.unreported_silent_rounds)}


@rule(
    "FEE-4",
    Level.BLOCK,
    source="713 art. 29(2)",
    acts=[Act.DECIDE],
    title=gettext_lazy("Every opinion is answered before the discussion"),
)
def the_meeting_knows_what_became_of_opinions(facts: RoundsFacts, limits: Limits) -> str | None:
    """Whenever the summary is published, the meeting has the answers before it."""
    if not facts.unanswered_rounds:
        return None
    return _("Answer every opinion on %(rounds)s before the discussion.") % {
        "rounds": pgettext("list", ", ").join(facts.unanswered_rounds)
    }
