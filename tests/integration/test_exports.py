"""What leaves as a file: the adoption summary for everyone, opinions for staff."""

import csv
import hashlib
import io
import json
from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader
from wagtail.models import ModelLogEntry, PageLogEntry

from consultations import services
from consultations.lifecycle import Display, Outcome
from consultations.models import FeedbackReportPage, Opinion
from consultations.models.people import people_of
from consultations.services.opinion_export import OpinionExport
from portal.accounts.roles import Role
from portal.core import papers
from portal.core.models import OutboxMessage
from tests import factories
from tests.factories.crowd import a_crowd
from tests.factories.opinions import hide

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]

EXPORTS = ["xlsx", "csv"]
FORMULA = '=HYPERLINK("http://example.com","点我")'


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def without_papers(monkeypatch):
    papers.can_print.cache_clear()
    monkeypatch.setattr(papers, "_press", lambda: None)
    yield
    papers.can_print.cache_clear()


def content(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def flat(text):
    return "".join(text.split())


# The adoption summary


@pytest.fixture
def summary():
    page = factories.a_closed_round()
    one = factories.an_opinion(page, email="wang@example.com", article=2)
    two = factories.an_opinion(page, email="WANG@example.com ".strip(), text="再说一点。")
    letter = factories.an_offline_opinion(page, text="来信的意见。")
    factories.an_answered_issue(one, two, title="期限太短", article=2)
    factories.an_answered_issue(
        letter,
        title=FORMULA,
        outcome=Outcome.NOT_ADOPTED,
        reason="与上位法不符。",
    )
    return factories.a_summary(page)


def file_of(page, ending):
    return Client().get(f"{page.url}table/{ending}/")


def test_the_page_leads_to_its_files(summary):
    html = Client().get(summary.url).content.decode()
    for ending in ("xlsx", "docx", "csv"):
        assert f"{summary.url}table/{ending}/" in html


@pytest.mark.parametrize("ending", ["xlsx", "docx", "csv"])
def test_each_file_is_public_saved_and_shared(summary, ending):
    response = file_of(summary, ending)
    assert response.status_code == HTTPStatus.OK
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "public" in response["Cache-Control"]
    assert not response.cookies


def test_the_workbook_says_what_the_page_says(summary):
    book = load_workbook(io.BytesIO(content(file_of(summary, "xlsx"))))
    table, figures = book.worksheets
    rows = [[cell.value for cell in row] for row in table.iter_rows(min_row=2)]
    assert [(row[0], row[1], row[3]) for row in rows] == [(1, "期限太短", 2), (2, FORMULA, 1)]
    assert rows[1][5] == "与上位法不符。"
    assert table["B3"].data_type == "s"
    values = {row[0].value: row[1].value for row in figures.iter_rows(min_row=2)}
    with translation.override("zh-hans"):
        assert values[translation.gettext("Opinions received")] == 3
        assert values[translation.gettext("People and bodies who gave them")] == 2
        assert values[str(Outcome.ADOPTED.label)] == 2
        assert values[str(Outcome.NOT_ADOPTED.label)] == 1


def test_the_csv_holds_no_formula(summary):
    text = content(file_of(summary, "csv")).decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows[2][1] == f"'{FORMULA}"


def test_the_word_document_has_headings_and_one_table(summary):
    document = Document(io.BytesIO(content(file_of(summary, "docx"))))
    assert document.paragraphs[0].text == summary.title
    (table,) = document.tables
    assert [cell.text for cell in table.columns[1].cells][1:] == ["期限太短", FORMULA]
    assert len(table.rows) == 3


@pytest.mark.papers
def test_the_paper_says_it_too_and_can_be_read_aloud(summary):
    response = file_of(summary, "pdf")
    reader = PdfReader(io.BytesIO(content(response)))
    text = flat("".join(page.extract_text() for page in reader.pages))
    assert flat(summary.title) in text
    assert "期限太短" in text
    assert "与上位法不符" in text
    assert reader.metadata.title == summary.title
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_where_papers_cannot_be_made_none_is_offered(summary, without_papers):
    assert "/pdf/" not in Client().get(summary.url).content.decode()
    assert file_of(summary, "pdf").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("ending", ["exe", "html", "XLSX", "a.b"])
def test_there_is_no_other_file(summary, ending):
    assert file_of(summary, ending).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("ending", ["xlsx", "docx", "pdf", "csv"])
def test_a_round_without_opinions_has_files_that_say_so(ending):
    page = factories.a_summary(factories.a_closed_round())
    response = file_of(page, ending)
    raw = content(response)
    with translation.override("zh-hans"):
        nothing = flat(translation.gettext("No opinion was received in this consultation."))
    if ending == "xlsx":
        sheet = load_workbook(io.BytesIO(raw)).worksheets[0]
        assert flat(str(sheet["B2"].value)) == nothing
    elif ending == "docx":
        assert nothing in flat("".join(p.text for p in Document(io.BytesIO(raw)).paragraphs))
    elif ending == "pdf":
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages)
        assert nothing in flat(text)
    else:
        assert len(list(csv.reader(io.StringIO(raw.decode())))) == 1


