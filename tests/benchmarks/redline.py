"""What comparing two laws costs, in CPU seconds, and how that grows with their articles."""

import time
from collections.abc import Iterator
from math import log
from statistics import linear_regression, median

from decisions.redline import Unit, compared
from tests.factories.laws import a_law

SIZES = (25, 50, 100, 200)
TIMES = 5


def redline() -> Iterator[tuple[str, float]]:
    """Yield the seconds for 200 articles on either side, and the slope in a log-log diagram."""
    _cpu_seconds(5)  # the dictionary is read once
    spent = [median(_cpu_seconds(size) for _ in range(TIMES)) for size in SIZES]
    yield "redline_cpu_seconds_200_articles", spent[-1]
    yield "redline_cpu_slope", linear_regression(list(map(log, SIZES)), list(map(log, spent))).slope


def _cpu_seconds(size: int) -> float:
    old, new = (
        [Unit(number, text) for number, text in enumerate(a_law(size, shift=shift), start=1)]
        for shift in (0, 1)
    )
    begun = time.process_time()
    comparison = compared(old, new)
    spent = time.process_time() - begun
    assert len(comparison.changed) >= size // 2
    return spent
