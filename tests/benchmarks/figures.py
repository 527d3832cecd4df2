"""What is measured, with the goal of each figure.

Counts are exact. Times are CPU seconds as a multiple of a bare view of this portal, measured in
turns with it in the same run, so that a busy machine changes both alike.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import (
    CaptureQueriesContext,
    get_runner,
    setup_test_environment,
    teardown_test_environment,
)

from tests.factories.crowd import a_crowd
from tests.factories.opinions import an_unconfirmed_opinion
from tests.factories.pages import an_open_round

ROUNDS = 15
VIEWS_A_ROUND = 4
FEW = 20
MANY = 10_000
VERY_MANY = 100_000
BATCH = 50_000


class Stage:
    """A consultation page, its opinions and its reader."""

    def __init__(self) -> None:
        self.client = Client()
        self.page = an_open_round()
        self.address = self.page.get_url()

    def fill(self, number: int) -> None:
        """Let the page have this many opinions, all of them shown."""
        for have in range(self.page.opinions.count(), number, BATCH):
            a_crowd(self.page, min(BATCH, number - have))

    def view(self) -> bytes:
        answer = self.client.get(self.address)
        assert answer.status_code == 200
        return answer.content

    def statements(self) -> int:
        """Return how many SQL statements a view of the page sends once caches are warm."""
        self.view()
        return statements_of(self.view)

    def cpu(self) -> float:
        """Return what a view of the page costs, in bare views of this portal."""
        return ratio(self.view, lambda: self.client.get("/healthz"))


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
    none = stage.statements()
    yield "consultation_statements", none, 12
    stage.fill(FEW)
    yield "consultation_statements_20_more", stage.statements() - none, 0
    few_cpu = stage.cpu()
    stage.fill(MANY)
    yield "consultation_statements_10000_more", stage.statements() - none, 0
    yield "consultation_html_kilobytes", len(stage.view()) / 1000, 100
    cpu = stage.cpu()
    yield "consultation_cpu_in_bare_views", cpu, 100
    yield "consultation_cpu_10000_by_20", cpu / few_cpu, 1.5
    yield "submit_statements", statements_of(lambda: an_unconfirmed_opinion(stage.page)), 25


def large(stage: Stage) -> Iterator[tuple[str, float, float]]:
    """Yield name, value and goal of the figures of `make scale`."""
    stage.fill(MANY)
    some_statements, some_cpu = stage.statements(), stage.cpu()
    stage.fill(VERY_MANY)
    yield "consultation_statements_100000_more", stage.statements() - some_statements, 0
    yield "consultation_cpu_100000_by_10000", stage.cpu() / some_cpu, 10
    yield "consultation_html_kilobytes_100000", len(stage.view()) / 1000, 100


def measure(word: str, *, scale: bool) -> Iterator[str]:
    """Yield one line for each figure whose name holds `word`."""
    with a_database():
        for name, value, goal in (large if scale else usual)(Stage()):
            if word in name:
                verdict = "ok" if value <= goal else "short"
                yield f"{name} {value:.4g} {goal:g} {verdict}"


@contextmanager
def a_database() -> Iterator[None]:
    """Make a database with every migration applied, and remove it."""
    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    made = runner.setup_databases()
    try:
        yield
    finally:
        runner.teardown_databases(made)
        teardown_test_environment()
