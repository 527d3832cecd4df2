"""The validity of a decision: a table a lawyer can read, and what holds for any dates."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.lifecycle import Pause, Validity, ValidityFacts, validity_of


def on(text):
    """A day of 2026, written like 09-01."""
    return date.fromisoformat(f"2026-{text}")


SINCE_MAY = ValidityFacts(effective_on=on("05-01"))
UNTIL_AUGUST = replace(SINCE_MAY, expires_on=on("08-31"))
PAUSED = replace(SINCE_MAY, pauses=(Pause(on("06-01"), on("07-01")), Pause(on("09-01"))))

CASES = [
    ("施行前一日", SINCE_MAY, "04-30", Validity.NOT_YET_EFFECTIVE),
    ("施行当日", SINCE_MAY, "05-01", Validity.IN_FORCE),
    ("有效期最后一日", UNTIL_AUGUST, "08-31", Validity.IN_FORCE),
    ("有效期满次日", UNTIL_AUGUST, "09-01", Validity.EXPIRED),
    ("中止前一日", PAUSED, "05-31", Validity.IN_FORCE),
    ("中止当日", PAUSED, "06-01", Validity.SUSPENDED),
    ("恢复前一日", PAUSED, "06-30", Validity.SUSPENDED),
    ("恢复当日", PAUSED, "07-01", Validity.IN_FORCE),
    ("再次中止，尚未恢复", PAUSED, "12-31", Validity.SUSPENDED),
    ("修改决定施行前一日", replace(SINCE_MAY, amended_on=on("07-01")), "06-30", Validity.IN_FORCE),
    ("修改决定施行当日", replace(SINCE_MAY, amended_on=on("07-01")), "07-01", Validity.AMENDED),
    ("修改后期满", replace(UNTIL_AUGUST, amended_on=on("07-01")), "09-01", Validity.EXPIRED),
    ("修改后中止", replace(PAUSED, amended_on=on("05-15")), "06-01", Validity.SUSPENDED),
    ("废止前一日", replace(SINCE_MAY, repealed_on=on("07-01")), "06-30", Validity.IN_FORCE),
    ("废止当日", replace(SINCE_MAY, repealed_on=on("07-01")), "07-01", Validity.REPEALED),
    ("中止期间废止", replace(PAUSED, repealed_on=on("06-15")), "06-15", Validity.REPEALED),
    ("施行前废止", replace(SINCE_MAY, repealed_on=on("04-01")), "04-02", Validity.REPEALED),
    ("期满前废止", replace(UNTIL_AUGUST, repealed_on=on("08-01")), "09-01", Validity.REPEALED),
    ("期满后废止", replace(UNTIL_AUGUST, repealed_on=on("09-15")), "09-20", Validity.EXPIRED),
]


@pytest.mark.parametrize(
    ("facts", "day", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CASES]
)
def test_the_validity_on_a_day(facts, day, expected):
    assert validity_of(facts, on=on(day)) is expected


def test_every_validity_is_among_the_cases():
    assert {case[3] for case in CASES} == set(Validity)


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
maybe = st.none() | days
pauses = st.lists(
    st.builds(
        lambda start, length: Pause(start, start + timedelta(days=length) if length else None),
        days,
        st.integers(0, 400),
    ),
    max_size=3,
).map(tuple)
any_facts = st.builds(ValidityFacts, days, maybe, maybe, maybe, pauses)
ENDED = {Validity.REPEALED, Validity.EXPIRED}


@given(any_facts, days, st.integers(1, 2000))
def test_what_has_ended_never_comes_back_and_never_ends_in_another_way(facts, day, later):
    now = validity_of(facts, on=day)
    if now in ENDED:
        assert validity_of(facts, on=day + timedelta(days=later)) is now


@given(any_facts, days)
def test_nothing_is_in_force_before_its_first_day_or_after_its_last(facts, day):
    if validity_of(facts, on=day) in set(Validity) - ENDED - {Validity.NOT_YET_EFFECTIVE}:
        assert facts.effective_on <= day
        assert facts.expires_on is None or day <= facts.expires_on
        assert facts.repealed_on is None or day < facts.repealed_on
