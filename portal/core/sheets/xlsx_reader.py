"""What reads one workbook, in a process of its own: its bytes in, the cells of one sheet as JSON.

Nothing is calculated and nothing is fetched. Nothing is answered about a workbook that cannot be
read.
"""

import io
import json
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import defusedxml
from openpyxl import load_workbook

# One more than is taken, so that “too many” can be said.
MOST_ROWS = 5_001
MOST_COLUMNS = 60
MOST_CHARACTERS = 32_767
# Rows that are there but empty; a sheet can claim a million of them.
MOST_PASSED = 100_000


def answer(content: bytes) -> bytes:
    """Return a list of rows that hold anything: number, then a pair of kind and text a cell.

    The kind is `text`, `formula` or `error`.
    """
    defusedxml.defuse_stdlib()
    try:
        return json.dumps(_read(content)).encode("ascii")
    except Exception:  # noqa: BLE001 - whatever it stumbles over, the workbook cannot be read
        return b""


def _read(content: bytes) -> list[tuple[int, list[tuple[str, str]]]]:
    book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    sheet = book.worksheets[0]
    # The size that a sheet states may be wrong, and then costs rows or memory.
    sheet.reset_dimensions()
    found: list[tuple[int, list[tuple[str, str]]]] = []
    for number, row in _rows(sheet):
        found.append((number, row))
        # The headings are no row of the table.
        if len(found) > MOST_ROWS:
            break
    return found


def _rows(sheet: Any) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    rows = sheet.iter_rows(max_row=MOST_PASSED, max_col=MOST_COLUMNS)
    for number, cells in enumerate(rows, start=1):
        row = [(_kind(cell), _text(cell)) for cell in cells]
        while row and not row[-1][1]:
            row.pop()
        if row:
            yield number, row


def _kind(cell: Any) -> str:
    return {"f": "formula", "e": "error"}.get(cell.data_type, "text")


def _text(cell: Any) -> str:
    """Return what a cell holds as a person would write it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()[: MOST_CHARACTERS + 1]
