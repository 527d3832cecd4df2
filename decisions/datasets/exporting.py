"""Everything a search finds as one file, and the manifest that vouches for it.

A file is sent while it is made. Its bytes depend on what the archive holds on the day, on the
language of the reader and, by its order, on the copy that answers. So the manifest makes them once
more, says what they have to be, and names the copy.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext

from consultations.lifecycle import official_date
from decisions.datasets.matters import MATTERS, rows_of
from decisions.datasets.packing import licence
from decisions.search.criteria import Criteria
from decisions.search.walking import Walk, walk
from portal.core.models import SiteIdentity
from portal.core.tables import Rows, csv_in_words, json_lines, xlsx_in_words

# How each file is made, by its ending.
FORMS: dict[str, Callable[[Rows], Iterator[str] | Iterator[bytes]]] = {
    "csv": lambda rows: csv_in_words(MATTERS, rows),
    "jsonl": lambda rows: json_lines(MATTERS, rows),
    "xlsx": lambda rows: xlsx_in_words(MATTERS, rows, title=pgettext("archive", "Matters")),
}


@dataclass
class Export:
    """All results of a question as one file.

    Attributes:
        criteria: the question; its page is of no account.
        form: a key of `FORMS`.
        at: the moment at which it is answered.
        count: how many rows were made so far.

    """

    criteria: Criteria
    form: str
    at: datetime
    count: int = field(default=0, init=False)

    @cached_property
    def walk(self) -> Walk:
        """What is found; the first use asks."""
        return walk(self.criteria, at=self.at)

    @property
    def name(self) -> str:
        """The name under which it is saved: the same for the same question."""
        asked = sha256(self.criteria.on_page(1).query_string().encode()).hexdigest()
        return f"archive-{asked[:8]}.{self.form}"

    def content(self) -> Iterator[str] | Iterator[bytes]:
        """Make the file in the language of this moment; whatever fails on the way is raised."""
        self.count = 0
        return FORMS[self.form](self._rows())

    def _rows(self) -> Rows:
        for row in rows_of(self.walk.portions(), at=self.at):
            self.count += 1
            yield row

    def manifest(self, *, archive: str, identity: SiteIdentity) -> dict[str, Any]:
        """Make the file and return what it is: its question, count, time, digest and columns.

        Args:
            archive: full address of the archive page.
            identity: of the site.

        """
        digest, size = sha256(), 0
        for piece in self.content():
            raw = piece.encode() if isinstance(piece, str) else piece
            digest.update(raw)
            size += len(raw)
        question = self.criteria.on_page(1).query_string().removesuffix("?")
        return {
            "format": "jianyan-archive-export/1",
            "site": {"name": identity.site_name, "organ": identity.organ_name},
            "question": f"{archive}{question}",
            "file": f"{archive}export/{self.form}/{question}",
            "name": self.name,
            "language": get_language(),
            "as_of": official_date(self.at).isoformat(),
            "made_at": self.at.isoformat(),
            "answered_by": self.walk.mode.value,
            "count": self.count,
            "bytes": size,
            "sha256": digest.hexdigest(),
            # As `sha256sum --check` reads it.
            "check": f"{digest.hexdigest()}  {self.name}",
            "columns": [
                {
                    "key": column.key,
                    "heading": str(column.heading),
                    "meaning": str(column.meaning),
                    "values": {code: str(words) for code, words in column.values.items()},
                }
                for column in MATTERS
            ],
            "licence": licence(),
        }
