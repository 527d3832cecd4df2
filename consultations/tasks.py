"""What the outbox carries out for this app: the mails to authors of opinions and to followers."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from consultations import mails
from consultations.lifecycle import SHOWN, Display
from consultations.models import (
    ConsultationPage,
    FeedbackReportPage,
    Opinion,
    OpinionPoint,
    Subscription,
)
from consultations.services import new_confirmation_token, new_subscription_token
from consultations.services.notices import tell_authors, tell_followers
from consultations.services.subscription import CONFIRMATION_TIME
from portal.core.outbox import handles


@handles("opinion.received")
def ask_to_confirm(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Send the author the receipt number and a link that asks to confirm.

    The token is made here, so it waits nowhere in the clear; a retry sends a fresh one.
    """
    opinion = _reachable([payload["opinion"]]).filter(confirmed_at__isnull=True).first()
    if opinion is None:
        return
    token = new_confirmation_token(opinion=opinion, at=at)
    opinion.refresh_from_db(fields=["confirm_by"])
    link = settings.PUBLIC_URL + reverse("opinions:confirm", args=[token])
    mails.send("confirm", [opinion], link=link)


@handles("opinion.moderated")
def tell_display(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Tell the author that the opinion is shown, or why not; the same is not told twice.

    What counts is how it stands now: a moderator may have corrected the act that promised this.
    """
    opinion = _reachable([payload["opinion"]]).that_count().first()
    if opinion is None or opinion.display not in {*SHOWN, Display.WITHHELD}:
        return
    told = f"{opinion.display}:{opinion.withheld_reason}"
    if told == opinion.display_told:
        return
    if opinion.is_shown:
        link = f"{mails.public_address(opinion.consultation)}#opinions"
        mails.send("shown", [opinion], link=link)
    else:
        mails.send("withheld", [opinion])
    # Only now: a worker may die while it sends.
    Opinion.norel_objects.filter(pk=opinion.pk).update(display_told=told)


@handles("summary.published")
def promise_answers(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Promise a mail to every author of the round that a summary reports on, and to followers."""
    report = FeedbackReportPage.objects.live().filter(pk=payload["report"]).first()
    if report is None:
        return
    tell_authors(
        opinions=Opinion.norel_objects.filter(consultation_id=report.consultation.pk),
        told="answer_told_at",
        topic="summary.mail",
        at=at,
        report=report.pk,
    )
    tell_followers(news=report, item=report.consultation.item, topic="summary.news", at=at)


@handles("summary.mail")
def tell_answers(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Tell one author what became of each point of what they sent on a round."""
    report = FeedbackReportPage.objects.live().filter(pk=payload["report"]).first()
    opinions = list(_reachable(payload["opinions"]))
    if report is None or not opinions:
        return
    points = OpinionPoint.objects.filter(opinion__in=opinions).select_related("issue")
    labels = {article.id: article.label for article in opinions[-1].consultation.articles}
    answers = [
        {
            "opinion": opinion,
            "own_link": mails.link_to_own_page(opinion),
            "points": [
                {"article": labels.get(point.article_id, ""), "issue": point.issue}
                for point in points
                if point.opinion_id == opinion.pk and point.issue is not None
            ],
        }
        for opinion in opinions
    ]
    mails.send("answered", opinions, answers=answers, link=mails.public_address(report))


@handles("subscription.asked")
def ask_follower(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Ask the owner of an address whether a subscription is meant, or say that it exists already.

    The token is made here, so it waits nowhere in the clear; a retry sends a fresh one.
    """
    subscription = Subscription.objects.filter(pk=payload["subscription"]).first()
    if subscription is None:
        return
    if subscription.confirmed_at is not None:
        mails.send_to_follower("follow_known", subscription, is_unasked=True)
        return
    token = new_subscription_token(subscription=subscription, at=at)
    link = settings.PUBLIC_URL + reverse("subscriptions:confirm", args=[token])
    mails.send_to_follower(
        "follow_confirm", subscription, is_unasked=True, link=link, until=at + CONFIRMATION_TIME
    )


@handles("round.news")
def tell_follower_of_round(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Tell one follower that a round is open, if it still is."""
    page = ConsultationPage.objects.open(at=at).public().filter(pk=payload["page"]).first()
    follower = Subscription.objects.still_following(payload["subscriptions"])
    if page is not None and follower is not None:
        mails.send_to_follower("news_round", follower, page=page, link=mails.public_address(page))


@handles("summary.news")
def tell_follower_of_summary(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Tell one follower that the adoption summary of a round is public."""
    report = FeedbackReportPage.objects.for_everybody().filter(pk=payload["page"]).first()
    follower = Subscription.objects.still_following(payload["subscriptions"])
    if report is not None and follower is not None:
        mails.send_to_follower(
            "news_summary", follower, page=report.consultation, link=mails.public_address(report)
        )


def _reachable(ids: list[int]) -> Any:
    """Return those of these opinions that still have an address to write to, oldest first."""
    opinions = Opinion.norel_objects.filter(pk__in=ids).exclude(author_email="")
    return opinions.select_related("consultation").order_by("pk")
