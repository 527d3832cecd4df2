"""Several keep the archive at the same time, each with commits of its own, as in a real portal."""

import threading

import pytest
from django.core.management import call_command
from django.db import close_old_connections, connection, transaction

from decisions.models import ArchiveDossier, ArchiveUnit
from decisions.search import indexing, rebuilding
from decisions.search.rebuilding import rebuild
from tests import factories
from tests.integration.search.conftest import NOW
from tests.integration.together import AT_ONCE

pytestmark = AT_ONCE

PATIENCE = 30


@pytest.fixture
def matter():
    item = factories.a_matter(at=NOW, title="公共停车设施建设三年行动方案")
    factories.an_open_round(item, at=NOW, draft=factories.articles("停车收费应当公示。"))
    rebuild(at=NOW)
    return item


def test_a_copy_is_mended_while_the_worker_takes_what_is_promised(matter, capsys):
    """Whoever is quicker, nothing is owed afterwards."""
    ArchiveDossier.objects.filter(pk=matter.pk).delete()
    call_command("reconcile_search_index", fix=True)
    assert capsys.readouterr().out.splitlines() == [
        f"database: matter {matter.pk} missing",
        "No drift.",
    ]


def test_a_rebuild_waits_for_who_copies_a_matter_and_does_not_block_it(matter):
    """The worker has its turn and then meets rows that the rebuild must not have taken before."""
    faults = []

    def rebuilds():
        close_old_connections()
        try:
            rebuilding._rebuild_copy()
        except Exception as fault:  # noqa: BLE001 - read below
            faults.append(fault)
        finally:
            connection.close()

    other = threading.Thread(target=rebuilds)
    with transaction.atomic():
        indexing.one_after_the_other([matter.pk])
        other.start()
        _wait_until_it_waits()
        ArchiveUnit.objects.filter(dossier=matter.pk).update(label="停车")
    other.join(PATIENCE)
    assert not other.is_alive()
    assert faults == []
    assert not ArchiveUnit.objects.filter(label="停车").exists()


def _wait_until_it_waits():
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    for _ in range(PATIENCE * 20):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05)")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
    pytest.fail("nobody waits")
