"""Opinions from a table: looked through first, then entered, each row once."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from consultations import services
from consultations.forms.offline_table import YES, TableRow, columns, official
from consultations.lifecycle import Channel, Display, Stance, official_date
from consultations.models import Opinion
from portal.accounts.roles import Role
from portal.core.models import StagedUpload
from portal.core.staging import purge_staged_uploads
from tests import factories
from tests.factories.files import an_upload
from tests.factories.sheets import a_table
from tests.integration.offline.paper import errors, signed_in, url
from tests.integration.page_forms import said

pytestmark = pytest.mark.django_db


HEADINGS = [one.heading for one in columns()]


def official_word(word):
    with official():
        return str(word)


LETTER, CALL, WEBSITE, FOR_IT = (
    official_word(one.label)
    for one in (Channel.POST, Channel.PHONE, Channel.ONLINE, Stance.SUPPORT)
)


def a_row(key, **cells):
    """A row of the table; cells are named by the columns' keys."""
    filled = {"key": key, "channel": LETTER, "received_on": "2026-03-02", "text": f"意见{key}"}
    return [(filled | cells).get(one.key) for one in columns()]


def upload(client, page, *rows, name="意见.xlsx"):
    file = a_table([HEADINGS, *rows], name)
    return client.post(url("table", page.pk), {"file": file}, follow=True)


def look(response):
    return response.context["judged"]


def confirm(client, response):
    return client.post(response.redirect_chain[-1][0], follow=True)


def test_the_template_holds_the_articles_and_the_allowed_words(clerk, page):
    response = clerk.get(url("table_template", page.pk))
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    first, articles, words = book.worksheets
    assert [str(cell.value).strip(" *") for cell in first[1]] == HEADINGS
    texts = [cell.value for cell in articles["B"]]
    assert page.articles[1].text in texts
    assert page.title in texts
    assert LETTER in [cell.value for cell in words["B"]]
    assert WEBSITE not in [cell.value for cell in words["B"]]


def test_nothing_is_entered_before_it_is_confirmed_and_then_everything(clerk, page):
    day = page.opens_on.isoformat()
    response = upload(
        clerk,
        page,
        a_row(
            "1",
            received_on=day,
            article=page.articles[1].label,
            stance=official_word(Stance.SUPPORT.label),
        ),
        a_row("2", received_on=day, channel=CALL, is_private=official_word(YES), name="王某"),
    )
    assert look(response).problems == []
    assert not Opinion.objects.exists()

    said_then = said(confirm(clerk, response))

    assert url("table_receipts", page.pk) in said_then
    one, two = Opinion.objects.order_by("pk")
    assert (one.row_key, one.channel, one.comment) == ("1", Channel.POST, "意见1")
    assert one.points.get().article_id == page.articles[1].id
    assert one.points.get().stance == Stance.SUPPORT
    assert (two.channel, two.display, two.author_name) == (
        Channel.PHONE,
        Display.AUTHOR_PRIVATE,
        "王某",
    )
    assert one.entered_by == factories.a_clerk()
    assert official_date(one.submit_date) == page.opens_on
    assert one.receipt_no != two.receipt_no
    assert one.intake(at=timezone.now()) == "confirmed"
    assert ModelLogEntry.objects.filter(action="consultations.enter_offline").count() == 2
    assert not StagedUpload.objects.exists()


def test_the_receipt_numbers_come_back_as_a_table(clerk, page):
    confirm(clerk, upload(clerk, page, a_row("甲-1"), a_row("甲-2")))
    response = clerk.get(url("table_receipts", page.pk))
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets[0]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]
    assert rows == list(Opinion.objects.order_by("pk").values_list("row_key", "receipt_no"))


def test_the_same_table_twice_changes_nothing(clerk, page):
    rows = [a_row("1"), a_row("2")]
    confirm(clerk, upload(clerk, page, *rows))
    before = list(Opinion.objects.order_by("pk").values())

    response = upload(clerk, page, *rows)
    assert response.context["new"] == 0
    confirm(clerk, response)
    assert list(Opinion.objects.order_by("pk").values()) == before

    response = upload(clerk, page, a_row("1", text="别的话"), a_row("3"))
    assert [row.key for row in response.context["changed"]] == ["1"]
    confirm(clerk, response)
    assert Opinion.objects.count() == 3
    assert Opinion.objects.get(row_key="1").comment == "意见1"


def test_each_finding_names_row_column_and_what_to_do(clerk, page):
    ahead = official_date(timezone.now()) + timedelta(days=1)
    with translation.override("zh-hans"):
        response = upload(
            clerk,
            page,
            a_row("1"),
            a_row("1"),
            a_row("3", channel=WEBSITE),
            a_row("4", received_on="昨天"),
            a_row("5", received_on=ahead.isoformat()),
            a_row("6", text=None),
            a_row("7", article="第九十九条"),
            a_row("8", text="=1+1"),
            a_row("9", name_consent=official_word(YES)),
            a_row(None),
            a_row("11", received_on="2026-02-30"),
        )
    found = [(one.row, one.column) for one in look(response).problems]
    headings = dict(zip((one.key for one in columns()), HEADINGS, strict=True))
    assert found == [
        (3, headings["key"]),
        (4, headings["channel"]),
        (5, headings["received_on"]),
        (6, headings["received_on"]),
        (7, headings["text"]),
        (8, headings["article"]),
        (9, headings["text"]),
        (10, headings["name"]),
        (11, headings["key"]),
        (12, headings["received_on"]),
    ]
    again = clerk.post(response.redirect_chain[-1][0], follow=True)
    assert errors(again)
    assert not Opinion.objects.exists()


