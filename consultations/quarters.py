"""The quarter of a year, as catalogues plan a decision; pure."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import IntegerChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MONTHS = 3
_IN_WORDS = re.compile(
    r"(?P<year>20\d\d)\D{0,8}?(?P<quarter>[1-4一二三四])\s*季度?"
    r"|(?P<year_first>20\d\d)\s*[-/ ]?\s*[Qq](?P<quarter_last>[1-4])"
)
_IN_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4}


class Quarter(IntegerChoices):
    """A quarter of the year, as catalogues plan."""

    FIRST = 1, _("first quarter")
    SECOND = 2, _("second quarter")
    THIRD = 3, _("third quarter")
    FOURTH = 4, _("fourth quarter")


@dataclass(frozen=True, order=True)
class PlannedQuarter:
    """A quarter of a certain year."""

    year: int
    quarter: int

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the quarter in which a day lies."""
        return cls(day.year, (day.month - 1) // MONTHS + 1)

    @classmethod
    def from_key(cls, key: str) -> Self:
        """Return the quarter of a key, like 2026-4.

        Raises:
            ValueError: it is no such key.

        """
        year, quarter = key.split("-")
        return cls(int(year), Quarter(int(quarter)))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the quarter that somebody wrote: 2026年第四季度, 2026Q4 or a day, 2026-12-31."""
        try:
            return cls.of(date.fromisoformat(text))
        except ValueError:
            found = _IN_WORDS.search(text)
        if found is None:
            return None
        quarter = found["quarter"] or found["quarter_last"]
        return cls(
            int(found["year"] or found["year_first"]), _IN_CHINESE.get(quarter) or int(quarter)
        )

    @property
    def key(self) -> str:
        """How forms name it."""
        return f"{self.year}-{self.quarter}"

    @property
    def label(self) -> str:
        """The planned time as the catalogue prints it, like 2026年第四季度."""
        words = {"quarter": Quarter(self.quarter).label, "year": self.year}
        return gettext("%(quarter)s %(year)s") % words

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, (self.quarter - 1) * MONTHS + 1, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        month = self.quarter * MONTHS
        return date(self.year, month, calendar.monthrange(self.year, month)[1])
