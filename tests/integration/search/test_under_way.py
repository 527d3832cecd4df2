"""The archive in a running portal follows what people do; web server and workers are real."""

import pytest
from django.conf import settings as django_settings
from elasticsearch import Elasticsearch

from tests.benchmarks.archive_kills import a_portal
from tests.integration.search.running import started

pytestmark = [pytest.mark.elasticsearch, pytest.mark.postgresql, pytest.mark.django_db]

# Seconds within which what was published is found, and what was withdrawn is not.
SOON = 3
TIMES = 2

PUBLISH_AND_WITHDRAW = """
import time
from django.utils import timezone
from consultations import services
from consultations.lifecycle import WithheldReason
from decisions.search.archive import search_archive
from decisions.search.criteria import Criteria
from portal.core.models import OutboxMessage
from tests import factories

# What has a reason beside the change itself waits for the clockwork, a minute and in no hurry.
hurried = OutboxMessage.objects.filter(done_at=None).exclude(payload__has_key="why")

def measured(act, words, total):
    while hurried.all().exists():
        time.sleep(0.1)
    act()
    begun = time.monotonic()
    while True:
        found = search_archive(Criteria(text=words), at=timezone.now())
        if found.mode == "elasticsearch" and found.total == total == len(found.hits):
            print("seconds", words, total, time.monotonic() - begun)
            return
        assert time.monotonic() - begun < 20
        time.sleep(0.05)

def withhold():
    services.withhold_opinion(opinion=opinion, reason=WithheldReason.ABUSE, by=clerk, at=now)

def show():
    services.publish_opinion(opinion=opinion, by=clerk, at=now)

now, clerk = timezone.now(), factories.a_clerk()
matter = factories.a_matter(title="智慧灯杆统一建设方案")
opinion = factories.an_opinion(factories.an_open_round(matter), text="希望保留巷口那棵黄葛树。")
measured(show, "黄葛树", 1)
measured(withhold, "黄葛树", 0)
measured(matter.unpublish, "灯杆统一", 0)
measured(lambda: matter.save_revision().publish(), "灯杆统一", 1)
# The next time there is to be one of that name.
matter.refresh_from_db()
matter.unpublish()
"""


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker):
    """A portal on the run's engine; its indexes outlive one test."""
    url = django_settings.TEST_ELASTICSEARCH_URL
    prefix = f"running-{django_settings.ELASTICSEARCH_INDEX_PREFIX}"
    with django_db_blocker.unblock(), a_portal(url, prefix) as portal:
        yield portal
    with Elasticsearch(url) as client:
        client.indices.delete(index=f"{prefix}-*")


@pytest.fixture
def running(portal):
    with started(portal):
        yield portal


def test_what_is_published_is_found_and_what_is_withdrawn_is_gone_within_three_seconds(running):
    for _ in range(TIMES):
        printed = running.run(PUBLISH_AND_WITHDRAW)
        print(printed)
        told = [line.split() for line in printed.splitlines() if line.startswith("seconds")]
        assert len(told) == 4
        for _seconds, words, total, taken in told:
            assert float(taken) <= SOON, (words, total)
