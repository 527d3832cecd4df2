"""What a reader asks the archive: read strictly from an address, written back to one; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from consultations.lifecycle import Stage

LONGEST_QUESTION = 512
PAGE_SIZE = 20
# The engine counts pages only up to 10,000 results.
LAST_PAGE = 10_000 // PAGE_SIZE
MOST_VALUES = 50
EARLIEST_YEAR, LATEST_YEAR = 1949, 9999
LONGEST_CODE = 50
LARGEST_CATEGORY = 32_767


class BadQuestionError(ValueError):
    """The address asks for something that cannot be; the message is a sentence for the reader."""


class NoSuchPageError(ValueError):
    """The address asks for a page of results that is not there; the message is for the reader."""


class Sort(StrEnum):
    """The order of results."""

    RELEVANCE = "relevance"
    DATE = "date"


def _year(text: str) -> int:
    year = _number(text)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(text)
    return year


def _category(text: str) -> int:
    number = _number(text)
    if number > LARGEST_CATEGORY:
        raise ValueError(text)
    return number


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004
        raise ValueError(text)
    return int(text)


def _code(text: str) -> str:
    if not 0 < len(text) <= LONGEST_CODE or not text.replace("-", "a").replace("_", "a").isalnum():
        raise ValueError(text)
    return text


# How one value of each facet is read; the order is the one of the page.
FACETS: dict[str, Any] = {"year": _year, "stage": Stage, "unit": _code, "category": _category}
PARAMETERS = frozenset({"q", "sort", "page", *FACETS})


@dataclass(frozen=True)
class Criteria:
    """One question.

    Attributes:
        text: the words, stripped; empty lists everything.
        year: catalogue years, any of them.
        stage: stages as the clock has them, any of them.
        unit: codes of drafting units, any of them.
        category: numbers of decision categories, any of them.
        sort: the order; without words it is always by date.
        page: counted from 1.

    """

    text: str = ""
    year: tuple[int, ...] = ()
    stage: tuple[Stage, ...] = ()
    unit: tuple[str, ...] = ()
    category: tuple[int, ...] = ()
    sort: Sort = Sort.RELEVANCE
    page: int = 1

    @property
    def first(self) -> int:
        """How many results stand before this page."""
        return (self.page - 1) * PAGE_SIZE

    @property
    def is_by_date(self) -> bool:
        """Tell whether results are ordered by date."""
        return self.sort is Sort.DATE or not self.text

    def chosen(self, facet: str) -> tuple[Any, ...]:
        """Return the chosen values of a facet."""
        values: tuple[Any, ...] = getattr(self, facet)
        return values

    def toggled(self, facet: str, value: Any) -> Self:
        """Return the question with one facet value added or taken away, from its first page."""
        chosen = self.chosen(facet)
        rest = tuple(one for one in chosen if one != value)
        change: dict[str, Any] = {facet: rest if value in chosen else (*chosen, value)}
        return replace(self, page=1, **change)

    def sorted_by(self, sort: Sort) -> Self:
        """Return the question in another order, from its first page."""
        return replace(self, sort=sort, page=1)

    def on_page(self, page: int) -> Self:
        """Return the question for another page."""
        return replace(self, page=page)

    def without_facets(self) -> Self:
        """Return the question with its words alone."""
        nothing: dict[str, Any] = dict.fromkeys(FACETS, ())
        return replace(self, page=1, **nothing)

    def query_string(self) -> str:
        """Return the question as an address writes it, the same for the same question."""
        pairs: list[tuple[str, object]] = [("q", self.text)] if self.text else []
        for facet in FACETS:
            pairs += [(facet, value) for value in sorted(self.chosen(facet))]
        if self.sort is not Sort.RELEVANCE:
            pairs.append(("sort", self.sort))
        if self.page > 1:
            pairs.append(("page", self.page))
        return f"?{urlencode(pairs)}" if pairs else "?"


def read(parameters: Mapping[str, Sequence[str]]) -> Criteria:
    """Read the parameters of an address.

    Args:
        parameters: every value of every name, as `QueryDict.lists` gives them.

    Raises:
        BadQuestionError: an unknown name, a value that cannot be, or too many of them.
        NoSuchPageError: a page number no result can stand on.

    """
    if set(parameters) - PARAMETERS:
        raise BadQuestionError(
            _("This address asks for something the archive does not know. Please search again.")
        )
    return Criteria(
        text=_text(_single(parameters, "q", "")),
        sort=_sort(_single(parameters, "sort", Sort.RELEVANCE)),
        page=_page(_single(parameters, "page", "1")),
        **{facet: _chosen(parameters.get(facet, ()), parse) for facet, parse in FACETS.items()},
    )


def _single(parameters: Mapping[str, Sequence[str]], name: str, default: str) -> str:
    values = parameters.get(name, ())
    if len(values) > 1:
        raise BadQuestionError(
            _("This address asks for the same thing twice. Please search again.")
        )
    return values[0] if values else default


def _text(text: str) -> str:
    if "\x00" in text:
        raise BadQuestionError(_("The search words contain a character that cannot be searched."))
    if len(text) > LONGEST_QUESTION:
        raise BadQuestionError(
            _("The search words are too long: please use at most %(limit)s characters.")
            % {"limit": LONGEST_QUESTION}
        )
    return text.strip()


def _sort(text: str) -> Sort:
    try:
        return Sort(text)
    except ValueError as error:
        raise BadQuestionError(_("Results can be sorted by relevance or by date.")) from error


def _page(text: str) -> int:
    try:
        page = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0  # noqa: PLR2004
    except ValueError:
        page = 0
    if page < 1:
        raise BadQuestionError(_("Pages of results are numbered from 1."))
    if page > LAST_PAGE:
        raise NoSuchPageError(
            _("There is no such page of results. Please narrow the search instead.")
        )
    return page


def _chosen(texts: Sequence[str], parse: Any) -> tuple[Any, ...]:
    try:
        values = tuple(dict.fromkeys(parse(text) for text in texts))
    except ValueError as error:
        raise BadQuestionError(
            _("One of the filters in this address is not valid. Please choose it again.")
        ) from error
    if len(values) > MOST_VALUES:
        raise BadQuestionError(_("Please choose fewer filters."))
    return values
