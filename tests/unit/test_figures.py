"""A figure that misses its goal, is missing or unknown does not pass unseen."""

from collections.abc import Iterator

import pytest

from tests.benchmarks import goals
from tests.benchmarks.figures import BENCH, SCALE, Group
from tests.benchmarks.goals import Goal

GOALS = {"pages_bytes": Goal(10, "bytes"), "pages_statements": Goal(12, "statements")}


def group(**values: float) -> Group:
    def measured() -> Iterator[tuple[str, float]]:
        yield from values.items()

    return Group(GOALS, measured)


def test_a_figure_above_its_goal_is_short() -> None:
    lines = list(group(pages_bytes=11, pages_statements=12).lines(""))

    assert lines == ["pages_bytes 11 10 short", "pages_statements 12 12 ok"]


def test_a_word_chooses_and_another_measures_nothing() -> None:
    assert list(group(pages_bytes=1, pages_statements=2).lines("bytes")) == ["pages_bytes 1 10 ok"]
    assert list(group(unheard_of=1).lines("triage")) == []


def test_a_figure_that_was_not_measured_or_has_no_goal_ends_the_run() -> None:
    with pytest.raises(AssertionError, match="pages_statements"):
        list(group(pages_bytes=1).lines(""))
    with pytest.raises(KeyError):
        list(group(unheard_of=1).lines(""))


def test_every_goal_in_the_docs_is_measured() -> None:
    assert [one.goals for one in BENCH] == list(goals.AT_BENCH)
    assert [one.goals for one in SCALE] == list(goals.AT_SCALE)
