"""Files with an opinion: taken where the round allows it, given by permission, gone with it."""

import os
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from consultations import services
from consultations.models import ConsultationPage, Opinion, OpinionAttachment, OpinionDraft
from consultations.services.attachment import MOST_FILES
from consultations.services.author import secret_of
from consultations.services.draft import DRAFT_TIME
from consultations.written import Written
from home.management.commands.tick import Command as Tick
from portal.core import private_files
from portal.core.uploads import MOST_BYTES, UploadRefused
from tests import factories
from tests.factories.files import a_pdf, a_picture, a_word_document, an_upload
from tests.integration.attaching import on_disk
from tests.integration.together import together

pytestmark = pytest.mark.django_db
SECRET = "the-secret-of-a-draft"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    return settings.PRIVATE_FILES_ROOT


@pytest.fixture
def round_():
    return factories.an_open_round(takes_attachments=True)


@pytest.fixture
def draft(round_):
    return a_draft(round_)


def a_draft(round_, secret=SECRET, at=None):
    at = at or timezone.now()
    written = Written("8d5b1a36-6b4e-4f0e-9d39-0b6f3a0c8f11")
    services.keep_draft(consultation=round_, secret=secret, written=written, at=at)
    return services.find_draft(consultation=round_, secret=secret, at=at)


def attach(draft, name="方案.pdf", content=None, at=None):
    return services.attach(draft=draft, upload=an_upload(name, content), at=at or timezone.now())


def test_a_file_is_kept_privately_under_a_random_name(draft, folder):
    kept = attach(draft, "王小明的方案.pdf", a_pdf())
    [path] = on_disk(folder)
    assert path.read_bytes() == a_pdf()
    assert "王" not in str(path)
    assert len(path.stem) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert (kept.name, kept.kind, kept.size) == ("王小明的方案.pdf", "pdf", len(a_pdf()))
    with pytest.raises(ValueError, match="not accessible via a URL"):
        assert kept.file.url
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM consultations_opinionattachment")
        assert "王" not in cursor.fetchone()[0], "a name may be personal"


def refusal(draft, *args, **kwargs):
    with translation.override("en"), pytest.raises(UploadRefused) as refused:
        attach(draft, *args, **kwargs)
    return str(refused.value)


def test_rounds_take_no_files_unless_they_say_so(folder):
    closed_to_files = factories.an_open_round()
    assert closed_to_files.takes_attachments is False
    assert "does not take files" in refusal(a_draft(closed_to_files))
    assert not folder.exists()


def test_a_round_that_is_over_takes_none(draft, round_):
    late = timezone.now() + timedelta(days=400)
    assert "does not take files" in refusal(draft, at=late)


def test_the_fourth_file_is_too_many(draft, folder):
    for n in range(MOST_FILES):
        attach(draft, f"{n}.png", a_picture("PNG"))
    assert "up to 3 files" in refusal(draft, "4.png", a_picture("PNG"))
    assert len(on_disk(folder)) == MOST_FILES
    services.detach(draft=draft, attachment_id=draft.attachments.first().pk)
    attach(draft, "4.png", a_picture("PNG"))


def test_the_same_file_twice_is_kept_once(draft, folder):
    first = attach(draft, "a.pdf")
    assert attach(draft, "b.pdf") == first
    assert len(on_disk(folder)) == 1


