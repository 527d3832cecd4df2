"""The states of a review and of a decision, and how they follow from dates; no ORM."""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReviewKind(TextChoices):
    """The reviews before a decision: domain brief §1.4, steps 7 to 10."""

    EXPERT = "expert", _("Expert argumentation")
    RISK = "risk", _("Risk assessment")
    FAIR_COMPETITION = "fair_competition", _("Fair-competition review")
    LEGALITY = "legality", _("Legality review")


class ReviewResult(TextChoices):
    """How a review ended."""

    PENDING = "pending", _("In progress")
    PASSED = "passed", _("Passed")
    PASSED_WITH_CHANGES = "passed_with_changes", _("Passed with changes")
    NOT_PASSED = "not_passed", _("Not passed")


PASSED = frozenset({ReviewResult.PASSED, ReviewResult.PASSED_WITH_CHANGES})


class Supersession(TextChoices):
    """What a later decision did to this one."""

    AMENDED = "amended", _("Amended")
    REPEALED = "repealed", _("Repealed")


class Validity(TextChoices):
    """Whether a decision is law on a day; follows from its dates and acts, never stored."""

    NOT_YET_EFFECTIVE = "not_yet_effective", _("Not yet in force")
    IN_FORCE = "in_force", _("In force")
    SUSPENDED = "suspended", _("Suspended")
    AMENDED = "amended", _("Amended")
    REPEALED = "repealed", _("Repealed")
    EXPIRED = "expired", _("Expired")


class EvaluationBasis(TextChoices):
    """Why a decision is evaluated (713 art. 36)."""

    EFFECT = "effect", _("Its effect clearly falls short of what was expected")
    OPINIONS = "opinions", _("People and bodies have raised many objections")
    OWN_MOTION = "own_motion", _("The decision organ finds it necessary")


class EvaluationOutcome(TextChoices):
    """What becomes of a decision after its evaluation (713 art. 36, 37)."""

    KEEP = "keep", _("Goes on unchanged")
    ADJUST = "adjust", _("Will be changed")
    SUSPEND = "suspend", _("Is suspended")
    STOP = "stop", _("Is stopped")


class EvaluationState(TextChoices):
    """Where an evaluation stands; follows from its acts, never stored."""

    PLANNED = "planned", _("Evaluation planned")
    PUBLIC_INPUT = "public_input", _("People are asked for the evaluation")
    REPORTED = "reported", _("Evaluation report published")


def evaluation_state_of(*, is_public: bool, has_calls: bool) -> EvaluationState:
    """Return the state of an evaluation.

    Args:
        is_public: whether its report is published.
        has_calls: whether people were, or are, asked for it.

    """
    if is_public:
        return EvaluationState.REPORTED
    return EvaluationState.PUBLIC_INPUT if has_calls else EvaluationState.PLANNED


# Neither repealed nor expired: a document that was changed is law in its changed form, and one
# that is suspended is not carried out for a time but stays on the books.
ON_THE_BOOKS = frozenset({Validity.IN_FORCE, Validity.SUSPENDED, Validity.AMENDED})


class CleanupOutcome(TextChoices):
    """What a clean-up of documents 清理 says of one of them."""

    KEEP = "keep", _("Stays in force")
    AMEND = "amend", _("To be amended")
    REPEAL = "repeal", _("Is repealed")


@dataclass(frozen=True)
class Pause:
    """A suspension: its first day, and the first day after it, None while it lasts."""

    from_on: date
    resumed_on: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        return self.from_on <= day and (self.resumed_on is None or day < self.resumed_on)


@dataclass(frozen=True)
class ValidityFacts:
    """Every date and act from which the validity of a decision follows.

    Attributes:
        effective_on: first day in force.
        expires_on: last day in force, if it is limited.
        amended_on: first day in force of the decision that amended it.
        repealed_on: from which day a later decision or a published clean-up repeals it, or what is
            stated with a past record.
        pauses: its suspensions (713 art. 37).

    """

    effective_on: date
    expires_on: date | None = None
    amended_on: date | None = None
    repealed_on: date | None = None
    pauses: tuple[Pause, ...] = ()


def validity_of(facts: ValidityFacts, *, on: date) -> Validity:
    """Return the validity of a decision on a day.

    What ends it comes before what changes it; of two ends the first one counts.
    """
    repealed_on, expires_on = facts.repealed_on, facts.expires_on
    if repealed_on is not None and on >= repealed_on:
        has_run_out = expires_on is not None and expires_on < repealed_on
        return Validity.EXPIRED if has_run_out else Validity.REPEALED
    if expires_on is not None and on > expires_on:
        return Validity.EXPIRED
    if on < facts.effective_on:
        return Validity.NOT_YET_EFFECTIVE
    if any(one.covers(on) for one in facts.pauses):
        return Validity.SUSPENDED
    if facts.amended_on is not None and on >= facts.amended_on:
        return Validity.AMENDED
    return Validity.IN_FORCE
