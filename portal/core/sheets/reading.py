"""From a workbook that somebody chose to rows of text, or one sentence that says what to do."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.confined import confined
from portal.core.uploads import MOST_BYTES, MOST_MEGABYTES, shown_name
from portal.core.uploads.kinds import ZIP_SIGNATURE
from portal.core.uploads.names import ending_of
from portal.core.uploads.refusal import ACTIVE, EMBEDDED, PROTECTED, TOO_FULL, Unfit
from portal.core.uploads.word import check_package

# For the file chooser of a browser.
ACCEPT = ".xlsx"
MOST_ROWS = 5_000
MOST_SECONDS = 30

_READER = Path(__file__).with_name("xlsx_reader.py")
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
# The container of Excel before 2007, and of a workbook with a password (MS-CFB 2.2).
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_EMPTY = gettext_lazy("“%(name)s” is empty. Choose the file again.")
_TOO_LARGE = gettext_lazy(
    "“%(name)s” is larger than %(most)s MB. Divide the table, and import one part after the other."
)
_NO_TABLE = gettext_lazy(
    "“%(name)s” is no Excel workbook (xlsx). Save the table as xlsx and choose that."
)
_OLD = gettext_lazy(
    "“%(name)s” is an old Excel file or has a password. Save it as xlsx, without a password, and "
    "choose that."
)
_ACTIVE = gettext_lazy(
    "“%(name)s” holds macros, which we do not take. Save it as xlsx without macros and choose that."
)
_EMBEDDED = gettext_lazy(
    "“%(name)s” holds other files or is linked to other workbooks or data. Copy its cells into the "
    "template as values and choose that."
)
_TOO_FULL = gettext_lazy(
    "“%(name)s” would become far too large when it is opened. Copy its cells into the template and "
    "choose that."
)
_UNREADABLE = gettext_lazy(
    "“%(name)s” cannot be read. Copy its cells into the template and choose that."
)
# Pairs, not a mapping: a sentence in another language would have another place in one.
_OWN = ((ACTIVE, _ACTIVE), (EMBEDDED, _EMBEDDED), (PROTECTED, _OLD), (TOO_FULL, _TOO_FULL))


class SheetRefused(Exception):
    """A file that is no such table; the message is for whoever chose it."""


@dataclass(frozen=True)
class Column:
    """One column that is wanted.

    Attributes:
        key: by which a row gives its cell.
        heading: what the first row says above it.
        is_required: whether the column, and a text in every row, has to be there.
        most: characters that a cell may have.

    """

    key: str
    heading: str
    is_required: bool = False
    most: int = 1_000


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell: the row as Excel numbers it, the heading, a sentence."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True)
class Row:
    """One row: its number as Excel shows it, and the texts of its cells by key."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, key: str) -> str:
        """Return the text of a cell; the empty string where there is none."""
        return self.cells.get(key, "")


@dataclass(frozen=True)
class Table:
    """What was read.

    Attributes:
        rows: those that hold anything, without the headings.
        problems: cells that cannot be taken, in the order of the rows.
        ignored: headings of columns that nobody asked for.

    """

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class RawCell:
    """A cell as it stands in a workbook: its text, and why it cannot be taken, if so."""

    text: str = ""
    problem: str = ""


@dataclass(frozen=True)
class RawRow:
    """A row as it stands in a workbook: its number as Excel shows it, and its cells in order."""

    number: int
    cells: list[RawCell]


def read_rows(upload: UploadedFile) -> list[RawRow]:
    """Return what the first sheet of a workbook holds; the first row is that of its headings.

    Raises:
        SheetRefused: it is no workbook or a dangerous one, or it has more than 5,000 rows.

    """
    name = shown_name(upload.name or "")
    try:
        content = _looked_through(upload)
    except Unfit as unfit:
        raise SheetRefused(str(unfit.about(name))) from unfit
    answer = confined(_READER, content, seconds=MOST_SECONDS)
    if not answer:
        raise SheetRefused(_UNREADABLE % {"name": name})
    found = json.loads(answer)
    if not found:
        raise SheetRefused(_EMPTY % {"name": name})
    if len(found) > MOST_ROWS + 1:
        raise SheetRefused(
            _(
                "The table has more than %(most)s rows. Divide it, and import one part after the "
                "other."
            )
            % {"most": MOST_ROWS}
        )
    return [
        RawRow(number, [RawCell(text, _problem(kind)) for kind, text in cells])
        for number, cells in found
    ]


