"""Giving the demo its past: what the framework stamps with the clock gets the day of the act."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision, TaskState, WorkflowState

_STAMPED_BY_WAGTAIL = ("first_published_at", "last_published_at", "latest_revision_created_at")


@contextmanager
def dated(at: datetime) -> Iterator[datetime]:
    """Date all that is published and logged inside the block to `at`.

    Services take their time as a parameter; Wagtail's revisions, log and publishing dates read
    the clock. Only for an empty portal that nobody else is writing to.
    """
    begun = timezone.now()
    yield at
    for log in (PageLogEntry, ModelLogEntry):
        log.objects.filter(timestamp__gte=begun).update(timestamp=at)
    Revision.objects.filter(created_at__gte=begun).update(created_at=at)
    WorkflowState.objects.filter(created_at__gte=begun).update(created_at=at)
    TaskState.objects.filter(started_at__gte=begun).update(started_at=at, finished_at=at)
    for name in _STAMPED_BY_WAGTAIL:
        Page.objects.filter(**{f"{name}__gte": begun}).update(**{name: at})
