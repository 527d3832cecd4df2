"""Personal data is removed when its time is over, and keys can be replaced."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from consultations import services
from consultations.lifecycle import official_date
from consultations.models import FeedbackReportPage, Opinion
from home.management.commands.tick import Command as Tick
from portal.core.file_texts.keeping import forget_words
from portal.core.file_texts.reading import TextState
from portal.core.models import FileText, current_limits
from tests import factories
from tests.integration.search.attached_files import a_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported():
    """A reported round: one opinion with its name shown, one masked."""
    round_ = factories.a_closed_round()
    opinions = [
        factories.an_opinion(round_, name="张三", name_consent=True),
        factories.an_opinion(round_, name="李四"),
    ]
    factories.an_answered_issue(*opinions)
    return factories.a_summary(round_)


def published_days_ago(report, days):
    day = official_date(timezone.now()) - timedelta(days=days)
    FeedbackReportPage.objects.filter(pk=report.pk).update(published_on=day)


def kept():
    rows = Opinion.norel_objects.order_by("pk")
    return [(one.author_name, bool(one.author_email)) for one in rows]


def test_nothing_is_removed_before_its_time(reported):
    published_days_ago(reported, current_limits().retention_days)
    assert services.purge_personal_data(at=timezone.now()) == 0
    assert kept() == [("张三", True), ("李四", True)]


def test_afterwards_only_the_name_shown_by_consent_is_left(reported, capsys):
    still_open = factories.an_opinion(factories.an_open_round(factories.a_matter()))
    published_days_ago(reported, current_limits().retention_days + 1)
    call_command("purge_personal_data")
    call_command("purge_personal_data")
    assert capsys.readouterr().out.split() == ["purged=2", "purged=0"]
    assert kept() == [("张三", False), ("", False), (still_open.author_name, True)]
    assert Opinion.norel_objects.that_count().count() == 3


def test_the_clockwork_does_it_once_a_day(reported):
    published_days_ago(reported, current_limits().retention_days + 1)
    Tick().tick()
    assert kept() == [("张三", False), ("", False)]
    Opinion.objects.update(author_email="again@example.com")
    Tick().tick()
    assert kept()[0] == ("张三", True), "not again today"


def test_the_words_of_a_file_go_when_no_document_has_it_any_more(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    first, again, other = a_document(b"one"), a_document(b"one"), a_document(b"two")
    for document in (first, again, other):
        FileText.objects.get_or_create(pk=document.get_file_hash(), state=TextState.NONE)
    first.delete()
    Tick().tick()
    assert FileText.objects.count() == 2, "another document has the same file"
    again.delete()
    other.file.save("report.pdf", ContentFile(b"three"), save=False)
    other._set_document_file_metadata()
    other.save()
    assert forget_words() == 2
    assert not FileText.objects.exists()
    assert forget_words() == 0


def test_after_the_rotation_the_old_key_can_go(settings, capsys):
    factories.an_opinion(name="王小明")
    old, new = settings.PERSONAL_DATA_KEYS[0], Fernet.generate_key().decode()
    settings.PERSONAL_DATA_KEYS = [new]
    with pytest.raises(InvalidToken):
        Opinion.objects.get()
    settings.PERSONAL_DATA_KEYS = [new, old]
    call_command("rotate_personal_data_keys")
    assert "rewritten=1" in capsys.readouterr().out
    settings.PERSONAL_DATA_KEYS = [new]
    opinion = Opinion.objects.get()
    assert (opinion.author_name, opinion.author_email) == ("王小明", "wang@example.com")
