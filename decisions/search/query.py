"""The two questions put to the engine, built without asking it anything; pure.

First the dossiers with exact counts of every facet; then, for the few on the page, their best
passages. A facet's own choice never narrows its own counts, so its other values stay in sight.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from elasticsearch_dsl import A, Q, Search
from elasticsearch_dsl.query import Query

from consultations.lifecycle import Stage
from decisions.models import UnitKind
from decisions.search.analysis import canonical_document_no
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
    leaves,
    spoken,
)
from decisions.search.text import LONGEST_FRAGMENT, MARK, UNMARK

# A draft and the decision often hold the same words, so twice as many are asked for as shown.
BEST_UNITS = 6
MOST_FACET_VALUES = 200
ENGINE_TIMEOUT = "2s"
# Of up to two pairs all must occur; of more, three quarters.
ENOUGH = "2<75%"


def node_query(node: Node | None, *, today: date) -> Query:
    """Return the question for dossiers that fit `node`; all of them for None."""
    match node:
        case None:
            return Q("match_all")
        case Not(inner):
            return Q("bool", must_not=[node_query(inner, today=today)], filter=[Q("match_all")])
        case AllOf(nodes):
            return Q("bool", must=[node_query(one, today=today) for one in nodes])
        case AnyOf(nodes):
            ways = [node_query(one, today=today) for one in nodes]
            return Q("bool", should=ways, minimum_should_match=1)
        case Words() | Term():
            return _spoken_query(node)
    return Q("bool", filter=[_condition(node, today=today)])


def _spoken_query(leaf: Words | Term) -> Query:
    """Return the question for plain words, or for a word or phrase to the letter."""
    if isinstance(leaf, Words):
        return text_query(leaf.text)
    if leaf.in_title:
        return Q("match_phrase", **{"title.zh_uni": leaf.text})
    # The title stands in the body, too, and counts for more.
    return Q(
        "bool",
        must=[Q("match_phrase", **{"body.zh_uni": leaf.text})],
        should=[Q("match_phrase", **{"title.zh_uni": {"query": leaf.text, "boost": 20}})],
    )


def _condition(leaf: Leaf, *, today: date) -> Query:
    """Return the condition on a field of the dossier."""
    match leaf:
        case Has(field, values):
            return _facet_filter(field, values, today=today)
        case Between(field, first, last):
            return _between(field, first, last)
        case Number(key, is_whole=True):
            return Q("term", document_no=key)
        case Number(key):
            return Q("prefix", document_no=f"{key}|")
    raise TypeError(leaf)


def _between(field: str, first: int | date | None, last: int | date | None) -> Query:
    ends = {"gte": first, "lte": last}
    return Q("range", **{field: {name: str(end) for name, end in ends.items() if end is not None}})


def text_query(text: str) -> Query:
    """Return the question for dossiers that speak of `text`."""
    ways = [
        Q("match_phrase", **{"title.zh_uni": {"query": text, "boost": 20}}),
        Q(
            "multi_match",
            query=text,
            type="best_fields",
            fields=["title^6", "summary^2", "body"],
            minimum_should_match=ENOUGH,
        ),
        Q("match_phrase", **{"body.zh_uni": {"query": text, "boost": 3}}),
    ]
    document_no = canonical_document_no(text)
    if document_no:
        same = Q("term", document_no=document_no)
        ways.insert(0, Q("constant_score", filter=same, boost=1000))
    return Q("bool", should=ways, minimum_should_match=1)


def stage_filter(stage: Stage, *, today: date) -> Query:
    """Return the condition for a stage as the clock has it; twin of `lifecycle.standing`."""
    stored = Q("term", stage=str(stage))
    over = Q("range", closes_on={"lt": today.isoformat()})
    ahead = Q("range", opens_on={"gt": today.isoformat()})
    if stage is Stage.CONSULTING:
        return Q("bool", filter=[stored], must_not=[over, ahead])
    by_the_clock = {Stage.CONSULTATION_CLOSED: over, Stage.DRAFTING: ahead}.get(stage)
    if by_the_clock is None:
        return stored
    moved = Q("bool", filter=[Q("term", stage=str(Stage.CONSULTING)), by_the_clock])
    return Q("bool", should=[stored, moved], minimum_should_match=1)


def _facet_filter(facet: str, values: tuple[Any, ...], *, today: date) -> Query:
    if facet == "stage":
        any_of = [stage_filter(Stage(stage), today=today) for stage in values]
        return Q("bool", should=any_of, minimum_should_match=1)
    return Q("terms", **{facet: list(values)})


def _facet_counts(facet: str, *, today: date) -> Any:
    if facet == "stage":
        filters = {str(stage): stage_filter(stage, today=today) for stage in Stage}
        return A("filters", filters=filters)
    return A("terms", field=facet, size=MOST_FACET_VALUES)


def dossier_search(criteria: Criteria, node: Node | None, *, today: date) -> Search:
    """Return the first question: one page of dossiers, their number, and the facets' counts.

    Args:
        criteria: the filters, the order and the page.
        node: the words, with the units named in them known.
        today: the day.

    """
    chosen = {
        facet: _facet_filter(facet, criteria.chosen(facet), today=today)
        for facet in FACETS
        if criteria.chosen(facet)
    }
    asked = [node_query(node, today=today)]
    search = Search()
    if criteria.days:
        spans = [_between(field.value, *days) for field, days in criteria.days]
        search = search.query(Q("bool", must=asked, filter=spans))
    else:
        search = search.query(asked[0])
    if chosen:
        search = search.post_filter(Q("bool", filter=list(chosen.values())))
    for facet in FACETS:
        others = [condition for name, condition in chosen.items() if name != facet]
        narrowed = A("filter", filter=Q("bool", filter=others))
        narrowed.bucket("values", _facet_counts(facet, today=today))
        search.aggs.bucket(facet, narrowed)
    newest_first = [{"latest_on": "desc"}, {"dossier_id": "desc"}]
    search = search.sort(*([] if criteria.is_by_date else ["_score"]), *newest_first)
    if spoken(node):
        search = _with_marks(search, "title", number_of_fragments=0)
    return search.source(False).extra(
        from_=criteria.first, size=PAGE_SIZE, track_total_hits=True, timeout=ENGINE_TIMEOUT
    )


def unit_search(node: Node | None, dossier_ids: Iterable[int]) -> Search:
    """Return the second question: the best passages of each dossier on the page, marked."""
    ways = [
        way
        for leaf, is_wanted in leaves(node)
        if is_wanted and isinstance(leaf, (Words, Term))
        for way in _in_passage(leaf)
    ]
    words = Q("bool", should=ways, minimum_should_match=1)
    ids = list(dossier_ids)
    best = A(
        "top_hits",
        size=BEST_UNITS,
        _source=False,
        highlight=_marks("text", number_of_fragments=1, fragment_size=LONGEST_FRAGMENT),
    )
    # Of two passages with the same words the one that is law comes first.
    law = Q("term", kind={"value": UnitKind.DECISION.value, "boost": 0.1})
    asked = Q("bool", must=[words], should=[law], filter=[Q("terms", dossier_id=ids)])
    search = Search().query(asked)
    search.aggs.bucket("dossier", "terms", field="dossier_id", size=PAGE_SIZE).metric("best", best)
    return search.extra(size=0, track_total_hits=False, timeout=ENGINE_TIMEOUT)


def _in_passage(leaf: Words | Term) -> list[Query]:
    phrase = Q("match_phrase", **{"text.zh_uni": {"query": leaf.text, "boost": 3}})
    if isinstance(leaf, Term):
        return [phrase]
    return [phrase, Q("match", text={"query": leaf.text, "minimum_should_match": ENOUGH})]


def _marks(field: str, **options: Any) -> dict[str, Any]:
    """Describe marking: private characters, never tags, so what comes back is plain text."""
    return {
        "type": "unified",
        "pre_tags": [MARK],
        "post_tags": [UNMARK],
        "fields": {field: options},
    }


def _with_marks(search: Search, field: str, **options: Any) -> Search:
    settings = _marks(field, **options)
    fields = settings.pop("fields")
    return search.highlight_options(**settings).highlight(field, **fields[field])
