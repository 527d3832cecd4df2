"""What is stored before the decision, by concept."""

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
from consultations.models.feedback import FeedbackReportPage
from consultations.models.issue import Issue
from consultations.models.item import DecisionItemPage, StageChange
from consultations.models.opinion import Opinion, OpinionPoint

__all__ = [
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
    "OpinionPoint",
    "StageChange",
]
