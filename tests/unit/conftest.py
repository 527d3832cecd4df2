"""Unit tests get neither a database nor the network."""

import socket
from typing import NoReturn

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A unit test that asks for the database stands in the wrong folder."""
    here = __file__.removesuffix("conftest.py")
    for item in items:
        if str(item.path).startswith(here) and item.get_closest_marker("django_db"):
            raise pytest.UsageError(f"{item.nodeid}: a unit test has no database")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise AssertionError("A unit test opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
