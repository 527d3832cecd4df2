"""The outbox: side effects (mail, search index) promised inside a transaction, done after it.

`enqueue` writes a row in the caller's transaction, so nothing is sent for what was rolled back
and nothing is forgotten when the process dies. A worker delivers at least once: a message may be
repeated after a crash, never lost.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from portal.core.models import OutboxMessage

logger = logging.getLogger(__name__)

Handler = Callable[..., None]

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
RUN = 500
REFUSALS_A_RUN = 3
PARKED_AFTER = 20
CLAIM = timedelta(minutes=5)
BATCH = 500

_handlers: dict[str, Handler] = {}


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Register the decorated `handler(payload, *, at, message_id)` for a topic."""

    def register(handler: Handler) -> Handler:
        _handlers[topic] = handler
        return handler

    return register


def enqueue(topic: str, *, at: datetime | None = None, **payload: Any) -> OutboxMessage:
    """Promise a side effect in the current transaction and start it when that commits.

    Args:
        topic: which handler carries it out.
        at: when it was promised; the clock when left out.
        payload: ids and other JSON values the handler needs, no personal data.

    """
    moment = at or timezone.now()
    message = OutboxMessage.objects.create(
        topic=topic, payload=payload, created_at=moment, due_at=moment
    )
    transaction.on_commit(partial(deliver_message.enqueue, message.pk), robust=True)
    return message


def enqueue_many(topic: str, payloads: Iterable[dict[str, Any]], *, at: datetime) -> None:
    """Promise the same side effect for many; they are carried out when `tick` comes by."""
    OutboxMessage.objects.bulk_create(
        (
            OutboxMessage(topic=topic, payload=payload, created_at=at, due_at=at)
            for payload in payloads
        ),
        batch_size=BATCH,
    )


@transaction.atomic
def retry(message_id: int, *, at: datetime) -> bool:
    """Give a message that fails, or was parked, all its tries again, from now on.

    Returns:
        Whether there was such a message; one done meanwhile is not repeated.

    """
    failing = OutboxMessage.objects.failing().filter(pk=message_id)
    if not failing.update(attempts=0, due_at=at):
        return False
    transaction.on_commit(partial(deliver_message.enqueue, message_id), robust=True)
    return True


def deliver(message_id: int, *, at: datetime) -> bool:
    """Carry out one message; return whether it is done.

    The row is claimed first by moving its due time, so two workers do not run it together; an
    error moves it further with doubling pauses and is kept for staff to see.
    """
    claimed = OutboxMessage.objects.filter(
        pk=message_id, done_at__isnull=True, due_at__lte=at, attempts__lt=PARKED_AFTER
    ).update(due_at=at + CLAIM)
    if not claimed:
        return False
    message = OutboxMessage.objects.get(pk=message_id)
    try:
        with transaction.atomic():
            _handlers[message.topic](message.payload, at=at, message_id=message.pk)
    except Exception as error:  # noqa: BLE001 - whatever fails, the message waits and is retried
        pause = min(FIRST_RETRY * 2**message.attempts, LONGEST_RETRY)
        logger.warning("Outbox %s failed: %s", message, type(error).__name__)
        OutboxMessage.objects.filter(pk=message.pk).update(
            attempts=message.attempts + 1,
            due_at=at + pause,
            last_error=type(error).__name__,
        )
        return False
    OutboxMessage.objects.filter(pk=message.pk).update(
        done_at=at, attempts=message.attempts + 1, last_error=""
    )
    return True


@task()
def deliver_message(message_id: int) -> bool:
    """Carry out one message now, in the worker."""
    return deliver(message_id, at=timezone.now())


def deliver_due(*, at: datetime) -> int:
    """Carry out the messages that are due, the oldest first; return how many were done.

    A run is short, so that `at` stays true: it takes so many messages at most, and leaves a topic
    alone once its server (mail, search) has refused a few times.
    """
    due = OutboxMessage.objects.filter(
        done_at__isnull=True, due_at__lte=at, attempts__lt=PARKED_AFTER
    ).order_by("due_at", "pk")
    done = 0
    refused: Counter[str] = Counter()
    for pk, topic in list(due.values_list("pk", "topic")[:RUN]):
        if refused[topic] >= REFUSALS_A_RUN:
            continue
        if deliver(pk, at=at):
            done += 1
        else:
            refused[topic] += 1
    return done
