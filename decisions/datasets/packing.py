"""Tables as files of a package: CSV and JSON of the same rows, a code book, words for people.

`licence` is what may be done with any data of this site, and said wherever it is given.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.packing import Entry, Package
from portal.core.tables import Column, Rows, code_book, csv_in_codes, json_array, json_lines


class TablePackage:
    """A package of tables that grows in a temporary file; the same bytes for the same rows."""

    def __init__(self, *, as_lines: bool = False) -> None:
        """Begin it.

        Args:
            as_lines: whether JSON comes as one object in each line, not as one array.

        """
        self.package = Package()
        self._tables: dict[str, Sequence[Column]] = {}
        self._ending, self._writer = ("jsonl", json_lines) if as_lines else ("json", json_array)

    def add_table(self, name: str, columns: Sequence[Column], rows: Rows) -> None:
        """Add a table as CSV and as JSON, read once for both."""
        with _kept(rows) as again:
            self._add(f"{name}.csv", csv_in_codes(columns, again()))
            self._add(f"{name}.{self._ending}", self._writer(columns, again()))
        self._tables[name] = columns

    def add_data(self, name: str, data: dict[str, Any]) -> None:
        """Add what is no table as JSON."""
        self._add(f"{name}.json", [f"{json.dumps(data, ensure_ascii=False, indent=2)}\n"])

    def finished(self, template: str, context: dict[str, Any]) -> Iterator[bytes]:
        """Add the code book, what a package says of itself in each language, and the digests.

        Args:
            template: of the text; it speaks each language by itself.
            context: for it.

        Yields:
            The whole, once, a piece at a time.

        """
        self._add("codebook.csv", code_book(self._tables))
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                said = context | {"licence": licence()}
                text = render_to_string(template, said)
            self._add(f"README.{language}.txt", [text])
        return self.package.finished()

    def _add(self, name: str, pieces: Iterable[str]) -> None:
        self.package.add(Entry(name, (piece.encode() for piece in pieces)))


@contextmanager
def _kept(rows: Rows) -> Iterator[Callable[[], Iterator[list[Any]]]]:
    """Keep rows in a temporary file, from which they are read again as often as need be."""
    with TemporaryFile("w+", encoding="utf-8") as place:
        for row in rows:
            # Days become text, as both kinds of files write them.
            place.write(f"{json.dumps(row, ensure_ascii=False, default=str)}\n")

        def again() -> Iterator[list[Any]]:
            place.seek(0)
            return map(json.loads, place)

        yield again


def licence() -> str:
    """Return what may be done with the data."""
    return _(
        "This is published government information. You may use, copy and adapt it free of charge; "
        "please name the source and the day on which you took it."
    )
