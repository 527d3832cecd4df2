"""Opinions on paper: entered with their day and scan, transcripts read by two people, tables."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from consultations import services
from consultations.forms.offline_table import YES, TableRow, columns, official
from consultations.lifecycle import AuthorKind, Channel, Display, Region, Stance, official_date
from consultations.models import Opinion, OpinionAttachment
from portal.accounts.roles import Role
from portal.core.findings import Refused
from portal.core.models import StagedUpload
from portal.core.staging import purge_staged_uploads
from tests import factories
from tests.factories.files import a_picture, a_word_document, an_upload
from tests.factories.sheets import a_table
from tests.integration.page_forms import said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    return settings.PRIVATE_FILES_ROOT


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def a_second_clerk():
    return factories.a_member_of_staff(Role.OPINION_MODERATOR, username="second")


@pytest.fixture
def clerk():
    return signed_in(factories.a_clerk())


@pytest.fixture
def second():
    return signed_in(a_second_clerk())


@pytest.fixture
def page():
    return factories.an_open_round()


def url(name, *args):
    return reverse(f"wagtailsnippets_consultations_opinion:{name}", args=args)


def enter(client, page, **data):
    filled = {"channel": Channel.POST, "text": "请放宽到一年。", "points": "1"} | data
    return client.post(url("enter_for", page.pk), filled, follow=True)


def errors(response):
    return response.context["form"].errors


# One letter


def test_a_letter_with_two_points_and_everything_its_author_told(clerk, page):
    first, second = page.articles[1].id, page.articles[2].id
    enter(
        clerk,
        page,
        points="2",
        article=first,
        stance=Stance.AMEND,
        text="第一点。",
        article_2=second,
        stance_2=Stance.OPPOSE,
        text_2="第二点。",
        kind=AuthorKind.ENTERPRISE,
        region=Region.WORKING,
        name="某某公司",
    )
    opinion = Opinion.objects.get()
    assert opinion.comment == "第一点。\n\n第二点。"
    said_in = opinion.points.values_list("article_id", "stance", "text", "place")
    assert list(said_in) == [
        (first, Stance.AMEND, "第一点。", 0),
        (second, Stance.OPPOSE, "第二点。", 1),
    ]
    assert (opinion.author_kind, opinion.author_region) == (AuthorKind.ENTERPRISE, Region.WORKING)
    assert opinion.entered_by == factories.a_clerk()


def test_one_more_point_is_added_without_losing_what_was_typed(clerk, page):
    response = enter(clerk, page, more="1", text="第一点。", name="周平")
    form = response.context["form"]
    assert form.point_count == 2
    assert form["text"].value() == "第一点。"
    assert form["name"].value() == "周平"
    assert not form.errors
    assert not Opinion.objects.exists()


@pytest.mark.parametrize("points", ["", "0", "-1", "x", "²", "999999999999", "10"])
def test_a_number_of_points_made_up_by_hand_does_no_harm(clerk, page, points):
    response = enter(clerk, page, points=points, more="1")
    assert response.status_code == 200
    enter(clerk, page, points=points)
    assert Opinion.objects.count() == 1


def test_the_day_on_which_it_reached_us_is_the_day_that_counts(clerk, page):
    day = page.opens_on + timedelta(days=2)
    enter(clerk, page, received_on=day.isoformat())
    opinion = Opinion.objects.get()
    assert official_date(opinion.submit_date) == day
    assert official_date(opinion.confirmed_at) == official_date(timezone.now())
    assert list(Opinion.objects.count_by_day()) == [day]
    entry = ModelLogEntry.objects.get(action="consultations.enter_offline")
    assert entry.data == {
        "channel": "post",
        "received_on": day.isoformat(),
        "in_period": True,
        "scan": False,
    }


def test_a_day_outside_the_period_is_asked_about_and_then_taken(clerk, page):
    day = (page.opens_on - timedelta(days=3)).isoformat()
    response = enter(clerk, page, received_on=day)
    assert "late" in errors(response)
    assert not Opinion.objects.exists()
    enter(clerk, page, received_on=day, late="on")
    assert Opinion.objects.count() == 1
    entry = ModelLogEntry.objects.get(action="consultations.enter_offline")
    assert entry.data["in_period"] is False


def test_a_day_that_lies_ahead_is_refused(clerk, page):
    day = official_date(timezone.now()) + timedelta(days=1)
    response = enter(clerk, page, received_on=day.isoformat())
    assert "received_on" in errors(response)
    assert not Opinion.objects.exists()


def test_the_scan_is_kept_with_the_letter(clerk, page, private_files):
    enter(clerk, page, scan=an_upload("来信.jpg", a_picture()))
    file = Opinion.objects.get().attachments.get()
    assert (file.name, file.kind) == ("来信.jpg", "jpg")
    assert (private_files / file.file.name).stat().st_size == file.size


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("来信.docx", a_word_document()),
        ("来信.pdf", b""),
        ("来信.exe", b"MZ" + bytes(100)),
        ("来信.pdf", a_picture()),
    ],
)
def test_what_is_no_scan_is_refused_and_nothing_is_left(clerk, page, private_files, name, content):
    response = enter(clerk, page, scan=an_upload(name, content))
    assert "scan" in errors(response)
    assert not Opinion.objects.exists()
    assert not private_files.exists() or not list(private_files.rglob("*.*"))


def test_an_error_at_the_text_keeps_no_scan(clerk, page, private_files):
    enter(clerk, page, scan=an_upload(), article="foreign")
    with pytest.raises(services.OpinionRefused):
        services.enter_offline(
            consultation=page,
            points=[],
            author=services.opinion.Author(),
            channel=Channel.POST,
            scan=an_upload(),
            by=factories.a_clerk(),
            at=timezone.now(),
        )
    assert not OpinionAttachment.objects.exists()
    assert not list(private_files.rglob("*.pdf"))


def test_the_same_receipt_as_on_the_website_can_be_printed(clerk, page):
    response = enter(clerk, page)
    opinion = Opinion.objects.get()
    assert url("receipt", opinion.pk) in said(response)
    paper = clerk.get(url("receipt", opinion.pk))
    assert paper["Content-Type"] == "application/pdf"
    assert paper["Content-Disposition"] == f'attachment; filename="{opinion.receipt_no}.pdf"'


def test_the_receipt_of_somebody_who_wrote_on_the_website_is_not_for_clerks(clerk, page):
    opinion = factories.an_opinion(page)
    assert clerk.get(url("receipt", opinion.pk)).status_code == 404


# Transcripts


@pytest.fixture
def letter(page):
    return factories.an_offline_opinion(page, text="原来的话。")


def test_whoever_typed_it_in_does_not_check_it(clerk, second, letter):
    response = clerk.post(url("transcript", letter.pk), text_fields(letter))
    assert "OPI-7" in str(errors(response))
    assert Opinion.objects.get().checked_at is None

    second.post(url("transcript", letter.pk), text_fields(letter))

    checked = Opinion.objects.get()
    assert checked.checked_by == a_second_clerk()
    entry = ModelLogEntry.objects.get(action="consultations.check_transcript")
    assert entry.user == a_second_clerk()


def text_fields(letter, text=None):
    texts = {f"text_{one.pk}": text or one.text for one in letter.points.all()}
    return texts | {"seen": str(Opinion.objects.get(pk=letter.pk).version)}


def test_a_correction_is_read_again_by_somebody_else(clerk, second, letter):
    corrected = text_fields(letter, "改正后的话。") | {"correct": "1"}
    second.post(url("transcript", letter.pk), corrected)

    row = Opinion.objects.get()
    assert row.comment == row.points.get().text == "改正后的话。"
    assert row.entered_by == a_second_clerk()
    entry = ModelLogEntry.objects.get(action="consultations.correct_transcript")
    assert "改正" not in str(entry.data)
    assert entry.data["before"] != entry.data["after"]

    second.post(url("transcript", letter.pk), text_fields(letter))
    assert Opinion.objects.get().checked_at is None
    clerk.post(url("transcript", letter.pk), text_fields(letter))
    assert Opinion.objects.get().checked_by == factories.a_clerk()


def test_a_checked_transcript_is_not_changed_any_more(second, letter):
    second.post(url("transcript", letter.pk), text_fields(letter))
    with pytest.raises(Refused):
        services.correct_transcript(
            opinion=letter,
            texts={letter.points.get().pk: "别的话。"},
            by=a_second_clerk(),
            at=timezone.now(),
        )
    assert second.get(url("transcript", letter.pk)).status_code == 404


def test_two_at_one_transcript_lose_nothing(clerk, second, letter):
    stale = text_fields(letter, "第二人改的。") | {"correct": "1"}
    clerk.post(url("transcript", letter.pk), text_fields(letter, "第一人改的。") | {"correct": "1"})
    response = second.post(url("transcript", letter.pk), stale)
    assert errors(response)
    assert Opinion.objects.get().comment == "第一人改的。"


def test_an_empty_correction_is_refused(second, letter):
    corrected = {f"text_{letter.points.get().pk}": "  ", "correct": "1", "seen": "0"}
    assert errors(second.post(url("transcript", letter.pk), corrected))
    assert Opinion.objects.get().comment == "原来的话。"


def test_an_unchecked_letter_is_not_shown(letter):
    with pytest.raises(Refused, match="OPI-7"):
        services.publish_opinion(opinion=letter, by=factories.a_clerk(), at=timezone.now())
    services.check_transcript(opinion=letter, by=a_second_clerk(), at=timezone.now())
    services.publish_opinion(
        opinion=Opinion.objects.get(), by=factories.a_clerk(), at=timezone.now()
    )
    assert Opinion.objects.get().display == Display.PUBLISHED


def test_an_unchecked_letter_can_be_withheld(letter):
    services.withhold_opinion(
        opinion=letter, reason="abuse", by=factories.a_clerk(), at=timezone.now()
    )
    assert Opinion.objects.get().display == Display.WITHHELD


@pytest.mark.parametrize(
    ("channel", "with_scan", "is_due"),
    [
        (Channel.POST, False, True),
        (Channel.FAX, False, True),
        (Channel.PHONE, False, False),
        (Channel.MEETING, False, False),
        (Channel.MEETING, True, True),
        (Channel.EMAIL, True, True),
    ],
)
def test_what_has_an_original_is_checked(clerk, page, channel, with_scan, is_due):
    enter(clerk, page, channel=channel, **({"scan": an_upload()} if with_scan else {}))
    opinion = Opinion.objects.get()
    assert services.waiting_transcripts(Opinion.norel_objects.all()).exists() is is_due
    if is_due:
        with pytest.raises(Refused):
            services.require_checked_transcript(opinion)
    else:
        services.require_checked_transcript(opinion)


def test_an_opinion_from_the_website_has_no_transcript(second):
    opinion = factories.an_opinion()
    services.require_checked_transcript(opinion)
    assert second.get(url("transcript", opinion.pk)).status_code == 404


def test_the_list_says_whose_they_are_and_the_screen_shows_the_scan(clerk, second, page):
    enter(clerk, page, scan=an_upload("来信.jpg", a_picture()))
    opinion = Opinion.objects.get()
    assert opinion.receipt_no in second.get(url("transcripts")).content.decode()
    with translation.override("en"):
        assert (
            "You; somebody else checks it"
            in str(
                clerk.get(url("transcripts"), headers={"accept-language": "en"}).content.decode()
            )
            or opinion.receipt_no in clerk.get(url("transcripts")).content.decode()
        )

    file = opinion.attachments.get()
    scan = url("scan", opinion.pk, file.pk)
    assert f'<img src="{scan}"' in second.get(url("transcript", opinion.pk)).content.decode()
    seen = second.get(scan)
    assert b"".join(seen.streaming_content)
    assert seen["Content-Type"] == "image/jpeg"
    assert seen["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in seen["Cache-Control"]


def test_what_an_author_sent_along_on_the_website_is_not_shown_as_a_scan(second, page):
    opinion = factories.an_opinion(page)
    file = OpinionAttachment.objects.create(
        opinion=opinion, file="x", name="a.pdf", kind="pdf", size=1, added_at=timezone.now()
    )
    assert second.get(url("scan", opinion.pk, file.pk)).status_code == 404


# Tables


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
    assert statements(range(2)) <= 16
    # SQLite takes a thousand values a statement, PostgreSQL as many as there are.
    assert statements(range(1000, 1400)) <= (16 if connection.vendor == "postgresql" else 36)


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
