"""Masking, outcomes and the story: what the public is told, as pure functions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.compliance.opinion import outcome_of_opinion
from consultations.lifecycle import Outcome, Stage, Step
from consultations.masking import masked_name
from consultations.story import MatterEvent, steps_of, stories


@pytest.mark.parametrize(
    ("name", "shown"),
    [("王小明", "王**"), ("欧阳修", "欧阳**"), (" 李 ", "李**"), ("王**", "王**")],
)
def test_a_name_without_consent_shows_the_surname_only(name, shown):
    assert masked_name(name) == shown


@given(st.text(min_size=4, max_size=50).filter(lambda name: len(name.strip()) > 3))
def test_no_mask_shows_more_than_a_compound_surname(name):
    assert len(masked_name(name).removesuffix("**")) <= 2


@pytest.mark.parametrize(
    ("outcomes", "counted"),
    [
        ([], None),
        (["adopted", ""], None),
        (["adopted", "adopted"], Outcome.ADOPTED),
        (["adopted", "not_adopted"], Outcome.PARTLY_ADOPTED),
        (["noted", "partly_adopted"], Outcome.PARTLY_ADOPTED),
        (["noted", "not_adopted"], Outcome.NOT_ADOPTED),
        (["out_of_scope"], Outcome.OUT_OF_SCOPE),
    ],
)
def test_an_opinion_with_several_points_is_counted_once(outcomes, counted):
    assert outcome_of_opinion(outcomes) == counted


@given(st.sampled_from(sorted(Stage)))
def test_the_steps_run_done_now_later_in_this_order(stage):
    states = [state.state for state in steps_of(stage)]
    assert len(states) == 5
    assert states == sorted(states, key=["done", "now", "later"].index)
    assert states.count("now") <= 1


def test_each_step_tells_its_own_events_oldest_first():
    late = MatterEvent(Step.CONSULTATION, date(2026, 12, 1), "closed")
    early = MatterEvent(Step.CONSULTATION, date(2026, 11, 1), "opened")
    told = stories(steps_of(Stage.CONSULTATION_CLOSED), [late, early])
    assert [len(story.events) for story in told] == [0, 2, 0, 0, 0]
    assert told[1].events == (early, late)
