"""Two clerks and an open round, for everything that comes on paper."""

import pytest

from tests import factories
from tests.integration.offline.paper import a_second_clerk, signed_in


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    return settings.PRIVATE_FILES_ROOT


@pytest.fixture
def clerk():
    return signed_in(factories.a_clerk())


@pytest.fixture
def second():
    return signed_in(a_second_clerk())


@pytest.fixture
def page():
    return factories.an_open_round()
