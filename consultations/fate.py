"""What became of one opinion, read for its author and for whoever has its number.

Models enter; out come the facts, and the story that `opinion_story` makes of them.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from wagtail.models import ModelLogEntry

from consultations import opinion_story
from consultations.lifecycle import SET_ASIDE, SHOWN, Display, Outcome, Stage
from consultations.models import ConsultationPage, DecisionItemPage, FeedbackReportPage, Opinion
from consultations.opinion_story import Answer, Link, Moderation, OpinionEvent, OpinionFacts
from portal.core.blocks import anchor_of
from portal.core.dates import official_day

# The acts of `services` that decide whether an opinion is shown.
SHOWN_BY, WITHHELD_BY = "consultations.publish_opinion", "consultations.withhold_opinion"


@dataclass(frozen=True)
class Fate:
    """What the status pages show.

    Attributes:
        headline: where the opinion stands, in one sentence.
        events: its story.
        answers: the public answers to it.

    """

    headline: str
    events: list[OpinionEvent]
    answers: tuple[Answer, ...]


def fate_of(opinion: Opinion, *, at: datetime, to_author: bool = False) -> Fate:
    """Return what became of an opinion.

    Args:
        opinion: with its consultation.
        at: the instant.
        to_author: whether the reader holds the secret link, and so may learn which of the public
            opinions it is and under which name it is shown.

    """
    facts = facts_of(opinion, at=at, to_author=to_author)
    return Fate(
        headline=opinion_story.headline(facts, at=at),
        events=opinion_story.story(facts, at=at),
        answers=facts.answers,
    )


def receipt_story(opinion: Opinion, *, at: datetime) -> list[OpinionEvent]:
    """Return the story as a receipt tells it: without the answers, which fill more than a sheet."""
    facts = facts_of(opinion, at=at, to_author=False)
    return opinion_story.story(replace(facts, answers=()), at=at)


def facts_of(opinion: Opinion, *, at: datetime, to_author: bool) -> OpinionFacts:
    """Read the facts of an opinion's story."""
    page = opinion.consultation
    report = page.report if opinion.counts(at=at) else None
    moderation = _moderation_of(opinion)
    taken_back = opinion.withdrawn_at or opinion.erased_at
    return OpinionFacts(
        channel=opinion.channel,
        received_at=opinion.submit_date,
        confirmed_at=opinion.confirmed_at,
        confirm_by=opinion.confirm_by,
        is_private=opinion.display == Display.AUTHOR_PRIVATE and not taken_back,
        moderation=moderation,
        shown_as=opinion.shown_name if to_author and opinion.is_shown else "",
        shown_at=_shown_at(opinion, page, to_author=to_author),
        withdrawn_at=opinion.withdrawn_at,
        erased_at=opinion.erased_at,
        closes_on=page.closes_on,
        moderation_workdays=page.moderation_workdays,
        feedback_due_on=page.feedback_due_on,
        summary=(report.published_on, report.url) if report else None,
        answers=_answers(opinion, page, report) if report else (),
        **_stage_facts(page.item),
        **_evaluation_facts(page, at=at),
    )


def _shown_at(opinion: Opinion, page: ConsultationPage, *, to_author: bool) -> str:
    if not opinion.is_shown:
        return ""
    return opinion.get_absolute_url() if to_author else page.list_url


def _moderation_of(opinion: Opinion) -> Moderation | None:
    """Return what staff decided last, from the log of acts.

    The author may have taken the opinion back since, which the display alone would tell.
    """
    acts = ModelLogEntry.objects.for_instance(opinion).filter(action__in=[SHOWN_BY, WITHHELD_BY])
    act = acts.order_by("-timestamp", "-pk").first()
    decided = {*SHOWN, Display.WITHHELD}
    if act is None:
        if opinion.display not in decided:
            return None
        return Moderation(opinion.display, None, opinion.withheld_reason)
    if act.action == WITHHELD_BY:
        return Moderation(Display.WITHHELD, act.timestamp, act.data["reason"])
    return Moderation(Display(act.data["after"]["display"]), act.timestamp)


def _answers(
    opinion: Opinion, page: ConsultationPage, report: FeedbackReportPage
) -> tuple[Answer, ...]:
    """Return the answers to its points, each issue once, in the order of the points."""
    labels = page.article_labels

    def link_to(article_id: str) -> Link | None:
        label = labels.get(article_id)
        return (label, f"{page.url}#{anchor_of(article_id)}") if label else None

    spoke_to: dict[Any, list[Link]] = {}
    for point in opinion.points.select_related("issue"):
        if point.issue is not None and point.issue.outcome:
            links = spoke_to.setdefault(point.issue, [])
            link = link_to(point.article_id)
            if link is not None and link not in links:
                links.append(link)
    return tuple(
        Answer(
            number=issue.number,
            question=issue.title,
            outcome=Outcome(issue.outcome),
            answered_at=issue.answered_at,
            reason=issue.reason,
            change=issue.change,
            spoke_to=tuple(links),
            changed=link_to(issue.article_id) if issue.change else None,
            place=f"{report.url}#issue-{issue.number}",
        )
        for issue, links in spoke_to.items()
    )


def _evaluation_facts(page: ConsultationPage, *, at: datetime) -> dict[str, Any]:
    """Return which report followed, where the round asked about the effects of a decision."""
    if page.evaluated is None:
        return {}
    facts: dict[str, Any] = {"is_about_effects": True}
    told = page.item.evaluation(at=at)
    if told is None or told.reported_on is None or page.opens_on is None:
        return facts
    if told.reported_on < page.opens_on:
        return facts
    return facts | {"evaluated": (told.reported_on, told.url)}


def _stage_facts(item: DecisionItemPage) -> dict[str, Any]:
    """Return where its matter stands, and since when where that ends the story."""
    stage = Stage(item.stage)
    facts: dict[str, Any] = {"stage": stage, "matter": item.url}
    if stage is not Stage.PUBLISHED and stage not in SET_ASIDE:
        return facts
    change = item.stage_changes.filter(to_stage=stage).last()
    if change is None:
        return facts
    reason = change.reason if stage in SET_ASIDE else ""
    return facts | {"stage_since": official_day(change.changed_at), "stage_reason": reason}
