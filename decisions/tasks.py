"""What the outbox carries out for this app: both copies of the archive, and news of decisions.

Each copy has a message of its own, so that an engine that is down delays only itself.
"""

from datetime import datetime
from typing import Any

from consultations import mails
from consultations.models import ConsultationPage, Opinion, Subscription
from consultations.services.notices import tell_authors, tell_followers
from decisions.models import DecisionPage
from decisions.search.engine import is_configured
from decisions.search.indexing import (
    TOPIC_COPY,
    TOPIC_INDEX,
    copy_dossiers,
    index_dossier,
)
from decisions.services.redline import keep_draft_changes
from portal.core.outbox import enqueue, handles


def promise_archive(item_id: int) -> None:
    """Promise, in the current transaction, that the archive will follow a change of a matter."""
    enqueue(TOPIC_COPY, item_id=item_id)
    if is_configured():
        enqueue(TOPIC_INDEX, item_id=item_id)


@handles(TOPIC_COPY)
def follow_in_database(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Bring the database's copy of one dossier up to date."""
    copy_dossiers([payload["item_id"]])


@handles(TOPIC_INDEX)
def follow_in_engine(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Bring Elasticsearch's copy of one dossier up to date, if one is still configured."""
    if is_configured():
        index_dossier(payload["item_id"])


def promise_comparison(page_id: int) -> None:
    """Promise that the draft of a round will be compared with that of the round before."""
    enqueue("draft.compare", page=page_id)


@handles("draft.compare")
def compare_drafts(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Keep what a round changed in the draft, before the public asks."""
    page = ConsultationPage.objects.live().filter(pk=payload["page"]).first()
    if page is not None:
        keep_draft_changes(page=page, at=at)


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
