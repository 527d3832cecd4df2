"""Whatever a copy lacks, holds wrongly or holds too much is found and mended."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from decisions.models import (
    ArchiveClock,
    ArchiveComparison,
    ArchiveDossier,
    ArchiveUnit,
    Copy,
)
from decisions.search import analysis, documents, index, reconciling
from decisions.search.rebuilding import rebuild
from decisions.search.reconciling import EngineSilentError, compare, compare_and_mend
from decisions.tasks import promise_archive
from portal.core.models import OutboxMessage
from portal.core.outbox import PARKED_AFTER, deliver, deliver_due
from tests.integration.search.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def copied(dossiers):
    rebuild(at=NOW)
    deliver_due(at=timezone.now())
    return dossiers


def told(capsys):
    return capsys.readouterr().out.splitlines()


def test_a_true_copy_has_no_drift(copied, capsys):
    call_command("reconcile_search_index")
    assert told(capsys) == ["No drift."]


def test_each_difference_is_told_and_mended(copied, capsys):
    decided, parking, green = (copied[name].pk for name in ("decided", "parking", "green"))
    ArchiveDossier.objects.filter(pk=green).delete()
    ArchiveDossier.objects.filter(pk=parking).update(digest="0" * 64)
    ArchiveUnit.objects.filter(dossier=decided).first().delete()

    with pytest.raises(CommandError):
        call_command("reconcile_search_index")
    assert set(told(capsys)) == {
        f"database: matter {green} missing",
        f"database: matter {parking} stale",
        f"database: matter {decided} stale",
    }

    call_command("reconcile_search_index", fix=True)
    assert told(capsys)[-1] == "No drift."
    assert not any(compare(at=NOW))


def test_a_copy_that_another_release_folded_otherwise_is_written_anew(copied, monkeypatch):
    """The database's copy keeps folded text, and nothing else of it says how that was made."""
    before = ArchiveDossier.objects.get(pk=copied["parking"].pk)
    assert not any(compare(at=timezone.now()))
    monkeypatch.setattr(analysis, "_scripts", lambda: str.maketrans("停", "佇"))
    monkeypatch.setattr(documents, "folding", documents.folding.__wrapped__)
    (drift,) = compare(at=timezone.now())
    assert set(drift.stale) == {item.pk for item in copied.values()}
    assert reconciling.mend(drift) == 0
    after = ArchiveDossier.objects.get(pk=before.pk)
    assert (after.title, after.title_folded) == (before.title, before.title.replace("停", "佇"))
    assert "佇" in after.units.get(text__contains="停车收费").text_folded


def test_a_matter_that_is_not_public_any_more_is_left_over(copied):
    type(copied["parking"]).objects.filter(pk=copied["parking"].pk).update(live=False)
    (drift,) = compare(at=NOW)
    assert drift.left_over == (copied["parking"].pk,)


def test_what_the_outbox_still_owes_is_no_drift(copied):
    ArchiveDossier.objects.filter(pk=copied["green"].pk).delete()
    promise_archive(copied["green"].pk)
    assert not any(compare(at=NOW))


def test_what_the_outbox_has_given_up_is_drift(copied):
    ArchiveDossier.objects.filter(pk=copied["green"].pk).delete()
    promise_archive(copied["green"].pk)
    OutboxMessage.objects.filter(done_at=None).update(attempts=PARKED_AFTER)
    (drift,) = compare(at=timezone.now())
    assert drift.missing == (copied["green"].pk,)


@pytest.mark.parametrize("moment", ["_public", "_in_database"])
def test_what_changes_and_is_followed_while_it_is_compared_is_no_drift(copied, monkeypatch, moment):
    """As the clockwork does it at midnight: it closes rounds while the comparison reads."""
    read = getattr(reconciling, moment)

    def read_and_then_change():
        found = read()
        for name in ("parking", "decided"):
            type(copied[name]).objects.filter(pk=copied[name].pk).update(title=f"新的{name}")
            promise_archive(copied[name].pk)
        # The message of one is carried out at once, that of the other is waiting.
        first = OutboxMessage.objects.filter(done_at=None).earliest("pk")
        assert deliver(first.pk, at=timezone.now())
        return found

    monkeypatch.setattr(reconciling, moment, read_and_then_change)
    assert not any(compare(at=timezone.now()))


def test_what_no_index_could_take_is_not_promised(copied, settings, monkeypatch):
    """It would be carried out, and called mended."""
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    monkeypatch.setattr(index, "exists", lambda client: False)
    with pytest.raises(EngineSilentError):
        list(compare_and_mend([Copy.ENGINE], at=timezone.now()))
    assert not ArchiveComparison.objects.exists()


@pytest.mark.elasticsearch
def test_the_engine_is_compared_and_mended_too(copied, capsys):
    decided, parking, green = (copied[name].pk for name in ("decided", "parking", "green"))
    with index.writer(10) as client:
        client.delete(index=index.DOSSIERS.write_alias, id=str(green), refresh=True)
        for kind, source in (
            (index.DOSSIERS, {"doc": {"digest": "x"}}),
            (index.UNITS, {"doc": {"digest": "x"}}),
        ):
            wanted = parking if kind is index.DOSSIERS else decided
            hits = client.search(index=kind.read_alias, query={"term": {"dossier_id": wanted}})
            key = hits["hits"]["hits"][0]["_id"]
            client.update(index=kind.write_alias, id=key, body=source, refresh=True)
        client.index(
            index=index.UNITS.write_alias,
            id="999999-1",
            document={"dossier_id": 999999, "digest": "x", "text": "旧"},
            refresh=True,
        )

    with pytest.raises(CommandError):
        call_command("reconcile_search_index")
    assert set(told(capsys)) == {
        f"Elasticsearch: matter {green} missing",
        f"Elasticsearch: matter {parking} stale",
        f"Elasticsearch: matter {decided} stale",
        "Elasticsearch: matter 999999 left over",
    }

    call_command("reconcile_search_index", fix=True)
    assert told(capsys)[-1] == "No drift."


@pytest.mark.elasticsearch
def test_a_database_that_was_restored_is_followed_without_a_rebuild(copied, capsys):
    ArchiveClock.objects.update(readings=1)
    with index.writer(10) as client:
        for kind in index.KINDS:
            for hit in client.search(index=kind.read_alias, size=100)["hits"]["hits"]:
                doc = {"digest": "x"}
                client.update(index=kind.write_alias, id=hit["_id"], doc=doc, refresh=True)
    call_command("reconcile_search_index", fix=True)
    assert told(capsys)[-1] == "No drift."


@pytest.mark.elasticsearch
def test_an_engine_that_does_not_answer_is_said(copied, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="does not say"):
        call_command("reconcile_search_index")
