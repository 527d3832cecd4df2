"""One row of a table as a past decision, or the sentences that say what is wrong with its cells."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext as _

from decisions.document_number import EXAMPLE, read_document_number
from decisions.lifecycle import Validity, ValidityFacts, validity_of
from decisions.past.columns import BY_KEY
from decisions.past.table import TableRow

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(\s+0?0:00(:00)?)?")
_PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_VALIDITY = {
    **dict.fromkeys(("有效", "现行有效", "继续有效", "in force", "in_force"), Validity.IN_FORCE),
    **dict.fromkeys(("失效", "已失效", "expired"), Validity.EXPIRED),
    **dict.fromkeys(("废止", "已废止", "宣布失效", "repealed"), Validity.REPEALED),
}
_NOT_YET = Validity.NOT_YET_EFFECTIVE
_AMENDED = frozenset({"修改", "已修改", "已被修改", "部分修改", "amended"})
_DAYS = ("signed_on", "published_on", "effective_on", "expires_on", "repealed_on")
Value = TypeVar("Value", int, str)
# Of the days that the archive can be asked for; an earlier one is a slip.
EARLIEST_YEAR = 1949
# How a file may end; what it is its content says.
ENDINGS = ("docx", "pdf", "md")


@dataclass(frozen=True)
class PastDecision:
    """What a row says of a past decision.

    Attributes:
        unit: primary key of the unit that drafted it.
        topic: a `Topic` value.
        file: the name of its file below the table's folder.
        source: where its text was taken from.

    """

    title: str
    index_no: str
    document_no: str
    issuer: str
    unit: int
    topic: str
    signed_on: date
    published_on: date
    effective_on: date
    expires_on: date | None
    repealed_on: date | None
    repeal_basis: str
    file: str
    source: str


@dataclass(frozen=True)
class Known:
    """What cells may name.

    Attributes:
        units: primary keys of the units by every name that is theirs alone.
        shared: names of more than one unit.
        topics: values of the topics by every name of theirs.

    """

    units: Mapping[str, int]
    shared: Collection[str]
    topics: Mapping[str, str]


@dataclass
class ReadRow:
    """One row: what it says, None where a cell is wrong, and what is wrong."""

    number: int
    title: str
    said: PastDecision | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)


def read_row(row: TableRow, known: Known, *, today: date) -> ReadRow:
    """Return what a row says, as it is understood on a day."""
    return _Cells(row, known, today).read()


class _Cells:
    """Reads the cells of one row."""

    def __init__(self, row: TableRow, known: Known, today: date) -> None:
        self._row, self._known, self._today = row, known, today
        self._found = ReadRow(row.number, " ".join(row["title"].split()))
        self._found.problems += row.problems

    def read(self) -> ReadRow:
        row, found = self._row, self._found
        days = {key: self._day(key) for key in _DAYS}
        document_no, unit = self._document_no(), self._named("unit", self._known.units)
        topic = self._named("topic", self._known.topics)
        self._look_at_file_name()
        self._compare_validity(days)
        if not found.problems and unit is not None and topic is not None:
            signed_on, published_on, effective_on = (days[key] for key in _DAYS[:3])
            # Required cells that are filled and right; said once more for the reader of types.
            if signed_on and published_on and effective_on:
                found.said = PastDecision(
                    title=found.title,
                    index_no="".join(row["index_no"].split()),
                    document_no=document_no,
                    issuer=row["issuer"],
                    unit=unit,
                    topic=topic,
                    signed_on=signed_on,
                    published_on=published_on,
                    effective_on=effective_on,
                    expires_on=days["expires_on"],
                    repealed_on=days["repealed_on"],
                    repeal_basis=row["repeal_basis"],
                    file=row["file"],
                    source=row["source"] or _file_name(row["file"]),
                )
        return found

    def _wrong(self, key: str, sentence: str) -> None:
        heading = BY_KEY[key].heading
        if all(column != heading for column, _sentence in self._found.problems):
            self._found.problems.append((heading, sentence))

    def _day(self, key: str) -> date | None:
        text = self._row[key]
        if not text:
            return None
        parts = _DAY.fullmatch(text) or _PLAIN_DAY.fullmatch(text)
        try:
            if parts is None:
                raise ValueError(text)
            day = date(int(parts[1]), int(parts[2]), int(parts[3]))
        except ValueError:
            sentence = _("“%(text)s” is no day. Write it like 2026-03-01.") % {"text": text}
            self._wrong(key, sentence)
            return None
        if day.year < EARLIEST_YEAR:
            sentence = _("“%(text)s” lies before %(year)s. Correct the year.")
            self._wrong(key, sentence % {"text": text, "year": EARLIEST_YEAR})
            return None
        return day

    def _document_no(self) -> str:
        text = self._row["document_no"]
        number = read_document_number(text) if text else None
        if text and number is None:
            sentence = _("“%(text)s” is no document number. Write it like %(example)s.")
            self._wrong("document_no", sentence % {"text": text, "example": EXAMPLE})
        return str(number) if number else ""

    def _named(self, key: str, known: Mapping[str, Value]) -> Value | None:
        text = self._row[key]
        if key == "unit" and text in self._known.shared:
            sentence = _(
                "More than one unit is called “%(text)s”. Write its full name or its code."
            )
            self._wrong(key, sentence % {"text": text})
        elif text and text not in known:
            sentence = _(
                "“%(text)s” is not known here. Take a name from the template's second sheet."
            )
            self._wrong(key, sentence % {"text": text})
        return known.get(text)

    def _look_at_file_name(self) -> None:
        name = self._row["file"]
        if name and name.rpartition(".")[2].lower() not in ENDINGS:
            sentence = _("“%(name)s” is neither .docx nor .pdf nor .md. Save it as one of them.")
            self._wrong("file", sentence % {"name": _file_name(name)})

    def _compare_validity(self, days: dict[str, date | None]) -> None:
        """Compare what is stated with what follows from the days, as the portal works it out."""
        text = self._row["validity"].casefold()
        if days["repealed_on"] is not None and not self._row["repeal_basis"]:
            self._wrong("repeal_basis", _("Name the document that repealed it."))
        if not text or days["effective_on"] is None:
            return
        if text in _AMENDED:
            sentence = _(
                "Write 有效: an amended decision is law in its changed form. The later decision is "
                "named on the page once both are recorded."
            )
            self._wrong("validity", sentence)
            return
        stated = _VALIDITY.get(text)
        if stated is None:
            sentence = _("“%(text)s” is not known. Write 有效, 失效 or 废止.")
            self._wrong("validity", sentence % {"text": self._row["validity"]})
            return
        facts = ValidityFacts(
            days["effective_on"], days["expires_on"], repealed_on=days["repealed_on"]
        )
        follows = validity_of(facts, on=self._today)
        if follows is stated or {follows, stated} == {Validity.IN_FORCE, _NOT_YET}:
            return
        if follows is Validity.IN_FORCE and stated is Validity.EXPIRED:
            self._wrong("expires_on", _("Write the last day on which it was in force."))
        elif follows is Validity.IN_FORCE:
            self._wrong("repealed_on", _("Write the first day on which it no longer held."))
        else:
            sentence = _("By its days it is “%(follows)s” today. Correct the days or this cell.")
            self._wrong("validity", sentence % {"follows": follows.label})


def _file_name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
