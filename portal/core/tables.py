"""Tables that explain themselves: every column says what it is called, means and may hold; pure.

What people open has the words of a language, what programs read the keys and codes of `Column`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import translation
from django.utils.functional import Promise

from portal.core.sheets import Cell, write_csv, write_xlsx

Words = str | Promise
Value = Cell | bool | Sequence[str] | Sequence[int]
Rows = Iterable[Sequence[Value]]

# Several values of one cell are parted by this.
BETWEEN = "；"
# In which languages a code book explains, by the ending of its columns.
LANGUAGES = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        key: its name for programs; it lasts.
        heading: its name for people.
        meaning: what it holds, in a sentence.
        values: every code that may stand in it, with its words; empty where it holds no codes.

    """

    key: str
    heading: Words
    meaning: Words
    values: Mapping[str, Words] = field(default_factory=dict)


def csv_in_words(columns: Sequence[Column], rows: Rows) -> Iterator[str]:
    """Return a table as CSV in the language of this moment, however late it is read."""
    return write_csv(*_in_words(columns, rows))


def xlsx_in_words(columns: Sequence[Column], rows: Rows, *, title: str) -> Iterator[bytes]:
    """Return a table as a workbook in the language of this moment, however late it is read."""
    return write_xlsx(*_in_words(columns, rows), title=title)


def csv_in_codes(columns: Sequence[Column], rows: Rows) -> Iterator[str]:
    """Yield a table as CSV with keys and codes, the same in every language."""
    keys = [column.key for column in columns]
    return write_csv(keys, ([_cell(value) for value in row] for row in rows))


def json_lines(columns: Sequence[Column], rows: Rows) -> Iterator[str]:
    """Yield a table as JSON Lines: one object with keys and codes in each line."""
    for row in rows:
        yield f"{_object(columns, row)}\n"


def json_array(columns: Sequence[Column], rows: Rows) -> Iterator[str]:
    """Yield a table as one JSON array of objects with keys and codes."""
    opening = "[\n"
    for row in rows:
        yield f"{opening}{_object(columns, row)}"
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


def code_book(tables: Mapping[str, Sequence[Column]]) -> Iterator[str]:
    """Yield what every column of some tables means and may hold, as CSV in both languages.

    Args:
        tables: their columns, by the names of their files.

    """
    said = ("name", "meaning", "values")
    headings = ["file", "column", *(f"{one}_{code}" for one in said for code in LANGUAGES)]
    return write_csv(headings, _explained(tables))


def _explained(tables: Mapping[str, Sequence[Column]]) -> Iterator[list[Cell]]:
    for file, columns in tables.items():
        for column in columns:
            spoken = [_spoken(column, language) for language in LANGUAGES.values()]
            yield [file, column.key, *(words[place] for place in range(3) for words in spoken)]


def _spoken(column: Column, language: str) -> tuple[str, str, str]:
    """Return name, meaning and values of a column in one language."""
    with translation.override(language):
        values = BETWEEN.join(f"{code} = {words}" for code, words in column.values.items())
        return str(column.heading), str(column.meaning), values


def _in_words(columns: Sequence[Column], rows: Rows) -> tuple[list[str], Iterator[list[Cell]]]:
    """Return headings and rows; a file is made when the language of its reader is forgotten."""
    words = [{code: str(said) for code, said in column.values.items()} for column in columns]
    headings = [str(column.heading) for column in columns]
    told = (
        [
            _cell(said.get(value, value) if isinstance(value, str) else value)
            for value, said in cells
        ]
        for cells in (zip(row, words, strict=True) for row in rows)
    )
    return headings, told


def _cell(value: Value) -> Cell:
    """Return a value as one cell can hold it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, Cell):
        return value
    return BETWEEN.join(map(str, value))


def _object(columns: Sequence[Column], row: Sequence[Value]) -> str:
    held = {
        column.key: value.isoformat() if isinstance(value, date) else value
        for column, value in zip(columns, row, strict=True)
    }
    return json.dumps(held, ensure_ascii=False)
