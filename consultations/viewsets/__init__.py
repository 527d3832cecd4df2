"""This app's records in Wagtail's admin; each screen parses a form and calls a verb."""

from consultations.viewsets.adjustment import AdjustView
from consultations.viewsets.bulk import BULK_ACTIONS
from consultations.viewsets.hearing import HearingViewSet
from consultations.viewsets.issue import IssueViewSet
from consultations.viewsets.opinion import OpinionViewSet
from consultations.viewsets.reason_template import ReasonTemplateViewSet

__all__ = [
    "BULK_ACTIONS",
    "AdjustView",
    "HearingViewSet",
    "IssueViewSet",
    "OpinionViewSet",
    "ReasonTemplateViewSet",
]
