"""Where the list of contents 目录 of a draft ends; its entries look like headings and articles."""

from collections import Counter
from collections.abc import Iterable

from portal.core.drafting.lines import Form, Line
from portal.core.drafting.marks import (
    LONGEST_ENTRY,
    Heading,
    Place,
    article_mark,
    close,
    has_page_number,
    heading_of,
    is_contents_title,
    without_page_number,
)


class Contents:
    """Tells line after line whether it belongs to the list."""

    def __init__(self, lines: Iterable[Line]) -> None:
        """Look ahead: an entry comes a second time, as what it leads to."""
        marks = (article_mark(line.text) for line in lines if line.form is Form.TEXT)
        self._times_named = Counter(mark.place for mark in marks if mark)
        self._is_open = False
        self._first: Heading | None = None
        self._named: set[Place] = set()

    def holds(self, line: Line, *, has_begun: bool) -> bool:
        """Tell whether the next line belongs to the list.

        Args:
            line: each line once, in order.
            has_begun: whether an article came before; a list without a title stands above all.

        """
        if is_contents_title(line):
            self._is_open, self._first, self._named = True, None, set()
            return True
        self._is_open = self._is_open and self._is_entry(line)
        return self._is_open or (not has_begun and self._shows_page(line))

    def _is_entry(self, line: Line) -> bool:
        heading = heading_of(without_page_number(line))
        if heading:
            return not self._is_first_again(heading)
        if has_page_number(line):
            return True
        if len(line.text) > LONGEST_ENTRY or line.level or line.text[-1] in "。；：":
            return False
        mark = article_mark(line.text)
        if mark is None:
            return self._first is not None
        is_new = mark.place not in self._named
        self._named.add(mark.place)
        return is_new and self._times_named[mark.place] > 1

    def _is_first_again(self, heading: Heading) -> bool:
        """Tell whether the text begins: its first heading is the first entry."""
        first = self._first
        if first is None:
            self._first = heading
            return False
        if heading.number or first.number:
            return (heading.level, heading.number) == (first.level, first.number)
        return close(heading.printed) == close(first.printed)

    @staticmethod
    def _shows_page(line: Line) -> bool:
        if not has_page_number(line):
            return False
        entry = without_page_number(line)
        return heading_of(entry) is not None or article_mark(entry.text) is not None
