"""Files in the form of an opinion: chosen, refused, removed and sent along, step by step."""

from http import HTTPStatus

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.models import Opinion, OpinionAttachment, OpinionDraft
from consultations.written import MOST_KEPT
from portal.core.uploads import MOST_BYTES
from tests import factories
from tests.factories.files import a_pdf, a_picture, a_word_document, an_upload
from tests.integration.attaching import on_disk
from tests.integration.journey import A_LITTLE_WHILE, address, points_data, send, solved, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    return settings.PRIVATE_FILES_ROOT


@pytest.fixture
def round_():
    return factories.an_open_round(takes_attachments=True)


def form_with(page, *uploads, text="建议放宽到一年。", **buttons):
    fields = {"form_key": "8d5b1a36-6b4e-4f0e-9d39-0b6f3a0c8f11", **points_data((text,))}
    return fields | buttons | ({"files": list(uploads)} if uploads else {})


def step_one(client, page, *uploads, **how):
    return client.post(address("write", page), form_with(page, *uploads, **how))


def names_in(client, page, step="write"):
    context = client.get(address(step, page)).context
    return [file.name for file in context["files"]]


def test_the_form_asks_for_files_only_where_they_are_taken(client, round_):
    without = factories.an_open_round(factories.a_matter())
    page = client.get(address("write", round_)).content.decode()
    assert 'type="file"' in page
    assert 'enctype="multipart/form-data"' in page
    other = client.get(address("write", without)).content.decode()
    assert 'type="file"' not in other
    assert "multipart" not in other


def test_the_way_with_files_from_the_form_to_the_receipt(client, round_, folder):
    chosen = [an_upload("方案.pdf"), an_upload("照片.jpg", a_picture())]
    attached = step_one(client, round_, *chosen, attach="1")
    assert attached["Location"] == f"{address('write', round_)}#attached"
    assert names_in(client, round_) == ["方案.pdf", "照片.jpg"]
    with time_machine.travel(timezone.now() - A_LITTLE_WHILE):
        said = step_one(client, round_, an_upload("意见.docx", a_word_document()))
        assert said["Location"] == address("about", round_)
        tell(client, round_)
        check = client.get(address("check", round_))
        assert "意见.docx" in check.content.decode()
        data = solved(check)
    assert send(client, round_, data)["Location"] == reverse("opinions:received")
    opinion = Opinion.objects.get()
    assert [file.name for file in opinion.attachments.all()] == [
        "方案.pdf",
        "照片.jpg",
        "意见.docx",
    ]
    assert not OpinionDraft.objects.exists()
    assert len(on_disk(folder)) == 3


def test_a_file_is_removed_by_its_button(
    client, round_, folder, django_capture_on_commit_callbacks
):
    step_one(client, round_, an_upload("方案.pdf"), attach="1")
    kept = OpinionAttachment.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        response = step_one(client, round_, detach=str(kept.pk))
    assert response["Location"] == f"{address('write', round_)}#attached"
    assert names_in(client, round_) == []
    assert on_disk(folder) == []


@pytest.mark.parametrize("value", ["x", "-1", "9" * 50, "٣", ""])
def test_a_button_that_was_never_shown_does_nothing(client, round_, value):
    step_one(client, round_, an_upload("方案.pdf"), attach="1")
    assert step_one(client, round_, detach=value).status_code == HTTPStatus.FOUND
    assert names_in(client, round_) == ["方案.pdf"]


def test_another_browser_removes_nothing(client, round_):
    step_one(client, round_, an_upload("方案.pdf"), attach="1")
    step_one(Client(), round_, detach=str(OpinionAttachment.objects.get().pk))
    assert names_in(client, round_) == ["方案.pdf"]


def test_a_refused_file_is_named_and_the_rest_is_kept(client, round_):
    client.cookies["lang"] = "en"
    evil = an_upload("<b>程序</b>.pdf", b"MZ" + bytes(100))
    response = step_one(client, round_, an_upload("方案.pdf"), evil, text="写了很久的话。")
    page = response.content.decode()
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert page.count("is neither PDF, Word (docx), JPG nor PNG") == 2, "above and at its place"
    assert 'href="#attached"' in page
    assert "<b>程序" not in page
    assert "写了很久的话。" in page
    assert "方案.pdf" in page
    assert names_in(client, round_) == ["方案.pdf"]


def test_a_wrong_point_loses_no_file(client, round_):
    response = step_one(client, round_, an_upload("方案.pdf"), text=" ")
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert names_in(client, round_) == ["方案.pdf"]


def test_a_wrong_point_and_a_wrong_file_are_told_at_once(client, round_):
    client.cookies["lang"] = "en"
    response = step_one(client, round_, an_upload("a.pdf", b""), an_upload("b.exe"), text=" ")
    assert response.context["error_count"] == 3
    assert "Write your opinion." in response.content.decode()


def test_a_file_sent_to_a_round_that_takes_none_is_refused(client, folder):
    without = factories.an_open_round()
    response = step_one(client, without, an_upload("方案.pdf"))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not OpinionAttachment.objects.exists()
    assert on_disk(folder) == []


def test_what_is_far_too_large_is_cut_off_while_it_arrives(client, round_):
    client.cookies["lang"] = "en"
    huge = an_upload("huge.pdf", a_pdf() + bytes(2 * MOST_BYTES))
    response = step_one(client, round_, huge, an_upload("方案.pdf"), text="写了很久的话。")
    page = response.content.decode()
    assert "“huge.pdf” is larger than 10 MB" in page
    assert "写了很久的话。" in page
    assert names_in(client, round_) == ["方案.pdf"]


def test_the_next_file_from_a_network_that_sends_very_many_waits(client, round_, settings):
    settings.THROTTLES = settings.THROTTLES | {"opinion.file": {"most": 1, "seconds": 3600}}
    client.cookies["lang"] = "en"
    files = [an_upload("a.pdf"), an_upload("b.png", a_picture("PNG"))]
    assert "Very many files" in step_one(client, round_, *files).content.decode()
    assert names_in(client, round_) == ["a.pdf"]


def test_a_text_too_long_to_be_kept_says_so_when_a_file_comes(client, round_):
    client.cookies["lang"] = "en"
    response = step_one(client, round_, an_upload("a.pdf"), text="长" * (MOST_KEPT + 1))
    assert "too long to be kept with files" in response.content.decode()


def test_erasing_what_was_written_erases_the_files(
    client, round_, folder, django_capture_on_commit_callbacks
):
    step_one(client, round_, an_upload("方案.pdf"), attach="1")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("erase", round_))
    assert not OpinionAttachment.objects.exists()
    assert on_disk(folder) == []


def test_a_hostile_name_comes_back_clean(client, round_):
    for sent in ("\u202egpj.<script>x</script>.jpg", "../../x\x00.jpg", "a" * 900 + ".jpg"):
        content = a_picture() + sent.encode()
        assert step_one(client, round_, an_upload(sent, content), attach="1").status_code < 500
    names = names_in(client, round_)
    assert names
    assert not any(set("<>\u202e/\x00") & set(name) for name in names)
    assert all(len(name) <= 100 for name in names)
