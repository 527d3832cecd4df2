"""Whoever writes at the same time and in whatever order: the last reading of a matter stays."""

import itertools
import random
import threading
from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from elasticsearch import Elasticsearch

from decisions.models import ArchiveClock
from decisions.search import index, indexing, writing
from decisions.search.documents import UnitSource
from decisions.search.indexing import gather
from decisions.search.rebuilding import rebuild
from portal.core.models import OutboxMessage
from tests.integration.search.conftest import NOW

pytestmark = pytest.mark.django_db

INTERLEAVINGS = 40
WRITERS = 3
KEYS = ("a", "b", "c", "d")


class Turns:
    """Lets threads run one request at a time, the next one drawn by chance."""

    def __init__(self, chance, many):
        self.chance = chance
        self.waiting = {}
        self.living = many
        self.changed = threading.Condition()

    def take(self, who):
        """Wait until it is this writer's turn."""
        with self.changed:
            mine = self.waiting[who] = threading.Event()
            self._next()
        mine.wait()

    def leave(self):
        """Have nothing more to send."""
        with self.changed:
            self.living -= 1
            self._next()

    def _next(self):
        """Let one go when all that live wait."""
        if self.waiting and len(self.waiting) == self.living:
            who = self.chance.choice(sorted(self.waiting))
            self.waiting.pop(who).set()


def a_client(turns, who):
    """A client each request of which waits for its turn."""
    client = Elasticsearch(django_settings.TEST_ELASTICSEARCH_URL)
    send = client.transport.perform_request

    def in_turn(*args, **kwargs):
        turns.take(who)
        return send(*args, **kwargs)

    client.transport.perform_request = in_turn
    return client


def a_reading(source, chance):
    """The matter with some passages of its own, or None: withdrawn."""
    if not chance.randrange(4):
        return None
    keys = chance.sample(KEYS, chance.randint(0, len(KEYS)))
    word = "".join(chance.choices("甲乙丙丁", k=6))
    return replace(
        source,
        summary=word,
        units=tuple(UnitSource(key, "draft", n, "", "/", word) for n, key in enumerate(keys, 1)),
    )


def write(turns, who, item_id, readings, versions):
    """Write what this one has read and, if it has to read again, what the last one read."""
    version, reading = next(versions), readings[who]
    with a_client(turns, who) as client:
        try:
            while not put(client, item_id, reading, version):
                version, reading = next(versions), readings[-1]
        finally:
            turns.leave()


def put(client, item_id, reading, version):
    if reading is None:
        return writing.take_away(client, item_id, version)
    return writing.put(client, reading, version)


def held(engine, item_id):
    """What the engine holds of a matter: its digest and those of its passages."""
    engine.indices.refresh(index=[kind.read_alias for kind in index.KINDS])
    of_it = {"term": {"dossier_id": item_id}}
    dossiers = engine.search(index=index.DOSSIERS.read_alias, query=of_it)["hits"]["hits"]
    units = engine.search(index=index.UNITS.read_alias, query=of_it)["hits"]["hits"]
    return (
        [hit["_source"]["summary"] for hit in dossiers],
        {hit["_id"]: hit["_source"]["text"] for hit in units},
    )


@pytest.fixture
def _all_given_out(monkeypatch):
    """The versions are counted by the test, in threads that see nothing of its transaction."""
    monkeypatch.setattr(writing, "_outran", lambda versions: False)


