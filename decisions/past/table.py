"""A table as rows of text: CSV in UTF-8 or GB18030, read a line at a time, or XLSX."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from decisions.past.columns import BY_KEY, COLUMNS, KEY_BY_NAME, bare
from portal.core.sheets import RawCell, RawRow, SheetRefused, read_rows
from portal.core.uploads.names import ending_of, shown_name

# Of the line with the headings.
LONGEST_HEADINGS = 4_000
_CHUNK = 64 * 1024
# What Excel in China writes as CSV, and what it writes as “CSV UTF-8”.
_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS = ",;\t，；"


class TableRefused(Exception):
    """A file that is no such table; the message is for whoever chose it."""


@dataclass(frozen=True)
class TableRow:
    """One row.

    Attributes:
        number: as a table program numbers it.
        cells: texts by key of their column.
        problems: heading and sentence of each cell that cannot be read at all.

    """

    number: int
    cells: dict[str, str]
    problems: list[tuple[str, str]] = field(default_factory=list)

    def __getitem__(self, key: str) -> str:
        """Return the text of a cell; the empty string where there is none."""
        return self.cells.get(key, "")


def rows_of(file: IO[bytes], *, name: str) -> Iterator[TableRow]:
    """Yield the rows of a table below its headings; empty ones are passed over.

    Args:
        file: the table, open for reading and seeking.
        name: of the file; its ending says what it is.

    Raises:
        TableRefused: it is no CSV and no XLSX, cannot be decoded, or lacks a column.

    """
    ending = ending_of(name)
    if ending == "xlsx":
        return _below_headings(_from_xlsx(file, name))
    if ending in {"csv", "txt"}:
        return _below_headings(_from_csv(file, name))
    raise TableRefused(
        _("“%(name)s” is neither CSV nor XLSX. Save the table as one of them.")
        % {"name": shown_name(name)}
    )


def _below_headings(lines: Iterator[RawRow]) -> Iterator[TableRow]:
    """Put the cells of every line under the headings, which the first one with any text has."""
    keys = _keys(next((line.cells for line in lines if _has_text(line.cells)), []))
    for line in lines:
        cells = {key: cell for key, cell in zip(keys, line.cells, strict=False) if key}
        if _has_text(cells.values()):
            yield _row(line.number, cells)


def _has_text(cells: Iterable[RawCell]) -> bool:
    return any(cell.text for cell in cells)


def _from_xlsx(file: IO[bytes], name: str) -> Iterator[RawRow]:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    try:
        yield from read_rows(UploadedFile(file, name, size=size))
    except SheetRefused as refused:
        raise TableRefused(str(refused)) from refused


def _from_csv(file: IO[bytes], name: str) -> Iterator[RawRow]:
    encoding = _encoding_of(file, name)
    file.seek(0)
    text = io.TextIOWrapper(io.BufferedReader(_Kept(file)), encoding=encoding, newline="")
    first = text.readline(LONGEST_HEADINGS)
    text.seek(0)
    for number, line in enumerate(_lines(text, _delimiter_of(first), name), start=1):
        yield RawRow(number, [RawCell(cell.strip()) for cell in line])


class _Kept(io.RawIOBase):
    """A file that a text wrapper does not close."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = 0) -> int:
        return self._file.seek(place, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override] # any buffer
        read = self._file.read(len(buffer))
        buffer[: len(read)] = read
        return len(read)


def _lines(text: Iterable[str], delimiter: str, name: str) -> Iterator[list[str]]:
    reader = csv.reader(text, delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        raise TableRefused(
            _(
                "“%(name)s” cannot be read as CSV from line %(line)s on. Open it in a table "
                "program, save it as CSV UTF-8 and choose that."
            )
            % {"name": shown_name(name), "line": reader.line_num}
        ) from error


def _encoding_of(file: IO[bytes], name: str) -> str:
    """Return what a whole file can be decoded from, reading it a piece at a time."""
    for encoding in _ENCODINGS:
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            begins = True
            while piece := file.read(_CHUNK):
                if (begins and piece.startswith(_UTF_16)) or "\x00" in decoder.decode(piece):
                    raise _undecodable(name)
                begins = False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise _undecodable(name)


def _undecodable(name: str) -> TableRefused:
    return TableRefused(
        _(
            "“%(name)s” is neither UTF-8 nor GB18030. In the table program choose “CSV UTF-8” when "
            "you save it."
        )
        % {"name": shown_name(name)}
    )


def _delimiter_of(line: str) -> str:
    """Return the sign between the headings: the one that gives most of those we know."""
    return max(_DELIMITERS, key=lambda one: sum(bare(p) in KEY_BY_NAME for p in line.split(one)))


def _keys(headings: Iterable[RawCell]) -> list[str]:
    """Return the key of each column, empty for those nobody asked for."""
    found = [KEY_BY_NAME.get(bare(one.text.strip("\ufeff\"' ")), "") for one in headings]
    doubled = sorted({BY_KEY[key].heading for key in found if key and found.count(key) > 1})
    if doubled:
        raise TableRefused(
            _("The table has these columns twice: %(columns)s.") % {"columns": "、".join(doubled)}
        )
    missing = [one.heading for one in COLUMNS if one.is_required and one.key not in found]
    if missing:
        raise TableRefused(
            _("The first row lacks these headings: %(columns)s. Take the template.")
            % {"columns": "、".join(missing)}
        )
    return found


def _row(number: int, cells: dict[str, RawCell]) -> TableRow:
    row = TableRow(number, {key: cell.text for key, cell in cells.items()})
    for one in COLUMNS:
        if one.key in cells and cells[one.key].problem:
            row.problems.append((one.heading, cells[one.key].problem))
        elif one.is_required and not row[one.key]:
            row.problems.append((one.heading, _("This must be filled in.")))
        elif len(row[one.key]) > one.most:
            sentence = _("This is longer than %(most)s characters.") % {"most": one.most}
            row.problems.append((one.heading, sentence))
    return row
