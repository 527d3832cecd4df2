"""On three nodes, one of which is killed while we write: nothing is lost, the search goes on."""

from datetime import timedelta

import pytest
from django.utils import timezone
from elasticsearch import Elasticsearch

from consultations.models import DecisionItemPage
from decisions.models import ArchivePage
from decisions.search import index
from decisions.search.archive import search_archive
from decisions.search.connection import breaker
from decisions.search.criteria import Criteria
from decisions.search.indexing import TOPIC_INDEX, retry_when_back
from decisions.search.rebuilding import rebuild
from decisions.search.reconciling import compare
from portal.core.models import OutboxMessage
from portal.core.outbox import deliver_due
from tests import factories
from tests.factories.archive import many_matters
from tests.services.processes import wait_until
from tests.services.search_engine import Cluster

pytestmark = [pytest.mark.django_db, pytest.mark.cluster]

MATTERS = 30
KILLED_AT = 10
# Turns, of a minute each by the clock of the outbox, within which everything has followed.
TURNS = 20
# Seconds.
PATIENCE = 60


@pytest.fixture(scope="module")
def cluster():
    nodes = Cluster()
    try:
        nodes.start()
        yield nodes
    finally:
        nodes.stop()


@pytest.fixture
def matters(cluster, settings):
    settings.ELASTICSEARCH_URL = cluster.url
    breaker.reset()
    factories.the_home_page().add_child(instance=ArchivePage(title="档案检索", slug="archive"))
    yield many_matters(MATTERS)
    breaker.reset()


def rename(pk, number):
    item = DecisionItemPage.objects.get(pk=pk)
    item.title = f"停车办法第{number}稿"
    item.save_revision().publish()


def ask():
    return search_archive(Criteria(text="停车"), at=timezone.now())


def ask_engine():
    """Ask with full patience until the engine has warmed up."""

    def answers():
        breaker.reset()
        return ask().mode == "elasticsearch"

    wait_until(answers, PATIENCE, "The search")
    return ask()


def follow(at):
    """Deliver as the clockwork does, minute after minute, until nothing is owed."""
    owed = OutboxMessage.objects.filter(topic=TOPIC_INDEX, done_at=None)
    for turn in range(TURNS):
        breaker.reset()
        retry_when_back(at=at + timedelta(minutes=turn))
        deliver_due(at=at + timedelta(minutes=turn))
        if not owed.exists():
            return
    pytest.fail(f"{owed.count()} messages are still owed")


def test_a_node_that_is_killed_while_we_write_takes_nothing_along(matters, cluster):
    rebuild(at=timezone.now())
    with Elasticsearch(cluster.url.split(",")) as client:
        health = client.cluster.health(wait_for_status="green", timeout="60s")
        assert (health["status"], health["number_of_nodes"]) == ("green", 3)
        assert {row["prirep"] for row in client.cat.shards(format="json")} == {"p", "r"}
        [victim] = {
            row["node"]
            for row in client.cat.shards(index=index.DOSSIERS.read_alias, format="json")
            if row["prirep"] == "p"
        }
    ask_engine()
    for number, pk in enumerate(matters):
        if number == KILLED_AT:
            cluster.kill(victim)
        rename(pk, number)
        deliver_due(at=timezone.now())
        assert ask().total, "whichever copy answers"
    followed = OutboxMessage.objects.filter(topic=TOPIC_INDEX).exclude(done_at=None).count()
    assert followed > KILLED_AT

    follow(timezone.now() + timedelta(minutes=6))
    assert not any(compare(at=timezone.now()))
    assert ask_engine().total == MATTERS, "the two that live answer"
    [one] = search_archive(Criteria(text=f'"第{MATTERS - 1}稿"'), at=timezone.now()).hits
    assert one.item_id == matters[-1]
