"""Asking Elasticsearch with little patience: two seconds, and none while it is known down."""

import logging
import time
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from elasticsearch import Elasticsearch

from decisions.search import index
from decisions.search.connection import FAILURES, ImpatientNode, breaker
from decisions.search.criteria import FACETS, Criteria
from decisions.search.query import dossier_search, unit_search
from decisions.search.question import Node, spoken
from decisions.search.results import Found
from decisions.search.text import Segments, read_marks

logger = logging.getLogger(__name__)

# Seconds a reader waits for both questions together.
PATIENCE = 2.0


@lru_cache(maxsize=4)
def _reader(url: str) -> Elasticsearch:
    return Elasticsearch(
        url, node_class=ImpatientNode, max_retries=0, retry_on_timeout=False, http_compress=True
    )


def is_configured() -> bool:
    """Tell whether an engine is named at all."""
    return bool(settings.ELASTICSEARCH_URL)


def find(criteria: Criteria, node: Node | None, *, today: date) -> Found:
    """Ask the engine both questions within one span of patience; `node` are the words.

    When only the second fails, the dossiers are known and `passages` is None.

    Raises:
        EngineDownError: the first question was not answered.

    """
    deadline = time.monotonic() + PATIENCE
    with breaker.watching():
        first = dossier_search(criteria, node, today=today).to_dict()
        answer = _ask(index.DOSSIERS, first, deadline=deadline)
        found = _read_dossiers(answer)
    if not spoken(node) or not found.item_ids:
        return found
    try:
        second = unit_search(node, found.item_ids).to_dict()
        passages = _read_units(_ask(index.UNITS, second, deadline=deadline))
    except FAILURES as error:
        logger.warning("Elasticsearch gave no passages: %s", type(error).__name__)
        return found
    return Found(found.total, found.item_ids, found.counts, found.titles, passages)


def _ask(kind: index.Kind, body: dict[str, Any], *, deadline: float) -> dict[str, Any]:
    """Send one question.

    Raises:
        ValueError: the answer is incomplete, so its counts would be wrong.

    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise ValueError("no time left")
    client = _reader(settings.ELASTICSEARCH_URL).options(request_timeout=left)
    answer: dict[str, Any] = client.search(
        index=kind.read_alias, body=body, allow_partial_search_results=False
    ).body
    if answer["timed_out"]:
        raise ValueError("timed out inside the engine")
    return answer


def _read_dossiers(answer: dict[str, Any]) -> Found:
    hits = answer["hits"]["hits"]
    titles: dict[int, Segments] = {
        int(hit["_id"]): read_marks(hit["highlight"]["title"][0])
        for hit in hits
        if "title" in hit.get("highlight", {})
    }
    counts = {
        facet: _read_buckets(answer["aggregations"][facet]["values"]["buckets"]) for facet in FACETS
    }
    return Found(
        total=answer["hits"]["total"]["value"],
        item_ids=tuple(int(hit["_id"]) for hit in hits),
        counts=counts,
        titles=titles,
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
