"""How long the engine is waited for, and which copy is asked; no engine is."""

import time
from datetime import date
from types import SimpleNamespace

import pytest

from decisions.search import engine, index
from decisions.search.criteria import Criteria

SLOWNESS = 0.2


class _SlowClient:
    """Takes its time for a question, and remembers what time each request was given."""

    def __init__(self):
        self.given = []
        self.indices = SimpleNamespace(get_mapping=self._mapping)

    def options(self, *, request_timeout):
        self.given.append(request_timeout)
        return self

    def search(self, **_asked):
        time.sleep(SLOWNESS)
        return SimpleNamespace(body={"timed_out": False, "hits": {"hits": []}})

    def _mapping(self, **_asked):
        return {"ours": {"mappings": {"_meta": {index.MADE_FROM: index.made_from(index.UNITS)}}}}


def test_a_look_at_the_mapping_waits_no_longer_than_the_question_left(monkeypatch):
    client = _SlowClient()
    monkeypatch.setattr(engine, "_reader", lambda _url: client)
    engine._ask(index.UNITS, {}, deadline=time.monotonic() + 1)
    asked, looked = client.given
    assert looked <= asked - SLOWNESS


class _NotingClient:
    """Finds one dossier, and remembers what was asked beside the question itself."""

    def __init__(self):
        self.asked = []

    def options(self, **_options):
        return self

    def search(self, *, body, **asked):
        self.asked.append(asked)
        hits = {"hits": [{"_id": "1", "_index": "ours", "sort": [1.5]}], "total": {"value": 1}}
        counts = {name: {"values": {"buckets": []}} for name in body.get("aggs", ())}
        counts["dossier"] = {"buckets": []}
        return SimpleNamespace(body={"timed_out": False, "hits": hits, "aggregations": counts})


@pytest.fixture
def noting(monkeypatch):
    client = _NotingClient()
    monkeypatch.setattr(engine, "_reader", lambda _url: client)
    monkeypatch.setattr(engine, "_ours", {"ours"})
    return client


def _preferred(client, *questions):
    """Return the copies that were asked for, each once."""
    for criteria, after in questions:
        engine.find(criteria, criteria.question, today=date(2026, 11, 24), after=after)
        engine.count(criteria, criteria.question, today=date(2026, 11, 24))
    return {asked["preference"] for asked in client.asked}


def test_all_pages_of_the_same_words_come_from_the_same_copy(noting):
    # Scores differ from copy to copy, so a matter would stand on two pages or on none.
    words = Criteria(text="停车")
    pages = [
        (words, None),
        (words.on_page(2), None),
        (words, ("score", 1.5)),
        (words.toggled("year", 2026), None),
    ]
    [copy] = _preferred(noting, *pages)
    # What begins with an underscore is an order to the engine.
    assert copy.isalnum()
    assert len(noting.asked) == 3 * len(pages)


def test_other_words_may_come_from_another_copy(noting):
    assert len(_preferred(noting, *((Criteria(text=text), None) for text in "停车收费"))) == 4
