"""Days, months, years and spans of them, as a reader writes them; pure."""

import re
from calendar import monthrange
from datetime import date

EARLIEST_YEAR, LATEST_YEAR = 1949, 9999

_DAY = re.compile(r"(\d{4})(?:[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月?)|年?)", re.ASCII)
_SPAN = re.compile(r"\.\.|至|~|～")

Days = tuple[date | None, date | None]
Years = tuple[int | None, int | None]


def read_day(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of a day, a month or a year; None for anything else."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    if year is None or not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError:
        return None


def read_days(text: str) -> Days | None:
    """Return a span of days, both ends included; None in it is an open end.

    Args:
        text: a day, a month or a year, or two of them with “..” or 至 between, of which one may
            be missing.

    """
    parts = _SPAN.split(text)
    if len(parts) == 1:
        return read_day(text)
    if len(parts) != 2 or not "".join(parts).strip():  # noqa: PLR2004
        return None
    ends = [read_day(part) if part.strip() else None for part in parts]
    if any(part.strip() and end is None for part, end in zip(parts, ends, strict=True)):
        return None
    first, last = (ends[0] and ends[0][0]), (ends[1] and ends[1][1])
    if first and last and first > last:
        return None
    return first, last


def read_years(text: str) -> Years | None:
    """Return a span of years, both ends included; None in it is an open end."""
    if re.search(r"\d[-./]\d", text) or "月" in text:
        return None
    days = read_days(text)
    if days is None:
        return None
    first, last = days
    return first.year if first else None, last.year if last else None
