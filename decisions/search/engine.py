"""Asking Elasticsearch with little patience: two seconds, and none while it is known down."""

import logging
import time
from array import array
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from elasticsearch import Elasticsearch

from decisions.search import index
from decisions.search.connection import FAILURES, PATIENCE, PATIENCE_IN_DOUBT, breaker, client_of
from decisions.search.criteria import FACETS, PAGE_SIZE, Criteria
from decisions.search.query import (
    MOMENT_KEPT,
    count_search,
    dossier_search,
    nearest_search,
    order_of,
    unit_search,
    walk_search,
)
from decisions.search.question import Node, spoken
from decisions.search.results import Found
from decisions.search.text import Segments, read_marks
from portal.core.positions import Position

logger = logging.getLogger(__name__)

# Dossiers of a walk in one answer.
PORTION = 1_000


@lru_cache(maxsize=4)
def _reader(url: str) -> Elasticsearch:
    return client_of(url, http_compress=True)


def is_configured() -> bool:
    """Tell whether an engine is named at all."""
    return bool(settings.ELASTICSEARCH_URL)


def find(
    criteria: Criteria, node: Node | None, *, today: date, after: Position | None = None
) -> Found:
    """Ask the engine both questions within one span of patience; `node` are the words.

    Args:
        criteria: what is asked.
        node: the words, with the units in them known.
        today: the day.
        after: a position in the order of `order_of`, in place of the page's number.

    Raises:
        EngineDownError: one of them was not answered.

    """
    with breaker.watching():
        _require_sign_of_life()
        deadline = time.monotonic() + PATIENCE
        first = dossier_search(criteria, node, today=today, after=after).to_dict()
        same_copy = _copy_for(criteria)
        answer = _ask(index.DOSSIERS, first, deadline=deadline, preference=same_copy)
        found = _read_dossiers(answer)
        found = replace(found, position=_position(answer, criteria, is_by_number=after is None))
        if not spoken(node) or not found.item_ids:
            return found
        second = unit_search(node, found.item_ids, kinds=criteria.kind).to_dict()
        passages = _read_units(_ask(index.UNITS, second, deadline=deadline, preference=same_copy))
    return replace(found, passages=passages)


def count(criteria: Criteria, node: Node | None, *, today: date) -> int:
    """Return how many dossiers match; `node` as for `find`.

    Raises:
        EngineDownError: the question was not answered.

    """
    with breaker.watching():
        _require_sign_of_life()
        asked = count_search(criteria, node, today=today).to_dict()
        deadline = time.monotonic() + PATIENCE
        answer = _ask(index.DOSSIERS, asked, deadline=deadline, preference=_copy_for(criteria))
        total: int = answer["hits"]["total"]["value"]
    return total


def nearest(criteria: Criteria, node: Node, *, today: date, most: int) -> Found:
    """Return the few dossiers that fit best and their passages, unmarked; nothing is counted.

    Raises:
        EngineDownError: one of the questions was not answered.

    """
    with breaker.watching():
        _require_sign_of_life()
        deadline = time.monotonic() + PATIENCE
        first = nearest_search(criteria, node, today=today, most=most).to_dict()
        same_copy = _copy_for(criteria)
        answer = _ask(index.DOSSIERS, first, deadline=deadline, preference=same_copy)
        ids = tuple(int(hit["_id"]) for hit in answer["hits"]["hits"])
        if not ids:
            return Found(0, (), {})
        second = unit_search(node, ids, kinds=criteria.kind).to_dict()
        ranked = _read_units(_ask(index.UNITS, second, deadline=deadline, preference=same_copy))
    # Pairs lie across words: what they mark would look like a mistake.
    unmarked = {item_id: tuple((key, ()) for key, _ in of) for item_id, of in ranked.items()}
    return Found(len(ids), ids, {}, passages=unmarked)


def every_id(criteria: Criteria, node: Node | None, *, today: date) -> "array[int]":
    """Return the ids of all dossiers that match at one moment, in their order, each once.

    The engine keeps the moment while it is asked for one portion after the other.

    Raises:
        EngineDownError: a question was not answered; nothing of the walk is of use then.

    """
    found = array("q")
    with breaker.watching(), _one_moment() as moment:
        after = None
        while True:
            asked = walk_search(
                criteria, node, today=today, moment=moment[-1], after=after, size=PORTION
            )
            answer = _ask(None, asked.to_dict(), deadline=time.monotonic() + PATIENCE)
            moment.append(answer["pit_id"])
            hits = answer["hits"]["hits"]
            found.extend(int(hit["_id"]) for hit in hits)
            if len(hits) < PORTION:
                return found
            after = hits[-1]["sort"]


@contextmanager
def _one_moment() -> Iterator[deque[str]]:
    """Give the name of a moment, and let the engine forget it at the end, however that comes.

    The engine may give it another name with each answer; only the last one counts.
    """
    _require_sign_of_life()
    client = _reader(settings.ELASTICSEARCH_URL).options(request_timeout=PATIENCE)
    opened = client.open_point_in_time(index=index.DOSSIERS.read_alias, keep_alive=MOMENT_KEPT)
    names = deque([opened["id"]], maxlen=1)
    try:
        yield names
    finally:
        try:
            client.close_point_in_time(id=names[-1])
        except FAILURES as error:
            # It forgets the moment by itself, only later.
            logger.warning("Elasticsearch keeps a moment: %s", type(error).__name__)


