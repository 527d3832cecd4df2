"""Tables as bytes of XLSX or lines of CSV, in the memory that one row needs."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from portal.core.packing import NO_TIME, undated

Cell = str | int | float | Decimal | date | None

# A program that opens a table takes such text for a formula, a macro call or a command (OWASP,
# “CSV Injection”); the wide forms count in Chinese and Japanese editions.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"
# What Excel takes on one sheet (its specification), and in one cell.
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
WIDTH = 18
_CHUNK = 64 * 1024
# All that XML 1.0 has no place for.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Sheet:
    """One more sheet of a workbook.

    Attributes:
        title: on its tab.
        headings: of its columns.
        rows: below them.

    """

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]


class _Lines:
    """Takes the place of a file: what is written is what the writer returns."""

    def write(self, line: str) -> str:
        return line


def safe_for_csv(text: str) -> str:
    """Return a text that no program takes for a formula.

    One that begins with a sign of `FORMULA_SIGNS`, behind spaces too, gets an apostrophe before it;
    CSV knows no other way to say “text”.
    """
    writable = _UNWRITABLE.sub("", text)
    risky = writable.startswith(FORMULA_SIGNS) or writable.lstrip().startswith(FORMULA_SIGNS)
    return f"'{writable}" if risky else writable


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield a table as CSV (RFC 4180), with the byte order mark by which Excel knows UTF-8.

    Every text is in quotation marks, so that no separator of a locale divides it.
    """
    writer = csv.writer(_Lines(), quoting=csv.QUOTE_NONNUMERIC)
    yield BYTE_ORDER_MARK
    yield writer.writerow([safe_for_csv(str(heading)) for heading in headings])
    for row in rows:
        yield writer.writerow([_for_csv(cell) for cell in row])


def _for_csv(cell: Cell) -> str | int | float | Decimal:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return safe_for_csv(str(cell)) if isinstance(cell, str) else cell


def write_xlsx(
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    title: str = "Sheet",
    widths: Sequence[int] = (),
    further: Iterable[Sheet] = (),
) -> Iterator[bytes]:
    """Yield a workbook, which is put together in a temporary file; the same twice.

    Args:
        headings: of the columns; they stay in sight.
        rows: below them; what does not fit on one sheet goes on to the next.
        title: on the tab.
        widths: of the columns, in characters; the others have 18.
        further: sheets behind the first.

    """
    book = Workbook(write_only=True)
    _fill(book, Sheet(title, headings, rows), widths)
    for sheet in further:
        _fill(book, sheet, ())
    book.properties.created = book.properties.modified = datetime(*NO_TIME)  # noqa: DTZ001 - none
    with TemporaryFile() as place:
        ExcelWriter(book, _Undated(place)).save()
        place.seek(0)
        while chunk := place.read(_CHUNK):
            yield chunk


class _Undated:
    """Takes the place of the ZIP in which a workbook is saved, and says nothing of when."""

    def __init__(self, place: IO[bytes]) -> None:
        self._zip = ZipFile(place, "w", ZIP_DEFLATED)
        self.namelist, self.close = self._zip.namelist, self._zip.close

    def writestr(self, name: str, data: str | bytes) -> None:
        self._zip.writestr(undated(name), data)

    def write(self, filename: str, name: str) -> None:
        info = undated(name)
        info.file_size = Path(filename).stat().st_size
        with Path(filename).open("rb") as source, self._zip.open(info, "w") as target:
            copyfileobj(source, target)


def _fill(book: Any, sheet: Sheet, widths: Sequence[int]) -> None:
    """Write a sheet, and as many after it as its rows need."""
    place: Any = None
    used = MOST_ROWS
    try:
        for row in sheet.rows:
            if used == MOST_ROWS:
                place, used = _begin(book, sheet, widths), 1
            place.append([_cell(place, one) for one in row])
            used += 1
    except BaseException:
        # The rows wait in a file of their own, which only a saved workbook would remove.
        if place is not None:
            place.close()
            place._writer.cleanup()
        raise
    if place is None:
        _begin(book, sheet, widths)


def _begin(book: Any, sheet: Sheet, widths: Sequence[int]) -> Any:
    """Return a new sheet with its headings."""
    place = book.create_sheet(_tab(sheet.title))
    place.freeze_panes = "A2"
    for number, _heading in enumerate(sheet.headings, start=1):
        width = widths[number - 1] if number <= len(widths) else WIDTH
        place.column_dimensions[get_column_letter(number)].width = width
    headings = []
    for heading in sheet.headings:
        cell = _cell(place, str(heading))
        cell.font = Font(bold=True)
        headings.append(cell)
    place.append(headings)
    return place


def _tab(title: str) -> str:
    """Return a title as a tab may have it."""
    return re.sub(r"[\\/*?:\[\]]", " ", _UNWRITABLE.sub("", title))[:28].strip("' ") or "Sheet"


def _cell(place: Any, value: Cell) -> Any:
    """Return a cell; text is declared as text, so that nothing takes it for a formula."""
    if isinstance(value, str):
        text = _UNWRITABLE.sub("", value)[:MOST_CHARACTERS]
        cell = WriteOnlyCell(place, text)
        cell.data_type = "s"
        if text.startswith(FORMULA_SIGNS):
            # What an apostrophe says in Excel itself: still text when somebody edits the cell.
            cell.quotePrefix = True
        if "\n" in text:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        return cell
    cell = WriteOnlyCell(place, value)
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell
