"""The states of a matter, a consultation and an opinion."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.lifecycle import (
    OFFICIAL_TIME,
    TRANSITIONS,
    Intake,
    Phase,
    Stage,
    intake_of,
    may_follow,
    phase_of,
    standing,
)

OPENS, CLOSES = date(2026, 11, 14), date(2026, 12, 14)


def beijing(*when):
    return datetime(*when, tzinfo=OFFICIAL_TIME)


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (beijing(2026, 11, 13, 23, 59, 59), Phase.SCHEDULED),
        (beijing(2026, 11, 14, 0, 0), Phase.OPEN),
        (beijing(2026, 12, 14, 23, 59, 59), Phase.OPEN),
        (beijing(2026, 12, 15, 0, 0), Phase.CLOSED),
        (datetime(2026, 12, 14, 15, 59, 59, tzinfo=UTC), Phase.OPEN),
        (datetime(2026, 12, 14, 16, 0, tzinfo=UTC), Phase.CLOSED),
    ],
)
def test_the_closing_day_counts_to_24_00_official_time(at, phase):
    assert phase_of(OPENS, CLOSES, at=at) is phase


def test_a_confirmation_counts_for_ever_and_a_missing_one_runs_out():
    limit = beijing(2026, 12, 16)
    before, after = limit - timedelta(seconds=1), limit
    assert intake_of(None, limit, at=before) is Intake.SUBMITTED
    assert intake_of(None, limit, at=after) is Intake.EXPIRED
    assert intake_of(before, limit, at=after) is Intake.CONFIRMED


def test_a_round_closes_by_the_clock_alone():
    assert standing(Stage.CONSULTING, CLOSES, at=beijing(2026, 12, 14, 23)) is Stage.CONSULTING
    assert standing(Stage.CONSULTING, CLOSES, at=beijing(2026, 12, 15)) is Stage.CONSULTATION_CLOSED
    assert standing(Stage.DRAFTING, CLOSES, at=beijing(2026, 12, 15)) is Stage.DRAFTING


# What a matter must have been through before it can be decided: domain brief, section 3.
@given(st.lists(st.sampled_from(sorted(Stage)), max_size=12))
def test_no_path_reaches_a_decision_without_review(choices):
    path = [Stage.CATALOGUED]
    for to in choices:
        if may_follow(path[-1], to):
            path.append(to)
    if Stage.DECIDED in path:
        assert Stage.UNDER_REVIEW in path[: path.index(Stage.DECIDED)]
    if Stage.PUBLISHED in path:
        assert Stage.DECIDED in path


def test_every_stage_is_reachable_and_the_last_two_are_ends():
    reached, frontier = {Stage.CATALOGUED}, [Stage.CATALOGUED]
    while frontier:
        new = TRANSITIONS[frontier.pop()] - reached
        reached |= new
        frontier += new
    assert reached == set(Stage)
    assert {stage for stage, to in TRANSITIONS.items() if not to} == {
        Stage.PUBLISHED,
        Stage.WITHDRAWN,
    }
