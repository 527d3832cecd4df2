"""Alerts: once a day, what is new to a question that somebody follows by mail.

A question is asked again about the matters in which something happened since it was asked last,
so nothing is told twice and nothing is left out, whatever the order or number of results. Until
both copies of the archive have followed what happened, and files have been read, the asking waits.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from wagtail.models import Page

from consultations import mails
from consultations.lifecycle import official_date, opening_instant
from consultations.models import ConsultationPage, DecisionItemPage, StageChange, Subscription
from consultations.querysets import MATTER_PATH
from decisions.models import ArchiveDossier, ArchivePage
from decisions.search.archive import search_archive
from decisions.search.criteria import BadQuestionError, NoSuchPageError, Sort, read
from decisions.search.engine import is_configured
from decisions.search.indexing import TOPIC_COPY, TOPIC_FILE, TOPIC_INDEX
from decisions.search.results import Mode
from portal.core.feeds import page_address, public_address
from portal.core.outbox import enqueue, handles, is_settled

TOPIC_NEWS = "alert.news"
TOPIC_ENDED = "alert.ended"
# Alerts asked in one go of the clockwork; the others have their turn a minute later.
RUN = 500
# Addresses looked up in one statement.
BATCH = 500
# What was written in a transaction that is still open is not seen yet; none takes this long.
SETTLING = timedelta(minutes=10)
# What fails to follow is waited for until an alert was not asked for so long; then what is there
# has to do, and the database's answer where the engine is away.
PATIENCE = timedelta(days=2)


def promise_alerts(*, at: datetime) -> int:
    """Promise a mail for every question to which something is new; return how many.

    Safe to repeat and at the same time: an alert moves on in the transaction of its promise, and
    is asked again only on another official day.

    Args:
        at: now, late enough in the day for mails.

    """
    until = at - SETTLING
    due = list(_due(at=at)[:RUN])
    if not due:
        return 0
    is_behind = not _has_followed(until)
    happened = lru_cache(maxsize=None)(lambda since: happened_in(since, until))
    return sum(_promise(one, happened, is_behind=is_behind, until=until, at=at) for one in due)


def _has_followed(until: datetime) -> bool:
    """Tell whether the archive has followed what happened until then; files come first."""
    topics = (TOPIC_FILE, TOPIC_COPY, *((TOPIC_INDEX,) if is_configured() else ()))
    return all(is_settled(topic, at=until) for topic in topics)


def _due(*, at: datetime) -> QuerySet[Subscription]:
    """Return the alerts that have not been asked today, the longest waiting first."""
    today = opening_instant(official_date(at))
    alerts = Subscription.objects.confirmed().exclude(question="")
    return (
        alerts.annotate(since=Coalesce("told_until", "confirmed_at"))
        .filter(since__lt=today)
        .order_by("since", "pk")
    )


def happened_in(since: datetime, until: datetime) -> tuple[int, ...]:
    """Return the matters in which something happened, by the primary keys of their pages.

    That is: a page of theirs was published or changed, they moved on to another stage, or a round
    opened by the clock. `since` belongs to the time, `until` does not.
    """
    pages = Page.objects.live().public()
    pages = pages.filter(last_published_at__gte=since, last_published_at__lt=until)
    moves = StageChange.objects.filter(changed_at__gte=since, changed_at__lt=until)
    days = (official_date(since), official_date(until))
    rounds = ConsultationPage.objects.for_everybody().filter(opens_on__range=days)
    opened = [
        one.path
        for one in rounds.only("path", "opens_on")
        if one.opens_on and since <= opening_instant(one.opens_on) < until
    ]
    paths = {*pages.values_list("path", flat=True), *opened}
    return tuple(sorted({*moves.values_list("item", flat=True), *_matters_of(paths)}))


def _matters_of(paths: Collection[str]) -> Iterator[int]:
    """Yield the matters to which pages with these paths belong.

    Recording a past decision, or correcting its record, is no news (docs/adr/0011); what is asked
    about it later and what came of that stands below it, and is.
    """
    matters = sorted({path[:MATTER_PATH] for path in paths if len(path) >= MATTER_PATH})
    recorded = MATTER_PATH + Page.steplen
    later = {path[:MATTER_PATH] for path in paths if len(path) > recorded}
    for start in range(0, len(matters), BATCH):
        batch = matters[start : start + BATCH]
        news = Q(record_source="") | Q(path__in=later.intersection(batch))
        found = DecisionItemPage.objects.filter(news, path__in=batch)
        yield from found.values_list("pk", flat=True)


def _promise(
    alert: Subscription,
    happened: Callable[[datetime], Sequence[int]],
    *,
    is_behind: bool,
    until: datetime,
    at: datetime,
) -> bool:
    """Ask what one alert asks and promise what it finds; return whether a mail was promised."""
    since: datetime = alert.told_until or alert.confirmed_at  # type: ignore[assignment] # confirmed
    item_ids = happened(since)
    try:
        criteria = read(parse_qs(alert.question, keep_blank_values=True))
    except (BadQuestionError, NoSuchPageError):
        return _move_on(alert, TOPIC_ENDED, until=until, at=at)
    if not item_ids:
        return _move_on(alert, "", until=until, at=at)
    is_patient = at - since < PATIENCE
    if is_patient and is_behind:
        return False
    news = search_archive(criteria.sorted_by(Sort.DATE), at=at, among=item_ids)
    if is_patient and news.mode is Mode.DEGRADED:
        return False
    if not news.total:
        return _move_on(alert, "", until=until, at=at)
    named = [hit.item_id for hit in news.hits]
    return _move_on(alert, TOPIC_NEWS, until=until, at=at, items=named, total=news.total)


@transaction.atomic
def _move_on(
    alert: Subscription, topic: str, *, until: datetime, at: datetime, **payload: Any
) -> bool:
    """Note up to when an alert has been asked, and promise its mail if there is a topic."""
    mine = Subscription.objects.filter(pk=alert.pk, told_until=alert.told_until)
    if not mine.update(told_until=until) or not topic:
        return False
    enqueue(topic, at=at, subscription=alert.pk, **payload)
    return True


@handles(TOPIC_NEWS)
def send_news(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Send one alert, unless it was stopped or nothing it names is public any more."""
    alert = _alert(payload)
    named = ArchiveDossier.objects.listed().filter(pk__in=payload["items"])
    matters = named.order_by("-latest_on", "-pk")
    page = ArchivePage.objects.live().public().first()
    if alert is None or page is None or not matters:
        return
    mails.send_to_follower(
        "news_search",
        alert,
        total=payload["total"],
        more=max(0, payload["total"] - len(payload["items"])),
        matters=[(one.title, public_address(one.url)) for one in matters],
        link=f"{page_address(page)}?{alert.question}",
    )


@handles(TOPIC_ENDED)
def send_end(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Tell that a question cannot be asked any more, and end its alert."""
    alert = _alert(payload)
    if alert is None:
        return
    page = ArchivePage.objects.live().public().first()
    mails.send_to_follower(
        "search_ended", alert, link=page_address(page) if page else settings.PUBLIC_URL
    )
    # Only now: a worker may die while it sends.
    alert.delete()


def _alert(payload: dict[str, Any]) -> Subscription | None:
    """Return the alert a message is about, unless it was stopped meanwhile."""
    alerts = Subscription.objects.confirmed().exclude(question="")
    return alerts.filter(pk=payload["subscription"]).first()
