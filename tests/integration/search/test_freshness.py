"""Staff see how fresh and true the archive's copies are, and what to do if they are not."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from elasticsearch import Elasticsearch

from decisions.models import ArchiveComparison, ArchiveDossier, Copy
from decisions.search import index, reconciling
from decisions.search.freshness import Standing, freshness
from decisions.search.indexing import TOPIC_COPY, follow_again, promise_later
from decisions.search.rebuilding import rebuild
from decisions.search.reconciling import compare
from decisions.tasks import COUNT, promise_archive
from portal.core.models import OutboxMessage
from portal.core.outbox import (
    PARKED_AFTER_REFUSALS,
    REFUSED,
    UndeliverableError,
    is_parked,
)
from tests import factories
from tests.integration.search.conftest import NOW

pytestmark = pytest.mark.django_db

REPORT = "archive_copies_report"


@pytest.fixture
def copied(dossiers, deliver):
    rebuild(at=NOW)
    deliver()
    return dossiers


def standings():
    return [one.standing for one in freshness(at=timezone.now()).copies]


def test_a_copy_that_was_compared_and_agreed_is_true(copied):
    assert standings() == [Standing.NEVER_COMPARED]
    compare(at=timezone.now())
    assert standings() == [Standing.TRUE]
    [database] = freshness(at=timezone.now()).copies
    assert database.held == freshness(at=timezone.now()).public == 3
    assert not database.waiting
    assert database.updated_at is not None


def test_a_difference_is_kept_and_told_with_the_command_that_mends_it(copied, client):
    ArchiveDossier.objects.filter(pk=copied["green"].pk).delete()
    compare(at=timezone.now())
    kept = ArchiveComparison.objects.get()
    assert (kept.public, kept.held, kept.missing, kept.stale, kept.left_over) == (3, 2, 1, 0, 0)

    client.force_login(factories.a_publisher())
    page = client.get(reverse(REPORT)).content.decode()
    assert "公开 3 项，所存 2 项；缺少 1 项" in page
    assert "manage.py reconcile_search_index --fix" in page
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "数据库副本：有 1 项事项与公开内容不一致。" in home

    call_command("reconcile_search_index", fix=True)
    assert standings() == [Standing.TRUE]
    assert "不一致" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_changes_that_wait_are_counted_and_told_when_it_takes_too_long(copied, client):
    compare(at=timezone.now())
    promise_archive(copied["green"].pk)
    [database] = freshness(at=timezone.now()).copies
    assert (database.waiting, database.standing) == (1, Standing.TRUE)
    OutboxMessage.objects.filter(done_at=None).update(
        created_at=timezone.now() - timedelta(minutes=6), attempts=1, last_error="RuntimeError"
    )
    [database] = freshness(at=timezone.now()).copies
    assert (database.failing, database.standing) == (1, Standing.BEHIND)
    client.force_login(factories.a_publisher())
    page = client.get(reverse(REPORT)).content.decode()
    assert "其中 1 项更新失败" in page
    assert reverse("outbox_report") in page


@pytest.mark.parametrize("who", [factories.a_clerk, factories.an_editor])
def test_others_do_not_see_the_report(client, who):
    client.force_login(who())
    assert client.get(reverse(REPORT)).status_code == HTTPStatus.FOUND


def test_the_clockwork_compares_once_a_day_mends_what_differs_and_tells(copied, client, capsys):
    call_command("tick")
    first = ArchiveComparison.objects.get().compared_at
    ArchiveDossier.objects.filter(pk=copied["green"].pk).delete()
    call_command("tick")
    assert ArchiveComparison.objects.get().compared_at == first
    ArchiveComparison.objects.update(compared_at=first - timedelta(days=1))
    call_command("tick")
    assert "differing_in_archive=1" in capsys.readouterr().out
    assert ArchiveComparison.objects.get().missing == 1
    assert standings() == [Standing.DIFFERS]

    call_command("tick")
    assert ArchiveDossier.objects.filter(pk=copied["green"].pk).exists()
    assert standings() == [Standing.MENDED]
    client.force_login(factories.a_publisher())
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "数据库副本：有 1 项事项曾与公开内容不一致，已自动重写。" in home
    assert "已自动重写，无需处理" in client.get(reverse(REPORT)).content.decode()


def test_what_was_given_up_is_found_and_tried_once_more_each_night(copied, monkeypatch):
    """Without a second message beside it, and without holding up what waits for the others."""
    [promised] = promise_later(TOPIC_COPY, [copied["green"].pk], why=COUNT, at=NOW)
    given_up = OutboxMessage.objects.filter(pk=promised.pk)
    given_up.update(attempts=PARKED_AFTER_REFUSALS, last_error=f"{REFUSED}: UnfitError")
    ArchiveDossier.objects.filter(pk=copied["green"].pk).delete()
    with monkeypatch.context() as broken:
        broken.setattr("decisions.tasks.copy_dossiers", _does_not_fit)
        call_command("tick")
        assert standings() == [Standing.DIFFERS]
        call_command("tick")
    assert OutboxMessage.objects.filter(done_at=None).get() == promised
    assert is_parked(given_up.get())
    ArchiveComparison.objects.update(compared_at=timezone.now() - timedelta(days=1))
    call_command("tick")
    assert standings() == [Standing.DIFFERS]
    call_command("tick")
    assert ArchiveDossier.objects.filter(pk=copied["green"].pk).exists()
    assert standings() == [Standing.MENDED]


def test_other_matters_that_were_written_anew_mend_nothing(copied):
    ArchiveDossier.objects.filter(pk=copied["green"].pk).delete()
    compare(at=timezone.now())
    others = [copied[name].pk for name in ("parking", "decided")]
    assert follow_again(TOPIC_COPY, others) == 0
    assert standings() == [Standing.DIFFERS]
    assert follow_again(TOPIC_COPY, [copied["green"].pk]) == 0
    assert standings() == [Standing.MENDED]


def test_an_engine_that_is_away_at_midnight_is_compared_later_that_day(
    copied, settings, monkeypatch, capsys
):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    call_command("tick")
    assert "does not say what it holds" in capsys.readouterr().out
    cache.set("engine-compared", 1)
    call_command("tick")
    assert not capsys.readouterr().out, "not each minute"

    cache.delete("engine-compared")
    monkeypatch.setattr(reconciling, "_in_engine", reconciling._in_database)
    first = ArchiveComparison.objects.get().compared_at
    call_command("tick")
    assert ArchiveComparison.objects.get(copy=Copy.DATABASE).compared_at == first, "once a day"
    assert ArchiveComparison.objects.get(copy=Copy.ENGINE).differing == 0


def _does_not_fit(item_ids):
    raise UndeliverableError


def test_an_engine_that_is_away_is_told_in_plain_words(copied, client, settings, capsys):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    assert standings() == [Standing.NEVER_COMPARED, Standing.SILENT]
    client.force_login(factories.a_superuser())
    page = client.get(reverse(REPORT))
    assert page.status_code == HTTPStatus.OK
    assert "没有应答" in page.content.decode()
    call_command("tick")
    assert "does not say what it holds" in capsys.readouterr().out
    assert standings() == [Standing.TRUE, Standing.SILENT]


@pytest.mark.elasticsearch
def test_the_engine_is_counted_beside_the_database(copied):
    compare(at=timezone.now())
    [_database, engine] = freshness(at=timezone.now()).copies
    assert (engine.standing, engine.held) == (Standing.TRUE, 3)


@pytest.mark.elasticsearch
def test_a_missing_and_a_foreign_index_are_told_apart(copied, settings):
    with Elasticsearch(settings.ELASTICSEARCH_URL) as client:
        [name] = client.indices.get_alias(name=index.UNITS.write_alias)
        client.indices.delete(index=name)
        assert standings()[1] is Standing.NO_INDEX
        client.indices.create(index=f"{name}-other", aliases={index.UNITS.write_alias: {}})
        assert standings()[1] is Standing.OTHER_INDEX
    rebuild(at=timezone.now())
    assert standings()[1] is Standing.NEVER_COMPARED
