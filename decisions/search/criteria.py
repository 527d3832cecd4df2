"""What a reader asks the archive: read strictly from an address, written back to one; pure."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from consultations.lifecycle import Outcome, Stage
from consultations.models.topic import Topic
from decisions.models.archive import UnitKind
from decisions.search.language import UnreadableError, read_question
from decisions.search.periods import EARLIEST_YEAR, LATEST_YEAR, Days
from decisions.search.question import DateField, Node, spoken
from decisions.search.text import Segment, Segments

LONGEST_QUESTION = 512
PAGE_SIZE = 20
# The engine counts pages only up to 10,000 results.
LAST_PAGE = 10_000 // PAGE_SIZE
MOST_VALUES = 50
LONGEST_CODE = 50
LARGEST_CATEGORY = 32_767
# What words copied from a paper or a table may carry between them: no XML, file or subject of a
# mail has a place for it.
_CONTROLS = re.compile("[\x01-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")


class BadQuestionError(ValueError):
    """The address asks for something that cannot be; the message is a sentence for the reader.

    Attributes:
        marked: the words asked for with the place of the trouble marked, where there is one.
        names: the parameters in which the trouble is, where a reader wrote them.

    """

    def __init__(self, message: str, marked: Segments = (), *, names: tuple[str, ...] = ()) -> None:
        """Keep the place."""
        super().__init__(message)
        self.marked = marked
        self.names = names


class NoSuchPageError(ValueError):
    """The address asks for a page of results that is not there; the message is for the reader."""


class Sort(StrEnum):
    """The order of results."""

    RELEVANCE = "relevance"
    DATE = "date"
    OPINIONS = "opinions"


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


# How one value of each facet is read; the order is the one of addresses.
FACETS: dict[str, Any] = {
    "year": _year,
    "stage": Stage,
    "unit": _code,
    "topic": Topic,
    "category": _category,
    "kind": UnitKind,
    "outcome": Outcome,
}
# By the name in an address: which day, and whether the span begins or ends with it.
DATES: dict[str, tuple[DateField, int]] = {
    f"{field.value.removesuffix('_on')}_{end}": (field, place)
    for field in DateField
    for place, end in enumerate(("from", "to"))
}
PARAMETERS = frozenset({"q", "sort", "page", *FACETS, *DATES})


@dataclass(frozen=True)
class Criteria:
    """One question.

    Attributes:
        text: the words, stripped; empty lists everything.
        year: catalogue years, any of them.
        stage: stages as the clock has them, any of them.
        unit: codes of drafting units, any of them.
        topic: topic classes, any of them.
        category: numbers of decision categories, any of them.
        kind: kinds of material, any of which a matter has; passages shown are of these kinds.
        outcome: outcomes of published answers, any of which a matter has.
        days: spans for some of the days of a matter, each of which has to fit.
        sort: the order as asked for; `order` is the one that results have.
        page: counted from 1.

    """

    text: str = ""
    year: tuple[int, ...] = ()
    stage: tuple[Stage, ...] = ()
    unit: tuple[str, ...] = ()
    topic: tuple[Topic, ...] = ()
    category: tuple[int, ...] = ()
    kind: tuple[UnitKind, ...] = ()
    outcome: tuple[Outcome, ...] = ()
    days: tuple[tuple[DateField, Days], ...] = ()
    sort: Sort = Sort.RELEVANCE
    page: int = 1

    @property
    def first(self) -> int:
        """How many results stand before this page."""
        return (self.page - 1) * PAGE_SIZE

    @cached_property
    def question(self) -> Node | None:
        """What the words mean; None without words.

        Raises:
            UnreadableError: they cannot be read; `read` has asked before.

        """
        return read_question(self.text)

    @property
    def order(self) -> Sort:
        """The order of the results: by date where they are to be ranked and no word could."""
        is_ranked = self.sort is not Sort.RELEVANCE or spoken(self.question)
        return self.sort if is_ranked else Sort.DATE

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
        nothing: dict[str, Any] = dict.fromkeys((*FACETS, "days"), ())
        return replace(self, page=1, **nothing)

    def without_days(self, field: DateField) -> Self:
        """Return the question without the span for one of the days, from its first page."""
        return replace(self, page=1, days=tuple(one for one in self.days if one[0] is not field))

    def pairs(self) -> list[tuple[str, str]]:
        """Return names and values of everything chosen besides words, order and page."""
        chosen = [(facet, str(value)) for facet in FACETS for value in sorted(self.chosen(facet))]
        spans = dict(self.days)
        return chosen + [
            (name, day.isoformat())
            for name, (field, place) in DATES.items()
            if (day := spans.get(field, (None, None))[place])
        ]

    def query_string(self) -> str:
        """Return the question as an address writes it, the same for the same question."""
        pairs: list[tuple[str, object]] = [("q", self.text)] if self.text else []
        pairs += self.pairs()
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
        days=_days(parameters),
        sort=_sort(_single(parameters, "sort", Sort.RELEVANCE)),
        page=_page(_single(parameters, "page", "1")),
        **{facet: _chosen(parameters.get(facet, ()), parse) for facet, parse in FACETS.items()},
    )


def readable(parameters: Mapping[str, Sequence[str]]) -> Criteria:
    """Return what can be read of the parameters of an address that is refused as a whole."""
    kept: dict[str, Sequence[str]] = {}
    for name, values in parameters.items():
        with suppress(BadQuestionError, NoSuchPageError):
            read(kept | {name: values})
            kept[name] = values
    return read(kept)


def _single(parameters: Mapping[str, Sequence[str]], name: str, default: str) -> str:
    values = parameters.get(name, ())
    if len(values) > 1:
        raise BadQuestionError(
            _("This address asks for the same thing twice. Please search again.")
        )
    return values[0] if values else default


def _text(text: str) -> str:
    if "\x00" in text:
        raise BadQuestionError(
            _("The search words contain a character that cannot be searched."), names=("q",)
        )
    if len(text) > LONGEST_QUESTION:
        raise BadQuestionError(
            _("The search words are too long: please use at most %(limit)s characters.")
            % {"limit": LONGEST_QUESTION},
            names=("q",),
        )
    text = _CONTROLS.sub(" ", text)
    try:
        read_question(text)
    except UnreadableError as error:
        raise BadQuestionError(str(error), _marked(text, error.at), names=("q",)) from error
    return text.strip()


def _marked(text: str, at: int) -> Segments:
    """Return a question with one character marked; a blank stands for its end."""
    place = Segment(text[at : at + 1] or "␣", is_match=True)
    return (Segment(text[:at]), place, Segment(text[at + 1 :]))


def _days(parameters: Mapping[str, Sequence[str]]) -> tuple[tuple[DateField, Days], ...]:
    spans: dict[DateField, list[date | None]] = {}
    for name, (field, place) in DATES.items():
        text = _single(parameters, name, "").strip()
        try:
            day = date.fromisoformat(text) if text else None
        except ValueError as error:
            raise BadQuestionError(_("Write a day like 2026-03-01."), names=(name,)) from error
        spans.setdefault(field, [None, None])[place] = day
    for field, (first, last) in spans.items():
        if first and last and first > last:
            raise BadQuestionError(
                _("The first day has to come before the last one."),
                names=tuple(name for name, (of, _place) in DATES.items() if of is field),
            )
    return tuple((field, (span[0], span[1])) for field, span in spans.items() if any(span))


def _sort(text: str) -> Sort:
    try:
        return Sort(text)
    except ValueError as error:
        raise BadQuestionError(
            _("Results can be sorted by relevance, by date or by number of opinions.")
        ) from error


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
