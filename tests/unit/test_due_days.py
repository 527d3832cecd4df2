"""Working days over years that are announced and years that are not."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.core.workdays import (
    add_workdays,
    announced_workday,
    due_day,
    is_announced,
    last_day_due_before,
    workdays_between,
)

LAST_ANNOUNCED = date(2026, 12, 31)
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
counts = st.integers(0, 40)


class Announced:
    """The announced calendar with own days."""

    def __init__(self, **own):
        self.own = {
            date.fromisoformat(day.strip("d").replace("_", "-")): w for day, w in own.items()
        }

    def __call__(self, day):
        return self.own.get(day, announced_workday(day))

    def is_known(self, day):
        return day in self.own or is_announced(day)


def test_a_year_without_a_notice_counts_monday_to_friday():
    assert is_announced(LAST_ANNOUNCED)
    assert not is_announced(LAST_ANNOUNCED + timedelta(days=1))
    saturday, monday = date(2027, 1, 2), date(2027, 1, 4)
    assert not announced_workday(saturday)
    assert announced_workday(monday)


def test_a_day_counted_into_such_a_year_is_an_estimate():
    assert not due_day(date(2026, 11, 24), 20, Announced()).is_estimate
    late = due_day(date(2026, 12, 16), 20, Announced())
    assert late.is_estimate
    assert late.on.year == 2027


def test_a_day_the_office_entered_itself_is_known():
    own = {f"d2027_01_0{day}": day > 3 for day in range(1, 5)}
    known = due_day(date(2026, 12, 31), 1, Announced(**own))
    assert known.on == date(2027, 1, 4)
    assert not known.is_estimate


@given(days, counts)
def test_the_due_day_is_the_one_that_working_days_count(day, count):
    due = due_day(day, count, Announced())
    assert due.on == add_workdays(day, count)
    assert workdays_between(day, due.on) == count


@given(days, counts)
def test_what_was_due_before_a_day_ends_where_the_next_day_is_not(day, count):
    last = last_day_due_before(day, count)
    assert add_workdays(last, count) < day <= add_workdays(last + timedelta(days=1), count)


@given(days, days)
def test_working_days_between_two_days_are_the_same_backwards(one, other):
    assert workdays_between(one, other) == -workdays_between(other, one)
