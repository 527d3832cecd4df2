"""What a load balancer or a monitor asks, and the file for search engines' robots."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

logger = logging.getLogger(__name__)


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
def readyz(request: HttpRequest, *, search_state: Callable[[], str]) -> JsonResponse:
    """Answer 200 when requests can be served, 503 when not; the reasons stay in the log.

    The archive lives on without Elasticsearch, so its absence is reported but does not fail.

    Args:
        request: of a load balancer or a monitor.
        search_state: says in a word how the engine is.

    """
    vital = {
        "database": _passes(_database_answers),
        "cache": _passes(_cache_keeps),
        "migrations": _passes(_migrations_are_applied),
    }
    ready = all(vital.values())
    report = {name: "ok" if passed else "failed" for name, passed in vital.items()}
    report["elasticsearch"] = search_state()
    return JsonResponse(report, status=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)


def robots(request: HttpRequest) -> HttpResponse:
    """Tell robots where the map is and which addresses hold nothing for them."""
    context = {"public_url": settings.PUBLIC_URL}
    return render(request, "robots.txt", context, content_type="text/plain; charset=utf-8")


def _passes(probe: Callable[[], bool]) -> bool:
    """Run one probe; whatever goes wrong inside it means no."""
    try:
        return probe()
    except Exception:
        logger.exception("Readiness probe %s failed", probe.__name__)
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _cache_keeps() -> bool:
    cache.set("readyz", "ok", 10)
    return cache.get("readyz") == "ok"


def _migrations_are_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
