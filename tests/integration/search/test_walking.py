"""A walk through all results gives each of them once, at one moment, and leaves nothing open."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.conf import settings as django_settings
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from consultations.models import DecisionItemPage
from decisions.models import ArchiveDossier
from decisions.search import engine as search_engine
from decisions.search import index, writing
from decisions.search.archive import search_archive
from decisions.search.criteria import Criteria, Sort
from decisions.search.results import Mode
from decisions.search.walking import walk
from tests.integration.search.conftest import MANY, NOW
from tests.integration.search.test_oracle import a_source

QUESTIONS = (
    Criteria(),
    Criteria(text="停车", page=2),
    Criteria(text="停车 OR 标题:绿地", year=(2023, 2025), sort=Sort.DATE),
    Criteria(text="没有这样的词"),
)
TODAY = NOW.date()


@pytest.fixture
def engine():
    with Elasticsearch(django_settings.TEST_ELASTICSEARCH_URL) as client:
        yield client


def _open_moments(engine):
    # Of these indexes only: another worker's tests ask the same engine.
    ours = f"{django_settings.ELASTICSEARCH_INDEX_PREFIX}-*"
    stats = engine.indices.stats(index=ours, metric="search")
    return stats["_all"]["total"]["search"]["open_contexts"]


def _pages(criteria):
    results = search_archive(criteria.on_page(1), at=NOW)
    ids = [hit.item_id for hit in results.hits]
    while results.position is not None:
        results = search_archive(criteria, at=NOW, after=results.position)
        ids += [hit.item_id for hit in results.hits]
    return ids


def _assert_walks_are_what_the_pages_show(mode):
    for criteria in QUESTIONS:
        walked = walk(criteria, at=NOW)
        assert walked.mode is mode
        assert list(walked.ids) == _pages(criteria), criteria
        rows = [row.pk for portion in walked.portions(size=7) for row in portion]
        assert rows == list(walked.ids)
    assert len(walk(QUESTIONS[0], at=NOW).ids) == MANY


def test_the_database_walks_through_what_its_pages_show(many):
    _assert_walks_are_what_the_pages_show(Mode.DATABASE)


@pytest.mark.elasticsearch
def test_the_engine_walks_through_what_its_pages_show(many, engine, monkeypatch):
    monkeypatch.setattr(search_engine, "PORTION", 10)
    _assert_walks_are_what_the_pages_show(Mode.ENGINE)
    assert _open_moments(engine) == 0


def test_what_is_no_longer_public_when_it_leaves_is_left_out(many):
    walked = walk(Criteria(), at=NOW)
    gone = walked.ids[5]
    DecisionItemPage.objects.get(pk=gone).unpublish()
    ArchiveDossier.objects.filter(pk=gone).delete()
    rows = [row.pk for portion in walked.portions(size=10) for row in portion]
    assert rows == [pk for pk in walked.ids if pk != gone]


def test_a_portion_takes_as_many_statements_however_many_there_are(many, django_assert_num_queries):
    walked = walk(Criteria(), at=NOW)
    with django_assert_num_queries(2):
        assert sum(len(portion) for portion in walked.portions(size=30)) == MANY


@pytest.mark.elasticsearch
def test_an_engine_that_fails_on_the_way_is_replaced_from_the_beginning(many, engine, monkeypatch):
    expected = walk(Criteria(), at=NOW)
    asked = search_engine._ask
    answers = []

    def failing(*args, **kwargs):
        if len(answers) == 2:
            raise ValueError("timed out inside the engine")
        answers.append(asked(*args, **kwargs))
        return answers[-1]

    monkeypatch.setattr(search_engine, "_ask", failing)
    monkeypatch.setattr(search_engine, "PORTION", 10)
    walked = walk(Criteria(), at=NOW)
    assert len(answers) == 2
    assert (walked.mode, walked.ids) == (Mode.DEGRADED, expected.ids)
    assert _open_moments(engine) == 0


@pytest.mark.elasticsearch
def test_none_comes_twice_or_is_missing_while_a_thousand_change(engine):
    chance = random.Random(1)
    sources = [a_source(number, chance) for number in range(1, 2_001)]
    versions = {kind: kind.version(NOW) for kind in index.KINDS}
    for kind, name in versions.items():
        index.create(engine, kind, name)
    dossiers = (
        writing._write(index.DOSSIERS, s.item_id, writing.dossier_document(s), 1) for s in sources
    )
    writing.fill(engine, versions, dossiers)
    for kind, name in versions.items():
        index.open_for_use(engine, kind, name)
    index.swap(engine, versions)
    quiet = engine.options(ignore_status=404)
    begun, done = Event(), Event()

    def change():
        """Move a thousand to other places in the order, again and again, and take some away."""
        changed = 0
        begun.wait()
        while changed < 1_000 or not done.is_set():
            picked = [chance.randrange(1, 2_001) for _ in range(100)]
            day = NOW.date() - timedelta(days=chance.randrange(4_000))
            moved = {"doc": {"latest_on": day.isoformat()}, "_op_type": "update"}
            name = versions[index.DOSSIERS]
            bulk(
                engine,
                ({**moved, "_index": name, "_id": str(pk)} for pk in picked),
                raise_on_error=False,
            )
            quiet.delete(index=name, id=str(picked[0]), refresh=True)
            changed += len(picked)
        return changed

    asked = search_engine._ask
    with ThreadPoolExecutor(1) as pool, pytest.MonkeyPatch.context() as patch:
        changing = pool.submit(change)

        def slowly(*args, **kwargs):
            answer = asked(*args, **kwargs)
            begun.set()
            return answer

        patch.setattr(search_engine, "_ask", slowly)
        patch.setattr(search_engine, "PORTION", 20)
        try:
            found = search_engine.every_id(Criteria(), None, today=TODAY)
        finally:
            begun.set()
            done.set()
        assert changing.result() >= 1_000
    assert sorted(found) == [source.item_id for source in sources]
    assert _open_moments(engine) == 0
