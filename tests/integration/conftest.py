"""What several integration tests need of the database: commits that count, rows that survive."""

from collections.abc import Iterator

import pytest
from django.db import connection


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
