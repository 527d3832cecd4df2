"""A small archive: matters at different stages, and what the outbox owes them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from consultations.models import DecisionItemPage
from decisions.models import ArchivePage
from decisions.search.connection import breaker
from decisions.search.criteria import PAGE_SIZE
from decisions.search.rebuilding import rebuild
from portal.core import outbox
from tests import factories
from tests.factories.archive import many_matters

# All of them fill their last page; those of one year do not.
MANY = 3 * PAGE_SIZE
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _closed_breaker():
    breaker.reset()
    yield
    breaker.reset()


def _build():
    """One decided matter about e-bikes, an open round about parking, one only catalogued."""
    factories.the_home_page().add_child(instance=ArchivePage(title="档案检索", slug="archive"))
    decided = factories.a_decision(at=NOW).item
    transport = factories.a_unit("市交通运输局", "交通局", "jtj")
    parking = factories.a_matter(at=NOW, title="公共停车设施建设三年行动方案", lead_unit=transport)
    factories.an_open_round(
        parking,
        at=NOW,
        draft=factories.articles(
            "新建停车场应当配建充电桩。", "停车收费应当公示，<i>不得</i>另行加价。"
        ),
    )
    green = factories.a_matter(at=NOW, title="城市绿地系统规划")
    return {"decided": decided.pk, "parking": parking.pk, "green": green.pk}


@pytest.fixture(scope="module")
def _built(django_db_setup, django_db_blocker):
    """Build once a module, in a transaction that is taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def _built_many(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        ids = many_matters(MANY)
        rebuild(at=NOW)
        yield ids
        transaction.set_rollback(True)


@pytest.fixture
def many(_built_many, db):
    """The ids of several pages of matters, in the database's copy, and in the engine if asked."""
    if settings.ELASTICSEARCH_URL:
        rebuild(at=NOW)
    return _built_many


@pytest.fixture
def dossiers(_built, db):
    return {name: DecisionItemPage.objects.get(pk=pk) for name, pk in _built.items()}


@pytest.fixture
def archive_page(_built, db):
    return ArchivePage.objects.get()


@pytest.fixture
def deliver():
    """Carry out all promises, as the worker does."""

    def run():
        # Factories act at NOW or by the clock; either way the promise is due by then.
        later = max(NOW, timezone.now()) + timedelta(minutes=1)
        return outbox.deliver_due(at=later)

    return run


@pytest.fixture
def take(archive_page, client):
    """Ask for a file of the archive page's export."""

    def take(below, query="", **headers):
        return client.get(f"{archive_page.url}export/{below}/{query}", **headers)

    return take
