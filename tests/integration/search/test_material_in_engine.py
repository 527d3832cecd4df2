"""Opinions and answers in a real Elasticsearch: found by kind, written one by one, never stale."""

from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from elasticsearch import Elasticsearch

from consultations import services
from consultations.lifecycle import WithheldReason
from decisions.search import index, indexing, writing
from decisions.search.archive import search_archive
from decisions.search.criteria import Criteria, Sort
from decisions.search.gathering import gather
from decisions.search.rebuilding import rebuild
from tests import factories
from tests.integration.search.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]

WORDS = "停车收费应当另设夜间价。"


@pytest.fixture
def engine():
    with Elasticsearch(django_settings.TEST_ELASTICSEARCH_URL, request_timeout=60) as client:
        yield client


@pytest.fixture
def page(dossiers, engine):
    rebuild(at=NOW)
    return dossiers["parking"].rounds().get()


def _ask(words, **asked):
    results = search_archive(Criteria(text=words, **asked), at=NOW)
    assert results.mode == "elasticsearch"
    return results


def _refresh(engine):
    for kind in index.KINDS:
        engine.indices.refresh(index=kind.write_alias)


def _held(engine, page):
    """Version and text of every passage the engine holds of a matter."""
    answer = engine.search(
        index=index.UNITS.read_alias,
        query={"term": {"dossier_id": page.item.pk}},
        version=True,
        size=100,
    )
    return {hit["_id"]: (hit["_version"], hit["_source"]) for hit in answer["hits"]["hits"]}


def test_an_opinion_is_found_by_its_kind_and_gone_once_it_is_withheld(page, engine, deliver):
    opinion = factories.a_published_opinion(page, text=WORDS, at=NOW)
    deliver()
    _refresh(engine)
    everything = _ask("停车收费")
    assert {one.kind for one in everything.hits[0].passages} == {"草案", "意见"}
    of_draft = {"draft": 1, "explanation": 1, "background": 1}
    assert everything.counts["kind"] == {**of_draft, "opinion": 1}
    [hit] = _ask("停车收费", kind=("opinion",), sort=Sort.OPINIONS).hits
    assert [(one.kind, one.url) for one in hit.passages] == [("意见", opinion.get_absolute_url())]
    services.withhold_opinion(
        opinion=opinion, reason=WithheldReason.ABUSE, by=factories.a_clerk(), at=NOW
    )
    deliver()
    _refresh(engine)
    assert _ask("夜间价").total == 0
    assert "opinion" not in {source["kind"] for _version, source in _held(engine, page).values()}


def test_only_passages_that_changed_are_written(page, engine, deliver):
    before = _held(engine, page)
    factories.a_published_opinion(page, text=WORDS, at=NOW)
    deliver()
    _refresh(engine)
    after = _held(engine, page)
    assert len(after) == len(before) + 1
    assert {key: after[key] for key in before} == before


def test_who_wrote_with_an_older_state_in_hand_writes_again(page, engine, monkeypatch):
    item_id = page.item.pk
    [fresh] = gather([item_id])
    first, *rest = fresh.units
    stale = replace(fresh, units=(replace(first, text="早已改掉的旧话"), *rest))
    reads = iter([(1_000_000, stale), (1_000_002, fresh)])
    monkeypatch.setattr(indexing, "_read", lambda item: next(reads))
    send = writing._send

    def sent_late(client, actions):
        monkeypatch.setattr(writing, "_send", send)
        # Finds that passage as it should be, and so does not write it.
        assert writing.put(client, fresh, 1_000_001)
        return send(client, actions)

    def sent_first(client, actions):
        monkeypatch.setattr(writing, "_send", sent_late)
        return send(client, actions)

    # The dossier goes first; what is late are its passages.
    monkeypatch.setattr(writing, "_send", sent_first)
    indexing.index_dossier(item_id)
    _refresh(engine)
    assert _held(engine, page)[first.key][1]["text"] == first.text
    assert next(reads, None) is None
