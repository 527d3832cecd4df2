"""What one accepted opinion costs, beside a view of this portal that inserts a single row.

Everything from the arrival of the last form to its answer is counted: the draft is read, the form
judged, the captcha used up, the opinion stored, its mail promised and the worker called.
"""

import time
from collections.abc import Iterator
from http import HTTPStatus
from statistics import median
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path
from django.utils import timezone

from consultations.models import ConsultationPage
from portal.core import throttle
from portal.core.models import OutboxMessage
from tests.benchmarks.stage import the_stage
from tests.integration.journey import address, ready_to_send

ROUNDS = 9
SENDINGS_A_ROUND = 6
WORKED = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
TEXT = "老小区没有空地，六个月增设做不到，建议放宽到一年。" * 8


def one_insert(request: HttpRequest) -> HttpResponse:
    """Insert one row, the least that keeping anything can be."""
    now = timezone.now()
    OutboxMessage.objects.create(topic="bare", payload={}, created_at=now, due_at=now)
    return HttpResponse()


urlpatterns = [path("one-insert/", one_insert), path("", include("portal.urls"))]


def sending() -> Iterator[tuple[str, float]]:
    """Yield the figures of a submission."""
    page = the_stage().page
    with override_settings(ROOT_URLCONF=__name__, TASKS=WORKED):
        for reader, data in _ready(page, 1):
            _sent(page, reader, data)
        ready = _ready(page, 1)
        with CaptureQueriesContext(connection) as caught:
            for reader, data in ready:
                _sent(page, reader, data)
        asked = [one["sql"] for one in caught.captured_queries]
        yield "submit_statements", len(asked)
        yield "submit_transactions", sum(sql.startswith("BEGIN") for sql in asked)
        yield "submit_cpu_in_one_insert_views", median(_ratios(page))


def _ratios(page: ConsultationPage) -> Iterator[float]:
    bare = Client()
    for _ in range(ROUNDS):
        throttle.forget()
        ready = _ready(page, SENDINGS_A_ROUND)
        begun = time.process_time()
        for reader, data in ready:
            _sent(page, reader, data)
        between = time.process_time()
        for _one in ready:
            assert bare.post("/one-insert/").status_code == HTTPStatus.OK
        yield (between - begun) / (time.process_time() - between)


def _ready(page: ConsultationPage, number: int) -> list[tuple[Client, dict[str, str]]]:
    """Return so many people who have only to press the last button."""
    people = [Client() for _ in range(number)]
    return [(one, ready_to_send(one, page, TEXT, name="王小明")) for one in people]


def _sent(page: ConsultationPage, reader: Client, data: dict[str, str]) -> None:
    """Press the last button, in the encoding that a browser uses for it."""
    where = address("check", page)
    answer = reader.post(where, urlencode(data), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == HTTPStatus.FOUND
