"""Drafts as files: from two writers of Word, as text; and what is no draft or means harm."""

import json
import re
import time
from pathlib import Path

import docx
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from portal.core import confinement
from portal.core.confined import confined
from portal.core.drafting import MOST_CHARACTERS, Part, read_draft, reading
from portal.core.uploads import MOST_BYTES, UploadRefused
from tests.factories.drafts import (
    MATHS,
    WORD,
    a_document,
    a_paragraph,
    by_hand,
    by_python_docx,
    saved,
)
from tests.factories.files import a_pdf, a_picture, a_relation, a_word_document, a_zip, an_upload

TEXTS = sorted((Path(__file__).parents[1] / "data" / "texts").glob("*(*).md"))


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def read(content, name="a.docx"):
    return read_draft(an_upload(name, content))


def refusal(content, name="a.docx"):
    with pytest.raises(UploadRefused) as refused:
        read(content, name)
    return str(refused.value)


def close(text):
    return "".join(text.split())


def source_lines(path):
    text = path.read_text(encoding="utf-8").partition("<!-- INFO END -->")[2]
    return [line for line in text.splitlines() if line.strip()]


# What is read


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "write", [by_python_docx, by_hand, pytest.param(None, id="by_libreoffice")]
)
def test_a_real_text_in_word_is_read_whole_and_in_order(path, write):
    lines = source_lines(path)
    printed = [found[1] for line in lines if (found := re.match(r"(第[^\s条]+条)[\s　]", line))]
    by_libreoffice = path.parent / "libreoffice" / f"{path.stem}.docx"
    draft = read(write(lines) if write else by_libreoffice.read_bytes())
    assert [article.number for article in draft.only(Part.ARTICLE)] == printed
    assert {piece.kind for piece in draft.articles} == {Part.ARTICLE}
    assert draft.warnings == []
    text = "".join(close(line) for line in lines if not line.startswith("#"))
    assert "".join(close(piece.number + piece.text) for piece in draft.articles) == text
    headings = [" ".join(line.lstrip("# ").split()) for line in lines if line.startswith("#")]
    paths = dict.fromkeys(words for piece in draft.articles for words in piece.heading_path)
    assert set(paths) == set(headings)


