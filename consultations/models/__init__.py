"""What is stored before the decision, by concept."""

from consultations.models.attachment import OpinionAttachment
from consultations.models.catalogue import (
    CatalogueAdjustment,
    CatalogueIndexPage,
    CataloguePage,
    DecisionCategory,
)
from consultations.models.consultation import (
    ConsultationIndexPage,
    ConsultationPage,
)
from consultations.models.draft import OpinionDraft
from consultations.models.feedback import FeedbackReportPage
from consultations.models.issue import Issue
from consultations.models.item import DecisionItemPage, StageChange
from consultations.models.opinion import Opinion, OpinionPoint
from consultations.models.subscription import Announcement, Subscription
from consultations.models.tally import OpinionTally

__all__ = [
    "Announcement",
    "CatalogueAdjustment",
    "CatalogueIndexPage",
    "CataloguePage",
    "ConsultationIndexPage",
    "ConsultationPage",
    "DecisionCategory",
    "DecisionItemPage",
    "FeedbackReportPage",
    "Issue",
    "Opinion",
    "OpinionAttachment",
    "OpinionDraft",
    "OpinionPoint",
    "OpinionTally",
    "StageChange",
    "Subscription",
]
