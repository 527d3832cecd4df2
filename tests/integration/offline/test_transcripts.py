"""Transcripts: a second person compares what was typed in with the paper."""

import pytest
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from consultations import services
from consultations.lifecycle import Channel, Display
from consultations.models import Opinion, OpinionAttachment
from portal.core.findings import Refused
from tests import factories
from tests.factories.files import a_picture, an_upload
from tests.integration.offline.paper import a_second_clerk, enter, errors, url

pytestmark = pytest.mark.django_db


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
