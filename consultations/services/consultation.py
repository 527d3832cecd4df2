"""Verbs on a round: open it, let the clock tell and close it, publish what became of it."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from wagtail.log_actions import log

from consultations.lifecycle import Act, Stage, official_date
from consultations.models import (
    Announcement,
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
)
from consultations.models.people import people_of
from consultations.services.catalogue import advance, has_ended
from consultations.services.grouping import hold
from consultations.services.notices import tell_followers
from portal.core.findings import require
from portal.core.models import current_limits
from portal.core.outbox import enqueue
from portal.core.waivers import waived_on

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def open_round(*, page: ConsultationPage, by: "User", at: datetime) -> None:
    """Publish a round; from its opening day on people can answer.

    A round about the effects of a decision (713 art. 36) leaves the stage of the matter as it is.
    Published again, it keeps its draft, and its closing day moves later at most.
    Rules CON-1 to CON-9.

    Raises:
        Refused: a rule or the stage of the matter forbids it, or a rule warns and nobody has
            given a reason to go past it.

    """
    require(Act.OPEN_ROUND, page.facts(at=at), current_limits(), waived=waived_on(page))
    before = _public_period(page)
    if not page.live and page.evaluated is None:
        advance(item=page.item, to=Stage.CONSULTING, by=by, at=at)
    page.publish_as(by)
    log(
        page,
        "consultations.open_round",
        user=by,
        data={"before": before, "after": _public_period(page)},
    )


def _public_period(page: ConsultationPage) -> dict[str, date | bool | None]:
    """Return, for the log, the period of a round as the public knows it now."""
    period = ("opens_on", "closes_on")
    known = ConsultationPage.objects.live().filter(pk=page.pk).values(*period).first()
    return {"live": True, **known} if known else {"live": False}


def tell_opened_rounds(*, at: datetime) -> int:
    """Promise followers the news of every open round that was not told yet; return how many mails.

    A round is told when it is open, be that at its publication or on a day announced before.
    """
    told = Announcement.objects.filter(page=OuterRef("pk"))
    opened = ConsultationPage.objects.open(at=at).public().exclude(Exists(told))
    return sum(
        tell_followers(news=page, item=page.item, topic="round.news", at=at)
        for page in opened.order_by("opens_on", "pk")
    )


def close_ended_rounds(*, at: datetime) -> int:
    """Move every matter whose last round the clock has closed; return how many moved.

    Readers never wait for this: they see the stage by the clock. It only records the move.
    """
    ended = (
        DecisionItemPage.objects.filter(stage=Stage.CONSULTING)
        .with_closing_day(ConsultationPage.objects.all())
        .filter(closes_on__lt=official_date(at))
    )
    moved = 0
    for item in ended:
        advance(item=item, to=Stage.CONSULTATION_CLOSED, by=None, at=at)
        moved += 1
    return moved


@transaction.atomic
def publish_feedback(*, page: FeedbackReportPage, by: "User", at: datetime) -> None:
    """Publish the adoption summary of a round (FEE-5, OPI-1, OPI-2).

    Raises:
        Refused: a rule or the stage of the matter forbids it.

    """
    hold(page.consultation.pk)
    require(Act.PUBLISH_FEEDBACK, page.facts(at=at), current_limits())
    was_live = page.live
    page.published_on = page.published_on or official_date(at)
    if not was_live:
        page.people = people_of(page.consultation.pk)
    page.publish_as(by)
    item = page.consultation.item
    if item.stage == Stage.CONSULTING and has_ended(item, at):
        advance(item=item, to=Stage.CONSULTATION_CLOSED, by=None, at=at)
    if not was_live and item.stage == Stage.CONSULTATION_CLOSED:
        advance(item=item, to=Stage.FEEDBACK_PUBLISHED, by=by, at=at)
    if not was_live:
        enqueue("summary.published", at=at, report=page.pk)
    log(
        page,
        "consultations.publish_feedback",
        user=by,
        data={"before": {"live": was_live}, "after": {"live": True}},
    )
