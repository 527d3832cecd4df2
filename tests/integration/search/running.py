"""Asking the archive of a portal that runs in processes of its own."""

import time
import urllib.request
from contextlib import contextmanager
from urllib.parse import quote

from tests.services.processes import wait_until

PATIENCE = 60


def ask(portal, words="停车"):
    """Return the mode, the page and the seconds of one search."""
    begun = time.monotonic()
    with urllib.request.urlopen(f"{portal.url}/archive/?q={quote(words)}", timeout=30) as answer:
        page = answer.read().decode()
        assert answer.status == 200
        return answer.headers["X-Search-Mode"], page, time.monotonic() - begun


@contextmanager
def started(portal):
    """Have everything run as deployed, with an engine that has warmed up."""
    portal.beside = [["db_worker"], ["tick", "--every", "60"]]
    portal.start()
    try:
        wait_until(lambda: ask(portal)[0] == "elasticsearch", PATIENCE, "The search")
        yield
    finally:
        portal.stop()
