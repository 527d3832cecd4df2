"""What is measured, with the goal of each figure.

Counts are exact. Times are CPU seconds as a multiple of a bare view of this portal, measured in
turns with it in the same run, so that a busy machine changes both alike.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from statistics import median

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, get_runner, override_settings

from tests.benchmarks.exporting import exporting
from tests.benchmarks.kills import survive
from tests.benchmarks.sending import sending
from tests.factories.crowd import a_crowd
from tests.factories.pages import an_open_round
from tests.integration.answers.two_clerks import interleaved
from tests.services.postgresql import PostgreSQL

ROUNDS = 15
VIEWS_A_ROUND = 10
FEW = 20
MANY = 10_000
VERY_MANY = 100_000
BATCH = 50_000
KILLS = 200
INTERLEAVINGS = 1000


class Stage:
    """A consultation with its opinions, and a reader of its pages."""

    def __init__(self) -> None:
        self.client = Client()
        self.page = an_open_round()
        self.address = self.page.get_url()
        self.list_address = self.page.list_url

    def fill(self, number: int) -> None:
        """Let the consultation have this many opinions, all of them shown."""
        for have in range(self.page.opinions.count(), number, BATCH):
            a_crowd(self.page, min(BATCH, number - have))

    def view(self) -> bytes:
        return seen(self.client, self.address)

    def view_list(self) -> bytes:
        return seen(self.client, self.list_address)

    def bare(self) -> bytes:
        """The least that a view of this portal can be."""
        return seen(self.client, "/healthz")

    def cpu(self, work: Callable[[], object]) -> float:
        """Return what `work` costs, in bare views of this portal."""
        return ratio(work, self.bare)


def seen(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content


def warm_statements(work: Callable[[], object]) -> int:
    """Return how many SQL statements `work` sends once what is remembered has been read."""
    work()
    return statements_of(work)


def kept_view(stage: Stage) -> float:
    """Return what a view of the consultation page costs that was made just before."""
    with override_settings(KEEP_PAGES=True):
        reader = Client()
        work = partial(seen, reader, stage.address)
        assert warm_statements(work) == 0
        return ratio(work, stage.bare)


def statements_of(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as caught:
        work()
    return len(caught)


def ratio(work: Callable[[], object], bare: Callable[[], object]) -> float:
    """Return the median over rounds of the CPU time of `work` by that of `bare`."""
    work()
    bare()
    return median(spent(work) / spent(bare) for _ in range(ROUNDS))


def spent(work: Callable[[], object]) -> float:
    begun = time.process_time()
    for _ in range(VIEWS_A_ROUND):
        work()
    return time.process_time() - begun


def usual(stage: Stage) -> Iterator[tuple[str, float, float]]:
    """Yield name, value and goal of the figures of `make bench`."""
    stage.fill(FEW)
    shown, listed = warm_statements(stage.view), warm_statements(stage.view_list)
    yield "consultation_statements", shown, 12
    yield "list_statements", listed, 12
    few = stage.cpu(stage.view)
    yield "consultation_cpu_in_bare_views", few, 30
    yield "consultation_cached_in_bare_views", kept_view(stage), 1.5
    stage.fill(MANY)
    yield "consultation_statements_10000_more", warm_statements(stage.view) - shown, 0
    yield "list_statements_10000_more", warm_statements(stage.view_list) - listed, 0
    yield "consultation_html_kilobytes", len(stage.view()) / 1000, 100
    yield "consultation_cpu_10000_by_20", stage.cpu(stage.view) / few, 1.3
    yield from sending(stage.page)


def large(stage: Stage) -> Iterator[tuple[str, float, float]]:
    """Yield name, value and goal of the figures of `make scale`."""
    stage.fill(FEW)
    shown, listed = warm_statements(stage.view), warm_statements(stage.view_list)
    few, few_listed = stage.cpu(stage.view), stage.cpu(stage.view_list)
    stage.fill(VERY_MANY)
    yield "consultation_statements_100000_more", warm_statements(stage.view) - shown, 0
    yield "list_statements_100000_more", warm_statements(stage.view_list) - listed, 0
    yield "consultation_cpu_100000_by_20", stage.cpu(stage.view) / few, 1.3
    yield "list_cpu_100000_by_20", stage.cpu(stage.view_list) / few_listed, 1.3
    yield "consultation_html_kilobytes_100000", len(stage.view()) / 1000, 100
    yield "list_html_kilobytes_100000", len(stage.view_list()) / 1000, 100
    yield from exporting(stage.page)


def beside_each_other(_stage: Stage) -> Iterator[tuple[str, float, float]]:
    """Yield what is left to do of a thousand interleavings of two clerks; a fault ends the run."""
    with transaction.atomic():
        through = interleaved(INTERLEAVINGS)
        transaction.set_rollback(True)
    yield "two_clerks_acts_too_few", max(0, INTERLEAVINGS - through), 0


def killed(_stage: Stage) -> Iterator[tuple[str, float, float]]:
    """Yield the figures of a portal that is killed again and again, on a PostgreSQL of its own."""
    server = PostgreSQL()
    try:
        outcome = survive(KILLS, server.start())
    finally:
        server.stop()
    yield "kills_faults", outcome.faults, 0
    yield "kills_without_a_receipt", max(0, KILLS - outcome.receipts), 0


def measure(word: str, *, scale: bool) -> Iterator[str]:
    """Yield one line for each figure whose name holds `word`."""
    with a_database():
        stage = Stage()
        long = chain(killed(stage), beside_each_other(stage), large(stage))
        for name, value, goal in long if scale else usual(stage):
            if word in name:
                verdict = "ok" if value <= goal else "short"
                yield f"{name} {value:.4g} {goal:g} {verdict}"


@contextmanager
def a_database() -> Iterator[None]:
    """Make a database with every migration applied, and remove it.

    Django's test environment is left out: it follows every template, which costs time.
    """
    runner = get_runner(settings)(verbosity=0, interactive=False)
    made = runner.setup_databases()
    try:
        yield
    finally:
        runner.teardown_databases(made)
