"""With an engine that is configured and dead, the archive answers soon and says so."""

import socket
import time

import pytest
from django.core.management import CommandError, call_command

from decisions.models import ArchiveDossier
from decisions.search.connection import FAILURES_TO_OPEN
from decisions.search.indexing import TOPIC_INDEX, rebuild
from portal.core.models import OutboxMessage
from tests import factories
from tests.integration.search.conftest import NOW

pytestmark = pytest.mark.django_db

# Seconds within which a page has to be there: the patience, and the database's own search.
SOON = 3


@pytest.fixture
def silent_server():
    """An address that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def dead_server():
    """An address nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def copied(dossiers):
    rebuild(at=NOW)
    return dossiers


def _ask(client, archive_page):
    begun = time.monotonic()
    response = client.get(archive_page.url, {"q": "电动自行车"})
    return response, time.monotonic() - begun


def _assert_degraded(response):
    assert response.status_code == 200
    assert response.headers["X-Search-Mode"] == "degraded"
    assert "no-store" in response.headers["Cache-Control"]
    assert response.context["notice"] in response.content.decode()
    assert response.context["total"] == 1


def test_a_dead_engine_is_told_and_replaced(copied, archive_page, client, settings, dead_server):
    settings.ELASTICSEARCH_URL = dead_server
    response, seconds = _ask(client, archive_page)
    _assert_degraded(response)
    assert seconds < SOON


def test_a_silent_engine_costs_its_patience_only_a_few_times(
    copied, archive_page, client, settings, silent_server
):
    settings.ELASTICSEARCH_URL = silent_server
    for _ in range(FAILURES_TO_OPEN):
        response, seconds = _ask(client, archive_page)
        _assert_degraded(response)
        assert seconds < SOON
    response, seconds = _ask(client, archive_page)
    _assert_degraded(response)
    assert seconds < 1


@pytest.mark.parametrize("address", ["nonsense", "http://", "ftp://127.0.0.1:1", "http://h:x"])
def test_an_address_that_is_none_breaks_no_page(copied, archive_page, client, settings, address):
    settings.ELASTICSEARCH_URL = address
    response, _ = _ask(client, archive_page)
    _assert_degraded(response)


def test_publishing_does_not_need_the_engine(copied, deliver, settings, dead_server):
    deliver()
    settings.ELASTICSEARCH_URL = dead_server
    item = factories.a_matter(at=NOW, title="智慧灯杆统一建设方案")
    deliver()
    assert ArchiveDossier.objects.filter(item=item).exists()
    waiting = OutboxMessage.objects.filter(topic=TOPIC_INDEX, done_at__isnull=True)
    assert {message.payload["item_id"] for message in waiting} == {item.pk}
    assert all(message.attempts for message in waiting)


def test_a_rebuild_writes_the_database_and_tells_the_rest(dossiers, settings, dead_server):
    settings.ELASTICSEARCH_URL = dead_server
    with pytest.raises(CommandError, match="Elasticsearch did not take its copy"):
        call_command("rebuild_search_index")
    assert ArchiveDossier.objects.count() == 3
