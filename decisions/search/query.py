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
from decisions.search.analysis import (
    canonical_document_no,
    fold,
    key_words,
    lone_signs,
)
from decisions.search.criteria import FACETS, PAGE_SIZE, Criteria, Sort
from decisions.search.question import (
    Alike,
    AllOf,
    Among,
    AnyOf,
    AnyWords,
    Between,
    Has,
    Leaf,
    Node,
    Not,
    Number,
    Term,
    Words,
    leaves,
)
from decisions.search.text import LONGEST_FRAGMENT, MARK, UNMARK
from portal.core.positions import Position

# A draft and the decision often hold the same words, so twice as many are asked for as shown.
BEST_UNITS = 6
# More units than any government has, so none is left out; the engine takes only what there are.
MOST_FACET_VALUES = 10_000
ENGINE_TIMEOUT = "2s"
# Private characters, never tags, so what comes back is plain text.
_MARKS = {
    "type": "unified",
    "pre_tags": [MARK],
    "post_tags": [UNMARK],
    "fields": {"text": {"number_of_fragments": 1, "fragment_size": LONGEST_FRAGMENT}},
}
# For how long the engine keeps a moment after each question about it.
MOMENT_KEPT = "1m"
# Of up to two pairs all must occur; of more, three quarters.
ENOUGH = "2<75%"
# Among words of which any will do, a character by itself tells less than a pair of them.
WEIGHT_OF_A_SIGN = 0.5


def node_query(node: Node | None, *, today: date) -> Query:
    """Return the question for dossiers that fit `node`; all of them for None."""
    match node:
        case None:
            return Q("match_all")
        case Not(inner):
            return Q("bool", must_not=[node_query(inner, today=today)], filter=[Q("match_all")])
        case AllOf() | AnyOf() | Alike():
            return _joined_query(node, today=today)
        case Words() | AnyWords() | Term():
            return _spoken_query(node)
    return Q("bool", filter=[_condition(node, today=today)])


def _joined_query(node: AllOf | AnyOf | Alike, *, today: date) -> Query:
    """Return the question for all of some nodes, or for one of them at least."""
    asked = [node_query(one, today=today) for one in node.nodes]
    match node:
        case AllOf():
            return Q("bool", must=asked)
        case AnyOf():
            return Q("bool", should=asked, minimum_should_match=1)
    # A dossier counts by the way that fits it best, not by how many ways do.
    if node.weight != 1:
        asked[1:] = [Q("bool", must=[one], boost=node.weight) for one in asked[1:]]
    return Q("dis_max", queries=asked)


def _spoken_query(leaf: Words | AnyWords | Term) -> Query:
    """Return the question for plain words, or for a word or phrase to the letter."""
    if isinstance(leaf, Words):
        return text_query(leaf.text)
    if isinstance(leaf, AnyWords):
        return Q("bool", should=_any_words(leaf.text, "body"), minimum_should_match=1)
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
        case Among(item_ids):
            return Q("terms", dossier_id=list(item_ids))
    raise TypeError(leaf)


def _between(field: str, first: int | date | None, last: int | date | None) -> Query:
    ends = {"gte": first, "lte": last}
    return Q("range", **{field: {name: str(end) for name, end in ends.items() if end is not None}})


def text_query(text: str) -> Query:
    """Return the question for dossiers that speak of `text`."""
    ways = [
        Q("match_phrase", **{"title.zh_uni": {"query": text, "boost": 20}}),
        _words_query(text),
        Q("match_phrase", **{"body.zh_uni": {"query": text, "boost": 3}}),
    ]
    document_no = canonical_document_no(text)
    if document_no:
        same = Q("term", document_no=document_no)
        ways.insert(0, Q("constant_score", filter=same, boost=1000))
    return Q("bool", should=ways, minimum_should_match=1)


def _words_query(text: str) -> Query:
    """Return the question for dossiers with enough of some words, and with each lone character."""
    lone = [Q("match_phrase", **{"body.zh_uni": word}) for word in lone_signs(text)]
    longer = _longer_words(text)
    if lone and not longer:
        return lone[0] if len(lone) == 1 else Q("bool", must=lone)
    enough = Q(
        "multi_match",
        query=longer,
        type="best_fields",
        fields=["title^6", "summary^2", "body"],
        minimum_should_match=ENOUGH,
    )
    return Q("bool", must=[enough, *lone]) if lone else enough


def _any_words(text: str, field: str) -> list[Query]:
    """Return the questions for the pairs of a text and for the characters of its key words.

    Pairs find 门口 and 雪天 in 下雪天门口, characters 饭 where a rule says 用餐 and a parent 吃饭.
    """
    signs = {"query": key_words(text), "boost": WEIGHT_OF_A_SIGN}
    return [Q("match", **{field: text}), Q("match", **{f"{field}.zh_uni": signs})]


def _longer_words(text: str) -> str:
    """Return the key words of more than one character, which the engine finds by their pairs."""
    lone = lone_signs(text)
    return " ".join(word for word in key_words(text).split() if fold(word) not in lone)


def stage_filter(stage: Stage, *, today: date) -> Query:
    """Return the condition for a stage as the clock has it; twin of `lifecycle.standing`."""
    stored = Q("term", stage=str(stage))
    over = Q("range", last_closes_on={"lt": today.isoformat()})
    ahead = Q("range", last_opens_on={"gt": today.isoformat()})
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


