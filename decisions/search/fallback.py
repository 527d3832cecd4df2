"""The plainer search of the database's own copy: every word must occur, titles come first."""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from consultations.lifecycle import Stage
from decisions.models import ArchiveDossier
from decisions.search.analysis import canonical_document_no, fold, terms_of
from decisions.search.criteria import FACETS, PAGE_SIZE, Criteria
from decisions.search.question import (
    AllOf,
    AnyOf,
    Between,
    Has,
    Leaf,
    Node,
    Not,
    Number,
    Term,
    Words,
    spoken,
)
from decisions.search.results import Found


def stage_condition(stage: Stage, *, today: date) -> Q:
    """Return the condition for a stage as the clock has it; twin of `query.stage_filter`."""
    if stage is Stage.CONSULTING:
        closes_later = Q(closes_on__isnull=True) | Q(closes_on__gte=today)
        has_opened = Q(opens_on__isnull=True) | Q(opens_on__lte=today)
        return Q(stage=stage) & closes_later & has_opened
    moved = next((one for one, to in _moved(today) if to is stage), None)
    return Q(stage=stage) | moved if moved else Q(stage=stage)


def _moved(today: date) -> list[tuple[Q, Stage]]:
    """Return what the clock alone has moved to another stage, and to which."""
    return [
        (Q(stage=Stage.CONSULTING, closes_on__lt=today), Stage.CONSULTATION_CLOSED),
        (Q(stage=Stage.CONSULTING, opens_on__gt=today), Stage.DRAFTING),
    ]


def find(criteria: Criteria, node: Node | None, *, today: date) -> Found:
    """Search the database's copy for `node`, the words with the units in them known."""
    matching = ArchiveDossier.objects.filter(_fits(node, today=today))
    for field, days in criteria.days:
        matching = matching.filter(_between(field.value, *days))
    chosen = {
        facet: _facet_condition(facet, criteria.chosen(facet), today=today)
        for facet in FACETS
        if criteria.chosen(facet)
    }
    page = _ordered(_narrowed(matching, chosen.values()), criteria, node)
    return Found(
        total=page.count(),
        item_ids=tuple(
            page.values_list("pk", flat=True)[criteria.first : criteria.first + PAGE_SIZE]
        ),
        counts={
            facet: _counts(
                facet,
                _narrowed(matching, (one for name, one in chosen.items() if name != facet)),
                today=today,
            )
            for facet in FACETS
        },
    )


def _fits(node: Node | None, *, today: date) -> Q:
    """Return the condition that a question means here; twin of `query.node_query`."""
    match node:
        case None:
            return Q()
        case Not(inner):
            return ~_fits(inner, today=today)
        case AllOf(nodes):
            return reduce(and_, (_fits(one, today=today) for one in nodes))
        case AnyOf(nodes):
            return reduce(or_, (_fits(one, today=today) for one in nodes))
        case Words(text):
            return _holding("body_folded", terms_of(text)) | _same_number(text)
    return _condition(node, today=today)


def _condition(leaf: Leaf, *, today: date) -> Q:
    match leaf:
        case Term(text, in_title):
            column = "title_folded" if in_title else "body_folded"
            return Q(**{f"{column}__contains": fold(text).strip()})
        case Has(field, values):
            return _facet_condition(field, values, today=today)
        case Between(field, first, last):
            return _between(field, first, last)
        case Number(key, is_whole=True):
            return Q(document_no_canonical=key)
        case Number(key):
            return Q(document_no_canonical__startswith=f"{key}|")
    raise TypeError(leaf)


def _between(column: str, first: Any, last: Any) -> Q:
    """Return the condition that a column is filled and lies in a span, both ends included."""
    ends = {f"{column}__gte": first, f"{column}__lte": last}
    given = {name: end for name, end in ends.items() if end is not None}
    return Q(**given, **{f"{column}__isnull": False})


def _holding(column: str, terms: tuple[str, ...]) -> Q:
    """Return the condition that a column holds every term; without terms nothing does."""
    nothing = Q(pk__in=())
    return (
        reduce(and_, (Q(**{f"{column}__contains": term}) for term in terms)) if terms else nothing
    )


def _same_number(text: str) -> Q:
    number = canonical_document_no(text)
    return Q(document_no_canonical=number) if number else Q(pk__in=())


def _facet_condition(facet: str, values: Iterable[Any], *, today: date) -> Q:
    if facet == "stage":
        return reduce(or_, (stage_condition(Stage(stage), today=today) for stage in values))
    return Q(**{f"{facet}__in": list(values)})


def _narrowed(
    dossiers: QuerySet[ArchiveDossier], conditions: Iterable[Q]
) -> QuerySet[ArchiveDossier]:
    return reduce(lambda narrowed, one: narrowed.filter(one), conditions, dossiers)


def _ordered(
    dossiers: QuerySet[ArchiveDossier], criteria: Criteria, node: Node | None
) -> QuerySet[ArchiveDossier]:
    if criteria.is_by_date:
        return dossiers.order_by("-latest_on", "-pk")
    rank = Case(
        When(_same_number(criteria.text), then=Value(0)),
        When(_holding("title_folded", terms_of(" ".join(spoken(node)))), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return dossiers.order_by(rank, "-latest_on", "-pk")


def _counts(facet: str, dossiers: QuerySet[ArchiveDossier], *, today: date) -> dict[Any, int]:
    value: Any = _standing(today) if facet == "stage" else F(facet)
    rows = dossiers.order_by().values(value=value).annotate(number=Count("pk"))
    return {row["value"]: row["number"] for row in rows if row["value"] not in (None, "")}


def _standing(today: date) -> Case:
    moves = (When(condition, then=Value(str(to))) for condition, to in _moved(today))
    return Case(*moves, default=F("stage"))
