"""The states of a review and of a decision, and how they follow from dates; no ORM."""

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
    """Whether a decision is law today; follows from its dates and acts, never stored."""

    NOT_YET_EFFECTIVE = "not_yet_effective", _("Not yet in force")
    IN_FORCE = "in_force", _("In force")
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


def validity_of(
    effective_on: date,
    expires_on: date | None,
    superseded: str,
    superseded_on: date | None,
    *,
    on: date,
) -> Validity:
    """Return the validity of a decision on a day.

    Args:
        effective_on: first day in force.
        expires_on: last day in force, if it is limited.
        superseded: a Supersession value or the empty string.
        superseded_on: first day of the decision that superseded it.
        on: the day asked about.

    """
    if superseded and superseded_on is not None and on >= superseded_on:
        return Validity(superseded)
    if on < effective_on:
        return Validity.NOT_YET_EFFECTIVE
    if expires_on is not None and on > expires_on:
        return Validity.EXPIRED
    return Validity.IN_FORCE
