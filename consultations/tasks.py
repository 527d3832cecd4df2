"""What the outbox carries out for this app: the mails to authors of opinions."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from consultations import mails
from consultations.lifecycle import SHOWN, Display
from consultations.models import FeedbackReportPage, Opinion, OpinionPoint
from consultations.services import new_confirmation_token
from consultations.services.notices import tell_authors
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
    opinion = _reachable([payload["opinion"]]).confirmed().first()
    if opinion is None or opinion.display not in {*SHOWN, Display.WITHHELD}:
        return
    told = f"{opinion.display}:{opinion.withheld_reason}"
    if told == opinion.display_told:
        return
    Opinion.norel_objects.filter(pk=opinion.pk).update(display_told=told)
    if opinion.is_shown:
        link = f"{mails.public_address(opinion.consultation)}#opinions"
        mails.send("shown", [opinion], link=link)
    else:
        mails.send("withheld", [opinion])


@handles("summary.published")
def promise_answers(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Promise a mail to every author of the round that an adoption summary reports on."""
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


def _reachable(ids: list[int]) -> Any:
    """Return those of these opinions that still have an address to write to, oldest first."""
    opinions = Opinion.norel_objects.filter(pk__in=ids).exclude(author_email="")
    return opinions.select_related("consultation").order_by("pk")
