"""This app's records in Wagtail's admin, each written through a verb."""

from decisions.viewsets.cleanup import CleanupEntryViewSet, SetOutcomes
from decisions.viewsets.discussion import DiscussionViewSet
from decisions.viewsets.review import ReviewViewSet
from decisions.viewsets.suspension import SuspensionViewSet
from decisions.viewsets.synonym import SynonymGroupViewSet

__all__ = [
    "CleanupEntryViewSet",
    "DiscussionViewSet",
    "ReviewViewSet",
    "SetOutcomes",
    "SuspensionViewSet",
    "SynonymGroupViewSet",
]
