"""The outbox: side effects (mail, search index) promised inside a transaction, done after it.

`enqueue` writes a row in the caller's transaction, so nothing is sent for what was rolled back
and nothing is forgotten when the process dies. A worker delivers at least once: a message may be
repeated after a crash, never lost. What fails is tried again, less and less often, then parked;
from its first failure on staff see it in the report.
"""

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from smtplib import SMTPDataError, SMTPRecipientsRefused
from time import monotonic
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django_tasks import task

from portal.core.models import OutboxMessage, OutboxQuerySet

logger = logging.getLogger(__name__)

Handler = Callable[..., None]

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
# In the worker's queue.
PRIORITY = 10
PRESSING_PRIORITY = 20
RUN = 500
# Much less than a claim, so that no claim of a run ends while the run goes on.
RUN_SECONDS = 60
REFUSALS_A_RUN = 3
PARKED_AFTER = 20
# A mailbox or a text refused for good is parked at the third try, half a day after the first: most
# such answers are final, but a mail server that is set up wrongly gives them to everybody.
PARKED_AFTER_REFUSALS = 3
CLAIM = timedelta(minutes=5)
BATCH = 5_000
# How staff see a message whose worker died over it, and one that was refused for good.
INTERRUPTED = "Interrupted"
REFUSED = "Refused"
# Replies of a mail server, RFC 5321 section 4.2.
SHUTTING_DOWN = 421
FOR_GOOD = 500


class UndeliverableError(Exception):
    """What a handler raises over a message that its server will not take at another time either."""


# What is raised over a message that cannot be written, like one with a line end in its address.
_FAULTS_OF_A_MESSAGE = (ValueError, LookupError, TypeError, AttributeError, ObjectDoesNotExist)

# Twin of `is_parked`.
_PARKED = Q(attempts__gte=PARKED_AFTER) | Q(
    attempts__gte=PARKED_AFTER_REFUSALS, last_error__startswith=REFUSED
)

