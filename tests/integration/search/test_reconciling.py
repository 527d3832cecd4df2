"""Whatever a copy lacks, holds wrongly or holds too much is found and mended."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from decisions.models import ArchiveDossier, ArchiveUnit
from decisions.search import index
from decisions.search.indexing import rebuild
from decisions.search.reconciling import drifts
from decisions.tasks import promise_archive
from portal.core.outbox import deliver_due
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
    assert not any(drifts())


def test_a_matter_that_is_not_public_any_more_is_left_over(copied):
    type(copied["parking"]).objects.filter(pk=copied["parking"].pk).update(live=False)
    (drift,) = drifts()
    assert drift.left_over == (copied["parking"].pk,)


def test_what_the_outbox_still_owes_is_no_drift(copied):
    ArchiveDossier.objects.filter(pk=copied["green"].pk).delete()
    promise_archive(copied["green"].pk)
    assert not any(drifts())


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
def test_an_engine_that_does_not_answer_is_said(copied, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="does not say"):
        call_command("reconcile_search_index")
