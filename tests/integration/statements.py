"""What a page asks of the database, counted while the clock stands still."""

from collections.abc import Mapping
from http import HTTPStatus

import time_machine
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone


def statements(
    client: Client, address: str, *, after: str = "", headers: Mapping[str, str] | None = None
) -> tuple[list[str], HttpResponse]:
    """Return the SQL of the answer at `address`, which is 200, and the answer.

    Another answer goes before it, at `after` or at the same address: it asks for what is then
    remembered for a minute (`portal.core.remembered`). On a busy machine that minute may be over
    before the second, so no time passes here.
    """
    cache.clear()
    with time_machine.travel(timezone.now(), tick=False):
        client.get(after or address, headers=headers)
        with CaptureQueriesContext(connection) as asked:
            response = client.get(address, headers=headers)
    assert response.status_code == HTTPStatus.OK, address
    return [one["sql"] for one in asked.captured_queries], response