@pytest.mark.parametrize(
    "day", ["2026-03-02", "2026/3/2", "2026.3.2", "2026年3月2日", "2026-03-02 00:00:00"]
)
def test_days_are_read_as_people_write_them(clerk, page, day):
    response = upload(clerk, page, a_row("1", received_on=day))
    assert [row.received_on for row in look(response).rows] == ["2026-03-02"]


def test_a_day_outside_the_period_is_worth_a_look_but_no_obstacle(clerk, page):
    day = page.opens_on - timedelta(days=1)
    response = upload(clerk, page, a_row("1", received_on=day))
    assert [one.row for one in look(response).warnings] == [2]
    confirm(clerk, response)
    assert Opinion.objects.count() == 1


def test_what_is_no_table_is_refused_at_its_input(clerk, page):
    response = clerk.post(url("table", page.pk), {"file": an_upload()}, follow=True)
    assert "file" in errors(response)
    response = upload(clerk, page)
    assert "file" in errors(response)
    assert "file" in errors(clerk.post(url("table", page.pk), {}, follow=True))


def test_an_upload_is_its_owners_alone_and_gone_after_a_day(clerk, second, page):
    response = upload(clerk, page, a_row("1"))
    address = response.redirect_chain[-1][0]
    assert second.post(address, follow=True).redirect_chain[-1][0] == url("table", page.pk)
    assert not Opinion.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM core_stagedupload")
        assert "意见1" not in cursor.fetchone()[0]
    assert purge_staged_uploads(at=timezone.now() + timedelta(days=1, minutes=1)) == 1
    assert clerk.post(address, follow=True).redirect_chain[-1][0] == url("table", page.pk)
    assert not Opinion.objects.exists()


def test_a_table_for_a_round_whose_answers_are_public_is_refused(clerk):
    page = factories.a_summary().consultation
    assert clerk.get(url("table", page.pk)).status_code == 404


def test_hundreds_of_rows_take_a_handful_of_statements(page):
    def statements(keys):
        rows = [
            TableRow(number=n, key=str(key), channel="post", received_on="2026-03-02", text="意见")
            for n, key in enumerate(keys)
        ]
        with CaptureQueriesContext(connection) as caught:
            services.import_offline(
                consultation=page, rows=rows, by=factories.a_clerk(), at=timezone.now()
            )
        return len(caught)

    statements(["warm"])
    assert statements(range(2)) <= 18
    # SQLite takes a thousand values a statement, PostgreSQL as many as there are.
    assert statements(range(1000, 1400)) <= (18 if connection.vendor == "postgresql" else 38)


def test_a_row_that_no_longer_fits_stops_the_whole_table(page):
    rows = [
        TableRow(number=2, key="1", channel="post", received_on="2026-03-02", text="好"),
        TableRow(
            number=3, key="2", channel="post", received_on="2026-03-02", text="好", article_id="x"
        ),
    ]
    with pytest.raises(services.OpinionRefused):
        services.import_offline(
            consultation=page, rows=rows, by=factories.a_clerk(), at=timezone.now()
        )
    assert not Opinion.objects.exists()


@pytest.mark.parametrize("name", ["table", "table_template", "table_receipts", "enter_for"])
@pytest.mark.parametrize("role", [Role.UNIT_EDITOR, Role.PORTAL_PUBLISHER, Role.LEGAL_REVIEWER])
def test_only_those_who_moderate_work_on_tables(page, name, role):
    client = signed_in(factories.a_member_of_staff(role))
    response = client.get(url(name, page.pk))
    assert response.status_code in {302, 403}


def test_the_rounds_of_another_unit_are_out_of_reach(page):
    stranger = factories.a_member_of_staff(
        Role.OPINION_MODERATOR, username="stranger", unit=factories.a_unit("市交通运输局", "交通局")
    )
    client, letter = signed_in(stranger), factories.an_offline_opinion(page)
    for name in ("table", "table_template", "table_receipts", "enter_for"):
        assert client.get(url(name, page.pk)).status_code == 404
    for name in ("transcript", "receipt"):
        assert client.get(url(name, letter.pk)).status_code == 404
    assert letter.receipt_no not in client.get(url("transcripts")).content.decode()


def test_a_key_belongs_to_one_row_of_one_round(clerk, page):
    confirm(clerk, upload(clerk, page, a_row("1")))
    other = factories.an_open_round(factories.a_matter())
    confirm(clerk, upload(clerk, other, a_row("1")))
    assert Opinion.objects.filter(row_key="1").count() == 2
    twin = Opinion.objects.filter(consultation=page).get()
    twin.pk = None
    with pytest.raises(ValidationError):
        twin.validate_constraints()
