"""Promising mails to many authors: one message each, so that a poisoned one blocks nobody."""

from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from consultations.models import Opinion
from consultations.querysets import OpinionQuerySet
from portal.core.outbox import enqueue_many

BATCH = 500


@transaction.atomic
def tell_authors(
    *,
    opinions: OpinionQuerySet,
    told: Literal["answer_told_at", "decision_told_at"],
    topic: str,
    at: datetime,
    **payload: Any,
) -> int:
    """Promise one mail to each author of these opinions who was not promised it before.

    Args:
        opinions: those concerned; only confirmed ones with an address are told.
        told: the column that remembers the promise.
        topic: which handler writes the mail; its payload gets the ids of the author's `opinions`.
        at: now.
        payload: what else the handler needs.

    Returns:
        How many authors.

    """
    waiting = opinions.confirmed().exclude(author_email="").filter(**{f"{told}__isnull": True})
    rows = waiting.select_for_update().order_by("pk").values_list("pk", "author_email")
    of_author: dict[str, list[int]] = {}
    for pk, address in rows:
        of_author.setdefault(address.strip().casefold(), []).append(pk)
    ids = [pk for group in of_author.values() for pk in group]
    for start in range(0, len(ids), BATCH):
        Opinion.norel_objects.filter(pk__in=ids[start : start + BATCH]).update(**{told: at})
    enqueue_many(topic, [{"opinions": group} | payload for group in of_author.values()], at=at)
    return len(of_author)
