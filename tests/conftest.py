"""What holds for every test: which services it may ask for, and what happens without them."""

import os
import shutil
import urllib.request
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from hypothesis import settings as hypothesis_settings

from portal.core import throttle
from portal.core.papers import can_print
from portal.core.spoken_digits import PROGRAM
from portal.settings import development
from tests.services.migrated import begin_with_tables

CI = os.environ.get("CI") == "true"

hypothesis_settings.register_profile("ci", max_examples=60, derandomize=True, deadline=None)
hypothesis_settings.load_profile("ci")


def _absent(item: pytest.Item) -> str | None:
    """Return what the test needs and this run does not have."""
    wants_engine = item.get_closest_marker("elasticsearch") or item.get_closest_marker("cluster")
    if wants_engine and not django_settings.TEST_ELASTICSEARCH_URL:
        return "ELASTICSEARCH_URL names no server"
    engine = django_settings.DATABASES["default"]["ENGINE"]
    if item.get_closest_marker("postgresql") and not engine.endswith("postgresql"):
        return "DATABASE_URL names no PostgreSQL server"
    if item.get_closest_marker("speech") and shutil.which(PROGRAM) is None:
        return f"{PROGRAM} is not installed"
    if item.get_closest_marker("papers") and not can_print():
        return "WeasyPrint's libraries or a Chinese font are not installed"
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A laptop may lack a service; the machine that decides about a change may not."""
    absent = _absent(item)
    if absent is None:
        return
    if CI:
        pytest.fail(absent, pytrace=False)
    pytest.skip(absent)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes is begun first, so that no worker waits for it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Begin with the tables that were made once for all workers, where they were."""
    begin_with_tables(connection)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """A test sees no page, setting or limit of the one before it."""
    cache.clear()
    throttle.forget()


@pytest.fixture(autouse=True)
def _housekeeping(request: pytest.FixtureRequest) -> None:
    """A test marked `housekeeping` has Wagtail keep its indexes while it runs."""
    if request.node.get_closest_marker("housekeeping"):
        settings = request.getfixturevalue("settings")
        settings.TASKS = development.TASKS


@pytest.fixture(autouse=True)
def _search_engine(request: pytest.FixtureRequest) -> Iterator[None]:
    """Only a test marked `elasticsearch` sees the engine, and it leaves no index behind."""
    if request.node.get_closest_marker("elasticsearch") is None:
        yield
        return
    settings = request.getfixturevalue("settings")
    settings.ELASTICSEARCH_URL = settings.TEST_ELASTICSEARCH_URL
    address = f"{settings.ELASTICSEARCH_URL}/{settings.ELASTICSEARCH_INDEX_PREFIX}*"
    yield
    forget = urllib.request.Request(address, method="DELETE")
    urllib.request.urlopen(forget, timeout=30).close()
