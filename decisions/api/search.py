"""The search of the archive: the question of its page, told as data and walked by cursor."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from consultations.lifecycle import Outcome, Stage
from consultations.models.topic import Topic
from decisions.api.answers import (
    FacetAnswer,
    FacetValue,
    HitAnswer,
    PassageAnswer,
    SearchAnswer,
    SegmentAnswer,
)
from decisions.models import UnitKind
from decisions.search.archive import search_archive
from decisions.search.criteria import (
    FACETS,
    LARGEST_CATEGORY,
    LONGEST_QUESTION,
    MOST_VALUES,
    BadQuestionError,
    Criteria,
    Sort,
    read,
)
from decisions.search.labels import counted_values
from decisions.search.periods import EARLIEST_YEAR, LATEST_YEAR
from decisions.search.results import Hit, OrderLostError, Results
from decisions.search.telling import tell_mode
from decisions.search.text import plain
from portal.core.cursors import LONGEST
from portal.core.feeds import public_address
from portal.core.open_data.answers import label_of
from portal.core.open_data.asking import Code, Day, InDigits
from portal.core.open_data.paging import Walk
from portal.core.open_data.problems import NotUnderstoodError
from portal.core.open_data.service import operation

router = Router(tags=["search"])

Year = Annotated[int, Field(ge=EARLIEST_YEAR, le=LATEST_YEAR), InDigits]
Category = Annotated[int, Field(ge=0, le=LARGEST_CATEGORY), InDigits]


class SearchAsked(Schema):
    """The question of the archive's page; a cursor takes the place of the page's number."""

    q: str = Field(
        "",
        max_length=LONGEST_QUESTION,
        pattern=r"^[^\x00]*$",
        description=_("Words, phrases and fields, as the archive's page explains them."),
        json_schema_extra={"example": "电动自行车 AND 标题:管理办法"},
    )
    year: list[Year] = Field(
        [], max_length=MOST_VALUES, description=_("Years of the catalogue, any of them.")
    )
    stage: list[Stage] = Field(
        [], max_length=MOST_VALUES, description=_("Stages as the clock has them, any of them.")
    )
    unit: list[Code] = Field(
        [], max_length=MOST_VALUES, description=_("Codes of drafting units, any of them.")
    )
    topic: list[Topic] = Field([], max_length=MOST_VALUES, description=_("Topics, any of them."))
    category: list[Category] = Field(
        [], max_length=MOST_VALUES, description=_("Numbers of categories, any of them.")
    )
    kind: list[UnitKind] = Field(
        [],
        max_length=MOST_VALUES,
        description=_("Kinds of material that a matter contains, any of them."),
    )
    outcome: list[Outcome] = Field(
        [], max_length=MOST_VALUES, description=_("Outcomes of published answers, any of them.")
    )
    opens_from: Day | None = Field(None, description=_("A round opened on this day or later."))
    opens_to: Day | None = Field(None, description=_("A round opened on this day or before."))
    closes_from: Day | None = Field(None, description=_("A round closed on this day or later."))
    closes_to: Day | None = Field(None, description=_("A round closed on this day or before."))
    decided_from: Day | None = Field(
        None, description=_("Decision published on this day or later.")
    )
    decided_to: Day | None = Field(None, description=_("Decision published on this day or before."))
    effective_from: Day | None = Field(None, description=_("In force from this day or later."))
    effective_to: Day | None = Field(None, description=_("In force from this day or before."))
    sort: Sort = Field(Sort.RELEVANCE, description=_("The order of what is found."))
    cursor: str | None = Field(
        None,
        max_length=LONGEST,
        description=_("Where to go on; taken from the page before, good for a day."),
    )


@operation(
    router,
    "/search/",
    name="search",
    answer=SearchAnswer,
    summary=_("Search everything public, with exact counts"),
)
def search(request: HttpRequest, response: HttpResponse, asked: Query[SearchAsked]) -> SearchAnswer:
    at = timezone.now()
    walk = Walk(request, asked.cursor, at=at)
    criteria = _criteria(request)
    try:
        results = search_archive(criteria, at=at, after=walk.after)
    except OrderLostError as error:
        raise NotUnderstoodError("cursor", str(error)) from error
    tell_mode(response, results.mode)
    return SearchAnswer(
        total=results.total,
        items=[_hit(one) for one in results.hits],
        facets=_facets(criteria, results),
        next=walk.next_url(results.position),
    )


def _criteria(request: HttpRequest) -> Criteria:
    """Return the question as the archive's page reads it.

    Raises:
        NotUnderstoodError: it cannot be read.

    """
    asked = dict(request.GET.lists())
    asked.pop("cursor", None)
    try:
        return read(asked)
    except BadQuestionError as error:
        raise NotUnderstoodError(next(iter(error.names), ""), str(error)) from error


def _hit(hit: Hit) -> HitAnswer:
    return HitAnswer(
        matter=hit.matter_id,
        title=plain(hit.title),
        summary=plain(hit.summary),
        url=public_address(hit.url),
        unit=hit.unit,
        co_units=list(hit.co_units),
        year=hit.year,
        stage=hit.stage,
        stage_label=str(hit.stage.label),
        latest_on=hit.latest_on,
        document_no=hit.document_no,
        effective_on=hit.effective_on,
        validity=hit.validity,
        validity_label=label_of(hit.validity),
        passages=[
            PassageAnswer(
                kind=one.kind,
                label=one.label,
                url=public_address(one.url),
                segments=[
                    SegmentAnswer(text=piece.text, is_match=piece.is_match)
                    for piece in one.segments
                ],
            )
            for one in hit.passages
        ],
    )


def _facets(criteria: Criteria, results: Results) -> list[FacetAnswer]:
    """Return the filters, the most frequent value of each first."""
    return [
        FacetAnswer(
            name=name,
            values=[
                FacetValue(value=str(value), label=label, count=count)
                for value, label, count in sorted(
                    counted_values(name, criteria, results.counts),
                    key=lambda one: (-one.matters, str(one.value)),
                )
            ],
        )
        for name in FACETS
    ]