def test_a_table_and_a_list_of_python_docx_are_read():
    document = docx.Document()
    document.add_paragraph("第一条 标准如下：")
    table = document.add_table(rows=2, cols=2)
    for place, words in enumerate(["类别", "金额", "甲", "10"]):
        table.cell(place // 2, place % 2).text = words
    document.add_paragraph("每年调整。")
    document.add_paragraph("单位应当登记。", style="List Number")
    draft = read(saved(document))
    assert [(str(piece.kind), piece.text) for piece in draft.articles] == [
        ("article", "标准如下："),
        ("table", "类别 | 金额\n甲 | 10"),
        ("continued", "每年调整。\n单位应当登记。"),
    ]
    assert "1 paragraph is numbered by Word itself" in draft.warnings[0]


def test_a_list_of_contents_made_by_word_is_no_text():
    entry = (
        '<w:p><w:hyperlink w:anchor="_Toc1"><w:r><w:t>{}</w:t></w:r><w:r><w:tab/></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGEREF _Toc1</w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>3</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:hyperlink></w:p>'
    )
    entries = "".join(map(entry.format, ["第一章 总则", "第一条 目的", "附则"]))
    contents = f"<w:sdt><w:sdtContent>{a_paragraph('目  录')}{entries}</w:sdtContent></w:sdt>"
    body = ["第一章 总则", "第一条 目的", "为了规范管理。", "附则", "第二条 施行。"]
    draft = read(a_document(contents + "".join(map(a_paragraph, body))))
    assert [(str(piece.kind), piece.number, piece.text) for piece in draft.articles] == [
        ("contents", "", "目 录\n第一章 总则 3\n第一条 目的 3\n附则 3"),
        ("article", "第一条", "目的\n为了规范管理。"),
        ("article", "第二条", "施行。"),
    ]
    assert draft.warnings == []


def test_a_footnote_is_a_note():
    note = (
        f'<w:footnotes xmlns:w="{WORD}"><w:footnote w:id="2"><w:p><w:r><w:t>见标准。</w:t></w:r>'
        "</w:p></w:footnote></w:footnotes>"
    )
    body = (
        '<w:p><w:r><w:t>第一条 甲</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        "<w:r><w:t>。</w:t></w:r></w:p>"
    )
    relation = a_relation("footnotes", "footnotes.xml")
    draft = read(a_document(body, {"word/footnotes.xml": note}, relation))
    assert [(str(piece.kind), piece.text) for piece in draft.articles] == [
        ("article", "甲[1]。"),
        ("note", "[1] 见标准。"),
    ]


def test_what_cannot_be_read_or_was_deleted_is_said():
    body = (
        a_paragraph("第一条 甲。")
        + f'<m:oMath xmlns:m="{MATHS}"><m:r><m:t>a+b</m:t></m:r></m:oMath>'
        + "<w:p><w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:del><w:r><w:delText>旧</w:delText></w:r>"
        + '</w:del><w:r><w:commentReference w:id="1"/></w:r></w:p>'
    )
    draft = read(a_document(body))
    assert draft.articles[0].text == "甲。\n新"
    assert "3 characters of the document could not be read" in draft.warnings[0]
    assert "tracks changes" in draft.warnings[1]
    assert "comments in the margin" in draft.warnings[2]


def test_of_two_drawings_of_one_box_one_is_read():
    box = "<w:p><w:r><w:t>框</w:t></w:r></w:p>"
    both = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:r><w:t>框</w:t></w:r></mc:Choice>"
        "<mc:Fallback><w:r><w:t>框</w:t></w:r></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    draft = read(a_document(a_paragraph("第一条 甲。") + both + box))
    assert draft.articles[0].text.count("框") == 2
    assert draft.warnings == []


def test_pictures_are_left_out_and_said(tmp_path):
    document = docx.Document()
    document.add_paragraph("第一条 甲。")
    picture = tmp_path / "a.png"
    picture.write_bytes(a_picture("PNG"))
    document.add_picture(str(picture))
    draft = read(saved(document))
    assert draft.warnings == ["1 picture was left out."]


def test_code_in_the_text_is_text():
    draft = read(by_hand(["第一条 <script>alert(1)</script>&amp;<img src=x onerror=alert(1)>。"]))
    assert draft.articles[0].text == "<script>alert(1)</script>&amp;<img src=x onerror=alert(1)>。"


def test_a_style_map_in_the_file_is_not_followed():
    parts = {"mammoth/style-map": "p => !"}
    assert read(a_document(a_paragraph("第一条 甲。"), parts)).articles[0].text == "甲。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_is_read_in_the_encodings_of_the_country(encoding):
    content = "第一条 甲。\r\n第二条 乙。".encode(encoding)
    assert [one.number for one in read(content, "草案.TXT").articles] == ["第一条", "第二条"]


def test_markdown_is_read():
    assert read("## 第一章 总则\n**第一条** 甲。".encode(), "a.md").articles[0].heading_path


# What is refused

BOMB = "<!DOCTYPE w [" + "".join(
    f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "第一条" * 10}">' for n in range(9)
)


def with_doctype(declaration, use):
    return (
        f"<?xml version='1.0'?>{declaration}]><w:document xmlns:w='{WORD}'><w:body><w:p><w:r><w:t>"
        f"{use}</w:t></w:r></w:p></w:body></w:document>"
    )


def hostile():
    deep = "<w:tbl><w:tr><w:tc>" * 20_000 + "</w:tc></w:tr></w:tbl>" * 20_000
    yield "bomb of entities", a_word_document({"word/document.xml": with_doctype(BOMB, "&e8;")})
    outside = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">'
    yield "outer entity", a_word_document({"word/document.xml": with_doctype(outside, "&x;")})
    yield "bomb of zeros", a_word_document({"word/big.xml": bytes(20_000_000)})
    yield "depth", a_document(deep)
    yield (
        "many paragraphs",
        a_document("<w:p><w:r><w:t>%s</w:t></w:r></w:p>" * 900_000 % tuple(range(900_000))),
    )
    yield "macro", a_word_document({"word/vbaProject.bin": b"x"})
    yield "ole", a_word_document({"word/embeddings/oleObject1.bin": b"x"})
    template = a_relation("attachedTemplate", "http://example.com/t.dotm", outside=True)
    yield "template", a_word_document(relations=template)
    picture = a_relation("image", "http://example.com/1.png", outside=True)
    yield "picture from elsewhere", a_word_document(relations=picture)
    yield "slip", a_word_document({"../../etc/cron.d/x": "x"})
    yield "no document", a_zip({"[Content_Types].xml": "<Types/>"})
    yield "broken", a_word_document({"word/document.xml": "<w:document"})
    yield "two files", b"PK\x03\x04" + a_word_document()
    yield "cut off", a_document(a_paragraph("第一条 甲。" * 500))[:-400]
    yield "pdf", a_pdf()
    yield "old word", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield "nothing", b""
    yield "zeros", bytes(MOST_BYTES)
    yield "too large", bytes(MOST_BYTES + 1)


