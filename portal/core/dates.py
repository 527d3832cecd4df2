"""Days as people read them; official time."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def official_day(value: date | datetime) -> date:
    """Return the official calendar day of a day or an instant."""
    return timezone.localdate(value) if isinstance(value, datetime) else value


def midnight_after(at: datetime) -> datetime:
    """Return when the official day of an instant ends."""
    tomorrow = timezone.localtime(at) + timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0)


def day_in_words(value: date | datetime | None, beside: date | datetime | None = None) -> str:
    """Return a day in words; its year is left out when it is the year of `beside`."""
    if value is None:
        return ""
    on = official_day(value)
    same_year = beside is not None and official_day(beside).year == on.year
    # Translators: a Django date format; Chinese uses n月j日 and Y年n月j日.
    return _written(on, _("j M") if same_year else _("j M Y"), get_language())


@lru_cache(maxsize=2000)
def _written(on: date, pattern: str, language: str | None) -> str:
    """Write a day; the language decides the names of months."""
    return formats.date_format(on, pattern)


def minute_in_words(value: datetime | None) -> str:
    """Return an instant in words, to the minute, official time."""
    if value is None:
        return ""
    # Translators: a Django date format; Chinese uses Y年n月j日H:i.
    return formats.date_format(timezone.localtime(value), _("j M Y, H:i"))


def deadline_in_words(closes_on: date | None, beside: date | datetime | None = None) -> str:
    """Return the end of a closing day in words, which counts to 24:00."""
    return _("24:00 on %(day)s") % {"day": day_in_words(closes_on, beside)} if closes_on else ""
