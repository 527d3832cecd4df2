"""This app's records in Wagtail's admin; each screen parses a form and calls a verb."""

from consultations.viewsets.adjustment import AdjustView
from consultations.viewsets.bulk import GroupOpinions, PublishOpinions, WithholdOpinions
from consultations.viewsets.issue import IssueViewSet
from consultations.viewsets.opinion import OpinionViewSet

__all__ = [
    "AdjustView",
    "GroupOpinions",
    "IssueViewSet",
    "OpinionViewSet",
    "PublishOpinions",
    "WithholdOpinions",
]
