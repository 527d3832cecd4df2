"""The archive in a running portal: a rebuild beside edits, an engine that hangs, kills.

Slow because the engine is one of its own, and is killed.
"""

import threading

import pytest

from tests.benchmarks.archive_kills import a_portal, edited, killed, settle
from tests.integration.search.in_place import ASKED, FIRST, MORE
from tests.integration.search.running import ask, started
from tests.services.search_engine import Elasticsearch

pytestmark = [
    pytest.mark.elasticsearch,
    pytest.mark.cluster,
    pytest.mark.postgresql,
    pytest.mark.django_db,
]

KILLS = 4
READERS = 2
REBUILDS = 2


@pytest.fixture(scope="module")
def engine():
    node = Elasticsearch()
    node.start()
    yield node
    node.stop()


@pytest.fixture(scope="module")
def portal(engine, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), a_portal(engine.url) as portal:
        yield portal


@pytest.fixture
def alone(portal):
    """The seconds that the database takes where no engine is configured."""
    there, portal.more["ELASTICSEARCH_URL"] = portal.more["ELASTICSEARCH_URL"], ""
    portal.start()
    try:
        ask(portal, "充电")  # the first of all waits for what is loaded
        asked = [ask(portal) for _ in range(ASKED)]
    finally:
        portal.stop()
        portal.more["ELASTICSEARCH_URL"] = there
    assert {mode for mode, _page, _taken in asked} == {"database"}
    return max(taken for _mode, _page, taken in asked)


@pytest.fixture
def running(portal):
    with started(portal):
        yield portal


def test_a_rebuild_disturbs_neither_readers_nor_editors(running):
    stop, answers, faults = threading.Event(), [], []

    def read():
        while not stop.is_set():
            try:
                mode, page, _seconds = ask(running)
            except OSError as fault:
                faults.append(repr(fault))
                continue
            answers.append(mode)
            if mode != "elasticsearch" or "<mark>停车</mark>" not in page:
                faults.append((mode, "<mark>停车</mark>" in page))

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    with edited(running, seed=2) as edits:
        for reader in readers:
            reader.start()
        begun = edits()
        for _ in range(REBUILDS):
            running.manage("rebuild_search_index")
        assert edits() > begun
        stop.set()
        for reader in readers:
            reader.join()
    assert not faults
    assert answers
    settle(running)
    assert running.manage("reconcile_search_index").splitlines() == ["No drift."]


def test_an_engine_that_hangs_costs_the_first_reader_its_patience_and_the_others_little(
    alone, running, engine
):
    assert ask(running)[0] == "elasticsearch"
    engine.pause()
    try:
        seconds = []
        for _ in range(5):
            mode, page, taken = ask(running)
            assert mode == "degraded"
            assert "<mark>停车</mark>" in page
            seconds.append(taken)
        assert seconds[0] <= FIRST
        assert max(seconds[1:]) <= alone + MORE
    finally:
        engine.go_on()


def test_workers_and_engine_may_be_killed_at_any_moment(portal, engine):
    outcome = killed(KILLS, portal, engine)
    portal.kill()
    assert outcome.drift == 0
    assert outcome.edits > KILLS
    assert outcome.followed > KILLS
    assert portal.manage("reconcile_search_index").splitlines() == ["No drift."]
