"""With an engine that is configured and does not answer well, the archive is quick and says so."""

import time

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from decisions.models import ArchiveDossier, DecisionPage
from decisions.search.indexing import TOPIC_INDEX
from decisions.search.rebuilding import rebuild
from portal.core.models import OutboxMessage
from tests import factories
from tests.integration.search.conftest import NOW
from tests.integration.search.in_place import (
    FIRST,
    ask,
    assert_degraded,
    assert_quick,
    seconds_alone,
)
from tests.services.bad_engine import (
    ANSWERS,
    DRIPS,
    DRIPS_HEADERS,
    HANGS,
    OTHER_MAPPING,
    REFUSES,
    a_bad_engine,
)

pytestmark = pytest.mark.django_db

BAD = [*ANSWERS, HANGS, DRIPS, DRIPS_HEADERS, REFUSES, OTHER_MAPPING]


@pytest.fixture
def dead_server():
    """An address nobody listens at."""
    with a_bad_engine(REFUSES) as address:
        yield address


@pytest.fixture
def copied(dossiers):
    rebuild(at=NOW)
    return dossiers


@pytest.fixture
def alone(copied, archive_page, client):
    return seconds_alone(client, archive_page)


@pytest.mark.parametrize("how", BAD)
def test_a_bad_answer_or_none_is_told_and_replaced(alone, archive_page, client, settings, how):
    with a_bad_engine(how) as settings.ELASTICSEARCH_URL:
        assert_quick(client, archive_page, alone)


@pytest.mark.parametrize("how", ["500", HANGS, REFUSES, OTHER_MAPPING])
def test_every_other_page_is_what_it_was(copied, client, settings, how):
    decision = DecisionPage.objects.get()
    addresses = [
        "/",
        copied["decided"].url,
        copied["parking"].url,
        copied["parking"].rounds().get().url,
        decision.url,
        factories.an_interpretation(decision, at=NOW).url,
        copied["green"].get_parent().url,
        "/open-data/",
        "/open-data/2026.zip",
        *(f"/api/v1/{name}/" for name in ("catalogues", "matters", "consultations", "decisions")),
        *(f"/feeds/{name}/" for name in ("consultations", "closing-soon", "results")),
        "/sitemap.xml",
        "/healthz",
    ]
    as_usual = [client.get(address) for address in addresses]
    assert {answer.status_code for answer in as_usual} == {200}
    contents = [_content(answer) for answer in as_usual]
    cache.clear()
    with a_bad_engine(how) as settings.ELASTICSEARCH_URL:
        for address, before in zip(addresses, contents, strict=True):
            begun = time.monotonic()
            assert _content(client.get(address)) == before, address
            assert time.monotonic() - begun < FIRST


def _content(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_probe_is_not_held_up_by_an_engine_that_hangs(client, settings):
    with a_bad_engine(HANGS) as settings.ELASTICSEARCH_URL:
        begun = time.monotonic()
        answer = client.get("/readyz")
        assert time.monotonic() - begun < FIRST
    assert (answer.status_code, answer.json()["elasticsearch"]) == (200, "degraded")


@pytest.mark.parametrize("address", ["nonsense", "http://", "ftp://127.0.0.1:1", "http://h:x"])
def test_an_address_that_is_none_breaks_no_page(copied, archive_page, client, settings, address):
    settings.ELASTICSEARCH_URL = address
    response, _ = ask(client, archive_page)
    assert_degraded(response)


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
