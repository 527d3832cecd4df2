"""The file of a past decision as the text of its page; only a list of contents is left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from portal.core.blocks import Article
from portal.core.drafting import (
    MOST_CHARACTERS,
    ParsedArticle,
    ParsedDraft,
    Part,
    doubts,
    parse_text,
    placed,
    read_draft,
)
from portal.core.drafting.stream import LONGEST_LABEL
from portal.core.file_texts.reading import TextState, printed_pages
from portal.core.patterns import PatternKind, found
from portal.core.pdf_text import unwrapped
from portal.core.uploads import UploadRefused, checked
from portal.core.uploads.names import ending_of

# What the only passage of a text is called that has no parts; part of the record, like 第一条.
WHOLE = "全文"
# A heading of the first level in a notice: 一、总体要求.
_SECTION = re.compile(r"[一二三四五六七八九十]{1,3}、")
# Numbers that belong to one person; those of an office are in many documents rightly.
_PERSONAL = frozenset({PatternKind.ID_NUMBER, PatternKind.BANK_CARD, PatternKind.MOBILE})


class TextRefused(Exception):
    """A file whose text cannot be taken; the message is for its row."""


@dataclass(frozen=True)
class PastText:
    """What was read.

    Attributes:
        blocks: the raw value of a StreamField of `ArticlesBlock`.
        introduction: what stands before the first article.
        remarks: what should be compared with the original; no reason to refuse it.

    """

    blocks: list[dict[str, Any]]
    introduction: str
    remarks: list[str]


def read_text(
    name: str,
    content: bytes,
    *,
    not_again: Sequence[str] = (),
    earlier: Sequence[Article] = (),
) -> PastText:
    """Read the text of a file.

    Args:
        name: of the file; its ending says how it is read.
        content: its bytes.
        earlier: the articles that it takes the place of; those that are still there keep their id.
        not_again: lines that the page shows anyway, like its title; left out of the introduction.

    Raises:
        TextRefused: it cannot be read, or holds no text.

    """
    upload = SimpleUploadedFile(name, content)
    try:
        draft = _from_pdf(upload, content) if ending_of(name) == "pdf" else read_draft(upload)
    except UploadRefused as refused:
        raise TextRefused(str(refused)) from refused
    if draft.traces:
        raise TextRefused(
            _(
                "Who opens the file finds %(traces)s in it, which would be public with it. Accept "
                "or reject all changes, delete comments and hidden text, and take that file."
            )
            % {"traces": "、".join(draft.traces)}
        )
    blocks, before, remarks = _blocks(draft, earlier)
    if not blocks:
        raise TextRefused(_("There is no text in it."))
    shown = {_close(line) for line in not_again}
    introduction = [line for line in before if line and _close(line) not in shown]
    written = "\n".join([*introduction, *(one["value"]["text"] for one in blocks)])
    kinds = sorted({str(one.kind.label) for one in found(written) if one.kind in _PERSONAL})
    if kinds:
        sentence = _("The text seems to hold personal data (%(kinds)s). Look at it.")
        remarks.append(sentence % {"kinds": "、".join(kinds)})
    return PastText(blocks, "\n".join(introduction), remarks)


def _from_pdf(upload: SimpleUploadedFile, content: bytes) -> ParsedDraft:
    checked(upload)
    printed = printed_pages(content)
    pages = printed.pages
    if printed.state is TextState.CUT:
        raise TextRefused(
            _(
                "Only part of the text in this PDF can be read: it is very long, or some of its "
                "pages are damaged. Take a docx, or print the PDF to PDF again."
            )
        )
    if printed.state is TextState.UNREADABLE:
        raise TextRefused(_("This PDF cannot be read. Print it to PDF again, or take a docx."))
    if printed.has_remarks:
        raise TextRefused(
            _(
                "Somebody has written remarks on the pages of this PDF, which would be public with "
                "it. Delete them, and take that file."
            )
        )
    text = unwrapped(pages)
    if not text:
        raise TextRefused(
            _(
                "This PDF has no text layer: its pages are pictures. Recognise its text (OCR) "
                "first, or take a docx."
            )
        )
    if len(text) > MOST_CHARACTERS:
        raise TextRefused(
            _("The text has more than %(most)s characters.") % {"most": MOST_CHARACTERS}
        )
    empty = sum(1 for page in pages if not page.strip())
    draft = parse_text(text)
    if empty:
        draft.warnings.append(_("%(n)s of its pages have no text layer.") % {"n": empty})
    return draft


def _blocks(
    draft: ParsedDraft, earlier: Sequence[Article]
) -> tuple[list[dict[str, Any]], list[str], list[str]]:
    """Return the blocks, the lines before them, and what to compare.

    Most notices have no 第…条: then their sections 一、 are the passages, or all is one passage.
    """
    result = placed(draft, earlier)
    if not result.blocks:
        lines = [line for one in draft.articles for line in one.text.splitlines()]
        result = placed(ParsedDraft(list(_sections(lines))), earlier)
        others = [one for one in draft.warnings if one != doubts.no_article()]
        return result.blocks, _lines(result.left_over), others
    before = []
    articles = [block["value"] for block in result.blocks if block["type"] == "article"]
    for place, piece in zip(result.places, result.left_over, strict=True):
        if piece.kind is Part.CONTENTS:
            continue
        if place:
            # What has no place of its own stays where it stood: below the passage before it.
            articles[place - 1]["text"] += f"\n{piece.text}"
        else:
            before.append(piece)
    return result.blocks, _lines(before), list(draft.warnings)


def _lines(pieces: list[ParsedArticle]) -> list[str]:
    return [line for one in pieces for line in one.text.splitlines()]


def _sections(lines: list[str]) -> list[ParsedArticle]:
    """Return a text without articles in the passages it has."""
    pieces: list[ParsedArticle] = []
    has_sections = any(_SECTION.match(line) for line in lines)
    for line in lines:
        mark = _SECTION.match(line)
        if mark and len(line) <= LONGEST_LABEL:
            pieces.append(ParsedArticle(line, (), "", Part.ARTICLE))
        elif mark:
            pieces.append(ParsedArticle(mark[0], (), line[mark.end() :], Part.ARTICLE))
        elif pieces and pieces[-1].kind is Part.ARTICLE:
            pieces[-1].text = f"{pieces[-1].text}\n{line}".strip()
        elif has_sections:
            pieces.append(ParsedArticle("", (), line, Part.PREAMBLE))
        elif line:
            pieces.append(ParsedArticle(WHOLE, (), line, Part.ARTICLE))
    return pieces


def _close(line: str) -> str:
    return "".join(line.split())