def order_of(criteria: Criteria) -> tuple[str, list[Any]]:
    """Return the name of the order and what it sorts by; no two dossiers are equal in it.

    Twin of `fallback.order_of`; where both have the same name, they are the same order.
    """
    latest_on = {"order": "desc", "format": "strict_date"}
    newest_first = [{"latest_on": latest_on}, {"dossier_id": "desc"}]
    match criteria.order:
        case Sort.DATE:
            return "date", newest_first
        case Sort.OPINIONS:
            return "opinions", [{"opinion_count": "desc"}, *newest_first]
    return "score", ["_score", *newest_first]


def dossier_search(
    criteria: Criteria, node: Node | None, *, today: date, after: Position | None = None
) -> Search:
    """Return the first question: one page of dossiers, their number, and the facets' counts.

    Args:
        criteria: the filters, the order and the page.
        node: the words, with the units named in them known.
        today: the day.
        after: the position that the page follows, in place of its number; then one dossier more
            is asked for, which tells whether another page follows.

    """
    chosen = _chosen(criteria, today=today)
    search = _matching(criteria, node, today=today)
    for facet in FACETS:
        others = [condition for name, condition in chosen.items() if name != facet]
        narrowed = A("filter", filter=Q("bool", filter=others))
        narrowed.bucket("values", _facet_counts(facet, today=today))
        search.aggs.bucket(facet, narrowed)
    search = search.source(False).extra(track_total_hits=True, timeout=ENGINE_TIMEOUT)
    if after is None:
        return search.extra(from_=criteria.first, size=PAGE_SIZE)
    return search.extra(search_after=list(after[1:]), size=PAGE_SIZE + 1)


def count_search(criteria: Criteria, node: Node | None, *, today: date) -> Search:
    """Return the question for the number of dossiers that match; one of them names its index."""
    search = _matching(criteria, node, today=today).source(False)
    return search.extra(size=1, track_total_hits=True, timeout=ENGINE_TIMEOUT)


def nearest_search(criteria: Criteria, node: Node, *, today: date, most: int) -> Search:
    """Return the question for the few dossiers that fit best, nothing counted."""
    search = _matching(criteria, node, today=today).source(False)
    return search.extra(size=most, track_total_hits=False, timeout=ENGINE_TIMEOUT)


def walk_search(
    criteria: Criteria,
    node: Node | None,
    *,
    today: date,
    moment: str,
    after: list[Any] | None,
    size: int,
) -> Search:
    """Return the question for the next dossiers of a walk through all of them, nothing counted.

    Args:
        criteria: the filters and the order.
        node: the words.
        today: the day.
        moment: the point in time that the engine keeps for the walk.
        after: what the last dossier before was sorted by; None at the beginning.
        size: how many.

    """
    search = (
        _matching(criteria, node, today=today)
        .source(False)
        .extra(
            size=size,
            track_total_hits=False,
            timeout=ENGINE_TIMEOUT,
            pit={"id": moment, "keep_alive": MOMENT_KEPT},
        )
    )
    return search if after is None else search.extra(search_after=after)


def _chosen(criteria: Criteria, *, today: date) -> dict[str, Query]:
    """Return the conditions of the facets in which something is chosen."""
    return {
        facet: _facet_filter(facet, criteria.chosen(facet), today=today)
        for facet in FACETS
        if criteria.chosen(facet)
    }


def _matching(criteria: Criteria, node: Node | None, *, today: date) -> Search:
    """Return the question for all dossiers that match, in their order."""
    asked = [node_query(node, today=today)]
    search = Search()
    if criteria.days:
        spans = [_between(field.value, *days) for field, days in criteria.days]
        search = search.query(Q("bool", must=asked, filter=spans))
    else:
        search = search.query(asked[0])
    chosen = _chosen(criteria, today=today)
    if chosen:
        search = search.post_filter(Q("bool", filter=list(chosen.values())))
    return search.sort(*order_of(criteria)[1])


def unit_search(
    node: Node | None, dossier_ids: Iterable[int], *, kinds: Iterable[UnitKind] = ()
) -> Search:
    """Return the second question: the best passages of each dossier on the page, marked.

    Args:
        node: the words.
        dossier_ids: the dossiers on the page.
        kinds: the only kinds of passages wanted; without any, all.

    """
    ways = [
        way
        for leaf, is_wanted in leaves(node)
        if is_wanted and isinstance(leaf, (Words, AnyWords, Term))
        for way in _in_passage(leaf)
    ]
    words = Q("bool", should=ways, minimum_should_match=1)
    among = [Q("terms", dossier_id=list(dossier_ids))]
    if kinds:
        among.append(Q("terms", kind=[str(kind) for kind in kinds]))
    best = A(
        "top_hits",
        size=BEST_UNITS,
        _source=False,
        highlight=_MARKS,
    )
    # Of two passages with the same words the one that is law comes first.
    law = Q("term", kind={"value": UnitKind.DECISION.value, "boost": 0.1})
    asked = Q("bool", must=[words], should=[law], filter=among)
    search = Search().query(asked)
    search.aggs.bucket("dossier", "terms", field="dossier_id", size=PAGE_SIZE).metric("best", best)
    return search.extra(size=0, track_total_hits=False, timeout=ENGINE_TIMEOUT)


def _in_passage(leaf: Words | AnyWords | Term) -> list[Query]:
    if isinstance(leaf, AnyWords):
        return _any_words(leaf.text, "text")
    phrase = Q("match_phrase", **{"text.zh_uni": {"query": leaf.text, "boost": 3}})
    if isinstance(leaf, Term):
        return [phrase]
    longer = _longer_words(leaf.text)
    if not longer:
        lone = lone_signs(leaf.text)
        return [phrase, *(Q("match_phrase", **{"text.zh_uni": word}) for word in lone)]
    enough = {"query": longer, "minimum_should_match": ENOUGH}
    return [phrase, Q("match", text=enough)]
