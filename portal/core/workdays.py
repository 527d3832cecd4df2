"""Working-day arithmetic over a calendar that is passed in; pure, no database.

The State Council fixes holidays and make-up days year by year, so a weekday is only the guess
used for years it has not announced.
"""

from collections.abc import Callable
from datetime import date, timedelta

import chinese_calendar

IsWorkday = Callable[[date], bool]
_SATURDAY = 5


def announced_workday(day: date) -> bool:
    """Tell whether `day` is worked, by the announced calendar or else Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # the year is not announced yet
        return day.weekday() < _SATURDAY


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
