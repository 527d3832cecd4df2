"""Opinions and issues, taken in through the services as real ones are."""

import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from consultations import services
from consultations.lifecycle import Channel, Outcome, WithheldReason, closing_instant
from consultations.models import ConsultationPage, Issue, Opinion, OpinionPoint
from consultations.passages import Passage, places_of
from consultations.services.opinion import Author, Point
from tests.factories.pages import an_open_round
from tests.factories.people import a_clerk, an_editor

TEXT = "老小区没有空地，六个月增设做不到，建议放宽到一年。"


def _while_open(consultation: ConsultationPage, at: datetime | None) -> datetime:
    """Return `at`, or a moment at which the round takes opinions."""
    if at is not None:
        return at
    return min(timezone.now(), closing_instant(consultation.closes_on) - timedelta(minutes=1))


def an_unconfirmed_opinion(
    consultation: ConsultationPage | None = None,
    *,
    text: str = TEXT,
    article: int = 0,
    name: str = "王小明",
    email: str = "wang@example.com",
    name_consent: bool = False,
    is_private: bool = False,
    draft_secret: str = "",
    at: datetime | None = None,
) -> Opinion:
    """An opinion from the website that waits for its author's click.

    Args:
        consultation: a round that is or was open; a new open one unless given.
        text: what it says.
        article: the number of the article it speaks to, 0 for the whole draft.
        name: of the author.
        email: of the author.
        name_consent: whether the name may be shown.
        is_private: whether the author wishes it not to be shown.
        draft_secret: what opens the draft that it was written in.
        at: when it came; now, or the last minute of a closed round, unless given.

    """
    consultation = consultation or an_open_round()
    article_id = consultation.articles[article - 1].id if article else ""
    return services.submit(
        consultation=consultation,
        points=[Point(text, article_id)],
        author=Author(name, email, name_consent, is_private),
        submission_key=uuid.uuid4(),
        draft_secret=draft_secret,
        at=_while_open(consultation, at),
    )


def an_opinion(consultation: ConsultationPage | None = None, **how: object) -> Opinion:
    """A confirmed opinion from the website that waits for a moderator."""
    opinion = an_unconfirmed_opinion(consultation, **how)
    at = opinion.submit_date
    services.confirm(token=services.new_confirmation_token(opinion=opinion, at=at), at=at)
    return Opinion.objects.get(pk=opinion.pk)


def an_offline_opinion(
    consultation: ConsultationPage | None = None,
    *,
    text: str = TEXT,
    article: int = 0,
    name: str = "周平",
    channel: Channel = Channel.POST,
    at: datetime | None = None,
) -> Opinion:
    """An opinion that a clerk entered."""
    consultation = consultation or an_open_round()
    article_id = consultation.articles[article - 1].id if article else ""
    return services.enter_offline(
        consultation=consultation,
        points=[Point(text, article_id)],
        author=Author(name),
        channel=channel,
        by=a_clerk(),
        at=_while_open(consultation, at),
    )


def a_published_opinion(consultation: ConsultationPage | None = None, **how: object) -> Opinion:
    """An opinion the public sees."""
    opinion = an_opinion(consultation, **how)
    services.publish_opinion(opinion=opinion, by=a_clerk(), at=opinion.submit_date)
    return opinion


def hide(opinion: Opinion, *words: str, at: datetime | None = None) -> None:
    """Show an opinion without these words of its text, wherever they stand."""
    text = str(opinion.comment)
    passages = [Passage(*place) for one in words for place in places_of(one, text)]
    assert passages, "the words stand in the text"
    services.redact_opinion(
        opinion=opinion, passages=passages, by=a_clerk(), at=at or timezone.now()
    )


def a_withheld_opinion(consultation: ConsultationPage | None = None, **how: object) -> Opinion:
    """An opinion that is counted but not shown."""
    opinion = an_opinion(consultation, **how)
    services.withhold_opinion(
        opinion=opinion, reason=WithheldReason.ABUSE, by=a_clerk(), at=opinion.submit_date
    )
    return opinion


def an_issue(
    consultation: ConsultationPage | None = None,
    *,
    title: str = "增设充电设施的期限",
    article: int = 0,
    at: datetime | None = None,
) -> Issue:
    """An issue without an answer."""
    consultation = consultation or an_open_round()
    return services.open_issue(
        consultation=consultation,
        title=title,
        article_id=consultation.articles[article - 1].id if article else "",
        by=a_clerk(),
        at=at or timezone.now(),
    )


def an_answered_issue(
    *opinions: Opinion,
    outcome: Outcome = Outcome.ADOPTED,
    reason: str = "已改为十二个月。",
    at: datetime | None = None,
    **how: object,
) -> Issue:
    """An issue of the first opinion's round that answers all points of `opinions`."""
    at = at or timezone.now()
    issue = an_issue(opinions[0].consultation, at=at, **how)
    points = OpinionPoint.objects.filter(opinion__in=[one.pk for one in opinions])
    services.assign(points=points, issue=issue, by=a_clerk(), at=at)
    answer(issue, outcome=outcome, reason=reason, at=at)
    return issue


def answer(
    issue: Issue,
    *,
    outcome: Outcome = Outcome.ADOPTED,
    reason: str = "已改为十二个月。",
    at: datetime | None = None,
    **what: object,
) -> None:
    """Give an issue its final answer: the editor drafts it, the clerk reads it and ends it."""
    at = at or timezone.now()
    services.draft_answer(
        issue=issue, outcome=outcome, reason=reason, by=an_editor(), at=at, **what
    )
    services.review_answer(issue=issue, by=a_clerk(), at=at)
    services.finalise_answer(issue=issue, by=a_clerk(), at=at)
