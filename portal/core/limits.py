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
        catalogue_due: month and day by which the year's catalogue is public (CAT-1; our promise).
        consultation_days: least length of a consultation, days, first day excluded (713 art. 15).
        consultation_floor: days under which even an explained period draws a warning (CON-3;
            our promise, the law has no floor).
        hearing_notice_days: days between the notice of a hearing and the hearing (HEA-2; local).
        hearing_material_days: days between the handing over of the materials and the hearing
            (HEA-4; 713 art. 16).
        hearing_participants: fewest participants of a hearing (HEA-5; local).
        feedback_workdays: working days from closing to the adoption summary (local practice).
        feedback_gate: whether the summary precedes the decision or may come with it.
        moderation_workdays: working days within which an opinion is moderated (our promise).
        legality_workdays: working days between sending a matter to the legality review and its
            opinion (REV-2; 713 art. 26).
        publication_workdays: working days from signing to publication (DEC-2; 711 art. 26).
        interpretation_workdays: working days from publication to the interpretation (DEC-4;
            local).
        expiry_notice_days: days before expiry at which the validity is looked at (LIF-1; our
            promise).
        evaluation_opinions: opinions against a published decision that call for an evaluation
            (EVA-1; 713 art. 36, the number is ours).
        retention_days: days after the adoption summary for which names and e-mail addresses are
            kept (PRI-1, PIPL art. 19 and 47; our promise).

    """

    catalogue_due: tuple[int, int] = (6, 30)
    consultation_days: int = 30
    consultation_floor: int = 15
    hearing_notice_days: int = 30
    hearing_material_days: int = 7
    hearing_participants: int = 8
    feedback_workdays: int = 20
    feedback_gate: FeedbackGate = FeedbackGate.BEFORE_DECISION
    moderation_workdays: int = 2
    legality_workdays: int = 7
    publication_workdays: int = 20
    interpretation_workdays: int = 3
    expiry_notice_days: int = 90
    evaluation_opinions: int = 10
    retention_days: int = 180
