"""One log entry for each of many records, in one statement, as `wagtail.log_actions.log` has it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.log_actions import get_active_log_context
from wagtail.models import ModelLogEntry


def log_many(
    acts: Iterable[tuple[Model, dict[str, Any]]], action: str, *, user: Any, at: datetime
) -> None:
    """Log the same act on many records that are no pages.

    Args:
        acts: each record of one model with its own data: ids and codes only.
        action: a registered name.
        user: who acted.
        at: when.

    """
    together = get_active_log_context().uuid
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=ContentType.objects.get_for_model(record, for_concrete_model=False),
            object_id=str(record.pk),
            label=str(record),
            action=action,
            data=data,
            user=user,
            timestamp=at,
            uuid=together,
        )
        for record, data in acts
    )
