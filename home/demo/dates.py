"""Where the demo's days fall, counted from the day it is made; pure, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from consultations.lifecycle import OFFICIAL_TIME
from portal.core.workdays import IsWorkday, announced_workday, on_or_after_workday

OPENING = time(9, 0)
MORNING = time(10, 0)
AFTERNOON = time(15, 30)
# The hours at which people write, one after another.
WRITING_HOURS: Sequence[time] = (
    time(9, 42),
    time(20, 15),
    time(11, 8),
    time(15, 36),
    time(19, 27),
    time(10, 21),
    time(16, 50),
)
# The hours of a counter, a telephone or a postroom.
OFFICE_HOURS: Sequence[time] = (time(9, 30), time(14, 40), time(10, 55), time(16, 5))


def at_time(day: date, hour: time = MORNING) -> datetime:
    """Return an instant of a day, official time."""
    return datetime.combine(day, hour, tzinfo=OFFICIAL_TIME)


def spread(count: int, first: date, last: date) -> list[date]:
    """Return `count` days in order, evenly between two days, both of which may be among them."""
    length = (last - first).days
    return [first + timedelta(days=round(length * n / max(count - 1, 1))) for n in range(count)]


@dataclass(frozen=True)
class DemoCalendar:
    """Turns offsets in days, negative for the past, into the days they stand for.

    Attributes:
        today: the day the demo is made, from which all is counted.
        is_workday: the work calendar.

    """

    today: date
    is_workday: IsWorkday = announced_workday

    def day(self, offset: int) -> date:
        """Return the very day."""
        return self.today + timedelta(days=offset)

    def office_day(self, offset: int, *, after: date | None = None) -> date:
        """Return the day or, if the office is closed, the next working day.

        What is past stays past, even if that means a day on which the office is closed.

        Args:
            offset: days from today.
            after: a day that has to be over, for acts that holidays would push onto it.

        """
        day = self.day(offset)
        if after is not None and day <= after:
            day = after + timedelta(days=1)
        moved = on_or_after_workday(day, self.is_workday)
        return day if offset < 0 and moved >= self.today else moved

    def years_before(self, offset: int, years: int) -> date:
        """Return the working day on or after the same day of an earlier year."""
        day = self.day(offset)
        try:
            then = day.replace(year=day.year - years)
        except ValueError:  # 29 February
            then = day.replace(year=day.year - years, day=28)
        return on_or_after_workday(then, self.is_workday)

    def opening_day(self, offset: int) -> date:
        """Return the day or the last working day before it, so that a period never shrinks."""
        day = self.day(offset)
        while not self.is_workday(day):
            day -= timedelta(days=1)
        return day

    def counter_day(self, day: date, earliest: date) -> date:
        """Return the last working day up to `day`, on which staff entered what came in."""
        worked = day
        while worked > earliest and not self.is_workday(worked):
            worked -= timedelta(days=1)
        return worked

    def last_day_to_write(self, closes_on: date) -> date:
        """Return the last day on which somebody can have written: never today or later."""
        return min(closes_on, self.today - timedelta(days=1))
