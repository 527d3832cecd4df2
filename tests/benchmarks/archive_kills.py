"""Killing what keeps the archive up to date, while people edit: afterwards both copies are true.

Whoever delivers the outbox, or the engine itself, is killed (SIGKILL) at random moments of its
work and started again; the engine on the data it left.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.db import connection

from tests.services.portal import Portal, a_new_database
from tests.services.processes import wait_until
from tests.services.search_engine import Elasticsearch

LONGEST_LIFE = 1.0
PATIENCE = 120
# Every so often it is the engine's turn; its start takes longest.
ENGINE_EVERY = 3
# As deployed, but that the clockwork comes by each second and not each minute.
WORKERS = (["db_worker"], ["tick", "--every", "1"])
SEED = """
from decisions.models import ArchivePage
from tests import factories
home = factories.the_home_page()
home.add_child(instance=ArchivePage(title="档案检索", slug="archive"))
# One that nobody touches, so that there is always something to find.
factories.a_matter(title="停车场目录")
for n in range(8):
    page = factories.an_open_round(factories.a_matter(title=f"第{n}号停车充电办法"))
    factories.a_published_opinion(page)
"""
DRIFT = """
from django.utils import timezone
from decisions.search.reconciling import compare
print(sum(len(one.item_ids) for one in compare(at=timezone.now())))
"""


@dataclass
class Outcome:
    """What was found after all the killing.

    Attributes:
        kills: how many there were.
        edits: committed meanwhile.
        followed: messages to the engine that were carried out meanwhile.
        drift: matters that differ in one of the copies.

    """

    kills: int
    edits: int
    followed: int
    drift: int


@contextmanager
def a_portal(engine: str, prefix: str = "kept") -> Iterator[Portal]:
    """Give a portal with some matters and an index, on a database of its own; nothing runs yet.

    The database is a copy of the one that Django has here, where every migration is applied.
    """
    like = connection.settings_dict["NAME"]
    connection.close()
    server = os.environ["DATABASE_URL"]
    with tempfile.TemporaryDirectory() as folder, a_new_database(server, like) as database:
        settings = "tests.services.worked_settings"
        more = {"ELASTICSEARCH_URL": engine, "ELASTICSEARCH_INDEX_PREFIX": prefix}
        portal = Portal(Path(folder), settings, database, more)
        portal.run(SEED)
        portal.manage("rebuild_search_index")
        try:
            yield portal
        finally:
            portal.kill()


@contextmanager
def edited(portal: Portal, seed: int = 1) -> Iterator[Callable[[], int]]:
    """Have somebody edit meanwhile; give what counts the acts that were committed."""
    acts = portal.folder / "acts"

    def count() -> int:
        return acts.stat().st_size

    with acts.open("w") as output:
        editor = portal.begin(["-m", "tests.benchmarks.editing", str(seed)], output=output)
    wait_until(count, PATIENCE, "The editor")
    try:
        yield count
        assert editor.poll() is None, f"the editor had an error: {portal.log()}"
    finally:
        portal.kill_one(editor)


def survive(kills: int, *, seed: int = 1) -> Outcome:
    """Kill workers and engine so many times while somebody edits; return what came of it."""
    engine = Elasticsearch()
    engine.start()
    try:
        with a_portal(engine.url) as portal:
            return killed(kills, portal, engine, seed=seed)
    finally:
        engine.stop()


def killed(kills: int, portal: Portal, engine: Elasticsearch, *, seed: int = 1) -> Outcome:
    """Do it in a portal that is there."""
    chance = random.Random(seed)
    workers = {n: portal.begin(["manage.py", *command]) for n, command in enumerate(WORKERS)}
    before = _followed(portal)
    with edited(portal, seed) as edits:
        for n in range(kills):
            _wait_for_work(portal)
            time.sleep(chance.uniform(0, LONGEST_LIFE))
            if n % ENGINE_EVERY == 1:
                engine.kill()
                time.sleep(chance.uniform(0, LONGEST_LIFE))
                engine.start_again()
            else:
                victim = chance.choice(sorted(workers))
                portal.kill_one(workers[victim])
                workers[victim] = portal.begin(["manage.py", *WORKERS[victim]])
    settle(portal)
    return Outcome(kills, edits(), _followed(portal) - before, int(portal.run(DRIFT)))


def settle(portal: Portal) -> None:
    """Wait until nothing is owed any more."""
    # What a killed worker held is taken up again after some minutes; they are over now.
    with psycopg.connect(portal.database_url) as database:
        database.execute("UPDATE core_outboxmessage SET due_at = now() WHERE done_at IS NULL")
    wait_until(lambda: not _one(portal, WAITING), PATIENCE, "The outbox")


WAITING = "SELECT count(*) FROM core_outboxmessage WHERE done_at IS NULL"
FOLLOWED = """
SELECT count(*) FROM core_outboxmessage WHERE done_at IS NOT NULL AND topic = 'archive.index'
"""
DONE = "SELECT count(*) FROM core_outboxmessage WHERE done_at IS NOT NULL"


def _followed(portal: Portal) -> int:
    return _one(portal, FOLLOWED)


def _wait_for_work(portal: Portal) -> None:
    """Wait until somebody delivers: a worker that has not begun loses nothing by its death."""
    done = _one(portal, DONE)
    wait_until(lambda: _one(portal, DONE) > done, PATIENCE, "A worker")


def _one(portal: Portal, query: str) -> int:
    with psycopg.connect(portal.database_url) as database:
        return database.execute(query).fetchone()[0]
