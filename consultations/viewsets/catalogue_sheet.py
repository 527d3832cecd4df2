"""The year's table as a workbook: what the template holds, and how its cells are read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consultations import services
from consultations.models import CataloguePage, DecisionCategory, DecisionItemPage
from consultations.models.item import PROCEDURES
from consultations.quarters import PlannedQuarter
from consultations.viewsets.catalogue_rows import LONGEST_TITLE, MOST_ROWS, procedure_names
from portal.accounts.models import Unit
from portal.core.sheets import Cell, Column, Row, Sheet, SheetRefused, read_xlsx, write_xlsx

WIDTHS = (8, 44, 24, 16, 18, 10)
MOST_NUMBER = 9_999


@dataclass
class ReadRow:
    """One row of a workbook: what it says, or why it says nothing that can be taken.

    Attributes:
        number: as Excel numbers it.
        row: what it says; None where a cell is wrong.
        problems: heading and sentence of each wrong cell.
        title: of the matter, to find it again.

    """

    number: int
    title: str
    row: services.RowOfTable | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)


def headings() -> dict[str, str]:
    """Return the headings of the columns by key."""
    return {
        "number": _("No."),
        "title": _("Matter"),
        "category": _("Category"),
        "lead_unit": _("Drafting unit"),
        "planned": _("Planned"),
        "hearing": _("Hearing"),
        **procedure_names(),
        "reason": _("Reason for the adjustment"),
        "approved_on": _("Approved on"),
    }


def template(catalogue: CataloguePage) -> Iterator[bytes]:
    """Yield a workbook with the matters as they were last saved, and what the cells may say."""
    yes, no = pgettext("cell", "yes"), pgettext("cell", "no")
    categories: dict[int | None, str] = {one.pk: one.name for one in DecisionCategory.objects.all()}
    units: dict[int | None, str] = {one.pk: one.short_name for one in Unit.objects.all()}

    def answer(value: bool | None) -> str:
        return {True: yes, False: no, None: ""}[value]

    def rows() -> Iterator[Sequence[Cell]]:
        for one in services.as_saved(catalogue):
            entry = one.entry
            yield [
                entry.number,
                entry.title,
                categories.get(entry.category, ""),
                units.get(entry.lead_unit, ""),
                entry.planned.label if entry.planned else "",
                answer(entry.hearing_required),
                *(answer(name in entry.procedures) for name in PROCEDURES),
                "",
                None,
            ]

    quarters = [PlannedQuarter(catalogue.year, one).label for one in (1, 2, 3, 4)]
    allowed = [
        *((_("Category"), name) for name in categories.values()),
        *((_("Drafting unit"), name) for name in units.values()),
        *((_("Planned"), quarter) for quarter in quarters),
        *((_("Hearing"), one) for one in (yes, no)),
    ]
    return write_xlsx(
        list(headings().values()),
        rows(),
        title=str(catalogue.year),
        widths=WIDTHS,
        further=[Sheet(_("What the cells may say"), [_("Column"), _("Cell")], allowed)],
    )


def read_workbook(upload: UploadedFile, catalogue: CataloguePage) -> list[ReadRow]:
    """Read a workbook row by row.

    Raises:
        SheetRefused: it is no such table.

    """
    names = headings()
    columns = [
        Column(key, heading, is_required=key in {"number", "title"}, most=LONGEST_TITLE)
        for key, heading in names.items()
    ]
    table = read_xlsx(upload, columns)
    if not table.rows:
        raise SheetRefused(_("The table has no row below its headings."))
    if len(table.rows) > MOST_ROWS:
        raise SheetRefused(
            _("A catalogue has at most %(most)s matters. Remove rows.") % {"most": MOST_ROWS}
        )
    cells = _Cells(catalogue, names)
    wrong: dict[int, list[tuple[str, str]]] = {}
    for problem in table.problems:
        wrong.setdefault(problem.row, []).append((problem.column, problem.sentence))
    return [cells.read(row, wrong.get(row.number, [])) for row in table.rows]


class _Cells:
    """Reads the cells of one workbook; what is known is asked for once."""

    def __init__(self, catalogue: CataloguePage, names: dict[str, str]) -> None:
        self._names = names
        self._categories = {
            known: one.pk
            for one in DecisionCategory.objects.all()
            for known in (one.name, str(one.number))
        }
        self._units = {
            known: one.pk
            for one in Unit.objects.all()
            for known in (one.name, one.short_name, one.code)
        }
        self._entries = {one.entry.number: one.entry for one in services.as_saved(catalogue)}
        self._usual = services.Entry.of(DecisionItemPage(number=0))
        years = range(catalogue.year - 2, catalogue.year + 6)
        quarters = [PlannedQuarter(year, one) for year in years for one in (1, 2, 3, 4)]
        # As the template prints them, in whatever language.
        self._quarters = {quarter.label: quarter for quarter in quarters}
        self._yes_and_no = {
            **dict.fromkeys(("是", "有", "需要", "yes", "y", "1", "√", "✓"), True),
            **dict.fromkeys(("否", "无", "不需要", "no", "n", "0", "×"), False),
            pgettext("cell", "yes").casefold(): True,
            pgettext("cell", "no").casefold(): False,
        }

    def read(self, row: Row, problems: list[tuple[str, str]]) -> ReadRow:
        """Return what a row says."""
        found = ReadRow(row.number, row["title"], problems=list(problems))
        number = self._number(row, found)
        entry = services.Entry(
            number=number,
            title=" ".join(row["title"].split()),
            category=self._known(row, "category", self._categories, found),
            lead_unit=self._known(row, "lead_unit", self._units, found),
            planned=self._planned(row, found),
            hearing_required=self._answer(row, "hearing", found),
            procedures=self._procedures(row, number, found),
        )
        approved_on = self._day(row, found)
        if not found.problems:
            found.row = services.RowOfTable(entry, reason=row["reason"], approved_on=approved_on)
        return found

    def _wrong(self, key: str, found: ReadRow, sentence: str) -> None:
        if all(column != self._names[key] for column, _sentence in found.problems):
            found.problems.append((self._names[key], sentence))

    def _number(self, row: Row, found: ReadRow) -> int:
        text = row["number"]
        if text.isascii() and text.isdecimal() and 0 < int(text) <= MOST_NUMBER:
            return int(text)
        self._wrong("number", found, _("“%(text)s” is no number from 1 on.") % {"text": text})
        return 0

    def _known(self, row: Row, key: str, known: dict[str, int], found: ReadRow) -> int | None:
        text = row[key]
        if text and text not in known:
            sentence = _("“%(text)s” is not known. Take a name from the second sheet.")
            self._wrong(key, found, sentence % {"text": text})
        return known.get(text)

    def _planned(self, row: Row, found: ReadRow) -> PlannedQuarter | None:
        text = row["planned"]
        quarter = self._quarters.get(text) or PlannedQuarter.read(text)
        if text and quarter is None:
            sentence = _("“%(text)s” is no quarter. Write it like %(example)s.")
            example = PlannedQuarter(2026, 4).label
            self._wrong("planned", found, sentence % {"text": text, "example": example})
        return quarter

    def _answer(self, row: Row, key: str, found: ReadRow) -> bool | None:
        text = row[key].casefold()
        if text and text not in self._yes_and_no:
            sentence = _("“%(text)s” is neither yes nor no.") % {"text": row[key]}
            self._wrong(key, found, sentence)
        return self._yes_and_no.get(text)

    def _procedures(self, row: Row, number: int, found: ReadRow) -> frozenset[str]:
        """Return the procedures; an empty cell leaves what stands, or what is usual."""
        now = self._entries.get(number, self._usual).procedures
        answers = {name: self._answer(row, name, found) for name in PROCEDURES}
        return frozenset(
            name for name, answer in answers.items() if (name in now if answer is None else answer)
        )

    def _day(self, row: Row, found: ReadRow) -> date | None:
        text = row["approved_on"]
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            sentence = _("“%(text)s” is no day. Write it like 2026-03-01.") % {"text": text}
            self._wrong("approved_on", found, sentence)
            return None


def to_json(rows: Sequence[ReadRow]) -> list[dict[str, Any]]:
    """Return rows as JSON holds them."""
    return [
        {
            "number": one.number,
            "title": one.title,
            "problems": one.problems,
            "row": _row_to_json(one.row) if one.row else None,
        }
        for one in rows
    ]


def _row_to_json(row: services.RowOfTable) -> dict[str, Any]:
    entry = row.entry
    return {
        "number": entry.number,
        "title": entry.title,
        "category": entry.category,
        "lead_unit": entry.lead_unit,
        "planned": entry.planned.key if entry.planned else "",
        "hearing_required": entry.hearing_required,
        "procedures": sorted(entry.procedures),
        "reason": row.reason,
        "approved_on": row.approved_on.isoformat() if row.approved_on else "",
    }


def from_json(content: list[dict[str, Any]]) -> list[ReadRow]:
    """Return the rows that JSON held."""
    return [
        ReadRow(
            one["number"],
            one["title"],
            _row_from_json(one["row"]) if one["row"] else None,
            [(column, sentence) for column, sentence in one["problems"]],
        )
        for one in content
    ]


def _row_from_json(row: dict[str, Any]) -> services.RowOfTable:
    entry = services.Entry(
        number=row["number"],
        title=row["title"],
        category=row["category"],
        lead_unit=row["lead_unit"],
        planned=PlannedQuarter.from_key(row["planned"]) if row["planned"] else None,
        hearing_required=row["hearing_required"],
        procedures=frozenset(row["procedures"]),
    )
    approved_on = date.fromisoformat(row["approved_on"]) if row["approved_on"] else None
    return services.RowOfTable(entry, reason=row["reason"], approved_on=approved_on)
