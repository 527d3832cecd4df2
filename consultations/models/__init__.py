"""What is stored before the decision, by concept."""

from consultations.models.attachment import OpinionAttachment
from consultations.models.catalogue import (
    AdjustmentRequest,
    CatalogueAdjustment,
    CatalogueIndexPage,
    CataloguePage,
    DecisionCategory,
)
from consultations.models.consultation import ConsultationPage
from consultations.models.consultation_index import ConsultationIndexPage
from consultations.models.draft import OpinionDraft
from consultations.models.feedback import FeedbackReportPage
from consultations.models.hearing import Hearing, HearingParticipant
from consultations.models.interpretation import InterpretationPage
from consultations.models.issue import AnswerDraft, Issue, ReasonTemplate
from consultations.models.item import DecisionItemPage
from consultations.models.opinion import Opinion, OpinionPoint
from consultations.models.past import PastDecisionsPage
from consultations.models.redaction import Redaction
from consultations.models.reminder import Reminder
from consultations.models.stage import StageChange
from consultations.models.subscription import Announcement, Subscription
from consultations.models.tally import OpinionTally

__all__ = [
    "AdjustmentRequest",
    "Announcement",
    "AnswerDraft",
    "CatalogueAdjustment",
    "CatalogueIndexPage",
    "CataloguePage",
    "ConsultationIndexPage",
    "ConsultationPage",
    "DecisionCategory",
    "DecisionItemPage",
    "FeedbackReportPage",
    "Hearing",
    "HearingParticipant",
    "InterpretationPage",
    "Issue",
    "Opinion",
    "OpinionAttachment",
    "OpinionDraft",
    "OpinionPoint",
    "OpinionTally",
    "PastDecisionsPage",
    "ReasonTemplate",
    "Redaction",
    "Reminder",
    "StageChange",
    "Subscription",
]
