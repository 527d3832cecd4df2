"""The files of a table of past decisions: each row gets its own, and no archive costs too much."""

import io
import random
import time
import zipfile

import pytest
from django.utils import translation
from pypdf import PdfWriter, annotations

from decisions.past import rows
from decisions.past.files import FileMissing, FolderFiles, ZipFiles, ZipRefused
from decisions.past.texts import TextRefused, read_text
from decisions.search.periods import EARLIEST_YEAR
from tests.factories.drafts import MATHS, WORD, a_document, a_paragraph
from tests.factories.files import a_pdf_that_says


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def zipped(*entries):
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    place.seek(0)
    return place


def test_a_row_gets_the_file_beside_its_table_and_no_other():
    files = ZipFiles(
        zipped(("2019/table.csv", ""), ("a.md", "外"), ("b.md", "外"), ("2019/a.md", "内"))
    )
    beside = files.below(files.table())
    assert beside.read("a.md").decode() == "内"
    with pytest.raises(FileMissing):
        beside.read("b.md")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("other", ["a.md", "./a.md"])
def test_two_files_of_one_name_are_refused(other):
    with pytest.raises(ZipRefused, match="two files of the name"):
        ZipFiles(zipped(("a.md", "甲"), (other, "乙")))


def test_a_file_that_the_disk_cannot_name_or_reach_is_missing(tmp_path):
    (tmp_path / "circle.md").symlink_to(tmp_path / "circle.md")
    files = FolderFiles(tmp_path)
    for name in (f"{'长' * 100}.md", "circle.md"):
        with pytest.raises(FileMissing, match="is not among the files"):
            files.read(name)


def test_an_archive_of_very_many_entries_is_refused_before_it_is_opened():
    place = zipped(*((f"{number}", "") for number in range(60_000)))
    begun = time.process_time()
    with pytest.raises(ZipRefused, match="more than 10000 files"):
        ZipFiles(place)
    assert time.process_time() - begun < 0.1


def test_entries_that_share_their_bytes_are_refused():
    """An overlapping archive: many entries of the directory lead to one long piece."""
    content = zipped(("a.md", random.Random(1).randbytes(100_000))).getvalue()
    entry_at, end_at = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    entry = content[entry_at:end_at]
    entries = b"".join(entry.replace(b"a.md", f"{number}.md".encode()) for number in range(9))
    end = bytearray(content[end_at:])
    end[8:10] = end[10:12] = (9).to_bytes(2, "little")
    end[12:16] = len(entries).to_bytes(4, "little")
    with pytest.raises(ZipRefused, match="damaged"):
        ZipFiles(io.BytesIO(content[:entry_at] + entries + end))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (a_pdf_that_says("第一条 甲。", "字" * 20_001), "Only part of the text in this PDF"),
        (a_pdf_that_says(""), "has no text layer"),
    ],
)
def test_a_pdf_that_cannot_be_taken_whole_is_refused_for_what_it_is(content, sentence):
    with pytest.raises(TextRefused, match=sentence):
        read_text("a.pdf", content)


COMMENTS = f'<w:comments xmlns:w="{WORD}"><w:comment w:id="1"/></w:comments>'


def a_run(properties="", text="内部意见"):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    "lines", [["第一条 甲。", "第二条 乙。"], ["关于停车的通知", "请各单位执行。"]]
)
@pytest.mark.parametrize(
    ("marked", "parts", "trace"),
    [
        (a_run() + '<w:r><w:commentReference w:id="1"/></w:r>', {}, "comments"),
        (a_run(), {"word/comments.xml": COMMENTS}, "comments"),
        (f'<w:ins w:author="张三">{a_run()}</w:ins>', {}, "tracked changes"),
        ("<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>", {}, "tracked changes"),
        (f"<w:moveFrom>{a_run()}</w:moveFrom>", {}, "tracked changes"),
        (
            a_run(),
            {"word/header1.xml": f'<w:hdr xmlns:w="{WORD}"><w:p><w:ins/></w:p></w:hdr>'},
            "tracked changes",
        ),
        (a_run("<w:vanish/>"), {}, "hidden text"),
        (f"<w:ins>{a_run('<w:vanish/>')}</w:ins>", {}, "tracked changes、hidden text"),
    ],
)
def test_a_document_that_tells_how_it_was_written_is_refused(lines, marked, parts, trace):
    """The file itself becomes public, with articles in it or without."""
    body = "".join(a_paragraph(line) for line in lines) + f"<w:p>{marked}</w:p>"
    with pytest.raises(TextRefused, match=f"finds {trace} in it"):
        read_text("a.docx", a_document(body, parts))


@pytest.mark.parametrize(
    ("marked", "parts"),
    [
        (a_run('<w:vanish w:val="0"/>'), {}),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:instrText>XE 停车</w:instrText></w:r>", {}),
        ("<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>" + a_run(), {}),
        (a_run(), {"word/comments.xml": f'<w:comments xmlns:w="{WORD}"/>'}),
    ],
)
def test_a_document_without_such_traces_is_taken(marked, parts):
    body = f"{a_paragraph('第一条 甲。')}<w:p>{marked}</w:p>"
    assert read_text("a.docx", a_document(body, parts)).blocks


def test_a_notice_without_articles_keeps_what_is_to_be_compared():
    formula = f'<m:oMath xmlns:m="{MATHS}"><m:r><m:t>a+b</m:t></m:r></m:oMath>'
    (remark,) = read_text("a.docx", a_document(a_paragraph("请各单位执行。") + formula)).remarks
    assert "3 characters of the document could not be read" in remark


def with_annotation(annotation):
    writer = PdfWriter(clone_from=io.BytesIO(a_pdf_that_says("第一条 甲。", "第二条 乙。")))
    writer.add_annotation(1, annotation)
    place = io.BytesIO()
    writer.write(place)
    return place.getvalue()


def test_a_pdf_on_which_somebody_has_written_is_refused():
    remark = annotations.Text(rect=(50, 550, 200, 650), text="内部意见")
    with pytest.raises(TextRefused, match="remarks on the pages"):
        read_text("a.pdf", with_annotation(remark))
    link = annotations.Link(rect=(50, 550, 200, 650), url="https://www.example.com/")
    assert len(read_text("a.pdf", with_annotation(link)).blocks) == 2


def test_a_row_names_no_year_that_the_archive_does_not_know():
    assert rows.EARLIEST_YEAR == EARLIEST_YEAR
