"""Drafts as Word documents, made by two different writers."""

import io
import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

import docx
from docx.document import Document

from tests.factories.files import a_word_document

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MATHS = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_NUMBER = re.compile(r"第[零一二三四五六七八九十百千]+条")


def saved(document: Document) -> bytes:
    """The bytes of a document of python-docx."""
    place = io.BytesIO()
    document.save(place)
    return place.getvalue()


def by_python_docx(lines: Iterable[str]) -> bytes:
    """Lines of Markdown as python-docx writes them: heading styles, the numbers in bold type."""
    document = docx.Document()
    for line in lines:
        if line.startswith("#"):
            document.add_heading(line.lstrip("# "), level=line.count("#"))
            continue
        paragraph = document.add_paragraph()
        number = _NUMBER.match(line)
        if number:
            paragraph.add_run(number[0]).bold = True
        paragraph.add_run(line[number.end() :] if number else line)
    return saved(document)


def by_hand(lines: Iterable[str]) -> bytes:
    """The same without styles, and every paragraph cut into runs, as long editing leaves it."""
    return a_document("".join(a_paragraph(line.lstrip("# ")) for line in lines))


def a_paragraph(text: str, *, properties: str = "", run: int = 7) -> str:
    """A paragraph in runs of a few characters each."""
    runs = "".join(
        f'<w:r><w:rPr><w:rFonts w:eastAsia="FangSong"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text[start : start + run])}</w:t></w:r>'
        for start in range(0, len(text), run)
    )
    return f'<w:p><w:pPr>{properties}</w:pPr><w:bookmarkStart w:id="1" w:name="x"/>{runs}</w:p>'


def a_document(
    body: str, parts: dict[str, bytes | str] | None = None, relations: str = ""
) -> bytes:
    """A Word document with this body."""
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:document xmlns:w="{WORD}" xmlns:m="{MATHS}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<w:body>{body}<w:sectPr/></w:body></w:document>"
    )
    return a_word_document({"word/document.xml": document, **(parts or {})}, relations=relations)
