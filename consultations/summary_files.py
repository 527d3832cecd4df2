"""The adoption summary as a file to keep: XLSX, CSV, DOCX or PDF, all made of the same words.

Facts enter, bytes leave; nothing is read from the database here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from docx.shared import Mm

from portal.core.dates import day_in_words
from portal.core.papers import can_print, paper
from portal.core.sheets import Cell, Sheet, write_csv, write_xlsx
from portal.core.word import new_document, repeat_on_every_sheet, saved, turn, writable

# Millimetres; together the width of an A4 sheet on its side less its margins.
_WIDTHS = (10, 40, 26, 16, 24, 85, 56)


@dataclass(frozen=True)
class SummaryRow:
    """One issue as the public table has it, in words.

    Attributes:
        number: of the issue.
        issue: what was said.
        article: what it is about.
        count: opinions that say it.
        outcome: what became of it.
        reason: why.
        change: what changes in the draft.

    """

    number: int
    issue: str
    article: str
    count: int
    outcome: str
    reason: str
    change: str


@dataclass(frozen=True)
class Summary:
    """All that a file says.

    Attributes:
        title: of the summary.
        consultation: title of the round.
        unit: that answers.
        opens_on: first day of the round.
        closes_on: its last day.
        published_on: day of publication; None before.
        introduction: in paragraphs.
        next_step: in paragraphs.
        figures: name and value, in the order of the page.
        opinions: how many were received.
        rows: the issues.
        address: where the summary is public.
        is_about_effects: whether people spoke to a decision in place, not to a draft.

    """

    title: str
    consultation: str
    unit: str
    opens_on: date
    closes_on: date
    published_on: date | None
    introduction: str
    next_step: str
    figures: tuple[tuple[str, int], ...]
    opinions: int
    rows: tuple[SummaryRow, ...]
    address: str
    is_about_effects: bool = False

    @property
    def period(self) -> str:
        """First and last day, in words."""
        return _("%(opens)s to %(closes)s") % {
            "opens": day_in_words(self.opens_on),
            "closes": day_in_words(self.closes_on),
        }

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What stands under the title, name and value."""
        known = (
            (_("Consultation"), self.consultation),
            (_("Period"), self.period),
            (_("Drafting unit"), self.unit),
            (_("Published on"), day_in_words(self.published_on)),
            (_("Address"), self.address),
        )
        return tuple((name, value) for name, value in known if value)


def headings() -> tuple[str, ...]:
    """Return the headings of the table."""
    return (
        _("No."),
        _("What was said"),
        _("Article"),
        _("Number of opinions"),
        _("Outcome"),
        _("Reason"),
        pgettext("draft", "Change"),
    )


def cells(row: SummaryRow) -> tuple[Cell, ...]:
    """Return the cells of one row."""
    return (
        row.number,
        row.issue,
        row.article,
        row.count,
        row.outcome,
        row.reason,
        row.change or _("none"),
    )


def nothing_received() -> str:
    """Return what stands in place of the table when there is nothing to answer (FEE-3)."""
    return _("No opinion was received in this consultation.")


def as_csv(summary: Summary) -> bytes:
    """Return the table."""
    return "".join(write_csv(headings(), map(cells, summary.rows))).encode()


def as_xlsx(summary: Summary) -> bytes:
    """Return the table, and on a second sheet the figures."""
    facts: list[tuple[Cell, ...]] = [*summary.facts, *summary.figures]
    if summary.introduction:
        facts.append((_("Introduction"), summary.introduction))
    if summary.next_step:
        facts.append((_("What comes next"), summary.next_step))
    rows: list[tuple[Cell, ...]] = [cells(row) for row in summary.rows]
    return b"".join(
        write_xlsx(
            headings(),
            rows or [(None, nothing_received())],
            title=_("Adoption"),
            widths=[6, 36, 16, 10, 14, 60, 40],
            further=[Sheet(_("Figures"), [_("Name"), _("Value")], facts)],
        )
    )


def as_pdf(summary: Summary) -> bytes:
    """Return the paper.

    Raises:
        RuntimeError: papers cannot be made here.

    """
    context = {
        "summary": summary,
        "headings": headings(),
        "rows": [cells(row) for row in summary.rows],
        "nothing": nothing_received(),
    }
    return paper("consultations/papers/summary.html", context, language=get_language() or "zh-hans")


def as_docx(summary: Summary) -> bytes:
    """Return a Word document that can be worked on: headings, figures, and one table."""
    document = new_document(title=summary.title, author=summary.unit)
    turn(document.sections[0])
    document.add_heading(writable(summary.title), level=0)
    for name, value in summary.facts:
        document.add_paragraph(_("%(name)s: %(value)s") % {"name": name, "value": value})
    for paragraph in summary.introduction.splitlines():
        if paragraph.strip():
            document.add_paragraph(paragraph)
    document.add_heading(_("In figures"), level=1)
    for label, number in summary.figures:
        document.add_paragraph(
            _("%(name)s: %(value)s") % {"name": label, "value": number}, style="List Bullet"
        )
    document.add_heading(_("You said, we did"), level=1)
    if summary.rows:
        _add_table(document, summary.rows)
    else:
        document.add_paragraph(nothing_received())
    if summary.next_step:
        document.add_heading(_("What comes next"), level=1)
        document.add_paragraph(summary.next_step)
    return saved(document)


def _add_table(document: Any, rows: Sequence[SummaryRow]) -> None:
    """Add the table, its first row repeated on every sheet."""
    table = document.add_table(rows=1, cols=len(_WIDTHS), style="Table Grid")
    table.autofit = False
    for cell, heading in zip(table.rows[0].cells, headings(), strict=True):
        cell.paragraphs[0].add_run(heading).bold = True
    repeat_on_every_sheet(table.rows[0])
    for row in rows:
        for cell, value in zip(table.add_row().cells, cells(row), strict=True):
            cell.text = writable(str(value))
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = Mm(width)
    for one in table.rows:
        for cell, width in zip(one.cells, _WIDTHS, strict=True):
            cell.width = Mm(width)


# How each file is made, by its ending.
FILES: dict[str, Callable[[Summary], bytes]] = {
    "xlsx": as_xlsx,
    "docx": as_docx,
    "pdf": as_pdf,
    "csv": as_csv,
}


def endings() -> list[str]:
    """Return the endings that can be made here; no PDF where papers cannot be made."""
    return [ending for ending in FILES if ending != "pdf" or can_print()]


def drafted_introduction(summary: Summary) -> str:
    """Return an introduction made from the figures, for the unit to work on."""
    opened = (
        _("From %(period)s people were asked how the decision works.")
        if summary.is_about_effects
        else _("From %(period)s the draft was open for opinions.")
    ) % {"period": summary.period}
    if not summary.opinions:
        return _("%(opened)s No opinion was received.") % {"opened": opened}
    received = ngettext(
        "%(count)s opinion was received.", "%(count)s opinions were received.", summary.opinions
    ) % {"count": summary.opinions}
    answered = ngettext(
        "They were grouped under %(count)s issue, which is answered below.",
        "They were grouped under %(count)s issues, each of which is answered below.",
        len(summary.rows),
    ) % {"count": len(summary.rows)}
    return _("%(opened)s %(received)s %(answered)s") % {
        "opened": opened,
        "received": received,
        "answered": answered,
    }
