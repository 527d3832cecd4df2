"""Past decisions from a table and its files: each row for itself, all of it or nothing."""

import hashlib
import io
from datetime import date

import docx
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.documents.models import Document

from consultations.models import DecisionItemPage, PastDecisionsPage
from decisions.lifecycle import Validity
from decisions.models import DecisionPage
from decisions.search.indexing import TOPIC_COPY
from portal.core.models import OutboxMessage, current_limits
from tests import factories
from tests.factories.drafts import by_hand, saved
from tests.factories.files import a_pdf_that_says
from tests.factories.past import a_folder, a_row, as_csv, as_xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def run(table, *options):
    """What the command printed, and its progress with the sentence it ended with."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_decisions", str(table), *options, stdout=out, stderr=err)
    except CommandError as error:
        return out.getvalue(), f"{err.getvalue()}{error}"
    return out.getvalue(), err.getvalue()


def dump():
    """A digest of every row of every table."""
    told = hashlib.sha256()
    for model in sorted(apps.get_models(), key=lambda one: one._meta.label):
        rows = model._base_manager.order_by("pk").values_list(
            *(field.attname for field in model._meta.concrete_fields)
        )
        told.update(repr((model._meta.label, list(rows))).encode())
    return told.hexdigest()


# What a row becomes


def test_a_row_becomes_a_public_decision_of_its_year(tmp_path, client):
    out, err = run(a_folder(tmp_path, [a_row(3)]))
    assert out == ""
    assert "1 rows: New 1" in err
    page = DecisionPage.objects.get()
    assert (page.title, page.document_no) == ("澜川市第3号管理办法", "澜政规〔2013〕3号")
    assert (page.signed_on, page.published_on) == (date(2013, 3, 1), date(2013, 3, 8))
    assert [one.label for one in page.articles] == ["第一条", "第二条", "第三条"]
    assert page.articles[1].path == ("第一章 总则",)
    assert page.validity(on=date(2020, 1, 1)) is Validity.IN_FORCE
    assert page.item.lead_unit == factories.a_unit()
    assert PastDecisionsPage.objects.get().year == 2013
    assert page.url == "/catalogue/past-2013/0001/decision/"
    assert "为了加强停车管理" in client.get(page.url).content.decode()


def test_it_says_that_it_was_recorded_and_claims_no_procedure(tmp_path, client):
    run(a_folder(tmp_path, [a_row(3, source="市政府公报2013年第3期")]))
    page = DecisionPage.objects.get()
    for address in (page.url, page.item.url):
        told = client.get(address).content.decode()
        assert "历史决策，依据原文录入" in told
        assert "市政府公报2013年第3期" in told
        assert "程序履行情况" not in told
        assert "列入年度目录" not in told
    assert page.item.duties(at=page.latest_revision_created_at) == []
    assert page.item.stage_changes.count() == 0
    assert "past-2013" in client.get("/catalogue/").content.decode()
    assert page.title in client.get("/catalogue/past-2013/").content.decode().replace("<wbr>", "")


def test_what_ended_it_is_on_record(tmp_path, client):
    rows = [
        a_row(1, expires_on="2015-04-30", validity="失效"),
        a_row(2, repealed_on="2018-01-01", repeal_basis="澜政规〔2017〕9号", validity="已废止"),
        a_row(3, validity="现行有效"),
    ]
    out, _err = run(a_folder(tmp_path, rows))
    assert out == ""
    today = date(2026, 11, 30)
    standing = [one.validity(on=today) for one in DecisionPage.objects.order_by("index_no")]
    assert standing == [Validity.EXPIRED, Validity.REPEALED, Validity.IN_FORCE]
    repealed = DecisionPage.objects.get(repealed_on__isnull=False)
    assert repealed.validity(on=date(2017, 12, 31)) is Validity.IN_FORCE
    assert "澜政规〔2017〕9号" in client.get(repealed.url).content.decode()


def test_texts_without_articles_are_taken_by_their_sections_or_whole(tmp_path):
    rows = [a_row(1, file="a.md.md"), a_row(2, file="b.md.md")]
    table = a_folder(tmp_path, rows)
    notice = "\n\n".join(
        [
            *("澜川市第1号管理办法", "各县区人民政府："),
            *("一、总体要求", "坚持统筹。", "二、工作任务", "增加供给。"),
        ]
    )
    (tmp_path / "a.md.md").write_text(notice, encoding="utf-8")
    (tmp_path / "b.md.md").write_text("同意设立停车管理办公室。\n\n此复。", encoding="gb18030")
    assert run(table)[0] == ""
    first, second = DecisionPage.objects.order_by("index_no")
    assert [one.label for one in first.articles] == ["一、总体要求", "二、工作任务"]
    assert first.introduction == "各县区人民政府："
    assert [(one.label, one.text) for one in second.articles] == [
        ("全文", "同意设立停车管理办公室。\n此复。")
    ]


@pytest.mark.housekeeping
def test_the_original_is_kept_and_offered(tmp_path, client):
    word = by_hand(["第一条 甲。", "第二条 乙。"])
    printed = a_pdf_that_says("第一条 为了加强管理，制定本办法。\n第二条 自公布之日起施行。")
    rows = [a_row(1, file="a.docx"), a_row(2, file="b.pdf"), a_row(3)]
    table = a_folder(tmp_path, rows, {"a.docx": word, "b.pdf": printed})
    out, _err = run(table)
    assert out == ""
    pages = list(DecisionPage.objects.order_by("index_no"))
    assert [len(one.articles) for one in pages] == [2, 2, 3]
    assert pages[1].articles[0].text == "为了加强管理，制定本办法。"
    originals = [[block.value["document"] for block in one.attachments] for one in pages]
    assert [len(one) for one in originals] == [1, 1, 0]
    response = client.get(originals[1][0].url)
    assert b"".join(response.streaming_content) == printed
    assert originals[1][0].url in client.get(pages[1].url).content.decode()


def test_the_original_is_offered_without_who_wrote_it(tmp_path):
    word = docx.Document()
    word.add_paragraph("第一条 甲。")
    word.core_properties.author = "张三 13800000000"
    table = a_folder(tmp_path, [a_row(1, file="a.docx")], {"a.docx": saved(word)})
    run(table)
    kept = DecisionPage.objects.get().attachments[0].value["document"]
    assert docx.Document(kept.file.open()).core_properties.author == ""
    assert kept.file_size == kept.file.size
    before = dump()
    run(table)
    assert dump() == before, "the same file again is the same row"


# What stands against a row


def test_a_row_that_is_wrong_is_refused_whole_and_the_others_are_not(tmp_path):
    rows = [
        a_row(1),
        a_row(2, published_on="2012-13-08", unit="不存在的局"),
        a_row(3, file="gone.md.pdf"),
        a_row(4, title=""),
        a_row(5, signed_on="2030-01-01"),
        a_row(6),
    ]
    out, err = run(a_folder(tmp_path, rows))
    told = out.splitlines()
    assert told[0].startswith("row 3, 发布日期: “2012-13-08” is no day. Write it like")
    assert told[1].startswith("row 3, 承办单位: “不存在的局” is not known here.")
    assert told[2].startswith("row 4, 文件: “gone.md.pdf” is not among the files.")
    assert told[3] == "row 5, 标题: This must be filled in."
    assert told[4] == "row 6: The day of signing must not come after the day of publication."
    assert len(told) == 5
    assert "6 rows: New 2, Changed 0, Unchanged 0, Refused 4" in err
    assert "4 rows were refused" in err
    assert DecisionPage.objects.live().count() == DecisionItemPage.objects.count() == 2


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"document_no": "三号文件"}, "发文字号", "is no document number"),
        ({"topic": "停车"}, "主题", "is not known here"),
        ({"validity": "失效"}, "有效期至", "last day on which it was in force"),
        ({"validity": "废止"}, "废止日期", "first day on which it no longer held"),
        ({"validity": "有效", "expires_on": "2014-01-01"}, "有效性", "it is “Expired” today"),
        ({"validity": "已修改"}, "有效性", "an amended decision is law"),
        ({"validity": "在用"}, "有效性", "is not known"),
        ({"repealed_on": "2018-01-01"}, "废止依据", "Name the document"),
        ({"file": "../text-1.md"}, "文件", "leads out of the table's folder"),
        ({"file": "text-1.doc"}, "文件", "neither .docx nor .pdf nor .md"),
        ({"expires_on": "2010-01-01"}, "", "last day in force must not come before the first"),
        ({"published_on": "2031-01-01"}, "", "has not come yet"),
        ({"index_no": "长" * 41}, "索引号", "longer than 40 characters"),
        ({"published_on": "0219-03-01"}, "发布日期", "lies before 1949"),
        ({"effective_on": "0001-01-01"}, "施行日期", "lies before 1949"),
        ({"file": f"{'长' * 100}.docx"}, "文件", "is not among the files"),
    ],
)
def test_a_finding_says_where_and_what_to_do(tmp_path, cells, column, sentence):
    out, _err = run(a_folder(tmp_path, [a_row(1) | cells]))
    where = f"row 2, {column}: " if column else "row 2: "
    assert out.startswith(where), out
    assert sentence in out
    assert not DecisionPage.objects.exists()


def test_files_that_hold_no_text_are_findings(tmp_path):
    rows = [a_row(1, file="a.pdf"), a_row(2, file="b.docx"), a_row(3, file="c.pdf")]
    files = {"a.pdf": a_pdf_that_says(""), "b.docx": b"no document", "c.pdf": b"%PDF-1.7 broken"}
    out, _err = run(a_folder(tmp_path, rows, files))
    told = out.splitlines()
    assert "has no text layer: its pages are pictures" in told[0]
    assert told[1].startswith("row 3, 文件: “b.docx”")
    assert told[2].startswith("row 4, 文件: “c.pdf” is damaged")
    assert not DecisionPage.objects.exists()
    assert not Document.objects.exists()


def test_a_number_that_comes_twice_is_said_at_the_second(tmp_path):
    rows = [a_row(1), a_row(2, index_no=a_row(1)["index_no"]), a_row(3)]
    rows[2]["document_no"] = "澜政规[2011] 第01号"
    out, _err = run(a_folder(tmp_path, rows))
    assert out.splitlines() == [
        "row 3, 索引号: Row 2 has this number too. Correct one of them.",
        "row 4, 发文字号: Row 2 has this number too. Correct one of them.",
    ]


def test_numbers_of_decisions_that_are_here_are_taken(tmp_path):
    here = factories.a_decision()
    rows = [a_row(1, index_no=here.index_no), a_row(2, document_no=here.document_no)]
    out, _err = run(a_folder(tmp_path, rows))
    told = out.splitlines()
    assert "its procedure is kept here" in told[0]
    assert "has this document number already" in told[1]


def test_what_is_younger_than_the_portal_goes_through_its_procedure(tmp_path):
    since = factories.a_catalogue().published_on
    day = since.isoformat()
    rows = [
        a_row(1),
        a_row(2, signed_on=day, published_on=day, effective_on=day),
    ]
    out, err = run(a_folder(tmp_path, rows))
    assert out.startswith(f"row 3: Since {day} decisions go through the procedure of this portal.")
    assert "New 1" in err


def test_personal_data_in_a_text_is_pointed_out(tmp_path):
    table = a_folder(tmp_path, [a_row(1)])
    text = "第一条 补助对象：张某，13812345678。"
    (tmp_path / "text-1.md").write_text(text, encoding="utf-8")
    out, _err = run(table)
    assert "row 2, to be looked at: The text seems to hold personal data" in out
    assert DecisionPage.objects.exists()


# Again


def test_a_dry_run_writes_nothing_at_all(tmp_path):
    rows = [a_row(1), a_row(2, file="b.pdf"), a_row(3, topic="停车")]
    table = a_folder(tmp_path, rows, {"b.pdf": a_pdf_that_says("第一条 甲。")})
    # Wagtail makes a row of settings when they are first read, by whatever page or command.
    current_limits()
    before = dump()
    with CaptureQueriesContext(connection) as asked:
        out, err = run(table, "--dry-run")
    assert [one["sql"] for one in asked if not one["sql"].startswith("SELECT")] == []
    assert "3 rows: New 2, Changed 0, Unchanged 0, Refused 1" in err
    assert "Nothing was written." in err
    assert out.startswith("row 4, 主题")
    assert dump() == before


def test_the_same_table_again_changes_nothing(tmp_path):
    rows = [a_row(1), a_row(2, file="b.pdf")]
    table = a_folder(tmp_path, rows, {"b.pdf": a_pdf_that_says("第一条 甲。")})
    run(table)
    before = dump()
    out, err = run(table)
    assert "2 rows: New 0, Changed 0, Unchanged 2, Refused 0" in err
    assert out == ""
    assert dump() == before


def test_a_changed_row_is_a_revision_and_articles_keep_their_ids(tmp_path):
    table = a_folder(tmp_path, [a_row(1)])
    run(table)
    first = DecisionPage.objects.get()
    table = a_folder(tmp_path, [a_row(1, title="澜川市第1号管理办法（试行）")])
    _out, err = run(table)
    assert "Changed 1" in err
    page = DecisionPage.objects.get()
    assert page.title == page.item.title == "澜川市第1号管理办法（试行）"
    assert [one.id for one in page.articles] == [one.id for one in first.articles]
    assert page.revisions.count() == 2
    assert page.url == first.url


def test_the_original_beside_a_text_is_the_one_that_it_was_read_from(tmp_path):
    word = by_hand(["第一条 甲。", "第二条 乙。"])
    run(a_folder(tmp_path, [a_row(1, file="a.docx")], {"a.docx": word}))
    kept = DecisionPage.objects.get().attachments[0].value["document"]

    run(a_folder(tmp_path, [a_row(1, file="a.docx", title="另一个标题")]))
    page = DecisionPage.objects.get()
    assert page.title == "另一个标题"
    assert [block.value["document"] for block in page.attachments] == [kept]
    assert Document.objects.count() == 1

    other = by_hand(["第一条 丙。"])
    run(a_folder(tmp_path, [a_row(1, file="a.docx")], {"a.docx": other}))
    (block,) = DecisionPage.objects.get().attachments
    assert block.value["document"].file.read() == other

    run(a_folder(tmp_path, [a_row(1)]))
    page = DecisionPage.objects.get()
    assert len(page.articles) == 3
    assert list(page.attachments) == []


def test_a_name_that_two_units_share_names_neither(tmp_path):
    factories.a_unit("市住房局", "住建局")
    factories.a_unit("区住房局", "住建局")
    out, _err = run(a_folder(tmp_path, [a_row(1, unit="住建局"), a_row(2, unit="市住房局")]))
    assert out.splitlines() == [
        "row 2, 承办单位: More than one unit is called “住建局”. Write its full name or its code."
    ]
    assert DecisionItemPage.objects.get().lead_unit.name == "市住房局"


def test_a_page_that_was_changed_by_hand_is_left_alone(tmp_path):
    table = a_folder(tmp_path, [a_row(1)])
    run(table)
    page = DecisionPage.objects.get()
    page.introduction = "勘误。"
    page.save_revision()
    assert "Unchanged 1" in run(table)[1]
    out, _err = run(a_folder(tmp_path, [a_row(1, issuer="澜川市人民政府办公室")]))
    assert "was changed here after it had been recorded" in out


# Tables as they come


@pytest.mark.parametrize("form", ["utf-8", "gb18030", "english", "tabs", "xlsx", "english xlsx"])
def test_a_table_is_understood_however_it_was_saved(tmp_path, form):
    rows = [a_row(1), a_row(2, source="来源、丙")]
    table = a_folder(tmp_path, rows)
    if form.endswith("xlsx"):
        table = tmp_path / "manifest.xlsx"
    content = {
        "utf-8": lambda: as_csv(rows, encoding="utf-8"),
        "gb18030": lambda: as_csv(rows, encoding="gb18030"),
        "english": lambda: as_csv(rows, english=True),
        "tabs": lambda: as_csv(rows).replace(b",", b"\t"),
        "xlsx": lambda: as_xlsx(rows),
        "english xlsx": lambda: as_xlsx(rows, english=True),
    }[form]
    table.write_bytes(content())
    out, err = run(table)
    assert out == ""
    assert "2 rows: New 2" in err
    assert DecisionItemPage.objects.filter(record_source="来源、丙").exists()


@pytest.mark.parametrize("form", [as_csv, as_xlsx])
def test_both_forms_of_a_table_are_judged_by_the_same_rules(tmp_path, form):
    rows = [a_row(1, document_no=""), a_row(2, document_no="", published_on="", index_no="")]
    ending = "csv" if form is as_csv else "xlsx"
    a_folder(tmp_path, rows)
    table = tmp_path / f"table.{ending}"
    table.write_bytes(form([row | {"published_on": ""} for row in rows]))
    out, err = run(table)
    assert out.splitlines() == [
        "row 2, 发布日期: This must be filled in.",
        "row 3, 索引号: This must be filled in.",
        "row 3, 发布日期: This must be filled in.",
    ]
    table.write_bytes(form([dict.fromkeys(rows[0], "")]))
    out, err = run(table)
    assert (out, err.strip().partition(":")[0]) == ("", "0 rows")


def test_a_formula_is_a_finding_at_its_row(tmp_path):
    rows = [a_row(1, title="=A1&B1"), a_row(2, published_on="=1/0")]
    a_folder(tmp_path, rows)
    (tmp_path / "table.xlsx").write_bytes(as_xlsx(rows))
    out, _err = run(tmp_path / "table.xlsx")
    assert out.splitlines() == [
        "row 2, 标题: This is a formula. Put in its result as a value.",
        "row 3, 发布日期: This is a formula. Put in its result as a value.",
    ]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xls", b"x", "neither CSV nor XLSX"),
        ("a.csv", "标题".encode("utf-16"), "neither UTF-8 nor GB18030"),
        ("a.csv", b"\x00\x01", "neither UTF-8 nor GB18030"),
        ("a.csv", "标题,索引号\n甲,1".encode(), "lacks these headings: 发文机关"),
        ("a.csv", "标题,标题\n甲,1".encode(), "has these columns twice: 标题"),
        ("a.csv", b"", "lacks these headings"),
        ("a.xlsx", b"no workbook", "no Excel workbook"),
        ("absent.csv", None, "cannot be opened"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_whole(tmp_path, name, content, sentence):
    table = tmp_path / name
    if content is not None:
        table.write_bytes(content)
    assert sentence in run(table)[1]


# What it costs, and what it promises


def test_a_row_costs_the_same_at_the_end_of_a_table_as_at_its_beginning(tmp_path):
    numbers = [10 * number for number in range(1, 13)]
    table = a_folder(tmp_path, [a_row(number) for number in numbers[:2]])
    run(table)
    costs = []
    for end in (4, 12):
        table = a_folder(tmp_path, [a_row(number) for number in numbers[end - 2 : end]])
        with CaptureQueriesContext(connection) as asked:
            run(table)
        costs.append(len(asked))
        run(a_folder(tmp_path, [a_row(number) for number in numbers[:end]]))
    assert costs[0] == costs[1]


def test_the_archive_follows_and_nobody_is_written_to(tmp_path):
    run(a_folder(tmp_path, [a_row(1)]))
    item = DecisionItemPage.objects.get()
    topics = set(OutboxMessage.objects.values_list("topic", flat=True))
    assert OutboxMessage.objects.filter(topic=TOPIC_COPY, payload={"item_id": item.pk}).exists()
    assert topics == {TOPIC_COPY}