@pytest.mark.elasticsearch
@pytest.mark.usefixtures("_all_given_out")
def test_the_last_reading_stays_in_every_interleaving(dossiers):
    rebuild(at=NOW)
    item_id = dossiers["green"].pk
    [source] = gather([item_id])
    chance = random.Random(20261130)
    versions = itertools.count(indexing.next_version())
    with Elasticsearch(django_settings.TEST_ELASTICSEARCH_URL) as engine:
        for _ in range(INTERLEAVINGS):
            readings = [a_reading(source, chance) for _ in range(WRITERS)]
            turns = Turns(chance, WRITERS)
            first = {n: itertools.chain([next(versions)], versions) for n in range(WRITERS)}
            threads = [
                threading.Thread(target=write, args=[turns, n, item_id, readings, first[n]])
                for n in range(WRITERS)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            last = readings[-1]
            expected = (
                ([last.summary], {unit.key: unit.text for unit in last.units}) if last else ([], {})
            )
            assert held(engine, item_id) == expected


@pytest.mark.elasticsearch
def test_a_late_write_does_not_bring_back_what_was_withdrawn(dossiers):
    rebuild(at=NOW)
    item_id = dossiers["parking"].pk
    [source] = gather([item_id])
    version = indexing.next_version()
    with index.writer(10) as client:
        writing.take_away(client, item_id, version + 1)
        writing.put(client, source, version)
        assert held(client, item_id) == ([], {})
        for kind in index.KINDS:
            [described] = client.indices.get_settings(index=kind.write_alias).values()
            # Elasticsearch's own is a minute: a worker that is held up for longer would undo it.
            assert described["settings"]["index"]["gc_deletes"] == "1d"


@pytest.mark.elasticsearch
@pytest.mark.parametrize("takes_away", [False, True])
def test_a_passage_stays_that_moves_while_its_old_matter_looks(dossiers, monkeypatch, takes_away):
    """Its old matter, read later, sees the passage and removes it after its new one wrote."""
    rebuild(at=NOW)
    [here], [there] = gather([dossiers["green"].pk]), gather([dossiers["parking"].pk])
    moved = UnitSource("moved", "draft", 1, "", "/", "同一条")
    first = indexing.next_version()
    look = writing._held_units

    def look_while_it_moves(client, item_id):
        seen = look(client, item_id)
        monkeypatch.setattr(writing, "_held_units", look)
        assert writing.put(client, replace(there, units=(moved,)), first + 1)
        return seen

    with index.writer(10) as client:
        writing.put(client, replace(here, units=(moved,)), first)
        monkeypatch.setattr(writing, "_held_units", look_while_it_moves)
        reading = None if takes_away else here
        assert not put(client, here.item_id, reading, first + 2), "to be read again"
        assert put(client, here.item_id, reading, first + 3)
        assert held(client, there.item_id)[1] == {"moved": "同一条"}


@pytest.mark.elasticsearch
@pytest.mark.usefixtures("_all_given_out")
def test_a_passage_that_moved_stays_in_every_interleaving(dossiers):
    """Two matters, each written as it was before the move and as it is after it."""
    rebuild(at=NOW)
    sources = gather([dossiers["green"].pk, dossiers["parking"].pk])
    chance = random.Random(20261201)
    versions = itertools.count(indexing.next_version())
    with Elasticsearch(django_settings.TEST_ELASTICSEARCH_URL) as engine:
        for turn in range(INTERLEAVINGS // 2):
            text = f"第{turn}条"
            units = [UnitSource(key, "draft", n, "", "/", text) for n, key in enumerate(KEYS, 1)]
            # Which matter has which passage, before and after.
            shared = [{unit: chance.choice(sources).item_id for unit in units} for _ in range(2)]
            readings = [
                replace(one, units=tuple(unit for unit in units if state[unit] == one.item_id))
                for state in shared
                for one in sources
            ]
            turns = Turns(chance, len(readings))
            first = [itertools.chain([next(versions)], versions) for _ in readings]
            threads = [
                threading.Thread(
                    target=write,
                    args=[turns, n, one.item_id, _as_it_is(readings, n), first[n]],
                )
                for n, one in enumerate(readings)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for one in readings[2:]:
                assert set(held(engine, one.item_id)[1]) == {unit.key for unit in one.units}


def _as_it_is(readings, n):
    """What the n-th writer reads first, and what it reads when it goes again."""
    return {n: readings[n], -1: readings[2 + n % 2]}


def test_no_two_readings_have_the_same_version(dossiers):
    OutboxMessage.objects.create(topic="x", created_at=NOW, due_at=NOW)
    last = OutboxMessage.objects.latest("pk").pk
    ArchiveClock.objects.all().delete()
    versions = [indexing._read(dossiers["green"].pk)[0] for _ in range(3)]
    assert versions == [last + 1, last + 2, last + 3]


def test_what_a_restored_database_never_read_does_not_stay(dossiers, monkeypatch):
    """The engine holds a version that the clock has still to give out: it is no newer reading."""
    [source] = gather([dossiers["green"].pk])
    version = indexing.next_version()
    monkeypatch.setattr(writing, "_send", lambda client, writes: False)
    for writes in (
        lambda: writing.put(None, source, version),
        lambda: writing.take_away(None, source.item_id, version),
    ):
        given_out = indexing.next_version()
        monkeypatch.setattr(writing, "_version_of", lambda client, item_id, n=given_out: n)
        assert writes(), "another has read it later"
        monkeypatch.setattr(writing, "_version_of", lambda client, item_id, n=given_out: n + 9)
        assert not writes(), "to be read again"
        assert indexing.next_version() == given_out + 10
