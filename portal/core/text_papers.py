"""A numbered text as a paper to keep, PDF or DOCX: a draft, a decision, or both with the marks.

Words enter, bytes leave; nothing is read from the database here. What was put in is underlined,
what was taken out is struck through, and both stand in brackets that say so, so that the marks
survive a black-and-white printer, a copy as plain text and being read aloud.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from portal.core.blocks import Article, Heading
from portal.core.papers import can_print, paper
from portal.core.phrases import phrases
from portal.core.word import new_document, saved, writable

INSERTED, DELETED = "+", "-"
OPENING = {INSERTED: "〔增：", DELETED: "〔删："}
CLOSING = "〕"


@dataclass(frozen=True)
class Run:
    """Words that share one fate.

    Attributes:
        text: the words.
        mark: `INSERTED`, `DELETED`, or empty where nothing happened to them.

    """

    text: str
    mark: str = ""

    @property
    def read(self) -> str:
        """The words with the brackets that say what was done to them."""
        return f"{OPENING[self.mark]}{self.text}{CLOSING}" if self.mark else self.text

    @property
    def opening(self) -> str:
        """The bracket before them."""
        return OPENING.get(self.mark, "")

    @property
    def closing(self) -> str:
        """The bracket behind them."""
        return CLOSING if self.mark else ""


@dataclass(frozen=True)
class Passage:
    """An article on paper.

    Attributes:
        label: its number as printed.
        runs: its words; lines are paragraphs.
        note: what became of it, in a few words.
        reasons: why, a sentence each.

    """

    label: str
    runs: tuple[Run, ...]
    note: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> list[list[Run]]:
        """The words, paragraph by paragraph."""
        lines: list[list[Run]] = [[]]
        for run in self.runs:
            first, *others = run.text.split("\n")
            if first:
                lines[-1].append(Run(first, run.mark))
            lines += [[Run(other, run.mark)] if other else [] for other in others]
        return [line for line in lines if line]


@dataclass(frozen=True)
class TextPaper:
    """All that a paper says.

    Attributes:
        title: of the text.
        under_title: what stands below, like the document number.
        author: who issues it.
        facts: name and value, above the text.
        introduction: in paragraphs.
        parts: headings and articles in their order.
        address: where it is public.
        remark: a last sentence, like that all of it is made up.

    """

    title: str
    under_title: str
    author: str
    facts: tuple[tuple[str, str], ...]
    introduction: str
    parts: tuple[Heading | Passage, ...]
    address: str
    remark: str = ""

    @property
    def title_phrases(self) -> list[str]:
        """The title in pieces between which it may break."""
        return phrases(self.title)

    @property
    def introduction_lines(self) -> list[str]:
        """The paragraphs of the introduction."""
        return [line for line in self.introduction.splitlines() if line.strip()]

    @property
    def is_marked(self) -> bool:
        """Whether it shows what was changed, so that the marks have to be explained."""
        passages = (part for part in self.parts if isinstance(part, Passage))
        return any(run.mark for passage in passages for run in passage.runs)

    @property
    def legend(self) -> tuple[Run, Run]:
        """What the marks look like."""
        return Run(_("words put in"), INSERTED), Run(_("words taken out"), DELETED)


def passages(parts: Iterable[Article | Heading]) -> Iterator[Heading | Passage]:
    """Yield the parts of a text as they stand on paper, without marks."""
    for part in parts:
        yield part if isinstance(part, Heading) else Passage(part.label, (Run(part.text),))


def as_pdf(text: TextPaper) -> bytes:
    """Return the paper as tagged PDF.

    Raises:
        RuntimeError: papers cannot be made here.

    """
    context = {"paper": text, "inserted": INSERTED, "deleted": DELETED}
    return paper("papers/text.html", context, language=get_language() or "zh-hans")


def as_docx(text: TextPaper) -> bytes:
    """Return a Word document: headings as headings, marks as underlined and struck words."""
    document = new_document(title=text.title, author=text.author)
    document.styles["Normal"].font.size = Pt(12)
    _add_head(document, text)
    for line in text.introduction_lines:
        _indented(document.add_paragraph(writable(line)))
    for part in text.parts:
        if isinstance(part, Heading):
            heading = document.add_heading(
                writable(part.text), level=1 if part.level == "chapter" else 2
            )
            heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        else:
            _add_passage(document, part)
    for line in filter(None, (text.address, text.remark)):
        document.add_paragraph().add_run(writable(line)).font.size = Pt(9)
    return saved(document)


def _add_head(document: Any, text: TextPaper) -> None:
    """Add the title, what is known of the text, and what the marks mean."""
    document.add_heading(writable(text.title), level=0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    if text.under_title:
        below = document.add_paragraph(writable(text.under_title))
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name, value in text.facts:
        line = _("%(name)s: %(value)s") % {"name": name, "value": value}
        document.add_paragraph(writable(line)).paragraph_format.space_after = Pt(2)
    if text.is_marked:
        legend = document.add_paragraph()
        legend.add_run(_("How to read it: "))
        for run in text.legend:
            _add_run(legend, run)


def _add_passage(document: Any, passage: Passage) -> None:
    """Add an article, its number before its first paragraph, and below it what became of it."""
    for place, runs in enumerate(passage.paragraphs or [[]]):
        paragraph = document.add_paragraph()
        _indented(paragraph)
        if place == 0:
            paragraph.add_run(writable(f"{passage.label}　")).bold = True
            if passage.note:
                paragraph.add_run(writable(f"（{passage.note}）　")).font.size = Pt(9)
        for run in runs:
            _add_run(paragraph, run)
    for reason in passage.reasons:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.left_indent = Pt(42)
        paragraph.add_run(writable(reason)).font.size = Pt(9)


def _add_run(paragraph: Any, run: Run) -> None:
    words = paragraph.add_run(writable(run.read))
    words.font.underline = run.mark == INSERTED or None
    words.font.strike = run.mark == DELETED or None


def _indented(paragraph: Any) -> None:
    """Begin a paragraph two characters in, as Chinese documents do."""
    paragraph.paragraph_format.first_line_indent = Pt(24)
    paragraph.paragraph_format.line_spacing = 1.5
    paragraph.paragraph_format.space_after = Pt(4)


FILES: dict[str, Callable[[TextPaper], bytes]] = {"pdf": as_pdf, "docx": as_docx}


def endings() -> list[str]:
    """Return the endings that can be made here; no PDF where papers cannot be made."""
    return [ending for ending in FILES if ending != "pdf" or can_print()]
