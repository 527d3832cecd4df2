"""An index that is foreign, halved or without its shards, and documents that do not fit."""

from datetime import timedelta

import psycopg
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone
from elasticsearch import Elasticsearch

from decisions.models import ArchiveDossier
from decisions.search import index, writing
from decisions.search.archive import search_archive
from decisions.search.connection import breaker
from decisions.search.criteria import Criteria
from decisions.search.indexing import TOPIC_INDEX, retry_when_back
from decisions.search.rebuilding import REBUILD_LOCK, rebuild
from decisions.tasks import promise_archive
from portal.core import outbox
from portal.core.models import OutboxMessage
from tests import factories
from tests.integration.search.conftest import NOW
from tests.integration.search.in_place import assert_quick, seconds_alone
from tests.integration.together import where_the_database_is

pytestmark = pytest.mark.django_db

KINDS = pytest.mark.parametrize("kind", index.KINDS, ids=lambda kind: kind.name)


@pytest.fixture
def engine(settings):
    with Elasticsearch(settings.ELASTICSEARCH_URL) as client:
        yield client


@pytest.fixture
def indexed(dossiers, deliver):
    rebuild(at=timezone.now())
    deliver()
    return dossiers


@pytest.fixture
def alone(indexed, archive_page, client, settings):
    settings.ELASTICSEARCH_URL, there = "", settings.ELASTICSEARCH_URL
    seconds = seconds_alone(client, archive_page)
    settings.ELASTICSEARCH_URL = there
    cache.clear()
    return seconds


def ask():
    return search_archive(Criteria(text="充电"), at=NOW)


def put_in_place(engine, kind, **described):
    """Have the names of a kind stand for an index that was not made by us."""
    described.setdefault("mappings", {})
    name = f"{kind.base}_other"
    engine.indices.create(index=name, wait_for_active_shards="0", **described)
    for alias in (kind.read_alias, kind.write_alias):
        actions = [
            {"remove": {"index": f"{kind.base}_2*", "alias": alias}},
            {"add": {"index": name, "alias": alias}},
        ]
        engine.indices.update_aliases(actions=actions)


def owed():
    return OutboxMessage.objects.filter(topic=TOPIC_INDEX, done_at=None)


@pytest.mark.elasticsearch
@KINDS
def test_an_index_with_another_mapping_is_not_believed(indexed, engine, deliver, kind):
    ask()
    put_in_place(engine, kind)
    for _ in range(2):
        found = ask()
        assert (found.mode, found.total) == ("degraded", 2)
        assert found.hits[0].passages
    breaker.reset()
    promise_archive(indexed["green"].pk)
    deliver()
    assert [message.last_error for message in owed()] == ["EngineDownError"], "nothing is written"
    with pytest.raises(CommandError, match="OtherIndexError"):
        call_command("reconcile_search_index")
    rebuild(at=timezone.now())
    assert (ask().mode, ask().total) == ("elasticsearch", 2)


@pytest.mark.elasticsearch
@KINDS
def test_a_reader_is_told_of_another_mapping_and_waits_for_nothing(
    alone, engine, archive_page, client, kind
):
    put_in_place(engine, kind)
    assert_quick(client, archive_page, alone)


@pytest.mark.elasticsearch
@KINDS
def test_an_index_without_its_shard_is_replaced_by_the_database(indexed, engine, kind):
    body = kind.body()
    put_in_place(
        engine,
        kind,
        mappings={**body["mappings"], "_meta": {index.MADE_FROM: index.made_from(kind)}},
        settings={**body["settings"], "routing.allocation.require._name": "nobody"},
    )
    assert engine.cluster.health(index=kind.read_alias)["status"] == "red"
    found = ask()
    assert (found.mode, found.total) == ("degraded", 2)


@pytest.mark.elasticsearch
def test_one_index_of_two_is_not_enough_to_write_to(indexed, engine, deliver):
    [name] = engine.indices.get_alias(name=index.UNITS.write_alias)
    engine.indices.delete(index=name)
    assert (ask().mode, ask().total) == ("degraded", 2)
    promise_archive(indexed["green"].pk)
    deliver()
    assert [message.last_error for message in owed()] == ["RefusedError"]


@pytest.mark.elasticsearch
def test_a_document_that_does_not_fit_holds_up_no_other_and_is_parked(
    indexed, deliver, monkeypatch
):
    fitting = writing.dossier_document
    poisoned = {factories.a_matter(at=NOW, title=f"毒{n}").pk for n in range(4)}
    healthy = factories.a_matter(at=NOW, title="智慧灯杆统一建设方案")
    monkeypatch.setattr(
        writing,
        "dossier_document",
        lambda source: fitting(source) | ({"colour": "red"} if source.item_id in poisoned else {}),
    )
    deliver()
    assert search_archive(Criteria(text="灯杆"), at=NOW).total == 1
    assert not owed().filter(payload__item_id=healthy.pk).exists()
    assert not breaker.is_open
    for _ in range(outbox.PARKED_AFTER_REFUSALS):
        owed().update(due_at=NOW)
        deliver()
    failing = OutboxMessage.objects.failing()
    assert {message.payload["item_id"] for message in failing} == poisoned
    for message in failing:
        assert message.last_error == "Refused: UnfitError"
        assert outbox.is_parked(message)


@pytest.mark.elasticsearch
def test_what_failed_while_the_engine_was_away_follows_when_it_is_back(indexed, deliver, settings):
    settings.ELASTICSEARCH_URL, there = "http://127.0.0.1:9", settings.ELASTICSEARCH_URL
    factories.a_matter(at=NOW, title="智慧灯杆统一建设方案")
    deliver()
    at = timezone.now()
    owed().update(due_at=at + timedelta(hours=6), attempts=outbox.PARKED_AFTER)
    assert retry_when_back(at=at) == 0
    settings.ELASTICSEARCH_URL = there
    assert retry_when_back(at=at) == owed().count() > 0
    deliver()
    assert not owed().exists()
    assert search_archive(Criteria(text="灯杆"), at=NOW).total == 1


@pytest.mark.elasticsearch
def test_a_rebuild_clears_away_what_a_killed_one_left(indexed, engine):
    left = f"{index.UNITS.base}_20200101000000000000"
    engine.indices.create(index=left)
    rebuild(at=timezone.now())
    assert not engine.indices.exists(index=left)
    assert ask().mode == "elasticsearch"


@pytest.mark.postgresql
def test_two_rebuilds_at_once_are_refused_in_plain_words(dossiers):
    with psycopg.connect(**where_the_database_is()) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [REBUILD_LOCK])
        with pytest.raises(CommandError, match="Another rebuild is under way"):
            call_command("rebuild_search_index")
        assert not ArchiveDossier.objects.exists()
        other.execute("SELECT pg_advisory_unlock(%s)", [REBUILD_LOCK])
        call_command("rebuild_search_index")
    assert ArchiveDossier.objects.count() == 3
