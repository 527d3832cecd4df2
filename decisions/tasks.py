"""What the outbox carries out for this app: both copies of the archive, and news of decisions.

Each copy has a message of its own, so that an engine that is down delays only itself.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Subquery
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import Page

from consultations import mails
from consultations.models import ConsultationPage, DecisionItemPage, Opinion, Subscription
from consultations.querysets import MATTER_PATH, matter_above
from consultations.services.notices import tell_authors, tell_followers
from decisions.models import DecisionPage
from decisions.search.engine import is_configured
from decisions.search.indexing import (
    TOPIC_COPY,
    TOPIC_FILE,
    TOPIC_INDEX,
    copy_dossiers,
    index_dossier,
    promise_later,
)
from decisions.search.rebuilding import TOPIC_CATCH_UP, catch_up
from decisions.services.past_import import TOPIC_IMPORT, go_on_importing
from decisions.services.redline import keep_draft_changes
from portal.core.attachments import is_given_to_all, pages_with
from portal.core.file_texts.keeping import is_wanting, keep_words
from portal.core.models import FileText, OutboxMessage
from portal.core.outbox import enqueue, handles

# Changes that wait for `tick`: of a number, and of a name that matters share.
COUNT, NAME = "count", "name"


def promise_archive(item_id: int, *, at: datetime | None = None) -> None:
    """Promise, in the current transaction, that the archive will follow a change of a matter.

    Args:
        item_id: of the matter.
        at: when it changed; the clock when left out.

    """
    enqueue(TOPIC_COPY, at=at, item_id=item_id)
    if is_configured():
        enqueue(TOPIC_INDEX, at=at, item_id=item_id)


def promise_archive_later(item_ids: Collection[int], *, why: str, at: datetime) -> None:
    """Promise the same of changes that are in no hurry, for they come very often or of many."""
    for topic in (TOPIC_COPY, TOPIC_INDEX) if is_configured() else (TOPIC_COPY,):
        promise_later(topic, item_ids, why=why, at=at)


def promise_file_texts(documents: Iterable[int]) -> None:
    """Promise that the words in these documents will be taken out, where they were not yet."""
    for document in Document.objects.filter(pk__in=list(documents)).order_by("pk"):
        if is_wanting(document):
            enqueue(TOPIC_FILE, document=document.pk)


def promise_wanting_texts() -> int:
    """Promise the same for every document that everyone may have; return how many were wanting."""
    known = FileText.objects.values("pk")
    unread = Document.objects.exclude(file_hash__in=known)
    wanting = [one.pk for one in unread if is_wanting(one) and is_given_to_all(one)]
    promise_file_texts(wanting)
    return len(wanting)


@handles(TOPIC_FILE)
def take_words_out(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Take the words out of a document, and promise that the archive will follow."""
    document = Document.objects.filter(pk=payload["document"]).first()
    if document is None:
        return
    # Also where the same file was read meanwhile on account of another document.
    keep_words(document)
    # Promised with the file: whoever waits for what was promised until then waits for these, too.
    since = OutboxMessage.objects.get(pk=message_id).created_at
    for item_id in matters_with(document):
        promise_archive(item_id, at=since)


def matters_with(document: Document) -> Iterable[int]:
    """Return the matters of which a page holds a document in any way."""
    paths = Page.objects.filter(pk__in=pages_with(document)).values_list("path", flat=True)
    matters = DecisionItemPage.objects.filter(path__in={path[:MATTER_PATH] for path in paths})
    return matters.order_by("pk").values_list("pk", flat=True)


def follow_words(*, round_ids: Collection[int]) -> None:
    """Promise that the archive will follow what is shown of the opinions on rounds."""
    for item_id in _matters_of(round_ids):
        promise_archive(item_id)


def follow_count(*, round_ids: Collection[int]) -> None:
    """Promise that the archive will follow how many opinions on rounds count."""
    promise_archive_later(_matters_of(round_ids), why=COUNT, at=timezone.now())


def _matters_of(round_ids: Collection[int]) -> list[int]:
    rounds = ConsultationPage.objects.filter(pk__in=round_ids).order_by()
    return sorted(set(rounds.values_list(Subquery(matter_above().values("pk")[:1]), flat=True)))


def _will_be_done(topic: str, payload: dict[str, Any], *, message_id: int) -> bool:
    """Tell whether a later message that nobody has begun will do the same: once is enough."""
    same = OutboxMessage.objects.filter(topic=topic, payload=payload, pk__gt=message_id)
    return bool(same.filter(done_at__isnull=True, attempts=0).exists())


@handles(TOPIC_COPY)
def follow_in_database(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Bring the database's copy of one dossier up to date."""
    if not _will_be_done(TOPIC_COPY, payload, message_id=message_id):
        copy_dossiers([payload["item_id"]])


@handles(TOPIC_INDEX)
def follow_in_engine(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Bring Elasticsearch's copy of one dossier up to date, if one is still configured."""
    if is_configured() and not _will_be_done(TOPIC_INDEX, payload, message_id=message_id):
        index_dossier(payload["item_id"])


@handles(TOPIC_CATCH_UP)
def catch_up_after_rebuild(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Follow once more what changed during a rebuild that did not live to do so."""
    catch_up(since=datetime.fromisoformat(payload["since"]), at=at)


def promise_comparison(page_id: int) -> None:
    """Promise that the draft of a round will be compared with that of the round before."""
    enqueue("draft.compare", page=page_id)


@handles("draft.compare")
def compare_drafts(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Keep what a round changed in the draft, before the public asks."""
    page = ConsultationPage.objects.live().filter(pk=payload["page"]).first()
    if page is not None:
        keep_draft_changes(page=page, at=at)


@handles(TOPIC_IMPORT)
def import_past_decisions(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Check or record the next rows of a table of past decisions."""
    go_on_importing(import_id=payload["table"], at=at)


@handles("decision.published")
def promise_news(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Promise a mail to all who gave an opinion on the matter that was decided, or follow it."""
    page = DecisionPage.objects.live().filter(pk=payload["page"]).first()
    if page is None:
        return
    rounds = ConsultationPage.objects.child_of(page.get_parent())
    tell_authors(
        opinions=Opinion.norel_objects.filter(consultation__in=rounds.values("pk")),
        told="decision_told_at",
        topic="decision.mail",
        at=at,
        page=page.pk,
    )
    tell_followers(news=page, item=page.item, topic="decision.news", at=at)


@handles("decision.mail")
def tell_decision(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Tell one author that the matter they spoke on is decided."""
    page = DecisionPage.objects.live().filter(pk=payload["page"]).first()
    opinions = (
        Opinion.norel_objects.filter(pk__in=payload["opinions"])
        .exclude(author_email="")
        .select_related("consultation")
        .order_by("pk")
    )
    if page is None or not opinions:
        return
    mails.send("decided", list(opinions), decision=page, link=mails.public_address(page))


@handles("decision.news")
def tell_follower_of_decision(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Tell one follower that a decision is public."""
    page = DecisionPage.objects.live().public().filter(pk=payload["page"]).first()
    follower = Subscription.objects.still_following(payload["subscriptions"])
    if page is not None and follower is not None:
        mails.send_to_follower(
            "news_decision", follower, decision=page, link=mails.public_address(page)
        )
