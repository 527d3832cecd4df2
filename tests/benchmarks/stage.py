"""A consultation with its opinions and a reader of its pages, and how what they cost is counted."""

import time
from collections.abc import Callable
from functools import cache
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.crowd import a_crowd
from tests.factories.pages import an_open_round

ROUNDS = 15
VIEWS_A_ROUND = 10
BATCH = 50_000


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


@cache
def the_stage() -> Stage:
    """Return the one stage of this run."""
    return Stage()


def seen(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content


def warm_statements(work: Callable[[], object]) -> int:
    """Return how many SQL statements `work` sends once what is remembered has been read."""
    work()
    return statements_of(work)


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
