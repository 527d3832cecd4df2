"""What the archive costs Elasticsearch, beside a bare match, and how that grows with the archive.

CPU time is that of the server's process, as the kernel counts it. A whole page is what
`search_archive` asks for: words, every facet, exact numbers, the best passages marked. A bare
match is the least a search can be: the same words in the same index, ten numbers, nothing else.
"""

import os
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import log
from pathlib import Path
from statistics import linear_regression, median
from unittest.mock import patch

from django.conf import settings
from django.test.utils import override_settings
from django.utils import timezone
from elasticsearch import Elasticsearch

from decisions.search import engine, index, query
from decisions.search.archive import search_archive
from decisions.search.connection import breaker
from decisions.search.criteria import Criteria
from decisions.search.results import Mode, Results
from decisions.search.walking import walk
from portal.core.positions import Position
from tests.factories.great_archive import clauses, fill_engine, great_sources, subjects
from tests.services import search_engine

PASSAGES = 42
SIZES = (10_000, 31_600, 100_000)
QUESTIONS = 40
# Seconds: what is counted is work, so a busy machine may take its time.
PATIENCE = 60
DOSSIERS = 100_000
CHANGES = 1_000
DEEP = 500
# Most dossiers hold it.
BROAD = "办法"
WARMING = 3
ROUNDS = 5
# Of a small server; that of the tests is too small for a whole archive.
HEAP = "1g"
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def an_engine() -> Iterator["Node"]:
    """Give a node to measure: the one that ELASTICSEARCH_URL names, or one of this run's own."""
    url = settings.TEST_ELASTICSEARCH_URL
    server = None if url else search_engine.Elasticsearch(heap=HEAP)
    try:
        url = url or (server.start() if server else "")
        prefix = "bench"
        with (
            override_settings(ELASTICSEARCH_URL=url, ELASTICSEARCH_INDEX_PREFIX=prefix),
            patch.object(engine, "PATIENCE", PATIENCE),
            patch.object(query, "ENGINE_TIMEOUT", f"{PATIENCE}s"),
        ):
            breaker.reset()
            with Elasticsearch(url, request_timeout=60) as client:
                yield Node(client)
                client.indices.delete(index=f"{prefix}-*")
    finally:
        breaker.reset()
        if server:
            server.stop()


class Node:
    """One server on this machine, what it holds and what it spends."""

    def __init__(self, client: Elasticsearch) -> None:
        self.client = client
        (process,) = client.nodes.info(metric="process")["nodes"].values()
        self._counted = Path(f"/proc/{process['process']['id']}/stat")

    def spent(self, work: Callable[[], object]) -> float:
        """Return the CPU seconds of the server while `work` is done."""
        begun = self._cpu()
        work()
        return self._cpu() - begun

    def _cpu(self) -> float:
        # proc(5): utime and stime are the fields 14 and 15; the name before may hold blanks.
        fields = self._counted.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def hold(self, dossiers: int, *, passages: int = PASSAGES) -> None:
        """Let the archive have this many dossiers with so many passages each."""
        sources = great_sources(range(1, dossiers + 1), passages=passages)
        fill_engine(self.client, str(dossiers), sources)

    def bare(self, words: str) -> None:
        answer = self.client.search(
            index=index.DOSSIERS.read_alias,
            query={"match": {"body": words}},
            size=10,
            source=False,
        )
        assert answer["hits"]["hits"]


def questions() -> list[str]:
    """Return the questions: titles' words, two words at once, and remembered passages."""
    chance = random.Random(713)
    said = [clause for text in clauses() for clause in text if len(clause) >= 8]
    short = [subject[:4] for subject in chance.sample(subjects(), 14)]
    pairs = [" ".join(one[:4] for one in chance.sample(said, 2)) for _ in range(13)]
    passages = [one[: chance.randint(6, 14)] for one in chance.sample(said, 13)]
    found = [*short, *pairs, *passages]
    assert len(found) == QUESTIONS
    return found


def page(words: str, after: Position | None = None) -> Results:
    """Ask for a whole page as a reader does."""
    results = search_archive(Criteria(text=words), at=timezone.now(), after=after)
    assert results.mode is Mode.ENGINE
    return results


def searching() -> Iterator[tuple[str, float]]:
    """Yield what a page costs among 10,000 passages."""
    with an_engine() as node:
        node.hold(SIZES[0] // PASSAGES)
        yield "archive_page_cpu_in_bare_matches", _costs(node)[0]


def growing() -> Iterator[tuple[str, float]]:
    """Yield what a page costs among 100,000 passages, and how that grew from 10,000."""
    with an_engine() as node:
        spent = []
        for passages in SIZES:
            node.hold(passages // PASSAGES)
            ratio, seconds = _costs(node)
            spent.append(seconds)
        yield "archive_page_cpu_in_bare_matches_100000", ratio
        sizes = list(map(log, SIZES))
        yield "archive_page_cpu_slope", linear_regression(sizes, list(map(log, spent))).slope


def deep() -> Iterator[tuple[str, float]]:
    """Yield what page 500 costs by the first, and the faults of a walk while others write."""
    with an_engine() as node:
        node.hold(DOSSIERS, passages=1)
        after = None
        for _ in range(DEEP - 1):
            after = page(BROAD, after).position
            assert after
        first, far = partial(page, BROAD), partial(page, BROAD, after)
        yield (
            "archive_page_500_cpu_by_page_1",
            median(
                node.spent(lambda: _often(far)) / node.spent(lambda: _often(first))
                for _ in range(ROUNDS)
            ),
        )
        yield "archive_walk_faults", _faults(node)


def _often(work: Callable[[], object]) -> None:
    for _ in range(QUESTIONS):
        work()


def _faults(node: Node) -> int:
    """Return how many dossiers a walk through all named twice or not at all while 1,000 changed."""
    changing = threading.Thread(target=_change, args=(node,))
    changing.start()
    ids = walk(Criteria(), at=timezone.now()).ids
    changing.join()
    return len(ids) - len(set(ids)) + len(set(range(1, DOSSIERS + 1)) ^ set(ids))


def _change(node: Node) -> None:
    """Give 1,000 dossiers the newest day, so that each moves to the beginning of the order."""
    for item_id in random.Random(713).sample(range(1, DOSSIERS + 1), CHANGES):
        node.client.update(
            index=index.DOSSIERS.write_alias,
            id=str(item_id),
            doc={"latest_on": "2030-01-01"},
            refresh=item_id % 50 == 0,
        )


def _costs(node: Node) -> tuple[float, float]:
    """Return the median over rounds of what all pages cost by all bare matches, and in seconds."""

    def pages() -> None:
        for words in questions():
            page(words)

    def bare() -> None:
        for words in questions():
            node.bare(words)

    for _ in range(WARMING):
        pages()
        bare()
    rounds = [(node.spent(pages), node.spent(bare)) for _ in range(ROUNDS)]
    return median(whole / least for whole, least in rounds), median(whole for whole, _ in rounds)