_handlers: dict[str, Handler] = {}
_pressing: set[str] = set()


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Register the decorated `handler(payload, *, at, message_id)` for a topic.

    It runs outside a transaction, since it may wait for a server for as long as that takes: what
    it writes before it sends must do no harm when nothing is sent, and what says that something
    was sent is written after it.
    """

    def register(handler: Handler) -> Handler:
        _handlers[topic] = handler
        return handler

    return register


def cannot_wait(*topics: str) -> None:
    """Let what is promised on these topics go before all else, however old that is.

    Mail that backs up is late; what was withheld and is still shown is wrong.
    """
    _pressing.update(topics)


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
    _deliver_after_commit(message)
    return message


def enqueue_many(
    topic: str, payloads: Iterable[dict[str, Any]], *, at: datetime
) -> list[OutboxMessage]:
    """Promise the same side effect for many; they are carried out when `tick` comes by."""
    return OutboxMessage.objects.bulk_create(
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
    _deliver_after_commit(OutboxMessage.objects.get(pk=message_id))
    return True


def retry_all(topic: str, error: str, *, at: datetime) -> int:
    """Give all tries again to the messages that failed because their server was away.

    Args:
        topic: of the messages.
        error: the name of what was raised when it was away.
        at: from when on.

    Returns:
        How many there were.

    """
    return OutboxMessage.objects.filter(
        topic=topic, done_at__isnull=True, last_error=error, due_at__gt=at
    ).update(attempts=0, due_at=at)


def given_up(topic: str) -> OutboxQuerySet:
    """Return the messages on a topic that are parked."""
    return _undone().filter(_PARKED, topic=topic)


def try_once_more(messages: OutboxQuerySet, *, at: datetime) -> None:
    """Give each of these parked messages one more try; if that fails, it is parked as before."""
    refused = When(last_error__startswith=REFUSED, then=Value(PARKED_AFTER_REFUSALS - 1))
    messages.update(attempts=Case(refused, default=Value(PARKED_AFTER - 1)), due_at=at)


def is_parked(message: OutboxMessage) -> bool:
    """Tell whether a message is given up until staff ask for it."""
    most = PARKED_AFTER_REFUSALS if message.last_error.startswith(REFUSED) else PARKED_AFTER
    return message.attempts >= most


def waiting(*, at: datetime) -> OutboxQuerySet:
    """Return the messages that are due and neither done nor parked."""
    return _undone().filter(due_at__lte=at).exclude(_PARKED)


def owed(topic: str) -> OutboxQuerySet:
    """Return the messages on a topic that are neither done nor parked, due or not."""
    return _undone().filter(topic=topic).exclude(_PARKED)


def is_settled(topic: str, *, at: datetime) -> bool:
    """Tell whether everything promised on a topic up to an instant is done, or given up."""
    return not owed(topic).filter(created_at__lte=at).exists()


def _undone() -> OutboxQuerySet:
    undone: OutboxQuerySet = OutboxMessage.objects.filter(done_at__isnull=True)
    return undone


def deliver(message_id: int, *, at: datetime) -> bool:
    """Carry out one message; return whether it is done now.

    The row is claimed first, so two workers do not run it together; an error moves it further with
    doubling pauses and is kept for staff to see.
    """
    message = _claimed(message_id, at=at)
    return message is not None and _failure_of(message, at=at) is None


def _claimed(message_id: int, *, at: datetime) -> OutboxMessage | None:
    """Return a message that is due and is now ours for a while, or None.

    The try is counted before it begins, so that a message which kills its workers is shown and
    given up like any other.
    """
    ours = waiting(at=at).filter(pk=message_id)
    if not ours.update(due_at=at + CLAIM, attempts=F("attempts") + 1):
        return None
    message = OutboxMessage.objects.get(pk=message_id)
    if message.attempts > 1 and not message.last_error:
        OutboxMessage.objects.filter(pk=message_id).update(last_error=INTERRUPTED)
    return message


def _failure_of(message: OutboxMessage, *, at: datetime) -> Exception | None:
    """Carry out a claimed message, note what came of it, and return the error, if any."""
    row = OutboxMessage.objects.filter(pk=message.pk)
    try:
        _handlers[message.topic](message.payload, at=at, message_id=message.pk)
    except Exception as error:  # noqa: BLE001 - whatever fails, the message waits and is retried
        replies = _replies(error)
        # The replies are numbers; the error's own text could name a mailbox.
        name = " ".join([type(error).__name__, *map(str, replies)])
        logger.warning("Outbox %s failed: %s", message, name)
        if min(replies, default=0) >= FOR_GOOD or isinstance(error, UndeliverableError):
            row.update(due_at=at + LONGEST_RETRY, last_error=f"{REFUSED}: {name}")
        else:
            pause = min(FIRST_RETRY * 2 ** (message.attempts - 1), LONGEST_RETRY)
            row.update(due_at=at + pause, last_error=name)
        return error
    row.update(done_at=at, last_error="")
    return None


def _replies(error: Exception) -> list[int]:
    """Return the replies by which a mail server refused this mailbox or text, not us."""
    if isinstance(error, SMTPRecipientsRefused):
        return [code for code, _text in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, SMTPDataError) else []


def _is_server_at_fault(error: Exception) -> bool:
    """Tell whether the next message of this topic is likely to fare no better."""
    replies = _replies(error)
    if replies:
        return SHUTTING_DOWN in replies
    return not isinstance(error, (UndeliverableError, *_FAULTS_OF_A_MESSAGE))


# What people wait for goes before the housekeeping of the admin's indexes.
@task(priority=PRIORITY)
def deliver_message(message_id: int) -> bool:
    """Carry out one message now, in the worker."""
    return deliver(message_id, at=timezone.now())


def _deliver_after_commit(message: OutboxMessage) -> None:
    priority = PRESSING_PRIORITY if message.topic in _pressing else PRIORITY
    start = deliver_message.using(priority=priority).enqueue
    transaction.on_commit(partial(start, message.pk), robust=True)


def deliver_due(*, at: datetime) -> int:
    """Carry out the messages that are due; return how many were done.

    What cannot wait goes first, then the oldest. A run is short, so that `at` stays true: it takes
    so many messages and seconds at most, and leaves a topic alone once its server (mail, search)
    has refused a few times. A mailbox that does not exist is no reason to let the others wait.
    """
    done = 0
    left = RUN
    refused: Counter[str] = Counter()
    until = monotonic() + RUN_SECONDS
    turns = _turns(refused, at=at)
    while turns and left and monotonic() < until:
        left -= 1
        pk, topic = turns.popleft()
        message = _claimed(pk, at=at)
        if message is None:
            continue
        error = _failure_of(message, at=at)
        done += error is None
        if error is not None and _is_server_at_fault(error):
            refused[topic] += 1
            if refused[topic] == REFUSALS_A_RUN:
                # What is left alone keeps no place of those behind it.
                turns = _turns(refused, at=at)
    return done


def _turns(refused: Counter[str], *, at: datetime) -> deque[tuple[int, str]]:
    """Return the next messages of a run by key and topic, without the topics it leaves alone."""
    left_alone = [topic for topic, times in refused.items() if times >= REFUSALS_A_RUN]
    is_pressing = Case(When(topic__in=sorted(_pressing), then=Value(0)), default=Value(1))
    due = waiting(at=at).exclude(topic__in=left_alone).order_by(is_pressing, "due_at", "pk")
    return deque(due.values_list("pk", "topic")[:RUN])
