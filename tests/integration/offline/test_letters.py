"""Opinions on paper: entered one by one, with their day and their scan."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from consultations import services
from consultations.lifecycle import AuthorKind, Channel, Region, Stance, official_date
from consultations.models import Opinion, OpinionAttachment
from tests import factories
from tests.factories.files import a_picture, a_word_document, an_upload
from tests.integration.offline.paper import enter, errors, url
from tests.integration.page_forms import said

pytestmark = pytest.mark.django_db


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
