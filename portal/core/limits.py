"""The legal numbers, each with the article it comes from; pure, no database."""

from dataclasses import dataclass
from enum import StrEnum


class FeedbackGate(StrEnum):
    """When the adoption summary has to be public: domain brief §1.5."""

    BEFORE_DECISION = "before_decision"
    WITH_DECISION = "with_decision"


@dataclass(frozen=True)
class Limits:
    """Thresholds of one decision organ; the defaults are the national ones where law has them.

    Attributes:
        consultation_days: least length of a consultation, days, first day excluded (713 art. 15).
        feedback_workdays: working days from closing to the adoption summary (local practice).
        feedback_gate: whether the summary precedes the decision or may come with it.
        moderation_workdays: working days within which an opinion is moderated (our promise).
        retention_days: days after the adoption summary for which names and e-mail addresses are
            kept (PRI-1, PIPL art. 19 and 47; our promise).

    """

    consultation_days: int = 30
    feedback_workdays: int = 20
    feedback_gate: FeedbackGate = FeedbackGate.BEFORE_DECISION
    moderation_workdays: int = 2
    retention_days: int = 180