@pytest.mark.parametrize("ending", ["xlsx", "docx", "pdf", "csv"])
def test_a_draft_of_a_summary_has_no_file(ending):
    page = factories.a_draft_summary(factories.a_closed_round())
    assert file_of(page, ending).status_code == HTTPStatus.NOT_FOUND


def test_no_file_holds_who_wrote_or_what_is_withheld():
    page = factories.a_closed_round()
    hidden = factories.a_withheld_opinion(page, text="密不可见的话", name="赵钱孙")
    factories.an_answered_issue(hidden, title="其他问题")
    report = factories.a_summary(page)
    for ending in ("csv", "xlsx", "docx"):
        raw = content(file_of(report, ending))
        for secret in ("密不可见的话", "赵钱孙", hidden.receipt_no):
            assert secret.encode() not in raw
    book = load_workbook(io.BytesIO(content(file_of(report, "xlsx"))))
    cells = str([cell.value for sheet in book for row in sheet for cell in row])
    assert "密不可见的话" not in cells


# People


def test_one_address_is_one_person_and_none_is_one_each():
    page = factories.an_open_round()
    for email in ("a@example.com", "A@Example.com", "b@example.com"):
        factories.an_opinion(page, email=email)
    factories.an_offline_opinion(page, name="周平")
    factories.an_offline_opinion(page, name="周平")
    factories.an_unconfirmed_opinion(page, email="c@example.com")
    assert people_of(page.pk) == 4


def test_the_number_of_people_outlives_their_addresses(summary):
    assert summary.people == 2
    Opinion.norel_objects.update(author_email="")
    assert people_of(summary.consultation.pk) == 3
    assert FeedbackReportPage.objects.get(pk=summary.pk).people_count() == 2
    assert Client().get(summary.url).context["people"] == 2


def test_a_new_summary_begins_with_what_the_figures_say():
    page = factories.a_closed_round()
    factories.an_answered_issue(factories.an_opinion(page))
    add = reverse("wagtailadmin_pages:add", args=["consultations", "feedbackreportpage", page.pk])
    form = signed_in(factories.an_editor()).get(add).context["form"]
    proposed = form["introduction"].value()
    with translation.override("zh-hans"):
        expected = FeedbackReportPage(title="x").proposed_introduction(page)
    assert proposed == expected
    assert "1" in proposed


# Opinions for staff


def url():
    return reverse("wagtailsnippets_consultations_opinion:export")


def exported(client, **asked):
    return client.post(url(), {"kind": "csv"} | asked)


def table_of(response):
    return list(csv.reader(io.StringIO(content(response).decode()[1:])))


@pytest.fixture
def opinions():
    page = factories.an_open_round()
    return {
        "shown": factories.a_published_opinion(page, text="公开的话", name="王小明"),
        "pending": factories.an_opinion(page, text="待审的话", email="secret@example.com"),
        "withheld": factories.a_withheld_opinion(page, text="隐去的话"),
        "private": factories.an_opinion(page, text="私下的话", is_private=True),
    }


def test_a_clerk_gets_every_opinion_and_no_text_that_is_not_public(opinions):
    rows = table_of(exported(signed_in(factories.a_clerk())))
    assert [row[0] for row in rows[1:]] == [one.receipt_no for one in opinions.values()]
    assert [row[8] for row in rows[1:]] == ["公开的话", "", "", ""]


def test_texts_that_are_not_public_leave_for_moderators_alone_and_on_record(opinions):
    clerk, editor = factories.a_clerk(), factories.an_editor()
    rows = table_of(exported(signed_in(clerk), hidden="on"))
    assert [row[8] for row in rows[1:]] == ["公开的话", "待审的话", "隐去的话", "私下的话"]
    rows = table_of(exported(signed_in(editor), hidden="on"))
    assert [row[8] for row in rows[1:]] == ["公开的话", "", "", ""]
    entries = ModelLogEntry.objects.filter(action="consultations.export").order_by("pk")
    assert [entry.data["what"] for entry in entries] == ["opinions_with_hidden", "opinions"]


