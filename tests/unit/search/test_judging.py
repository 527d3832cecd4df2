"""Measures of an order of results, against values worked out by hand."""

import json
from math import log2

import pytest

from decisions.search.judging import (
    Goals,
    Judged,
    Score,
    UnusableError,
    by_class,
    interval,
    ndcg,
    read_judged,
    reciprocal_rank,
    summarised,
)

GRADES = {"a": 3, "b": 2, "c": 1}


@pytest.mark.parametrize(
    ("ranked", "value"),
    [
        ("abc", 1),
        ("", 0),
        ("xyz", 0),
        # (2/log2 2 + 3/log2 3 + 1/log2 4) by (3 + 2/log2 3 + 1/2)
        ("bac", (2 + 3 / log2(3) + 0.5) / (3 + 2 / log2(3) + 0.5)),
        # 3/log2 4 by the same
        ("xya", (3 / 2) / (3 + 2 / log2(3) + 0.5)),
    ],
)
def test_gain_is_weighed_by_rank_and_by_the_best_there_could_be(ranked, value):
    assert ndcg(ranked, GRADES) == pytest.approx(value)


def test_the_example_in_numbers():
    # 3 + 2/1.58496 + 1/2 = 4.76186; 2 + 3/1.58496 + 0.5 = 4.39279
    assert ndcg("bac", GRADES) == pytest.approx(0.92249, abs=1e-5)


def test_only_ten_results_count_and_no_more_can_be_expected():
    grades = dict.fromkeys(range(15), 3)
    assert ndcg(range(15), grades) == pytest.approx(1)
    assert ndcg([*"abcdefghij", 0], grades) == 0


def test_the_first_result_that_helps_decides_the_reciprocal_rank():
    assert reciprocal_rank("xcb", GRADES) == pytest.approx(1 / 2)
    assert reciprocal_rank("x", GRADES) == 0
    assert reciprocal_rank([*"0123456789", "a"], GRADES) == 0


def test_the_interval_holds_the_mean_and_is_the_same_every_time():
    values = [0.5, 1.0, 0.75, 1.0, 0.25, 1.0]
    low, high = interval(values)
    assert 0.25 <= low < 0.75 < high <= 1
    assert interval(values) == (low, high)
    assert interval([0.7, 0.7]) == pytest.approx((0.7, 0.7))


def a_score(kind, value, *, baseline=0.5, twin=None):
    judged = Judged("1", kind, "停车", {"a": 3})
    return Score(judged, value, value, baseline, twin, clicks=0)


def test_classes_are_summed_up_apart():
    scores = [a_score("one", 1.0, twin=1.0), a_score("two", 0.5), a_score("one", 0.8, twin=1.0)]
    one, two = by_class(scores)
    assert (one.kind, one.questions, one.ndcg) == ("one", 2, pytest.approx(0.9))
    assert one.behind_twins == pytest.approx(0.1)
    assert (two.kind, two.behind_twins) == ("two", None)
    assert summarised("all", scores).over_baseline == pytest.approx(2.3 / 1.5)


def test_every_goal_missed_is_named_and_none_that_was_reached():
    scores = [a_score("one", 1.0, twin=1.0), a_score("two", 0.5, twin=0.6)]
    whole, classes = summarised("all", scores), by_class(scores)
    assert Goals(0.75, 0.5, 1.5, 0.11).missed(whole, classes) == []
    assert Goals(0.76, 0.51, 1.51, 0.09).missed(whole, classes) == [
        "The mean is 0.750, below 0.76.",
        "The baseline is exceeded 1.50 times, not 1.51.",
        "two is 0.500, below 0.51.",
        "two is 0.100 behind its plain twins.",
    ]
    without = [a_score("one", 1.0, baseline=None)]
    assert Goals(over_baseline=1.2).missed(summarised("all", without), by_class(without)) == [
        "There is no baseline to compare with."
    ]


LINE = {"id": "1", "class": "topic", "query": "停车", "relevant": {"a": 3}}


def test_a_set_is_read_line_by_line():
    lines = [json.dumps(LINE), "", json.dumps(LINE | {"id": "2", "twin": "车位"})]
    first, second = read_judged(lines)
    assert first == Judged("1", "topic", "停车", {"a": 3})
    assert second.twin == "车位"


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[]",
        json.dumps(LINE | {"more": 1}),
        json.dumps({"id": "1"}),
        json.dumps(LINE | {"query": " "}),
        json.dumps(LINE | {"id": 1}),
        json.dumps(LINE | {"relevant": {}}),
        json.dumps(LINE | {"relevant": {"a": 0}}),
        json.dumps(LINE | {"relevant": {"a": 4}}),
        json.dumps(LINE | {"relevant": {"a": True}}),
    ],
)
def test_a_line_that_cannot_be_used_is_named(line):
    with pytest.raises(UnusableError, match=r"Line 2: "):
        read_judged(["", line])


def test_an_id_stands_for_one_question():
    with pytest.raises(UnusableError, match=r"Line 2: the id 1 came before"):
        read_judged([json.dumps(LINE), json.dumps(LINE)])