@pytest.mark.parametrize("content", [pytest.param(one, id=name) for name, one in hostile()])
def test_a_hostile_file_is_refused_in_time(content):
    begun = time.monotonic()
    said = refusal(content)
    assert time.monotonic() - begun < reading.MOST_SECONDS + 2
    assert said.startswith("“a.docx” ")
    assert said.endswith(".")
    assert "PDF" not in said.replace("type PDF", "")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b"a\x00b", "is no text"),
        ("a.txt", b"\xff\xfe\x00", "is no text"),
        ("a.txt", bytes([0x81, 0x20, 0xFF]), "is no text"),
        ("a.txt", a_word_document(), "is no text"),
        ("a.md", b"a" * (MOST_BYTES + 1), "is larger than 10 MB"),
        ("a.md", b"a" * (MOST_CHARACTERS + 1), "more than 300000 characters"),
        ("a.pdf", a_pdf(), "is neither a Word document"),
        ("a.html", b"<p>x</p>", "is neither a Word document"),
        ("a.exe", a_word_document(), "is in truth a file of the type DOCX"),
    ],
)
def test_what_is_no_draft_is_refused(name, content, says):
    assert says in refusal(content, name)


def test_a_reader_has_little_time_and_memory(tmp_path):
    hungry = tmp_path / "hungry.py"
    hungry.write_text("def answer(content):\n    return bytes(2**30)[:4]\n")
    writing = tmp_path / "writing.py"
    writing.write_text(
        f"def answer(content):\n    with open({str(tmp_path / 'x')!r}, 'wb', 0) as file:\n"
        "        file.write(b'x')\n    return b'x'\n"
    )
    slow = tmp_path / "slow.py"
    slow.write_text("def answer(content):\n    while True:\n        pass\n")
    much = tmp_path / "much.py"
    much.write_text(f"def answer(content):\n    return bytes({confinement.MOST_ANSWER + 1})\n")
    fine = tmp_path / "fine.py"
    fine.write_text("def answer(content):\n    return content[::-1]\n")
    for reader in (hungry, writing, slow, much):
        assert confined(reader, b"abc", seconds=1) == b""
    assert confined(fine, b"abc", seconds=10) == b"cba"


# The command


def run(capsys, *arguments):
    call_command("parse_draft", *arguments)
    return capsys.readouterr().out


def test_the_command_prints_json(tmp_path, capsys):
    file = tmp_path / "草案.docx"
    file.write_bytes(by_python_docx(["## 第一章 总则", "第一条 甲。", "第三条 乙。"]))
    assert json.loads(run(capsys, str(file), "--json")) == {
        "articles": [
            {
                "number": "第一条",
                "heading_path": ["第一章 总则"],
                "text": "甲。",
                "kind": "article",
            },
            {
                "number": "第三条",
                "heading_path": ["第一章 总则"],
                "text": "乙。",
                "kind": "article",
            },
        ],
        "warnings": ["After 第一条 comes 第三条. Check whether an article is missing."],
    }


def test_the_command_prints_an_outline(tmp_path, capsys):
    file = tmp_path / "a.txt"
    file.write_text(f"某办法\n第一章 总则\n第一条 {'甲' * 50}", encoding="utf-8")
    assert run(capsys, str(file)).splitlines() == [
        "  (preamble)  某办法",
        "第一章 总则",
        f"  第一条  {'甲' * 40}…",
    ]


def test_the_command_ends_with_a_sentence(tmp_path):
    file = tmp_path / "a.docx"
    with pytest.raises(CommandError, match="cannot be opened") as absent:
        call_command("parse_draft", str(file))
    assert absent.value.returncode == 1
    file.write_bytes(a_word_document({"word/vbaProject.bin": b"x"}))
    with pytest.raises(CommandError, match="holds macros or scripts"):
        call_command("parse_draft", str(file), "--json")


@pytest.mark.parametrize("content", [pytest.param(one, id=name) for name, one in hostile()])
def test_the_command_ends_with_one_sentence_for_a_hostile_file(content, tmp_path, capsys):
    file = tmp_path / "a.docx"
    file.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        call_command("parse_draft", str(file), "--json")
    assert refused.value.returncode == 1
    assert str(refused.value).startswith("“a.docx” ")
    assert "\n" not in str(refused.value)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_the_command_prints_valid_json_of_a_real_text(path, tmp_path, capsys):
    file = tmp_path / "a.docx"
    file.write_bytes(by_python_docx(source_lines(path)))
    found = json.loads(run(capsys, str(file), "--json"))
    assert set(found) == {"articles", "warnings"}
    assert found["articles"]
    for article in found["articles"]:
        assert set(article) == {"number", "heading_path", "text", "kind"}
