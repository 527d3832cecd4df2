"""Promising mails to many people: one message each, so that a poisoned one blocks nobody."""

from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Literal

from django.db import transaction
from wagtail.models import Page

from consultations.models import Announcement, DecisionItemPage, Opinion, Subscription
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
        opinions: those concerned; only those that count and have an address are told.
        told: the column that remembers the promise.
        topic: which handler writes the mail; its payload gets the ids of the author's `opinions`.
        at: now.
        payload: what else the handler needs.

    Returns:
        How many authors.

    """
    waiting = opinions.that_count().exclude(author_email="").filter(**{f"{told}__isnull": True})
    rows = waiting.select_for_update().order_by("pk").values_list("pk", "author_email")
    of_author: dict[str, list[int]] = {}
    for pk, address in rows:
        of_author.setdefault(address.strip().casefold(), []).append(pk)
    ids = [pk for group in of_author.values() for pk in group]
    for start in range(0, len(ids), BATCH):
        Opinion.norel_objects.filter(pk__in=ids[start : start + BATCH]).update(**{told: at})
    enqueue_many(topic, [{"opinions": group} | payload for group in of_author.values()], at=at)
    return len(of_author)


@transaction.atomic
def tell_followers(*, news: Page, item: DecisionItemPage, topic: str, at: datetime) -> int:
    """Promise one mail to everyone who follows a matter, unless they were promised it before.

    Args:
        news: the page that is the news.
        item: the matter it belongs to.
        topic: which handler writes the mail; its payload gets the id of the `page` and those of
            the person's `subscriptions` that bring the news.
        at: now.

    Returns:
        How many people.

    """
    _row, is_news = Announcement.objects.get_or_create(
        page_id=news.pk, defaults={"promised_at": at}
    )
    if not is_news:
        return 0
    following = Subscription.objects.confirmed().about(item).order_by("email_digest", "pk")
    rows = following.values_list("email_digest", "pk").iterator(chunk_size=BATCH)
    people = (
        {"page": news.pk, "subscriptions": [pk for _digest, pk in group]}
        for _digest, group in groupby(rows, key=itemgetter(0))
    )
    told = 0
    while batch := list(islice(people, BATCH)):
        enqueue_many(topic, batch, at=at)
        told += len(batch)
    return told