@pytest.mark.parametrize("kind", EXPORTS)
def test_an_export_is_on_record_with_count_and_digest_and_nothing_else(opinions, kind):
    page = opinions["shown"].consultation
    response = exported(signed_in(factories.a_clerk()), kind=kind, consultation=page.pk)
    raw = content(response)
    entry = PageLogEntry.objects.get(action="consultations.export")
    assert entry.data == {
        "what": "opinions",
        "count": 4,
        "sha256": hashlib.sha256(raw).hexdigest(),
    }
    assert "话" not in json.dumps(entry.data, ensure_ascii=False)


@pytest.mark.parametrize("kind", EXPORTS)
def test_no_name_and_no_address_is_in_the_file(opinions, kind):
    raw = content(exported(signed_in(factories.a_clerk()), kind=kind, hidden="on"))
    if kind == "xlsx":
        cells = [cell.value for row in load_workbook(io.BytesIO(raw)).worksheets[0] for cell in row]
        raw = str(cells).encode()
    for secret in ("王小明", "secret@example.com", "wang@example.com"):
        assert secret.encode() not in raw


@pytest.mark.parametrize("kind", EXPORTS)
def test_no_formula_is_in_the_file(kind):
    factories.a_published_opinion(text=FORMULA)
    raw = content(exported(signed_in(factories.a_clerk()), kind=kind))
    if kind == "csv":
        assert list(csv.reader(io.StringIO(raw.decode()[1:])))[1][8] == f"'{FORMULA}"
    else:
        cell = load_workbook(io.BytesIO(raw)).worksheets[0]["I2"]
        assert (cell.data_type, cell.value) == ("s", FORMULA)


def test_a_redacted_text_leaves_as_the_public_sees_it():
    opinion = factories.an_opinion(text="我住在某街一号，请放宽。")
    hide(opinion, "某街一号")
    rows = table_of(exported(signed_in(factories.a_publisher())))
    assert rows[1][8] == Opinion.objects.get().redacted_content
    assert "某街一号" not in str(rows)


def test_the_filters_of_the_list_are_those_of_the_export(opinions):
    client = signed_in(factories.a_clerk())
    rows = table_of(exported(client, display=[Display.WITHHELD]))
    assert [row[0] for row in rows[1:]] == [opinions["withheld"].receipt_no]
    page = opinions["shown"].consultation
    form = client.get(f"{url()}?consultation={page.pk}&display=withheld").context["form"]
    assert form["consultation"].value() == str(page.pk)
    assert form["display"].value() == ["withheld"]


def test_what_is_out_of_scope_is_in_no_export(opinions):
    stranger = factories.a_member_of_staff(
        Role.OPINION_MODERATOR, username="stranger", unit=factories.a_unit("市交通运输局", "交通局")
    )
    client = signed_in(stranger)
    assert len(table_of(exported(client, hidden="on"))) == 1
    page = opinions["shown"].consultation
    response = exported(client, consultation=page.pk)
    assert "consultation" in response.context["form"].errors


@pytest.mark.parametrize("role", [Role.LEGAL_REVIEWER, Role.RELEASE_REVIEWER])
def test_who_may_see_no_opinions_exports_none(role):
    client = signed_in(factories.a_member_of_staff(role))
    assert client.get(url()).status_code in {302, 403}
    assert exported(client).status_code in {302, 403}


def test_each_thousand_opinions_costs_the_same_number_of_statements():
    page = factories.an_open_round()
    a_crowd(page, 1_000)

    def statements():
        export = OpinionExport(Opinion.norel_objects.filter(consultation=page), with_hidden=False)
        with CaptureQueriesContext(connection) as caught:
            rows = sum(1 for _row in export.rows())
        assert rows == export.count
        return len(caught)

    first = statements()
    a_crowd(page, 2_000)
    assert statements() - first <= 2 * 2
    assert first <= 5


def test_publishing_a_summary_tells_its_authors_once_however_often_it_is_published(summary):
    before = OutboxMessage.objects.filter(topic="summary.published").count()
    services.publish_feedback(page=summary, by=factories.a_publisher(), at=timezone.now())
    assert OutboxMessage.objects.filter(topic="summary.published").count() == before