def test_a_disk_that_is_full_is_told(draft, monkeypatch, caplog):
    def no_room(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(private_files.PrivateFiles, "_save", no_room)
    assert "could not be stored" in refusal(draft)
    assert "方案" not in caplog.text
    assert not draft.attachments.exists()


def test_what_is_refused_leaves_nothing(draft, folder):
    assert "is neither" in refusal(draft, "a.pdf", b"MZ")
    assert not OpinionAttachment.objects.exists()
    assert not folder.exists()


def test_a_draft_that_is_gone_meanwhile_keeps_no_file(draft, folder):
    OpinionDraft.objects.all().delete()
    assert "sent or erased meanwhile" in refusal(draft)
    assert on_disk(folder) == []


def test_a_file_belongs_to_a_draft_or_to_an_opinion(draft):
    kept = attach(draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpinionAttachment.objects.filter(pk=kept.pk).update(draft=None)
    opinion = factories.an_opinion(draft.consultation)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpinionAttachment.objects.filter(pk=kept.pk).update(opinion=opinion)


def test_removing_takes_only_ones_own(draft, round_, folder, django_capture_on_commit_callbacks):
    another = attach(a_draft(round_, "another"), "b.jpg", a_picture())
    own = attach(draft)
    with django_capture_on_commit_callbacks(execute=True):
        services.detach(draft=draft, attachment_id=another.pk)
        services.detach(draft=draft, attachment_id=2**70)
        services.detach(draft=draft, attachment_id=own.pk)
        services.detach(draft=draft, attachment_id=own.pk)
        assert len(on_disk(folder)) == 2, "files go only once it is committed"
    assert list(OpinionAttachment.objects.all()) == [another]
    assert len(on_disk(folder)) == 1


def test_a_draft_that_is_erased_takes_its_files_along(
    draft, folder, django_capture_on_commit_callbacks
):
    attach(draft)
    with django_capture_on_commit_callbacks(execute=True):
        services.forget_draft(secret=SECRET)
    assert not OpinionAttachment.objects.exists()
    assert on_disk(folder) == []


def test_a_draft_whose_day_is_over_takes_its_files_along(
    draft, round_, folder, django_capture_on_commit_callbacks
):
    attach(draft)
    fresh = attach(a_draft(round_, "fresh", at=timezone.now() + timedelta(hours=2)))
    with django_capture_on_commit_callbacks(execute=True):
        assert services.purge_drafts(at=timezone.now() + DRAFT_TIME) == 1
    assert list(OpinionAttachment.objects.all()) == [fresh]
    assert len(on_disk(folder)) == 1


def sent(draft, secret=SECRET):
    opinion = factories.an_unconfirmed_opinion(draft.consultation, draft_secret=secret)
    return Opinion.objects.get(pk=opinion.pk)


@pytest.fixture
def opinion(draft):
    attach(draft, "方案\u202e“一”.pdf", a_pdf())
    attach(draft, "照片.jpg", a_picture())
    attach(draft, "意见.docx", a_word_document())
    attached = sent(draft)
    assert not OpinionDraft.objects.exists()
    return attached


def test_sending_takes_the_files_along(opinion, folder):
    assert [file.kind for file in opinion.attachments.all()] == ["pdf", "jpg", "docx"]
    assert len(on_disk(folder)) == 3


def test_a_sending_that_fails_leaves_the_files_with_the_draft(draft, folder):
    attach(draft)
    with pytest.raises(services.OpinionRefused):
        factories.an_unconfirmed_opinion(draft.consultation, text=" ", draft_secret=SECRET)
    assert draft.attachments.count() == 1
    assert len(on_disk(folder)) == 1


def test_nobody_takes_another_drafts_files_along(draft, round_):
    attach(draft)
    assert not sent(a_draft(round_, "another"), "another").attachments.exists()
    assert draft.attachments.count() == 1


def test_an_erased_opinion_has_no_files(opinion, folder, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        services.erase(opinion=opinion, at=timezone.now())
        assert len(on_disk(folder)) == 3
    assert on_disk(folder) == []
    assert not OpinionAttachment.objects.exists()


def test_what_is_taken_back_keeps_its_files(opinion, folder):
    services.withdraw(opinion=opinion, at=timezone.now())
    assert len(on_disk(folder)) == 3


def own_address(opinion, file):
    return reverse("opinions:my_file", args=[secret_of(opinion), file])


def staff_address(opinion, file):
    name = Opinion.snippet_viewset.get_url_name("file")
    return reverse(name, args=[opinion.pk, file])


TYPES = ["application/pdf", "image/jpeg", "application/vnd.openxmlformats-officedocument."]


@pytest.mark.parametrize("address", [own_address, staff_address])
def test_a_file_is_saved_and_never_shown(client, opinion, address):
    if address is staff_address:
        client.force_login(factories.a_clerk())
    for file, content_type in zip(opinion.attachments.all(), TYPES, strict=True):
        response = client.get(address(opinion, file.pk))
        assert response.status_code == HTTPStatus.OK
        assert response.getvalue() == Path(file.file.path).read_bytes()
        assert response["Content-Type"].startswith(content_type)
        assert response["Content-Disposition"].startswith("attachment; filename")
        assert "\u202e" not in response["Content-Disposition"]
        assert "%E2%80%AE" not in response["Content-Disposition"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response["X-Robots-Tag"] == "noindex"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
        assert "public" not in response["Cache-Control"]
        assert client.post(address(opinion, file.pk)).status_code in {
            HTTPStatus.METHOD_NOT_ALLOWED,
            HTTPStatus.FORBIDDEN,
        }


def test_the_secret_opens_ones_own_files_alone(client, opinion, round_):
    attach(a_draft(round_, "another"), "b.pdf")
    another = sent(a_draft(round_, "another"), "another")
    being_written = attach(a_draft(round_, "third"), "c.pdf")
    foreign = another.attachments.get().pk
    own = opinion.attachments.first().pk
    wrong = reverse("opinions:my_file", args=["wrong.secret", own])
    for url in (
        own_address(opinion, foreign),
        own_address(opinion, being_written.pk),
        own_address(opinion, 0),
        own_address(opinion, 2**70),
        wrong,
    ):
        response = client.get(url)
        assert response.status_code == HTTPStatus.NOT_FOUND
        assert response["X-Robots-Tag"] == "noindex"


def test_who_may_not_see_opinions_gets_no_file(client, opinion):
    url = staff_address(opinion, opinion.attachments.first().pk)
    assert client.get(url).status_code == HTTPStatus.FOUND
    client.force_login(factories.a_legal_reviewer())
    assert client.get(url).status_code == HTTPStatus.FOUND
    for person in (factories.a_publisher(), factories.a_clerk(), factories.a_superuser()):
        client.force_login(person)
        response = client.get(url)
        assert response.status_code == HTTPStatus.OK
        assert response.getvalue() == a_pdf()


def test_staff_get_no_file_of_a_draft_or_of_another_opinion(client, opinion, round_):
    client.force_login(factories.a_superuser())
    being_written = attach(a_draft(round_, "another"), "b.pdf")
    another = factories.an_opinion(round_)
    for url in (
        staff_address(opinion, being_written.pk),
        staff_address(another, opinion.attachments.first().pk),
        staff_address(opinion, 2**70),
    ):
        assert client.get(url).status_code == HTTPStatus.NOT_FOUND


def test_a_file_that_a_restore_forgot_is_not_found(client, opinion, folder):
    file = opinion.attachments.first()
    file.file.storage.delete(file.file.name)
    assert client.get(own_address(opinion, file.pk)).status_code == HTTPStatus.NOT_FOUND
    client.force_login(factories.a_clerk())
    assert client.get(staff_address(opinion, file.pk)).status_code == HTTPStatus.NOT_FOUND


def test_the_author_and_staff_see_the_list_and_the_public_nothing(client, opinion):
    services.confirm(
        token=services.new_confirmation_token(opinion=opinion, at=timezone.now()),
        at=timezone.now(),
    )
    opinion = Opinion.objects.get(pk=opinion.pk)
    services.publish_opinion(opinion=opinion, by=factories.a_clerk(), at=timezone.now())
    own = client.get(reverse("opinions:mine", args=[secret_of(opinion)])).content.decode()
    assert "方案“一”.pdf" in own
    assert own_address(opinion, opinion.attachments.first().pk) in own
    status = client.post(reverse("opinions:status"), {"receipt_no": opinion.receipt_no})
    round_ = ConsultationPage.objects.get(pk=opinion.consultation_id)
    for page in (status, client.get(round_.url), client.get(round_.list_url)):
        assert "照片.jpg" not in page.content.decode()
    client.force_login(factories.a_clerk())
    inspect = reverse(Opinion.snippet_viewset.get_url_name("inspect"), args=[opinion.pk])
    admin = client.get(inspect).content.decode()
    assert "照片.jpg" in admin
    assert staff_address(opinion, opinion.attachments.last().pk) in admin


def test_private_files_are_below_no_address(client, opinion, settings):
    settings.SERVE_MEDIA = True
    for name in opinion.attachments.values_list("file", flat=True):
        assert client.get(f"/media/{name}").status_code == HTTPStatus.NOT_FOUND
        assert client.get(f"/static/{name}").status_code == HTTPStatus.NOT_FOUND


def test_the_clockwork_sweeps_what_a_crash_left(draft, folder):
    kept = attach(draft)
    storage = private_files.PrivateFiles()
    left = private_files.keep_privately(b"left", "pdf")
    young = private_files.keep_privately(b"young", "pdf")
    long_ago = (timezone.now() - timedelta(days=2)).timestamp()
    for name in (kept.file.name, left):
        os.utime(storage.path(name), (long_ago, long_ago))
    start = timezone.now()
    swept = [
        services.sweep_files(at=start + timedelta(minutes=n)) for n in range(private_files.FOLDERS)
    ]
    assert sum(swept) == 1
    assert {Path(name).name for name in (kept.file.name, young)} == {
        path.name for path in on_disk(folder)
    }
    Tick().tick()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.usefixtures("migrated_rows_survive")
def test_files_sent_at_once_are_still_three_at_most(draft, folder):
    refused = []

    def send(n):
        try:
            attach(draft, f"{n}.png", a_picture("PNG"))
        except UploadRefused as error:
            refused.append(error)

    together(send, 8)
    assert draft.attachments.count() == MOST_FILES
    assert len(on_disk(folder)) == MOST_FILES
    assert len(refused) == 8 - MOST_FILES


def test_one_byte_too_many_is_too_many(draft):
    assert "larger than 10 MB" in refusal(draft, "a.pdf", a_pdf() + bytes(MOST_BYTES))
