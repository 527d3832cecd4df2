"""What every Word document made here shares: Chinese type, plain properties, the same bytes twice.

A document is made with python-docx; its parts carry no time of making, so that one made again of
the same words is the same file.
"""

import io
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FONT = "宋体"
# The styles of python-docx's template that documents here use.
STYLES = ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet")
# Points: second, small third and fourth size of Chinese type.
SIZES = {"Title": 22, "Heading 1": 15, "Heading 2": 14}
# The first instant that a ZIP archive can name.
NO_TIME = (1980, 1, 1, 0, 0, 0)


def new_document(*, title: str, author: str) -> Any:
    """Return an empty A4 document that names its title and author and speaks Chinese."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(26)
    section.top_margin = section.bottom_margin = Mm(25)
    _use_chinese_font(document)
    document.core_properties.title = writable(title)
    document.core_properties.author = writable(author)
    document.core_properties.comments = ""
    return document


def turn(section: Any) -> None:
    """Lay a sheet of A4 on its side."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(18)


def repeat_on_every_sheet(row: Any) -> None:
    """Repeat a row of a table at the top of every sheet."""
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(repeated)


def writable(text: str) -> str:
    """Return a text without the control characters that XML has no place for."""
    return "".join(one for one in text if one in "\t\n" or one >= " ")


def saved(document: Any) -> bytes:
    """Return the file; made again of the same words it has the same bytes."""
    made, place = io.BytesIO(), io.BytesIO()
    document.save(made)
    with ZipFile(made) as source, ZipFile(place, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = ZipInfo(name, NO_TIME)
            part.compress_type = ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return place.getvalue()


def _use_chinese_font(document: Any) -> None:
    """Name a Chinese font for Chinese characters, or each program takes its own."""
    for name in STYLES:
        style = document.styles[name]
        style.font.name = "Times New Roman"
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in [one for one in fonts.attrib if one.endswith("Theme")]:
            del fonts.attrib[attribute]
        fonts.set(qn("w:eastAsia"), FONT)
        language = OxmlElement("w:lang")
        language.set(qn("w:eastAsia"), "zh-CN")
        style.element.get_or_add_rPr().append(language)
    document.styles["Normal"].font.size = Pt(10.5)
    _dress_soberly(document)


def _dress_soberly(document: Any) -> None:
    """Print titles in black and without a rule, as official documents have them."""
    for name, size in SIZES.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
    properties = document.styles["Title"].element.get_or_add_pPr()
    for rule in properties.findall(qn("w:pBdr")):
        properties.remove(rule)
