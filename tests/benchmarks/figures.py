"""What is measured, and by what; the goals stand in `goals`.

Counts are exact. Times are CPU seconds as a multiple of a bare view of this portal, measured in
turns with it in the same run, so that a busy machine changes both alike.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.test.utils import get_runner

from tests.benchmarks import archive_kills, goals
from tests.benchmarks.exporting import exporting
from tests.benchmarks.goals import Goals
from tests.benchmarks.importing import importing
from tests.benchmarks.kills import survive
from tests.benchmarks.pages import large, usual
from tests.benchmarks.redline import redline
from tests.benchmarks.searching import deep, growing, searching
from tests.benchmarks.sending import sending
from tests.benchmarks.taking_home import taking_home
from tests.benchmarks.triage import together, triage
from tests.integration.answers.two_clerks import interleaved

KILLS = 200
ARCHIVE_KILLS = 50
INTERLEAVINGS = 1000


def beside_each_other() -> Iterator[tuple[str, float]]:
    """Yield what is left to do of a thousand interleavings of two clerks; a fault ends the run."""
    with transaction.atomic():
        through = interleaved(INTERLEAVINGS)
        transaction.set_rollback(True)
    yield "two_clerks_acts_too_few", max(0, INTERLEAVINGS - through)


def killed() -> Iterator[tuple[str, float]]:
    """Yield the figures of a portal that is killed again and again, on a database of its own."""
    outcome = survive(KILLS, os.environ["DATABASE_URL"])
    yield "kills_faults", outcome.faults
    yield "kills_without_a_receipt", max(0, KILLS - outcome.receipts)


def archive_killed() -> Iterator[tuple[str, float]]:
    """Yield the figures of an archive whose workers and engine are killed while people edit."""
    outcome = archive_kills.survive(ARCHIVE_KILLS)
    yield "archive_kills_drift", outcome.drift
    yield "archive_kills_without_an_edit", max(0, ARCHIVE_KILLS - outcome.edits)


@dataclass(frozen=True)
class Group:
    """Figures that are measured together."""

    goals: Goals
    measure: Callable[[], Iterator[tuple[str, float]]]

    def lines(self, word: str) -> Iterator[str]:
        """Yield one line for each figure whose name holds `word`; measure nothing for none."""
        left = set(self.goals)
        if not any(word in name for name in left):
            return
        for name, value in self.measure():
            left.remove(name)
            if word in name:
                most = self.goals[name].most
                verdict = "ok" if value <= most else "short"
                yield f"{name} {value:.4g} {most:g} {verdict}"
        assert not left, f"not measured: {left}"


# Each in this order, since a later one may stand on a larger round.
BENCH = (
    Group(goals.PAGES, usual),
    Group(goals.SENDING, sending),
    Group(goals.REDLINE, redline),
    Group(goals.SEARCHING, searching),
)
SCALE = (
    Group(goals.KILLS, killed),
    Group(goals.ARCHIVE_KILLS, archive_killed),
    Group(goals.TWO_CLERKS, beside_each_other),
    Group(goals.LARGE, large),
    Group(goals.EXPORTING, exporting),
    Group(goals.TRIAGE, triage),
    Group(goals.TOGETHER, together),
    Group(goals.GROWING, growing),
    Group(goals.DEEP, deep),
    Group(goals.TAKING_HOME, taking_home),
    Group(goals.IMPORTING, importing),
)


def measure(word: str, *, scale: bool) -> Iterator[str]:
    """Yield one line for each figure whose name holds `word`."""
    with a_database():
        for group in SCALE if scale else BENCH:
            yield from group.lines(word)


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