def read_xlsx(upload: UploadedFile, columns: Sequence[Column]) -> Table:
    """Read the first sheet of a workbook, whose first row that holds anything has the headings.

    Days come as 2026-03-01, numbers without a needless fraction, everything without the blanks
    around it. Empty rows are passed over.

    Raises:
        SheetRefused: it is no workbook or a dangerous one, a required column is missing, or it
            has more than 5,000 rows.

    """
    headings, *rows = read_rows(upload)
    return _table([cell.text for cell in headings.cells], rows, columns)


def _looked_through(upload: UploadedFile) -> bytes:
    """Return the bytes of a workbook that may be read."""
    if not upload.size:
        raise Unfit(_EMPTY)
    if upload.size > MOST_BYTES:
        raise Unfit(_TOO_LARGE, most=MOST_MEGABYTES)
    upload.seek(0)
    content = upload.read()
    if content.startswith(_COMPOUND_FILE):
        raise Unfit(_OLD)
    if ending_of(upload.name or "") == "xlsm":
        raise Unfit(_ACTIVE)
    if not content.startswith(ZIP_SIGNATURE) or ending_of(upload.name or "") != "xlsx":
        raise Unfit(_NO_TABLE)
    try:
        check_package(content, main=_MAIN)
    except Unfit as unfit:
        own = next((own for general, own in _OWN if general is unfit.sentence), _UNREADABLE)
        raise Unfit(own) from unfit
    return bytes(content)


def _table(headings: list[str], rows: Sequence[RawRow], columns: Sequence[Column]) -> Table:
    """Put the cells under the columns that are wanted."""
    places = _places(headings, columns)
    table = Table(ignored=_ignored(headings, columns))
    for row in rows:
        texts: dict[str, str] = {}
        for column in columns:
            place = places.get(column.key)
            is_there = place is not None and place < len(row.cells)
            cell = row.cells[place] if is_there and place is not None else RawCell()
            texts[column.key] = cell.text
            sentence = cell.problem or _sentence(column, cell.text)
            if sentence:
                table.problems.append(Problem(row.number, column.heading, sentence))
        if any(texts.values()):
            table.rows.append(Row(row.number, texts))
    return table


def _places(headings: list[str], columns: Sequence[Column]) -> dict[str, int]:
    """Return where each column stands."""
    found = [_bare(text) for text in headings]
    doubled = [one.heading for one in columns if found.count(_bare(one.heading)) > 1]
    if doubled:
        raise SheetRefused(
            _("The table has these columns twice: %(columns)s.") % {"columns": _listed(doubled)}
        )
    places = {
        one.key: found.index(_bare(one.heading)) for one in columns if _bare(one.heading) in found
    }
    missing = [one.heading for one in columns if one.is_required and one.key not in places]
    if missing:
        raise SheetRefused(
            _("The first row lacks these headings: %(columns)s. Take the template.")
            % {"columns": _listed(missing)}
        )
    return places


def _ignored(headings: list[str], columns: Sequence[Column]) -> tuple[str, ...]:
    wanted = {_bare(one.heading) for one in columns}
    return tuple(text for text in headings if text and _bare(text) not in wanted)


def _problem(kind: str) -> str:
    """Return why a cell of a kind cannot be taken, or the empty string."""
    if kind == "formula":
        return _("This is a formula. Put in its result as a value.")
    if kind == "error":
        return _("This is an error of the table program. Put in the value that is meant.")
    return ""


def _sentence(column: Column, text: str) -> str:
    """Return what is wrong with a text in a column, or the empty string."""
    if column.is_required and not text:
        return _("This must be filled in.")
    if len(text) > column.most:
        return _("This is longer than %(most)s characters.") % {"most": column.most}
    return ""


def _bare(heading: str) -> str:
    """Return a heading without blanks and the marks that a template puts to it."""
    return re.sub(r"[\s*＊]", "", heading).casefold()


def _listed(headings: Sequence[str]) -> str:
    return _(", ").join(headings)
