"""Working-day arithmetic over a calendar that is passed in; pure, no database.

The State Council fixes holidays and make-up days year by year, so a weekday is only the guess
used for years it has not announced; a day counted over such a year is an estimate.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import chinese_calendar

IsWorkday = Callable[[date], bool]
_SATURDAY = 5


class Calendar(Protocol):
    """Which days are worked, and of which of them that is known."""

    def __call__(self, day: date) -> bool:
        """Tell whether `day` is worked."""

    def is_known(self, day: date) -> bool:
        """Tell whether that is announced, not guessed."""


@dataclass(frozen=True)
class DueDay:
    """A day counted in working days.

    Attributes:
        on: the day.
        is_estimate: whether a day was counted over whose year is not announced yet.

    """

    on: date
    is_estimate: bool


def announced_workday(day: date) -> bool:
    """Tell whether `day` is worked, by the announced calendar or else Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # the year is not announced yet
        return day.weekday() < _SATURDAY


def is_announced(day: date) -> bool:
    """Tell whether the State Council has announced which days of its year are worked."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


def add_workdays(day: date, count: int, is_workday: IsWorkday = announced_workday) -> date:
    """Return the `count`-th working day after `day`; `day` itself is not counted."""
    if count < 0:
        raise ValueError("count must not be negative")
    while count:
        day += timedelta(days=1)
        if is_workday(day):
            count -= 1
    return day


def on_or_after_workday(day: date, is_workday: IsWorkday = announced_workday) -> date:
    """Return `day` when it is worked, else the next working day."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def due_day(day: date, count: int, calendar: Calendar) -> DueDay:
    """Return the `count`-th working day after `day`, and whether that is an estimate."""
    due = add_workdays(day, count, calendar)
    passed = (day + timedelta(days=one) for one in range(1, (due - day).days + 1))
    return DueDay(due, is_estimate=not all(map(calendar.is_known, passed)))


def workdays_between(first: date, last: date, is_workday: IsWorkday = announced_workday) -> int:
    """Return how many working days lie after `first` up to and with `last`; negative backwards."""
    if last < first:
        return -workdays_between(last, first, is_workday)
    return sum(is_workday(first + timedelta(days=one)) for one in range(1, (last - first).days + 1))


def last_day_due_before(day: date, count: int, is_workday: IsWorkday = announced_workday) -> date:
    """Return the last day whose `count`-th working day lies before `day`."""
    start = day - timedelta(days=1)
    while add_workdays(start, count, is_workday) >= day:
        start -= timedelta(days=1)
    return start
