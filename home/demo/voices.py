"""The opinions of one round of the demo: taken in, confirmed, shown or withheld, answered."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from consultations import services
from consultations.lifecycle import Channel, Outcome, Stance, WithheldReason
from consultations.models import ConsultationPage, Issue, Opinion
from consultations.passages import Passage, places_of
from consultations.services.opinion import Author, Point
from home.demo.dates import OFFICE_HOURS, WRITING_HOURS, at_time, spread
from home.demo.hands import Stagehands
from home.demo.material import Voice, city
from home.demo.past import dated

TIME_TO_CONFIRM = timedelta(minutes=6)
TIME_TO_MODERATE = timedelta(hours=20)


def take_in(
    page: ConsultationPage, voices: Sequence[Voice], hands: Stagehands
) -> dict[int, Opinion]:
    """Take in every opinion in the order in which they came; return them by their number."""
    moments = _moments(page, voices, hands)
    opinions = {}
    for number in sorted(moments, key=lambda number: (moments[number], number)):
        voice = voices[number - 1]
        opinion = _received(page, voice, hands, moments[number])
        _show(opinion, voice, hands, min(moments[number] + TIME_TO_MODERATE, hands.now))
        opinions[number] = opinion
    return opinions


def _moments(
    page: ConsultationPage, voices: Sequence[Voice], hands: Stagehands
) -> dict[int, datetime]:
    """Return when each opinion came: spread over the round unless its day is given."""
    calendar = hands.calendar
    last = calendar.last_day_to_write(page.closes_on)
    days = spread(len(voices), min(page.opens_on + timedelta(days=1), last), last)
    moments = {}
    for number, (voice, day) in enumerate(zip(voices, days, strict=True), start=1):
        came_on = day if voice.on is None else calendar.office_day(voice.on)
        hours = WRITING_HOURS
        if voice.channel != Channel.ONLINE:
            came_on, hours = calendar.counter_day(came_on, page.opens_on), OFFICE_HOURS
        moments[number] = at_time(came_on, hours[number % len(hours)])
    return moments


def _received(page: ConsultationPage, voice: Voice, hands: Stagehands, at: datetime) -> Opinion:
    """Take in one opinion the way it came: confirmed by its author, or entered by the clerk."""
    article_ids = {article.label: article.id for article in page.articles}
    points = [
        Point(
            text=voice.text,
            article_id=article_ids[voice.article] if voice.article else "",
            stance=Stance(voice.stance) if voice.stance else "",
        )
    ]
    is_online = voice.channel == Channel.ONLINE
    author = Author(
        name=voice.name,
        email=f"reader{page.pk}@{city()['mail_domain']}" if is_online else "",
        name_consent=voice.shows_name,
        is_private=voice.display == "private",
    )
    with dated(at):
        if not is_online:
            opinion = services.enter_offline(
                consultation=page,
                points=points,
                author=author,
                channel=Channel(voice.channel),
                by=hands.clerk,
                at=at,
            )
            if services.transcript_is_due(opinion):
                services.check_transcript(opinion=opinion, by=hands.editor, at=at)
            return opinion
        opinion = services.submit(
            consultation=page,
            points=points,
            author=author,
            submission_key=uuid.uuid4(),
            at=at,
        )
        token = services.new_confirmation_token(opinion=opinion, at=at)
        return services.confirm(token=token, at=at + TIME_TO_CONFIRM)


def _show(opinion: Opinion, voice: Voice, hands: Stagehands, at: datetime) -> None:
    """Moderate one opinion, unless it waits for the clerk or its author wants it private."""
    with dated(at):
        if voice.display == "published":
            services.publish_opinion(opinion=opinion, by=hands.clerk, at=at)
        elif voice.display == "redacted":
            text = str(opinion.comment)
            services.redact_opinion(
                opinion=opinion,
                passages=[
                    Passage(*place) for words in voice.hidden for place in places_of(words, text)
                ],
                by=hands.clerk,
                at=at,
            )
        elif voice.display == "withheld":
            services.withhold_opinion(
                opinion=opinion,
                reason=WithheldReason(voice.withheld_reason),
                by=hands.clerk,
                at=at,
            )


def answer_all(
    page: ConsultationPage,
    voices: Sequence[Voice],
    opinions: dict[int, Opinion],
    at: datetime,
    hands: Stagehands,
) -> None:
    """Group the opinions that are sorted already and answer the issues that have an outcome."""
    issues: dict[int, Issue] = {}
    with dated(at):
        for number, voice in enumerate(voices, start=1):
            if voice.issue:
                issues[number] = _issue(page, voice, hands, at)
            elif voice.same_issue_as:
                issues[number] = issues[voice.same_issue_as]
            else:
                continue
            services.assign(
                points=opinions[number].points.all(), issue=issues[number], by=hands.clerk, at=at
            )


def _issue(page: ConsultationPage, voice: Voice, hands: Stagehands, at: datetime) -> Issue:
    """Open an issue and, if its outcome is known, answer it."""
    article_ids = {article.label: article.id for article in page.articles}
    issue = services.open_issue(
        consultation=page,
        title=voice.issue,
        article_id=article_ids.get(voice.article, ""),
        by=hands.clerk,
        at=at,
    )
    if voice.outcome:
        services.draft_answer(
            issue=issue,
            outcome=Outcome(voice.outcome),
            reason=voice.reason,
            change=voice.change,
            by=hands.editor,
            at=at,
        )
        services.review_answer(issue=issue, by=hands.clerk, at=at)
        services.finalise_answer(issue=issue, by=hands.clerk, at=at)
    return issue
