"""Keeping both copies of the archive up to date: the database's own, and Elasticsearch.

What is written is read from the database at that moment, so a message that comes late or twice
does no harm.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.helpers import BulkIndexError
from wagtail.models import Page

from decisions.models import ArchiveDossier, ArchiveUnit
from decisions.search import index
from decisions.search.analysis import canonical_document_no, fold
from decisions.search.connection import breaker
from decisions.search.documents import DossierSource
from decisions.search.engine import is_configured
from decisions.search.gathering import gather, no_longer_public, public_item_ids
from portal.core.models import OutboxMessage

TOPIC_COPY = "archive.copy"
TOPIC_INDEX = "archive.index"


@dataclass(frozen=True)
class Rebuilt:
    """How much a rebuild wrote; `indexed` is None where no engine is configured."""

    dossiers: int
    units: int
    indexed: int | None


class RebuildFailedError(RuntimeError):
    """Elasticsearch did not take its copy; what it had before is still in use."""


def copy_dossiers(item_ids: Sequence[int]) -> int:
    """Bring the database's copy of these dossiers up to date; return how many are public."""
    with transaction.atomic():
        # Whoever comes second waits here, and then reads what the first one could not see yet.
        list(Page.objects.select_for_update().filter(pk__in=item_ids).order_by("pk"))
        sources = gather(item_ids)
        gone = set(item_ids) - {source.item_id for source in sources}
        ArchiveDossier.objects.filter(pk__in=gone).delete()
        for source in sources:
            _write_copy(source)
    return len(sources)


def _write_copy(source: DossierSource) -> None:
    dossier, _ = ArchiveDossier.objects.update_or_create(
        item_id=source.item_id,
        defaults={
            "title": source.title,
            "title_folded": fold(source.title),
            "body_folded": fold("\n".join(source.body)),
            "summary": source.summary,
            "url": source.url,
            "document_no": source.document_no,
            "document_no_canonical": canonical_document_no(source.document_no),
            "year": source.year,
            "stage": source.stage,
            "opens_on": source.opens_on,
            "closes_on": source.closes_on,
            "unit": source.unit,
            "topic": source.topic,
            "category": source.category,
            "latest_on": source.latest_on,
            "decided_on": source.decided_on,
            "effective_on": source.effective_on,
            "digest": source.digest,
        },
    )
    # A round moved here from another matter brings its keys along.
    keys = [unit.key for unit in source.units]
    ArchiveUnit.objects.filter(Q(dossier=dossier) | Q(key__in=keys)).delete()
    ArchiveUnit.objects.bulk_create(
        ArchiveUnit(
            key=unit.key,
            dossier=dossier,
            kind=unit.kind,
            ordinal=unit.ordinal,
            label=unit.label,
            url=unit.url,
            text=unit.text,
            text_folded=fold(unit.text),
        )
        for unit in source.units
    )


def index_dossier(item_id: int) -> None:
    """Bring Elasticsearch's copy of one dossier up to date.

    Without an index there is nothing to correct: the rebuild that makes it reads the database.

    Raises:
        EngineDownError, RefusedError: the engine did not take it; try again later.

    """
    version, source = _read(item_id)
    with breaker.watching(), index.writer(index.PATIENCE_FOR_ONE) as client:
        if index.exists(client):
            _put(client, item_id, source, version)


def _read(item_id: int) -> tuple[int, DossierSource | None]:
    """Return what the archive holds of a matter, None if it is not public, and its version."""
    # The sequence is read before the state it stands for, never after.
    version = _sequence()
    sources = gather([item_id])
    return version, sources[0] if sources else None


def _put(client: Elasticsearch, item_id: int, source: DossierSource | None, version: int) -> None:
    if source is None:
        index.take_away(client, item_id, version)
    else:
        index.put(client, source, version)


def _sequence() -> int:
    """Return the number of the last outbox message, which grows with every change."""
    last: int | None = OutboxMessage.objects.aggregate(last=Max("pk"))["last"]
    return last or 0


def rebuild(*, at: datetime) -> Rebuilt:
    """Write the database's copy anew and, where an engine is configured, both its indices.

    Raises:
        RebuildFailedError: Elasticsearch did not take its copy; the database's is written.

    """
    dossiers, units = _rebuild_copy()
    if not is_configured():
        return Rebuilt(dossiers, units, indexed=None)
    try:
        return Rebuilt(dossiers, units, indexed=_rebuild_index(at))
    except (ApiError, TransportError, BulkIndexError, index.RefusedError, ValueError) as error:
        raise RebuildFailedError(f"{type(error).__name__}: {error}") from error


def _rebuild_copy() -> tuple[int, int]:
    dossiers = sum(copy_dossiers(item_ids) for item_ids in public_item_ids())
    for item_ids in no_longer_public():
        copy_dossiers(item_ids)
    return dossiers, ArchiveUnit.objects.count()


def _rebuild_index(at: datetime) -> int:
    versions = {kind: kind.version(at) for kind in index.KINDS}
    created: list[str] = []
    with index.writer(index.PATIENCE_FOR_MANY) as client:
        try:
            for kind, name in versions.items():
                index.create(client, kind, name)
                created.append(name)
            written = _fill(client, versions)
            replaced = index.swap(client, versions)
        except BaseException:
            # Interrupted or refused: no half-built index stays behind.
            with suppress(ApiError, TransportError):
                index.delete(client, created)
            raise
        index.delete(client, replaced)
        _catch_up(client, since=at)
    breaker.reset()
    return written[index.DOSSIERS]


def _fill(client: Elasticsearch, versions: dict[index.Kind, str]) -> dict[index.Kind, int]:
    """Write everything public into new versions and count it there.

    Raises:
        RebuildFailedError: a version does not hold what was written to it.

    """
    written = index.fill(client, versions, _all_writes())
    for kind, name in versions.items():
        held = index.open_for_use(client, kind, name)
        if held != written[kind]:
            raise RebuildFailedError(f"{name} holds {held} of {written[kind]} documents")
    return written


def _all_writes() -> Iterator[dict[str, Any]]:
    for item_ids in public_item_ids():
        version = _sequence()
        for source in gather(item_ids):
            yield from index.writes_of(source, version)


def _catch_up(client: Elasticsearch, *, since: datetime) -> None:
    """Write once more what changed meanwhile and may have gone to the old index only."""
    meanwhile = OutboxMessage.objects.filter(
        Q(done_at__gte=since) | Q(done_at__isnull=True), topic=TOPIC_INDEX
    )
    for item_id in sorted({message.payload["item_id"] for message in meanwhile}):
        version, source = _read(item_id)
        _put(client, item_id, source, version)
