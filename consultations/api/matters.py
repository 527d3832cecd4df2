"""Matters: the entries of catalogues and of the years before, each with where it stands now."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Query, Router
from pydantic import Field

from consultations.api.answers import (
    CategoryAnswer,
    MatterAnswer,
    MatterList,
    MatterWhole,
    RoundLink,
)
from consultations.api.places import matter_id, of_catalogue
from consultations.lifecycle import Stage, standing
from consultations.models import ConsultationPage, DecisionItemPage
from consultations.models.topic import Topic
from consultations.querysets import DecisionItemQuerySet
from portal.accounts.models import Unit
from portal.core.feeds import page_address
from portal.core.gone import was_public
from portal.core.open_data.answers import UnitAnswer, label_of
from portal.core.open_data.asking import Asked, Code, slug
from portal.core.open_data.paging import page_of
from portal.core.open_data.problems import GoneError
from portal.core.open_data.service import operation

router = Router(tags=["matters"])


class MattersAsked(Asked):
    """What the list of matters can be asked for."""

    catalogue: Code | None = Field(
        None,
        description=_(
            "Only of this catalogue, like 2026, or year of past decisions, like past-2013."
        ),
    )
    unit: Code | None = Field(None, description=_("Only drafted by the unit with this code."))
    topic: Topic | None = Field(None, description=_("Only of this topic."))


@operation(
    router,
    "/matters/",
    name="list_matters",
    answer=MatterList,
    summary=_("List all matters, the last recorded first"),
)
def list_matters(request: HttpRequest, asked: Query[MattersAsked]) -> MatterList:
    at = timezone.now()
    pages = _public()
    if asked.catalogue:
        pages = of_catalogue(pages, asked.catalogue)
    if asked.unit:
        pages = pages.filter(lead_unit__code=asked.unit)
    if asked.topic:
        pages = pages.filter(topic=asked.topic)
    found, following = page_of(request, pages, ("-pk",), asked=asked, at=at)
    return MatterList(items=[MatterAnswer(**_told(one, at=at)) for one in found], next=following)


@operation(
    router,
    "/matters/{slug:catalogue}/{slug:number}/",
    name="get_matter",
    answer=MatterWhole,
    summary=_("Give one matter with its particulars and its rounds"),
)
def get_matter(
    request: HttpRequest,
    catalogue: str = slug(_("Id of its catalogue or year of past decisions."), "2026"),
    number: str = slug(_("Number of the matter, as in its address."), "07"),
) -> MatterWhole:
    at = timezone.now()
    place = f"/{catalogue}/{number}/"
    page = _public().filter(slug=number, url_path__endswith=place).first()
    if page is None:
        if was_public(DecisionItemPage, data__path__endswith=place):
            raise GoneError
        raise Http404
    rounds = page.rounds().without_texts()
    return MatterWhole(
        **_told(page, at=at),
        co_units=[_unit(one) for one in page.co_units.order_by("code")],
        legal_basis=page.legal_basis,
        hearing_required=page.hearing_required,
        procedures=page.procedures,
        consultations=[
            RoundLink(id=one.pk, title=one.title, url=page_address(one)) for one in rounds
        ],
    )


def _public() -> DecisionItemQuerySet:
    """Return the public matters with what tells where they stand."""
    rounds = ConsultationPage.objects.all()
    matters: DecisionItemQuerySet = DecisionItemPage.objects.live().public()
    return matters.with_closing_day(rounds)


def _told(page: Any, *, at: datetime) -> dict[str, Any]:
    stage = standing(Stage(page.stage), page.closes_on, at=at, opens_on=page.opens_on)
    topic = Topic(page.topic) if page.topic else None
    catalogue, _slash, _number = matter_id(page).partition("/")
    return {
        "id": matter_id(page),
        "title": page.title,
        "summary": page.summary,
        "url": page_address(page),
        "catalogue": catalogue,
        "number": page.number,
        "category": page.category
        and CategoryAnswer(number=page.category.number, name=page.category.name),
        "topic": topic,
        "topic_label": label_of(topic),
        "unit": page.lead_unit and _unit(page.lead_unit),
        "stage": stage,
        "stage_label": str(stage.label),
        "planned_quarter": page.planned_quarter,
        "listed_on": page.listed_on,
    }


def _unit(unit: Unit) -> UnitAnswer:
    return UnitAnswer(code=unit.code, name=unit.name)
