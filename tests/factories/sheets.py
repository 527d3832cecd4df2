"""Workbooks as people send them, and as attackers do; all made here, none is stored."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook


def a_workbook(rows: Iterable[Sequence[Any]], title: str = "意见") -> bytes:
    """A workbook with these rows on its first sheet, as a table program writes it."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    place = io.BytesIO()
    book.save(place)
    return place.getvalue()


def a_table(rows: Iterable[Sequence[Any]], name: str = "意见.xlsx") -> SimpleUploadedFile:
    """The same as a browser sends it."""
    return SimpleUploadedFile(name, a_workbook(rows))


def with_parts(content: bytes, **changes: str) -> bytes:
    """A workbook with parts put in or replaced; “__” stands for “/”, and a text for its bytes."""
    place = io.BytesIO()
    given = {name.replace("__", "/").replace("_dot_", "."): text for name, text in changes.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(place, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, given.pop(name, None) or old.read(name))
        for name, text in given.items():
            new.writestr(name, text)
    return place.getvalue()
