"""The text of a draft as lines, from plain text, Markdown or clean HTML; marks are no text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from html.parser import HTMLParser

CELLS = " | "


class Form(Enum):
    """How a line stands in the document."""

    TEXT = "text"
    TABLE = "table"
    NOTE = "note"
    PICTURE = "picture"


@dataclass(frozen=True)
class Line:
    """One paragraph, or one line of it, or a whole table.

    Attributes:
        text: without blanks around it.
        level: of the heading that its style makes it, 1 to 6; 0 for none.
        bold: the words in bold type at its beginning, if others follow or stand alone.
        is_listed: whether the document numbers it by itself.
        form: how it stands.

    """

    text: str
    level: int = 0
    bold: str = ""
    is_listed: bool = False
    form: Form = Form.TEXT


# Signs that are seen nowhere: byte order mark, zero width spaces, soft hyphen, controls.
_UNSEEN = dict.fromkeys(
    [*range(9), *range(14, 28), 0x7F, 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF]
)


def seen(text: str) -> str:
    """Return a text without the signs that nobody sees and without blanks around it."""
    return text.translate(_UNSEEN).strip()


def lines_of_text(text: str) -> list[Line]:
    """Return the lines of a plain text that are not blank."""
    return [Line(line) for raw in text.splitlines() if (line := seen(raw))]


_COMMENT = re.compile(r"<!--[^<>]*-->")
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_RULE = re.compile(r"[\s:|-]+")


def lines_of_markdown(text: str) -> list[Line]:
    """Return the lines of a text with the marks of Markdown: headings, bold type, tables."""
    lines: list[Line] = []
    rows: list[str] = []
    for raw in _COMMENT.sub("", text).splitlines():
        line = seen(raw)
        if line.startswith("|"):
            rows += [] if _RULE.fullmatch(line) else [_row(line)]
            continue
        if rows:
            lines.append(Line("\n".join(rows), form=Form.TABLE))
            rows = []
        if line:
            lines.append(_markdown_line(line))
    if rows:
        lines.append(Line("\n".join(rows), form=Form.TABLE))
    return lines


def _row(line: str) -> str:
    return CELLS.join(cell.strip() for cell in line.strip("|").split("|"))


def _markdown_line(line: str) -> Line:
    heading = _HEADING.fullmatch(line)
    level, words = (len(heading[1]), heading[2]) if heading else (0, line)
    bold = _BOLD.match(words)
    return Line(seen(_BOLD.sub(r"\1", words)), level, seen(bold[1]) if bold else "")


def lines_of_html(html: str) -> list[Line]:
    """Return the lines of HTML that holds paragraphs, headings, lists and tables only."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return list(reader.finished())


_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset({"p", "div", "li", "ul", "ol", "br", "blockquote", *_HEADINGS})
_NOTES = ("footnote-", "endnote-")
# What a converter puts behind a note to lead back to its place.
_BACK = "↑"


class _Reader(HTMLParser):
    """Collects lines while tags open and close."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[Line] = []
        self._words: list[str] = []
        self._bold: list[str] = []
        self._level = self._strong = self._tables = self._notes = 0
        self._begins_bold = True
        self._mark = ""
        self._items: list[str] = []
        self._rows: list[list[list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what a tag begins."""
        if tag in _BLOCKS:
            self._end_line()
        if tag in {"strong", "b"}:
            self._strong += 1
        elif tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag == "li":
            self._begin_item(dict(attrs).get("id") or "")
        elif tag == "img":
            self._lines.append(Line("", form=Form.PICTURE))
        else:
            self._begin_in_table(tag)

    def _begin_item(self, name: str) -> None:
        is_note = name.startswith(_NOTES) and "-ref" not in name
        self._items.append("note" if is_note else "item")
        if is_note:
            self._notes += 1
            self._mark = f"[{self._notes}] "

    def _begin_in_table(self, tag: str) -> None:
        if tag == "table":
            self._end_line()
            self._tables += 1
        elif self._tables == 1 and tag == "tr":
            self._rows.append([])
        elif self._tables == 1 and tag in {"td", "th"}:
            self._end_line()
            if not self._rows:
                self._rows.append([])
            self._rows[-1].append([])

    def handle_endtag(self, tag: str) -> None:
        """End what a tag ends."""
        if tag in _BLOCKS or tag in {"td", "th", "tr", "table"}:
            self._end_line()
        if tag in {"strong", "b"}:
            self._strong = max(0, self._strong - 1)
        elif tag in _HEADINGS:
            self._level = 0
        elif tag == "li" and self._items:
            self._items.pop()
        elif tag == "table" and self._tables:
            self._tables -= 1
            if not self._tables:
                self._end_table()

    def handle_data(self, data: str) -> None:
        """Keep words, and whether the first of them are bold."""
        self._begins_bold = self._begins_bold and (self._strong > 0 or not data.strip())
        if self._begins_bold:
            self._bold.append(data)
        self._words.append(data)

    def finished(self) -> Iterator[Line]:
        """Yield all lines after the last tag."""
        self._end_line()
        self._end_table()
        yield from self._lines

    def _end_line(self) -> None:
        text, bold = seen("".join(self._words)), seen("".join(self._bold))
        self._words, self._bold, self._begins_bold = [], [], True
        if not text:
            return
        if self._tables and self._rows and self._rows[-1]:
            self._rows[-1][-1].append(text)
            return
        item = self._items[-1] if self._items else ""
        if item == "note":
            text = self._mark + seen(text.removesuffix(_BACK))
            self._mark = ""
            self._lines.append(Line(text, form=Form.NOTE))
        else:
            self._lines.append(Line(text, self._level, bold, is_listed=item == "item"))

    def _end_table(self) -> None:
        rows, self._rows = [row for row in self._rows if row], []
        if not any(cell for row in rows for cell in row):
            return
        if max(len(row) for row in rows) == 1:
            # A table of one column is a frame around text.
            self._lines += [Line(text) for row in rows for text in row[0]]
            return
        text = "\n".join(CELLS.join(" ".join(cell) for cell in row) for row in rows)
        self._lines.append(Line(text, form=Form.TABLE))
