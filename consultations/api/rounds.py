"""Rounds of consultation: when each takes opinions, its draft, what became of the opinions."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Query, Router
from pydantic import Field

from consultations.api.answers import (
    OutcomeCount,
    RoundAnswer,
    RoundList,
    RoundWhole,
    SummaryAnswer,
)
from consultations.api.places import matter_id, of_matter, of_unit, unit_above, with_unit
from consultations.lifecycle import Phase
from consultations.models import ConsultationPage, FeedbackReportPage
from consultations.models.figures import figures_of
from consultations.querysets import MATTER_DEPTH, ConsultationQuerySet
from portal.core.feeds import page_address
from portal.core.gone import was_public
from portal.core.open_data.answers import articles_at, label_of
from portal.core.open_data.asking import Asked, Code, MatterId, lasting_id
from portal.core.open_data.paging import page_of
from portal.core.open_data.problems import GoneError
from portal.core.open_data.service import operation
from portal.core.remembered import remembered

router = Router(tags=["consultations"])


class RoundsAsked(Asked):
    """What the list of rounds can be asked for."""

    matter: MatterId | None = Field(None, description=_("Only of this matter, like 2026/07."))
    unit: Code | None = Field(None, description=_("Only drafted by the unit with this code."))
    phase: Phase | None = Field(None, description=_("Only in this phase now."))


@operation(
    router,
    "/consultations/",
    name="list_consultations",
    answer=RoundList,
    summary=_("List the rounds of consultation, the newest first"),
)
def list_consultations(request: HttpRequest, asked: Query[RoundsAsked]) -> RoundList:
    at = timezone.now()
    pages = _public()
    if asked.matter:
        pages = of_matter(pages, asked.matter)
    if asked.unit:
        pages = of_unit(pages, asked.unit)
    if asked.phase:
        pages = _in_phase(pages, asked.phase, at=at)
    found, following = page_of(request, pages, ("-pk",), asked=asked, at=at)
    return RoundList(items=[RoundAnswer(**_told(one, at=at)) for one in found], next=following)


@operation(
    router,
    "/consultations/{int:consultation}/",
    name="get_consultation",
    answer=RoundWhole,
    summary=_("Give one round with the articles of its draft"),
)
def get_consultation(
    request: HttpRequest, consultation: int = lasting_id(_("Lasting id of the round."))
) -> RoundWhole:
    at = timezone.now()
    page = public_round(consultation)
    told = _told(page, at=at)
    return RoundWhole(
        **told,
        what=page.glance_what,
        who=page.glance_who,
        ask=page.glance_ask,
        shortened_reason=page.shortened_reason,
        opinions_received=page.received(shown=told["opinions_shown"]),
        articles=articles_at(told["url"], page.articles),
        adoption_summary=_summary(page, at=at),
    )


def public_round(page_id: int) -> ConsultationPage:
    """Return a public round as lists have it; its texts are read when they are asked for.

    Raises:
        GoneError: it was public once.
        Http404: there is none.

    """
    page: ConsultationPage | None = _public().filter(pk=page_id).first()
    if page is not None:
        return page
    if was_public(ConsultationPage, page_id=page_id):
        raise GoneError
    raise Http404


def public_summary(page: ConsultationPage, *, at: datetime) -> FeedbackReportPage | None:
    """Return the adoption summary that the pages of a round lead to, if there is one."""
    return None if page.is_open(at=at) else page.report


def _public() -> ConsultationQuerySet:
    """Return the public rounds with their units and tallies, without their texts."""
    rounds: ConsultationQuerySet = ConsultationPage.objects.for_everybody()
    return with_unit(rounds.without_texts()).select_related("tally")


def _in_phase(pages: ConsultationQuerySet, phase: Phase, *, at: datetime) -> ConsultationQuerySet:
    match phase:
        case Phase.SCHEDULED:
            return pages.scheduled(at=at)
        case Phase.OPEN:
            return pages.open(at=at)
        case _:
            return pages.closed(at=at)


def _told(page: Any, *, at: datetime) -> dict[str, Any]:
    phase = page.phase(at=at)
    tally = getattr(page, "tally", None)
    return {
        "id": page.pk,
        "title": page.title,
        "summary": page.summary,
        "url": page_address(page),
        "matter": matter_id(page),
        "consultation_no": page.consultation_no,
        "round": page.round,
        "is_evaluation": page.depth > MATTER_DEPTH + 1,
        "unit": unit_above(page),
        "opens_on": page.opens_on,
        "closes_on": page.closes_on,
        "phase": phase,
        "phase_label": label_of(phase),
        "opinions_shown": tally.count() if tally else 0,
    }


def _summary(page: ConsultationPage, *, at: datetime) -> SummaryAnswer | None:
    report = public_summary(page, at=at)
    if report is None:
        return None
    figures = remembered(f"figures:{page.pk}", lambda: figures_of(page.pk))
    return SummaryAnswer(
        title=report.title,
        url=page_address(report),
        published_on=report.published_on,
        opinions=figures.opinions,
        outcomes=[
            OutcomeCount(outcome=outcome, outcome_label=str(outcome.label), opinions=number)
            for outcome, number in figures.by_outcome.items()
        ],
    )
