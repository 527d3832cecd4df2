"""Attachments: what the public is told of, who is given which document, and at which address."""

from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.blocks import StructBlockValidationError
from wagtail.documents.models import Document
from wagtail.models import PageViewRestriction

from portal.core.blocks import AttachmentBlock
from tests import factories
from tests.factories import acts
from tests.factories.files import a_pdf

# Which pages use a document is what the reference index knows.
pytestmark = [pytest.mark.django_db, pytest.mark.housekeeping]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def a_document(title="风险评估报告", **fields):
    document = Document(title=title, **fields)
    document.file.save("report.pdf", ContentFile(a_pdf()))
    return document


def attached(document, disclosure, reason="涉及企业报价。"):
    value = {
        "document": document.pk,
        "title": "",
        "disclosure": disclosure,
        "reason": "" if disclosure == "active" else reason,
    }
    return {"type": "attachment", "value": value}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def closed(response):
    """Close the file that an answer sends, and not the database with it."""
    for close in response._resource_closers:
        close()
    return response


def status(document, client=None):
    return closed((client or Client()).get(document.url)).status_code


@pytest.mark.parametrize("disclosure", ["on_request", "none"])
@pytest.mark.parametrize("reason", ["", "  "])
def test_what_is_not_published_needs_a_reason(disclosure, reason):
    value = {"document": a_document(), "title": "", "disclosure": disclosure, "reason": reason}
    with pytest.raises(StructBlockValidationError) as caught:
        AttachmentBlock().clean(AttachmentBlock().to_python(value | {"document": a_document().pk}))
    assert isinstance(caught.value.block_errors["reason"], ValidationError)


def test_a_round_tells_of_what_is_given_and_never_of_the_rest():
    given, asked_for, kept = (a_document(title) for title in ("草案全文", "风险评估", "会议纪要"))
    page = factories.an_open_round(
        attachments=[
            attached(given, "active"),
            attached(asked_for, "on_request"),
            attached(kept, "none"),
        ]
    )
    shown = Client().get(page.url).content.decode()
    assert given.url in shown
    assert "草案全文" in shown
    assert "PDF" in shown
    assert "风险评估" in shown
    assert asked_for.url not in shown
    assert page.contact_phone in shown.partition('id="attachments"')[2]
    assert "会议纪要" not in shown
    assert kept.url not in shown


def test_summary_and_decision_show_theirs():
    document = a_document("问卷统计")
    summary = factories.a_summary(attachments=[attached(document, "active")])
    item = factories.a_reviewed_matter(summary.consultation.item)
    decision = factories.a_decision(
        factories.a_decided_matter(item), attachments=[attached(document, "active")]
    )
    for page in (summary, decision):
        assert document.url in Client().get(page.url).content.decode()


@pytest.mark.parametrize(
    ("disclosure", "expected"),
    [
        ("active", HTTPStatus.OK),
        ("on_request", HTTPStatus.NOT_FOUND),
        ("none", HTTPStatus.NOT_FOUND),
    ],
)
def test_the_address_of_a_document_follows_its_disclosure(disclosure, expected):
    document = a_document()
    factories.an_open_round(attachments=[attached(document, disclosure)])
    assert status(document) == expected
    assert closed(Client().head(document.url)).status_code == expected
    assert Client().get(f"/media/{document.file.name}").status_code == HTTPStatus.NOT_FOUND
    assert Client().get(f"/documents/{document.pk}/x.pdf").status_code == HTTPStatus.NOT_FOUND


def test_a_document_of_a_draft_or_of_no_page_is_not_given():
    loose, drafted = a_document("a"), a_document("b")
    factories.a_draft_round(attachments=[attached(drafted, "active")])
    assert status(loose) == status(drafted) == HTTPStatus.NOT_FOUND


def test_a_document_of_a_changed_draft_is_not_given_before_it_is_published():
    document = a_document()
    page = factories.an_open_round()
    page.attachments = page.attachments.stream_block.to_python([attached(document, "active")])
    page.save_revision()
    assert status(document) == HTTPStatus.NOT_FOUND
    assert status(document, signed_in(factories.an_editor())) == HTTPStatus.OK


def test_one_page_that_holds_it_back_is_enough():
    document = a_document()
    factories.an_open_round(attachments=[attached(document, "active")])
    assert status(document) == HTTPStatus.OK
    factories.an_open_round(factories.a_matter(number=2), attachments=[attached(document, "none")])
    assert status(document) == HTTPStatus.NOT_FOUND


def test_a_link_in_the_text_of_a_public_page_gives_a_document():
    document = a_document()
    factories.an_open_round(
        notice=f'<p><a linktype="document" id="{document.pk}">附表</a></p>',
    )
    assert status(document) == HTTPStatus.OK


def test_a_page_closed_to_the_public_gives_nothing():
    document = a_document()
    page = factories.an_open_round(attachments=[attached(document, "active")])
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert status(document) == HTTPStatus.NOT_FOUND


def test_staff_have_what_they_work_on_and_no_more():
    document = a_document(uploaded_by_user=factories.a_superuser())
    factories.a_draft_round(attachments=[attached(document, "none")])
    other = factories.a_unit("市水务局", "水务局")
    stranger = factories.a_member_of_staff("unit_editor", username="stranger", unit=other)
    assert status(document, signed_in(factories.an_editor())) == HTTPStatus.OK
    assert status(document, signed_in(factories.a_publisher())) == HTTPStatus.OK
    assert status(document, signed_in(stranger)) == HTTPStatus.NOT_FOUND
    assert status(document, signed_in(factories.a_member_of_staff())) == HTTPStatus.NOT_FOUND


def test_publishing_with_changed_disclosure_takes_a_document_back():
    document = a_document()
    page = factories.an_open_round(attachments=[attached(document, "active")])
    page.attachments = page.attachments.stream_block.to_python([attached(document, "none")])
    acts.open_round(page=page, by=factories.a_publisher(), at=page.first_published_at)
    assert status(document) == HTTPStatus.NOT_FOUND


def test_the_video_of_an_interpretation_is_given_once_it_is_public():
    film = Document(title="两分钟看懂")
    film.file.save("film.mp4", ContentFile(b"0000ftypisom"))
    video = {"title": film.title, "file": film, "link": "", "transcript": "楼道里不能充电。"}
    page = factories.a_draft_interpretation(
        factories.an_open_round(), kind="video", body=[("video", video)]
    )
    assert status(film) == HTTPStatus.NOT_FOUND
    acts.publish_interpretation(page=page, by=factories.a_publisher(), at=timezone.now())
    assert status(film) == HTTPStatus.OK
    html = Client().get(page.url).content.decode()
    assert f'<source src="{film.url}" type="video/mp4">' in html
    assert "楼道里不能充电。" in html
