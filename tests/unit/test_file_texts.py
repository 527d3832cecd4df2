"""The words in attached files: taken out page by page, and calmly not where there are none."""

import io
import json
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from portal.core.file_texts import docx_reader, pdf_reader
from portal.core.file_texts.reading import TextState, printed_pages, read_words
from tests.factories.drafts import a_document, a_paragraph, by_python_docx
from tests.factories.files import a_pdf, a_pdf_bomb, a_pdf_that_says, a_word_document


def test_a_pdf_is_read_page_by_page():
    words = read_words(a_pdf_that_says("第一页的风险评估", "第二页的专家意见"), ending="PDF")
    assert words.pages == ("第一页的风险评估", "第二页的专家意见")
    assert words.state is TextState.WHOLE


def test_a_sentence_that_is_wrapped_is_whole_again():
    [page] = read_words(a_pdf_that_says("停车\n收费 fee\nper hour"), ending="pdf").pages
    assert "停车收费" in page
    assert "fee\nper hour" in page


def test_the_lines_of_a_print_can_be_had_as_they_are():
    assert printed_pages(a_pdf_that_says("停车\n收费")).pages == ("停车\n收费",)


def test_look_alike_signs_become_the_usual_ones():
    assert pdf_reader.plain("⽂件⾏政") == "文件行政"


def test_a_pdf_of_pictures_is_said_to_have_no_text():
    assert read_words(a_pdf(), ending="pdf").state is TextState.NONE


def test_a_word_document_is_read_in_pieces_of_some_paragraphs():
    lines = [f"第{n}段。" + "字" * 300 for n in range(6)]
    words = read_words(by_python_docx(lines), ending="docx")
    assert words.state is TextState.WHOLE
    assert "\n".join(words.pages).split("\n") == lines
    assert 1 < len(words.pages) < 6


def test_the_words_in_tables_are_read_once():
    document, place = Document(), io.BytesIO()
    document.add_paragraph("前言")
    document.add_table(1, 1).cell(0, 0).text = "表中文字"
    document.save(place)
    assert read_words(place.getvalue(), ending="docx").pages == ("前言\n表中文字",)


def test_the_words_in_a_box_are_read_once():
    """Word writes a box twice: as it draws it, and as older programs draw it."""
    box = f"<w:txbxContent>{a_paragraph('框中文字')}</w:txbxContent>"
    drawn = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    content = a_document(a_paragraph("前言") + drawn)
    assert read_words(content, ending="docx").pages == ("前言\n框中文字",)


def a_word_bomb() -> bytes:
    place = io.BytesIO()
    with (
        ZipFile(io.BytesIO(by_python_docx(["字"]))) as source,
        ZipFile(place, "w", ZIP_DEFLATED) as bomb,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:body>", b"<w:body>" + b"<w:p/>" * 8_000_000)
            bomb.writestr(name, content)
    return place.getvalue()


ENTITIES = (
    '<!DOCTYPE d [<!ENTITY a "字字字字字字字字字字">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 40}">'
        for before, name in zip("abcdef", "bcdefg", strict=True)
    )
    + "]><w:document>&g;</w:document>"
)


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"", "pdf"),
        (b"", "docx"),
        (b"%PDF-1.7\n", "pdf"),
        (a_pdf_that_says("字")[:200], "pdf"),
        (by_python_docx(["字"]), "pdf"),
        (a_pdf_that_says("字"), "docx"),
        (by_python_docx(["字"])[:-200], "docx"),
        (a_word_document({"word/document.xml": ENTITIES}), "docx"),
        (b"\x00" * 1_000_000, "pdf"),
    ],
    ids=[
        "empty",
        "no document",
        "stump",
        "torn",
        "word as pdf",
        "pdf as word",
        "cut",
        "entities",
        "zeros",
    ],
)
def test_a_hostile_file_costs_one_calm_sentence(content, ending):
    words = read_words(content, ending=ending)
    assert words.pages == ()
    assert words.state is TextState.UNREADABLE


@pytest.mark.parametrize(("make", "ending"), [(a_word_bomb, "docx"), (a_pdf_bomb, "pdf")])
def test_a_bomb_does_not_go_off(make, ending):
    assert read_words(make(), ending=ending).state is TextState.UNREADABLE


def test_a_pdf_with_a_password_is_unreadable():
    writer, place = PdfWriter(clone_from=PdfReader(io.BytesIO(a_pdf_that_says("字")))), io.BytesIO()
    writer.encrypt("geheim", algorithm="RC4-128")
    writer.write(place)
    assert read_words(place.getvalue(), ending="pdf").state is TextState.UNREADABLE


def test_a_long_file_is_read_as_far_as_it_goes(monkeypatch):
    monkeypatch.setattr(pdf_reader, "MOST_PAGES", 2)
    monkeypatch.setattr(docx_reader, "MOST_CHARACTERS", 700)
    read = json.loads(pdf_reader.answer(a_pdf_that_says("一", "二", "三")))
    assert read == {"pages": ["一", "二"], "cut": True, "remarks": False}
    read = json.loads(docx_reader.answer(by_python_docx(["字" * 650, "字" * 650, "字"])))
    assert (sum(map(len, read["pages"])), read["cut"]) == (700, True)


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything(content):
    assert pdf_reader.answer(content) == b""
    assert docx_reader.answer(content) == b""


@given(st.text(st.characters(), max_size=50))
def test_what_is_read_can_be_stored(text):
    said = pdf_reader.plain(text)
    said.encode()
    assert "\x00" not in said
