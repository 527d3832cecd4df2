"""The year's catalogue read from a workbook: checked first, then taken, never in silence."""

import io
from datetime import date

import openpyxl
import pytest
from django.test import Client
from django.utils import translation

from consultations.models import CatalogueAdjustment, DecisionItemPage
from consultations.quarters import PlannedQuarter
from portal.core.models import StagedUpload
from tests import factories
from tests.factories.files import a_word_document, an_upload
from tests.integration.catalogue_tables import latest, send, signed_in, today, url
from tests.integration.page_forms import said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def publisher() -> Client:
    return signed_in(factories.a_publisher())


# The import


def workbook(client, catalogue):
    response = client.get(url("catalogue_template", catalogue))
    content = b"".join(response.streaming_content)
    return openpyxl.load_workbook(an_upload("a.xlsx", content))


def upload(client, catalogue, book, name="目录.xlsx"):
    content = book if isinstance(book, bytes) else saved(book)
    data = {"file": an_upload(name, content)}
    return client.post(url("import_catalogue", catalogue), data, follow=True)


def saved(book):
    place = io.BytesIO()
    book.save(place)
    return place.getvalue()


def confirm(client, response, **data):
    sent = {"standing": response.context["standing"]} | data
    return client.post(response.context["request"].path, sent, follow=True)


def test_the_template_comes_back_unchanged(publisher):
    catalogue = factories.a_catalogue(entries=3)
    shown = upload(publisher, catalogue, workbook(publisher, catalogue))
    assert (shown.context["same"], shown.context["changed"], shown.context["new"]) == (3, 0, 0)
    assert "Nothing was changed." in said(confirm(publisher, shown))
    assert not StagedUpload.objects.exists()


def test_a_table_is_imported_and_the_second_time_changes_nothing(publisher):
    catalogue = factories.a_draft_catalogue()
    factories.a_draft_matter(catalogue)
    book = workbook(publisher, catalogue)
    sheet = book.worksheets[0]
    sheet["B2"] = "改名"
    row = [2, "停车管理办法", 1, "住建局", "2026年第三季度", "是", "是", "否", "", "", "", ""]
    for column, value in enumerate(row, start=1):
        sheet.cell(3, column, value)

    shown = upload(publisher, catalogue, book)
    assert (shown.context["new"], shown.context["changed"]) == (1, 1)
    assert DecisionItemPage.objects.count() == 1
    confirm(publisher, shown)

    new = DecisionItemPage.objects.get(number=2)
    assert (new.title, new.planned_by) == ("停车管理办法", date(2026, 9, 30))
    assert (new.category, new.lead_unit) == (factories.a_category(), factories.a_unit())
    assert (new.hearing_required, new.needs_participation, new.needs_expert) == (True, True, False)
    assert new.needs_legality  # an empty cell leaves what is usual
    again = upload(publisher, catalogue, book)
    assert (again.context["same"], again.context["new"]) == (2, 0)


def test_wrong_rows_are_found_one_by_one_and_nothing_is_taken(publisher):
    catalogue = factories.a_draft_catalogue()
    factories.a_draft_matter(catalogue)
    book = workbook(publisher, catalogue)
    sheet = book.worksheets[0]
    rows = [
        [2, "甲", "没有的类别", "住建局", "第五季度", "大概"],
        ["二", "乙"],
        [3, "=1+1"],
        [3, "丙"],
        [3, "丁"],
        [4, ""],
    ]
    for number, row in enumerate(rows, start=3):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column, value)

    shown = upload(publisher, catalogue, book)

    html = shown.content.decode()
    assert shown.context["wrong"] == 6
    for sentence in (
        "“没有的类别” is not known",
        "“第五季度” is no quarter",
        "“大概” is neither yes nor no",
        "“二” is no number",
        "This is a formula",
        "Number 3 is there more than once",
        "This must be filled in.",
    ):
        assert sentence in html, sentence
    assert "Save all rows as drafts" not in html
    assert "Nothing was imported" in said(confirm(publisher, shown))
    assert DecisionItemPage.objects.count() == 1


def test_a_public_catalogue_asks_the_table_for_reasons(publisher):
    catalogue = factories.a_catalogue()
    item = catalogue.entries().get()
    book = workbook(publisher, catalogue)
    sheet = book.worksheets[0]
    sheet["B2"] = "改名"
    shown = upload(publisher, catalogue, book)
    assert "is in the published catalogue" in shown.content.decode()
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, columns["Reason for the adjustment"], "名称规范。")
    sheet.cell(2, columns["Approved on"], today())
    confirm(publisher, upload(publisher, catalogue, book))
    assert CatalogueAdjustment.objects.get().reason == "名称规范。"
    assert latest(item).title == "改名"


def test_what_is_no_table_is_refused_at_the_file(publisher):
    catalogue = factories.a_draft_catalogue()
    empty = openpyxl.Workbook()
    for content, name in (
        (b"", "a.xlsx"),
        (b"x" * 100, "a.xlsx"),
        (a_word_document(), "a.xlsx"),
        (saved(empty), "a.xlsx"),
        (saved(empty), "a.xlsm"),
    ):
        response = upload(publisher, catalogue, content, name)
        assert set(response.context["form"].errors) == {"file"}
        assert not StagedUpload.objects.exists()
    missing = publisher.post(url("import_catalogue", catalogue), {})
    assert set(missing.context["form"].errors) == {"file"}


def test_a_catalogue_changed_after_the_check_is_checked_anew(publisher):
    catalogue = factories.a_draft_catalogue()
    item = factories.a_draft_matter(catalogue)
    book = workbook(publisher, catalogue)
    book.worksheets[0]["B2"] = "改名"
    shown = upload(publisher, catalogue, book)
    send(signed_in(factories.a_superuser()), catalogue, **{"0-title": "别人的"})
    response = confirm(publisher, shown)
    assert "changed after this check" in said(response)
    assert latest(item).title == "别人的"
    confirm(publisher, response)
    assert latest(item).title == "改名"


def test_an_upload_is_its_owners_and_can_be_discarded(publisher):
    catalogue = factories.a_draft_catalogue()
    factories.a_draft_matter(catalogue)
    shown = upload(publisher, catalogue, workbook(publisher, catalogue))
    other = signed_in(factories.a_superuser()).get(shown.context["request"].path, follow=True)
    assert "no longer there" in said(other)
    assert "Nothing was imported" in said(confirm(publisher, shown, discard="1"))
    assert not StagedUpload.objects.exists()


# Quarters


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2026年第四季度", "2026-4"),
        ("2026年4季度", "2026-4"),
        ("2026 第 二 季度", "2026-2"),
        ("2026Q3", "2026-3"),
        ("2026-05-01", "2026-2"),
        ("第四季度", None),
        ("2026", None),
        ("2026年第五季度", None),
        ("年底前", None),
    ],
)
def test_a_quarter_as_people_write_it(text, key):
    quarter = PlannedQuarter.read(text)
    assert (quarter.key if quarter else None) == key
