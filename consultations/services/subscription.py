"""Verbs of those who follow by mail: ask for it, confirm it, stop it.

Nobody signs in, and no answer tells whether an address is known; only its own mailbox hears.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.crypto import salted_hmac

from consultations.lifecycle import CONFIRMATION_HOURS
from consultations.models import DecisionItemPage, Subscription
from portal.accounts.models import Unit
from portal.core.outbox import enqueue

TOKEN_BYTES = 20
CONFIRMATION_TIME = timedelta(hours=CONFIRMATION_HOURS)
# Asked again within this time, as by a double click, the same mail is not sent again.
REPEAT_PAUSE = timedelta(minutes=2)
BATCH = 1000

# As for an author's own page: half of the secret lies in the database, half is this signature.
_signer = Signer(salt="consultations.subscription", sep=".")


class SubscriptionNotFound(Exception):
    """A link that belongs to no subscription; why is not told."""


class SubscriptionEnded(SubscriptionNotFound):
    """A link of ours whose subscription has ended."""


def address_digest(email: str) -> str:
    """Return a keyed digest by which an address is known again, whatever its capitals."""
    address = email.strip().casefold()
    return salted_hmac("consultations.subscription", address, algorithm="sha256").hexdigest()


@transaction.atomic
def subscribe(
    *,
    email: str,
    unit: Unit | None = None,
    item: DecisionItemPage | None = None,
    question: str = "",
    language: str,
    at: datetime,
) -> None:
    """Promise the mail that asks whether a subscription is meant; it begins when confirmed.

    Safe to repeat. Who follows already is told so by mail, so the sender learns nothing.

    Args:
        email: a valid address.
        unit: whose matters are followed.
        item: the one matter that is followed.
        question: to the archive, as it writes it in an address without “?”; what it finds is
            followed. With none of the three, all matters are.
        language: of the mails.
        at: now.

    """
    subscription, is_new = Subscription.objects.select_for_update().get_or_create(
        email_digest=address_digest(email),
        unit=unit,
        item=item,
        question=question,
        defaults={"email": email, "language": language, "confirm_by": at + CONFIRMATION_TIME},
    )
    if not is_new and subscription.confirm_by is not None:
        if at < subscription.confirm_by - CONFIRMATION_TIME + REPEAT_PAUSE:
            return
        Subscription.objects.filter(pk=subscription.pk).update(
            language=language, confirm_by=at + CONFIRMATION_TIME
        )
    enqueue("subscription.asked", at=at, subscription=subscription.pk)


def new_subscription_token(*, subscription: Subscription, at: datetime) -> str:
    """Return a fresh token of 160 bits for the mail; only its digest is stored.

    It replaces an earlier one and gives the full time again.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Subscription.objects.filter(pk=subscription.pk, confirmed_at__isnull=True).update(
        confirm_digest=_token_digest(token), confirm_by=at + CONFIRMATION_TIME
    )
    return token


def find_asked_subscription(token: str, *, at: datetime) -> Subscription:
    """Return the subscription that waits for this token.

    Raises:
        SubscriptionNotFound: the token is unknown, used or expired.

    """
    waiting = Subscription.objects.filter(confirm_digest=_token_digest(token), confirm_by__gt=at)
    subscription = waiting.select_related("unit", "item").first()
    if subscription is None:
        raise SubscriptionNotFound
    return subscription


@transaction.atomic
def confirm_subscription(*, token: str, at: datetime) -> Subscription:
    """Begin a subscription; of two requests with one token the second finds nothing.

    Raises:
        SubscriptionNotFound: the token is unknown, used or expired.

    """
    subscription = find_asked_subscription(token, at=at)
    begun = Subscription.objects.filter(pk=subscription.pk, confirmed_at__isnull=True).update(
        confirmed_at=at, confirm_by=None, confirm_digest=None
    )
    if not begun:
        raise SubscriptionNotFound
    return subscription


def stop_secret_of(subscription: Subscription) -> str:
    """Return the secret of the link that stops a subscription."""
    return _signer.sign(subscription.link_key)


def find_subscription(secret: str) -> Subscription:
    """Return the subscription that a link stops.

    Raises:
        SubscriptionEnded: it has been stopped already, or was never confirmed.
        SubscriptionNotFound: the link is none of ours.

    """
    try:
        key = _signer.unsign(secret)
    except BadSignature as error:
        raise SubscriptionNotFound from error
    subscription = Subscription.objects.filter(link_key=key).select_related("unit", "item").first()
    if subscription is None:
        raise SubscriptionEnded
    return subscription


def ending_with(subscription: Subscription) -> list[Subscription]:
    """Return what stopping one ends: all of the same address that bring the same news.

    Who follows a matter and everything and stops one of the two from a mail about that matter
    would otherwise get the next mail about it all the same. What nobody has confirmed ends alone.
    """
    if subscription.confirmed_at is None:
        return [subscription]
    same = Subscription.objects.filter(email_digest=subscription.email_digest)
    wider = same.not_narrower_than(subscription)
    return list(wider.select_related("unit", "item").narrowest_first())


@transaction.atomic
def unsubscribe(*, subscription: Subscription) -> None:
    """Delete a subscription and what brings the same news to the same address."""
    ending = [one.pk for one in ending_with(subscription)]
    Subscription.objects.filter(pk__in=[subscription.pk, *ending]).delete()


def forget_unconfirmed_subscriptions(*, at: datetime) -> int:
    """Delete what was not confirmed in time, a batch at most; return how many.

    Also when the mail never left: an address nobody has confirmed is not kept longer.
    """
    overdue = Subscription.objects.filter(confirm_by__lte=at)
    batch = list(overdue.values_list("pk", flat=True)[:BATCH])
    forgotten, _by_model = overdue.filter(pk__in=batch).delete()
    return forgotten


def _token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
