"""Writing both copies of the archive anew while searches and edits go on.

Elasticsearch's is filled beside the one in use and takes its names in one step; what changes
meanwhile follows afterwards, by the outbox if the rebuild does not live so long.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from elasticsearch import ApiError, Elasticsearch, TransportError

from decisions.models import ArchiveUnit
from decisions.search import index, writing
from decisions.search.connection import breaker
from decisions.search.engine import is_configured
from decisions.search.gathering import gather, no_longer_public, public_item_ids
from decisions.search.indexing import (
    TOPIC_INDEX,
    copy_dossiers,
    follow_again,
    next_version,
    one_after_the_other,
    promise_again,
)
from portal.core.models import OutboxMessage
from portal.core.outbox import CLAIM, enqueue_many

TOPIC_CATCH_UP = "archive.catch_up"
# Key of the lock that a rebuild holds in PostgreSQL, any number that nothing else uses.
REBUILD_LOCK = 7_240_913


@dataclass(frozen=True)
class Rebuilt:
    """How much a rebuild wrote.

    Attributes:
        dossiers: in the database's copy.
        units: passages in the database's copy.
        indexed: dossiers in the new index; None where no engine is configured.
        owed: what changed meanwhile and is still to follow, by the outbox.

    """

    dossiers: int
    units: int
    indexed: int | None
    owed: int = 0


class RebuildFailedError(RuntimeError):
    """Elasticsearch did not take its copy; what it had before is still in use."""


class RebuildUnderWayError(RuntimeError):
    """Another rebuild is not over yet; this one did nothing."""


def rebuild(*, at: datetime) -> Rebuilt:
    """Write the database's copy anew and, where an engine is configured, both its indices.

    Raises:
        RebuildUnderWayError: another one is not over.
        RebuildFailedError: Elasticsearch did not take its copy; the database's is written.

    """
    with _alone():
        dossiers, units = _rebuild_copy()
        if not is_configured():
            return Rebuilt(dossiers, units, indexed=None)
        promise_to_catch_up(since=at, at=at)
        try:
            indexed = _rebuild_index(at)
        except (
            ApiError,
            TransportError,
            index.RefusedError,
            writing.UnfitError,
            ValueError,
        ) as error:
            raise RebuildFailedError(f"{type(error).__name__}: {error}") from error
        breaker.reset()
        owed = follow_again(TOPIC_INDEX, _changed(since=at))
        # Those of earlier rebuilds, too: this one has read what they were promised for.
        OutboxMessage.objects.filter(topic=TOPIC_CATCH_UP, done_at__isnull=True).delete()
        return Rebuilt(dossiers, units, indexed=indexed, owed=owed)


def promise_to_catch_up(*, since: datetime, at: datetime) -> None:
    """Promise to do, in a while, what a rebuild does at its end: it may be killed before."""
    enqueue_many(TOPIC_CATCH_UP, [{"since": since.isoformat()}], at=at + CLAIM)


def catch_up(*, since: datetime, at: datetime) -> None:
    """Promise what a rebuild that was killed has not come to; wait for one that goes on."""
    try:
        with _alone():
            promise_again(TOPIC_INDEX, _changed(since=since), at=at)
    except RebuildUnderWayError:
        promise_to_catch_up(since=since, at=at)


@contextmanager
def _alone() -> Iterator[None]:
    """Let one rebuild run at a time; the lock ends with the connection, however that ends.

    SQLite has one writer at a time anyway, and is for trials.

    Raises:
        RebuildUnderWayError: another one is not over.

    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [REBUILD_LOCK])
        if cursor.fetchone() != (True,):
            raise RebuildUnderWayError
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [REBUILD_LOCK])


def _rebuild_copy() -> tuple[int, int]:
    dossiers = 0
    for item_ids in public_item_ids():
        with transaction.atomic():
            # Before any row is locked: who copies one of them waits for this, or this for them.
            one_after_the_other(item_ids)
            # Whatever the copy holds, and however it was folded, is written anew.
            ArchiveUnit.objects.filter(dossier__in=item_ids).delete()
            dossiers += copy_dossiers(item_ids)
    for item_ids in no_longer_public():
        copy_dossiers(item_ids)
    return dossiers, ArchiveUnit.objects.count()


def _rebuild_index(at: datetime) -> int:
    """Fill new versions beside the old ones, name them, and return how many dossiers they hold."""
    versions = {kind: kind.version(at) for kind in index.KINDS}
    created: list[str] = []
    with index.writer(index.PATIENCE_FOR_MANY) as client:
        # Whoever could still need them holds the lock.
        index.delete(client, index.unnamed(client))
        try:
            for kind, name in versions.items():
                index.create(client, kind, name)
                created.append(name)
            written = _fill(client, versions)
            replaced = index.swap(client, versions)
        except BaseException:
            # Interrupted or refused: no half-built index stays behind.
            with suppress(ApiError, TransportError):
                # The answer to a swap may be lost on the way: what is named is in use.
                index.delete(client, set(created).intersection(index.unnamed(client)))
            raise
        with suppress(ApiError, TransportError):
            # The next rebuild finds what this one could not delete.
            index.delete(client, replaced)
    return written[index.DOSSIERS]


def _fill(client: Elasticsearch, versions: dict[index.Kind, str]) -> dict[index.Kind, int]:
    """Write everything public into new versions and count it there.

    Raises:
        RebuildFailedError: a version does not hold what was written to it.

    """
    written = writing.fill(client, versions, _all_writes())
    for kind, name in versions.items():
        held = index.open_for_use(client, kind, name)
        if held != written[kind]:
            raise RebuildFailedError(f"{name} holds {held} of {written[kind]} documents")
    return written


def _all_writes() -> Iterator[dict[str, Any]]:
    for item_ids in public_item_ids():
        version = next_version()
        for source in gather(item_ids):
            yield from writing.writes_of(source, version)


def _changed(*, since: datetime) -> set[int]:
    """Return the matters that changed since then and may have gone to the old index only.

    Those are of the messages carried out since then, and those begun and not over: whose worker may
    have written to the old index before the new one was named. A message is stamped with the
    instant at which its run began, which may lie before; a claim is much longer than a run.
    """
    meanwhile = OutboxMessage.objects.filter(
        Q(done_at__gte=since - CLAIM) | Q(done_at__isnull=True, attempts__gt=0), topic=TOPIC_INDEX
    )
    return {payload["item_id"] for payload in meanwhile.values_list("payload", flat=True)}
