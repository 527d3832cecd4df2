"""How many matters of each catalogue year a question finds, as columns to draw; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from decisions.search.criteria import Criteria

# Below this number of years there is no course to see.
FEWEST_YEARS = 2
# Beyond it, years in which nothing was found get no column of their own.
MOST_YEARS = 100
# How wide a column is where there is room, in pixels.
COLUMN_WIDTH = 64


@dataclass(frozen=True)
class Column:
    """One year.

    Attributes:
        year: of the catalogue.
        count: matters found; the choice of years does not narrow it.
        place: from the left, counted from 0.
        percent: height against the tallest.
        is_chosen: whether the question is narrowed to this year, among others perhaps.
        url: the question with this year chosen, or no longer.

    """

    year: int
    count: int
    place: int
    percent: float
    is_chosen: bool
    url: str

    @property
    def top(self) -> float:
        """Where the column begins, from the top, in percent."""
        return 100 - self.percent


@dataclass(frozen=True)
class Trend:
    """The columns from the first year to the last, and the tallest if it is alone."""

    columns: tuple[Column, ...]
    busiest: Column | None

    @property
    def first(self) -> Column:
        """The first year."""
        return self.columns[0]

    @property
    def last(self) -> Column:
        """The last year."""
        return self.columns[-1]

    @property
    def width(self) -> int:
        """How wide the drawing is where there is room, in pixels."""
        return len(self.columns) * COLUMN_WIDTH

    @property
    def is_narrowed(self) -> bool:
        """Whether some of the years are chosen, the others drawn paler then."""
        return any(column.is_chosen for column in self.columns)


def trend_of(criteria: Criteria, counted: Mapping[int, int]) -> Trend | None:
    """Return the course over the years, None when there are too few to have one.

    Args:
        criteria: the question.
        counted: matters by catalogue year, other filters applied.

    """
    found = {year: count for year, count in counted.items() if count}
    if len(found) < FEWEST_YEARS:
        return None
    first, last = min(found), max(found)
    years = range(first, last + 1) if last - first < MOST_YEARS else sorted(found)
    most = max(found.values())
    columns = tuple(
        Column(
            year=year,
            count=found.get(year, 0),
            place=place,
            percent=round(100 * found.get(year, 0) / most, 1),
            is_chosen=year in criteria.year,
            url=criteria.toggled("year", year).query_string(),
        )
        for place, year in enumerate(years)
    )
    tallest = [column for column in columns if column.count == most]
    return Trend(columns, tallest[0] if len(tallest) == 1 else None)
