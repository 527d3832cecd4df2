"""Published opinions of a round, and the issues that answer them once the summary is public."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Query, Router
from pydantic import Field

from consultations.api.answers import (
    IssueAnswer,
    IssueList,
    OpinionAnswer,
    OpinionList,
    PointAnswer,
)
from consultations.api.rounds import public_round, public_summary
from consultations.lifecycle import Channel, Outcome, Stance, official_date
from consultations.models import Issue, Opinion, OpinionPoint
from consultations.models.consultation import LIST
from consultations.models.opinion import place_in_list
from consultations.models.opinion_list import WHOLE, with_points
from consultations.models.tally import WHOLE_DRAFT
from portal.core.feeds import page_address
from portal.core.open_data.answers import label_of
from portal.core.open_data.asking import Asked, Code, lasting_id
from portal.core.open_data.paging import Walk, page_of
from portal.core.open_data.service import operation

router = Router(tags=["opinions"])


class OpinionsAsked(Asked):
    """What the list of opinions can be asked for."""

    article: Code | None = Field(
        None,
        description=_("Only on the article with this id; whole for the draft as a whole."),
    )
    stance: Stance | None = Field(None, description=_("Only with this stance."))


@operation(
    router,
    "/consultations/{int:consultation}/opinions/",
    name="list_opinions",
    answer=OpinionList,
    summary=_("List the published opinions of a round, the newest first"),
)
def list_opinions(
    request: HttpRequest,
    asked: Query[OpinionsAsked],
    consultation: int = lasting_id(_("Lasting id of the round.")),
) -> OpinionList:
    at = timezone.now()
    page = public_round(consultation)
    is_answered = public_summary(page, at=at) is not None
    walk = Walk(request, asked.cursor, at=at)
    points = OpinionPoint.objects.in_list(page.pk, _article(asked.article), asked.stance)
    if walk.after is not None:
        points = points.filter(opinion_id__lt=walk.after[0])
    following = points.of_newest_opinions(asked.limit + 1)
    found = with_points(following.as_shown(answered=is_answered))
    told = found[: asked.limit]
    list_url = f"{page_address(page)}{LIST}/"
    return OpinionList(
        items=[_opinion(one, list_url, is_answered=is_answered) for one in told],
        next=walk.next_url((told[-1].pk,) if len(found) > len(told) else None),
    )


@operation(
    router,
    "/consultations/{int:consultation}/issues/",
    name="list_issues",
    answer=IssueList,
    summary=_("List the issues of a round with their published answers, by number"),
)
def list_issues(
    request: HttpRequest,
    asked: Query[Asked],
    consultation: int = lasting_id(_("Lasting id of the round.")),
) -> IssueList:
    at = timezone.now()
    page = public_round(consultation)
    report = public_summary(page, at=at)
    issues = Issue.objects.none()
    if report is not None:
        issues = Issue.objects.filter(consultation=page.pk).exclude(outcome="").spoken_to()
    counted = issues.annotate(opinion_count=Count("points__opinion", distinct=True))
    found, following = page_of(request, counted, ("number",), asked=asked, at=at)
    url = page_address(report) if report else ""
    return IssueList(items=[_issue(one, url) for one in found], next=following)


def _article(asked: str | None) -> str | None:
    return WHOLE_DRAFT if asked == WHOLE else asked


def _opinion(opinion: Opinion, list_url: str, *, is_answered: bool) -> OpinionAnswer:
    channel = Channel(opinion.channel)
    return OpinionAnswer(
        id=opinion.pk,
        url=place_in_list(list_url, opinion.pk),
        name=opinion.shown_name,
        channel=channel,
        channel_label=str(channel.label),
        received_on=official_date(opinion.submit_date),
        is_redacted=opinion.is_redacted,
        text=opinion.said_text,
        points=[_point(one, is_redacted=opinion.is_redacted) for one in opinion.passages],
        issues=[one.number for one in opinion.answers] if is_answered else [],
    )


def _point(point: OpinionPoint, *, is_redacted: bool) -> PointAnswer:
    stance = Stance(point.stance) if point.stance else None
    return PointAnswer(
        article=point.article_id or None,
        stance=stance,
        stance_label=label_of(stance),
        text=None if is_redacted else point.text,
    )


def _issue(issue: Any, url: str) -> IssueAnswer:
    outcome = Outcome(issue.outcome)
    return IssueAnswer(
        number=issue.number,
        title=issue.title,
        url=f"{url}#issue-{issue.number}",
        article=issue.article_id or None,
        outcome=outcome,
        outcome_label=str(outcome.label),
        reason=issue.reason,
        change=issue.change,
        answered_on=issue.answered_at and official_date(issue.answered_at),
        opinions=issue.opinion_count,
    )
