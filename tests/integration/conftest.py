"""What several integration tests need of the database: commits that count, rows that survive."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.models import Model

from tests import factories
from tests.factories.ready import lay_out


@pytest.fixture(scope="module")
def stock(request: pytest.FixtureRequest) -> Iterator[dict[str, Model]]:
    """What the module's mark `ready` asks for, by the name of the factory."""
    mark = request.node.get_closest_marker("ready")
    if mark is None:
        yield {}
        return
    request.getfixturevalue("django_db_setup")
    blocker = request.getfixturevalue("django_db_blocker")
    with blocker.unblock(), transaction.atomic():
        lay_out({})
        yield {name: getattr(factories, name)() for name in mark.args}
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _shelf(stock: dict[str, Model]) -> None:
    """What stands ready is there for each test anew."""
    lay_out(stock)


@pytest.fixture(scope="module")
def migrated_rows_survive(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Give back, after the last of a module's tests, what migrations made."""
    yield
    with django_db_blocker.unblock():
        connection.creation.deserialize_db_from_string(connection._test_serialized_contents)


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Carry out what a commit starts, as outside tests."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
