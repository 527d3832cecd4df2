"""The plainer search of the database's own copy: every word must occur, titles come first."""

from array import array
from collections.abc import Iterable
from datetime import date
from functools import partial, reduce
from operator import and_, or_
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from consultations.lifecycle import Stage
from decisions.models import ArchiveDossier, ArchiveDrafter, ArchiveRound, ArchiveUnit, UnitKind
from decisions.search.analysis import (
    canonical_document_no,
    fold,
    needed_terms,
    pattern_of,
    telling_terms,
    terms_of,
)
from decisions.search.criteria import FACETS, PAGE_SIZE, Criteria, Sort
from decisions.search.question import (
    Alike,
    AllOf,
    Among,
    AnyOf,
    AnyWords,
    Between,
    DateField,
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
from portal.core.positions import Position, bare, behind, position_of

# Of the words of which any will do, the longest tell most.
MOST_TELLING = 30
# Facets of which a matter has several values: those of its passages.
OF_UNITS = frozenset({"kind", "outcome"})
# Days of which a matter has one for each of its rounds.
OF_ROUNDS = frozenset({DateField.OPENS.value, DateField.CLOSES.value})


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


def order_of(criteria: Criteria) -> tuple[str, tuple[str, ...]]:
    """Return the name of the order and what it sorts by; twin of `query.order_of`."""
    newest_first = ("-latest_on", "-pk")
    match criteria.order:
        case Sort.DATE:
            return "date", newest_first
        case Sort.OPINIONS:
            return "opinions", ("-opinion_count", *newest_first)
    return "rank", ("rank", *newest_first)


def find(
    criteria: Criteria, node: Node | None, *, today: date, after: Position | None = None
) -> Found:
    """Search the database's copy for `node`, the words with the units in them known.

    Args:
        criteria: what is asked.
        node: the words.
        today: the day.
        after: a position in the order of `order_of`, in place of the page's number.

    """
    matching, chosen = _matching(criteria, node, today=today)
    found = _ordered(_narrowed(matching, chosen.values()), criteria, node)
    name, columns = order_of(criteria)
    first = criteria.first if after is None else 0
    following = found if after is None else found.filter(behind(columns, after[1:]))
    rows = list(following.values_list(*map(bare, columns))[first : first + PAGE_SIZE + 1])
    page = rows[:PAGE_SIZE]
    return Found(
        total=found.count(),
        item_ids=tuple(row[-1] for row in page),
        position=(name, *position_of(page[-1])) if len(rows) > PAGE_SIZE else None,
        counts={
            facet: _counts(
                facet,
                _narrowed(matching, (one for name, one in chosen.items() if name != facet)),
                today=today,
            )
            for facet in FACETS
        },
    )


def count(criteria: Criteria, node: Node | None, *, today: date) -> int:
    """Return how many dossiers match; `node` as for `find`."""
    matching, chosen = _matching(criteria, node, today=today)
    return _narrowed(matching, chosen.values()).count()


def nearest(criteria: Criteria, node: Node, *, today: date, most: int) -> Found:
    """Return the few dossiers that fit best, nothing counted; twin of `engine.nearest`."""
    matching, chosen = _matching(criteria, node, today=today)
    best = _ordered(_narrowed(matching, chosen.values()), criteria, node)
    ids = tuple(best.values_list("pk", flat=True)[:most])
    return Found(len(ids), ids, {})


def every_id(criteria: Criteria, node: Node | None, *, today: date) -> "array[int]":
    """Return the ids of all dossiers that match, in their order; one statement, so one moment."""
    matching, chosen = _matching(criteria, node, today=today)
    found = _ordered(_narrowed(matching, chosen.values()), criteria, node)
    return array("q", found.values_list("pk", flat=True).iterator())


def _matching(
    criteria: Criteria, node: Node | None, *, today: date
) -> tuple[QuerySet[ArchiveDossier], dict[str, Q]]:
    """Return what fits the words and days, and the conditions of the facets by their names."""
    matching = ArchiveDossier.objects.filter(_fits(node, today=today))
    for field, days in criteria.days:
        matching = matching.filter(_between(field.value, *days))
    chosen = {
        facet: _facet_condition(facet, criteria.chosen(facet), today=today)
        for facet in FACETS
        if criteria.chosen(facet)
    }
    return matching, chosen


def _fits(node: Node | None, *, today: date) -> Q:
    """Return the condition that a question means here; twin of `query.node_query`."""
    match node:
        case None:
            return Q()
        case Not(inner):
            return ~_fits(inner, today=today)
        case AllOf(nodes):
            return reduce(and_, (_fits(one, today=today) for one in nodes))
        case AnyOf(nodes) | Alike(nodes):
            return reduce(or_, (_fits(one, today=today) for one in nodes))
        case Words() | AnyWords():
            return _spoken(node)
    return _condition(node, today=today)


def _spoken(leaf: Words | AnyWords) -> Q:
    if isinstance(leaf, AnyWords):
        return reduce(or_, _each_held(leaf.text), Q(pk__in=()))
    return _holding_all("body_folded", needed_terms(leaf.text)) | _same_number(leaf.text)


def _in_title(node: Node | None, *, with_guesses: bool) -> Q:
    """Return the condition that the title alone holds all the words asked for."""
    in_title = partial(_in_title, with_guesses=with_guesses)
    match node:
        case AllOf(nodes) | AnyOf(nodes):
            said = tuple(one for one in nodes if spoken(one))
            return reduce(and_, map(in_title, said)) if said else Q(pk__in=())
        case Alike(nodes, weight):
            return reduce(or_, map(in_title, nodes if weight == 1 or with_guesses else nodes[:1]))
        case Words(text) | Term(text):
            return _holding_all("title_folded", needed_terms(text))
    return Q(pk__in=())


def _condition(leaf: Leaf, *, today: date) -> Q:
    match leaf:
        case Term(text, in_title):
            column = "title_folded" if in_title else "body_folded"
            return holding(column, fold(text))
        case Has(field, values):
            return _facet_condition(field, values, today=today)
        case Between(field, first, last):
            return _between(field, first, last)
        case Number(key, is_whole=True):
            return Q(document_no_canonical=key)
        case Number(key):
            return Q(document_no_canonical__startswith=f"{key}|")
        case Among(item_ids):
            return Q(pk__in=item_ids)
    raise TypeError(leaf)


def _between(column: str, first: Any, last: Any) -> Q:
    """Return the condition that a year or day is known and lies in a span, both ends included.

    One round that opened, or closed, in the span is enough.
    """
    ends = {f"{column}__gte": first, f"{column}__lte": last}
    given = {name: end for name, end in ends.items() if end is not None}
    fits = Q(**given, **{f"{column}__isnull": False})
    if column in OF_ROUNDS:
        return Q(Exists(ArchiveRound.objects.filter(fits, dossier=OuterRef("pk"))))
    return fits


def _holding_all(column: str, terms: tuple[str, ...]) -> Q:
    """Return the condition that a column holds every term; without terms nothing does."""
    return reduce(and_, (holding(column, term) for term in terms)) if terms else Q(pk__in=())


def holding(column: str, term: str) -> Q:
    """Return the condition that a column of folded text holds a folded word or phrase."""
    pattern, longest = pattern_of(term), max(terms_of(term), key=len)
    # A pattern takes far longer than a word, so few texts may get that far.
    holds = Q(**{f"{column}__contains": longest})
    return holds if pattern == longest else holds & Q(**{f"{column}__regex": pattern})


def _same_number(text: str) -> Q:
    number = canonical_document_no(text)
    return Q(document_no_canonical=number) if number else Q(pk__in=())


def _facet_condition(facet: str, values: Iterable[Any], *, today: date) -> Q:
    if facet == "stage":
        return reduce(or_, (stage_condition(Stage(stage), today=today) for stage in values))
    if facet in OF_UNITS:
        return _holds(facet, values)
    if facet == "unit":
        drafters = ArchiveDrafter.objects.filter(dossier=OuterRef("pk"))
        return Q(Exists(drafters.filter(code__in=list(values))))
    return Q(**{f"{facet}__in": list(values)})


def _holds(facet: str, values: Iterable[Any]) -> Q:
    """Return the condition that a passage of the dossier has one of these values."""
    passages = ArchiveUnit.objects.filter(dossier=OuterRef("pk"))
    if facet == "outcome":
        # Only answers have one; there are few of them, and many opinions.
        passages = passages.filter(kind=UnitKind.ANSWER)
    return Q(Exists(passages.filter(**{f"{facet}__in": list(values)})))


def _narrowed(
    dossiers: QuerySet[ArchiveDossier], conditions: Iterable[Q]
) -> QuerySet[ArchiveDossier]:
    return reduce(lambda narrowed, one: narrowed.filter(one), conditions, dossiers)


def _ordered(
    dossiers: QuerySet[ArchiveDossier], criteria: Criteria, node: Node | None
) -> QuerySet[ArchiveDossier]:
    _name, columns = order_of(criteria)
    if "rank" not in columns:
        return dossiers.order_by(*columns)
    rank = _missing(node) if isinstance(node, AnyWords) else _rank(criteria, node)
    return dossiers.annotate(rank=rank).order_by(*columns)


def _each_held(text: str) -> list[Q]:
    """Return the conditions that a body holds the telling words of a text, one by one."""
    return [holding("body_folded", term) for term in telling_terms(text)[:MOST_TELLING]]


def _missing(node: AnyWords) -> Combinable:
    """Return how many of the words a dossier does not hold."""
    held = (Case(When(one, then=0), default=1) for one in _each_held(node.text))
    return sum(held, Value(0))


def _rank(criteria: Criteria, node: Node | None) -> Case:
    return Case(
        When(_same_number(criteria.text), then=Value(0)),
        When(_in_title(node, with_guesses=False), then=Value(1)),
        When(_in_title(node, with_guesses=True), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )


def _counts(facet: str, dossiers: QuerySet[ArchiveDossier], *, today: date) -> dict[Any, int]:
    if facet in OF_UNITS:
        return _counts_of_units(facet, dossiers)
    value: Any = {"stage": _standing(today), "unit": F("drafters__code")}.get(facet, F(facet))
    rows = dossiers.order_by().values(value=value).annotate(number=Count("pk"))
    return {row["value"]: row["number"] for row in rows if row["value"] not in (None, "")}


def _counts_of_units(facet: str, dossiers: QuerySet[ArchiveDossier]) -> dict[Any, int]:
    """Count the dossiers that hold each value, asking for every value by its index."""
    counted: dict[str, int] = dossiers.order_by().aggregate(
        **{
            value: Count("pk", filter=_holds(facet, [value]))
            for value in FACETS[facet].values  # an enumeration
        }
    )
    return {value: number for value, number in counted.items() if number}


def _standing(today: date) -> Case:
    moves = (When(condition, then=Value(str(to))) for condition, to in _moved(today))
    return Case(*moves, default=F("stage"))