def _require_sign_of_life() -> None:
    """Where the engine has just failed, see that it is there before a question waits for it.

    One that hangs costs a reader a moment only; one that is slow has all the time it needs.

    Raises:
        TransportError, ApiError: it is not.

    """
    if breaker.is_in_doubt:
        doubting = _reader(settings.ELASTICSEARCH_URL).options(request_timeout=PATIENCE_IN_DOUBT)
        doubting.info()


def _copy_for(criteria: Criteria) -> str:
    """Return what lets the engine put every question about the same words to the same copies.

    Each copy of a shard has seen other deletions and refreshes, so scores and counts differ a
    little between them: a page of one behind a page of another would repeat matters or lose some.
    Other words go to other copies, so that all of them work.
    """
    return sha256(criteria.text.encode()).hexdigest()[:16]


def _ask(
    kind: index.Kind | None,
    body: dict[str, Any],
    *,
    deadline: float,
    preference: str | None = None,
) -> dict[str, Any]:
    """Send one question; to no index where the question names a moment of the dossiers.

    Args:
        kind: the index; None for the moment, which has its copies already.
        body: the question.
        deadline: until when an answer is waited for.
        preference: `_copy_for` the question.

    Raises:
        ValueError: the answer is incomplete, so its counts would be wrong, or there is no time.
        OtherIndexError: it is not made as this release makes it.

    """
    answer: dict[str, Any] = (
        _reader_until(deadline)
        .search(
            index=kind.read_alias if kind else None,
            body=body,
            preference=preference,
            allow_partial_search_results=False,
        )
        .body
    )
    if answer["timed_out"]:
        raise ValueError("timed out inside the engine")
    _require_ours(kind or index.DOSSIERS, answer, deadline=deadline)
    return answer


def _reader_until(deadline: float) -> Elasticsearch:
    """Return a client whose next request may take what is left of the patience.

    Raises:
        ValueError: nothing is.

    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise ValueError("no time left")
    return _reader(settings.ELASTICSEARCH_URL).options(request_timeout=left)


# The versions that are known to be made as this release makes them.
_ours: set[str] = set()


def _require_ours(kind: index.Kind, answer: dict[str, Any], *, deadline: float) -> None:
    """Look at the mapping of an index when it answers for the first time, or with nothing.

    An index that another release or another hand made does not fail: it counts and finds what its
    fields allow, most often nothing.

    Raises:
        OtherIndexError: it is not made as this release makes it.
        ValueError: there is no time left to look.

    """
    names = set(_names_in(answer))
    if not names or names - _ours:
        asked = ",".join(sorted(names)) or kind.read_alias
        _ours.update(index.require_ours(_reader_until(deadline), kind, asked))


def _names_in(answer: dict[str, Any]) -> Iterator[str]:
    """Yield the index of each document in an answer to either question."""
    yield from (hit["_index"] for hit in answer["hits"]["hits"])
    for bucket in answer.get("aggregations", {}).get("dossier", {}).get("buckets", ()):
        yield from (hit["_index"] for hit in bucket["best"]["hits"]["hits"])


def _position(answer: dict[str, Any], criteria: Criteria, *, is_by_number: bool) -> Position | None:
    """Return where the page ends, None when no other follows."""
    hits = answer["hits"]["hits"]
    total: int = answer["hits"]["total"]["value"]
    follows = criteria.first + PAGE_SIZE < total if is_by_number else len(hits) > PAGE_SIZE
    if not follows or not hits:
        return None
    name, _sorted_by = order_of(criteria)
    return (name, *hits[:PAGE_SIZE][-1]["sort"])


def _read_dossiers(answer: dict[str, Any]) -> Found:
    hits = answer["hits"]["hits"][:PAGE_SIZE]
    counts = {
        facet: _read_buckets(answer["aggregations"][facet]["values"]["buckets"]) for facet in FACETS
    }
    return Found(
        total=answer["hits"]["total"]["value"],
        item_ids=tuple(int(hit["_id"]) for hit in hits),
        counts=counts,
    )


def _read_buckets(buckets: Any) -> dict[Any, int]:
    """Read a list of buckets, or the named ones of stages; empty ones are left out."""
    if isinstance(buckets, dict):
        pairs = ((name, bucket["doc_count"]) for name, bucket in buckets.items())
    else:
        pairs = ((bucket["key"], bucket["doc_count"]) for bucket in buckets)
    return {value: count for value, count in pairs if count}


def _read_units(answer: dict[str, Any]) -> dict[int, tuple[tuple[str, Segments], ...]]:
    return {
        bucket["key"]: tuple(
            (hit["_id"], read_marks(hit["highlight"]["text"][0] if "highlight" in hit else ""))
            for hit in bucket["best"]["hits"]["hits"]
        )
        for bucket in answer["aggregations"]["dossier"]["buckets"]
    }
