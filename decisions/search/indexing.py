"""Keeping both copies of the archive up to date: the database's own, and Elasticsearch.

What is written is read from the database at that moment, so a message that comes late or twice
does no harm.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone

from decisions.models import (
    ArchiveClock,
    ArchiveDossier,
    ArchiveDrafter,
    ArchiveRound,
    ArchiveUnit,
)
from decisions.search import index, writing
from decisions.search.analysis import canonical_document_no, fold
from decisions.search.connection import FAILURES, EngineDownError, breaker
from decisions.search.documents import DossierSource, UnitSource
from decisions.search.engine import is_configured
from decisions.search.gathering import gather
from decisions.search.sounds import initials, spoken_form
from portal.core.models import OutboxMessage
from portal.core.outbox import (
    deliver,
    enqueue_many,
    given_up,
    retry_all,
    try_once_more,
)

TOPIC_COPY = "archive.copy"
TOPIC_INDEX = "archive.index"
# The words of a file; when they are there, both copies follow.
TOPIC_FILE = "archive.file"
# Why a matter is followed without a change of it.
AGAIN = "again"
UNITS_AT_ONCE = 500
# How often a dossier is written anew because somebody else wrote it meanwhile.
MOST_ATTEMPTS = 5
_OF_UNITS = [field.name for field in ArchiveUnit._meta.concrete_fields if not field.primary_key]

# First key of the lock that whoever copies a matter holds in PostgreSQL; the second is the matter.
COPY_LOCK = 7_240_914


def copy_dossiers(item_ids: Sequence[int]) -> int:
    """Bring the database's copy of these dossiers up to date; return how many are public."""
    with transaction.atomic():
        one_after_the_other(item_ids)
        sources = gather(item_ids)
        gone = set(item_ids) - {source.item_id for source in sources}
        ArchiveDossier.objects.filter(pk__in=gone).delete()
        for source in sources:
            _write_copy(source)
    return len(sources)


def one_after_the_other(item_ids: Sequence[int]) -> None:
    """Make whoever copies the same matters wait for the end of this transaction, and then read.

    The pages themselves are not locked: editors write those, in an order of their own, and each
    would wait for the other. SQLite has one writer at a time anyway.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        # In order, so that of two with several matters none waits for the other.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) AS id",
            [COPY_LOCK, sorted(item_ids)],
        )


def _write_copy(source: DossierSource) -> None:
    dossier = dossier_row(source)
    dossier.save()
    dossier.drafters.all().delete()
    ArchiveDrafter.objects.bulk_create(drafter_rows(dossier, source))
    dossier.rounds.all().delete()
    ArchiveRound.objects.bulk_create(round_rows(dossier, source))
    held = dict(ArchiveUnit.objects.filter(dossier=dossier).values_list("key", "digest"))
    gone = held.keys() - {unit.key for unit in source.units}
    ArchiveUnit.objects.filter(key__in=gone).delete()
    changed = [unit for unit in source.units if held.get(unit.key) != unit.digest]
    for start in range(0, len(changed), UNITS_AT_ONCE):
        # A round that was moved here brings its passages along.
        ArchiveUnit.objects.bulk_create(
            (unit_row(dossier, unit) for unit in changed[start : start + UNITS_AT_ONCE]),
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=_OF_UNITS,
        )


def dossier_row(source: DossierSource) -> ArchiveDossier:
    """Return a dossier as the database's copy holds it, not yet written."""
    return ArchiveDossier(
        item_id=source.item_id,
        title=source.title,
        title_folded=fold(source.title),
        title_sound=spoken_form(source.title),
        title_initials=initials(source.title),
        body_folded=fold("\n".join(source.body)),
        summary=source.summary,
        url=source.url,
        document_no=source.document_no,
        document_no_canonical=canonical_document_no(source.document_no),
        year=source.year,
        stage=source.stage,
        opens_on=source.opens_on,
        closes_on=source.closes_on,
        unit=source.unit,
        topic=source.topic,
        category=source.category,
        latest_on=source.latest_on,
        decided_on=source.decided_on,
        effective_on=source.effective_on,
        opinion_count=source.opinion_count,
        adopted_count=source.adopted_count,
        digest=source.digest,
    )


def drafter_rows(dossier: ArchiveDossier, source: DossierSource) -> list[ArchiveDrafter]:
    """Return the units that draft a matter as the database's copy holds them, not yet written."""
    return [ArchiveDrafter(dossier=dossier, code=code) for code in source.drafters]


def round_rows(dossier: ArchiveDossier, source: DossierSource) -> list[ArchiveRound]:
    """Return the rounds of a matter as the database's copy holds them, not yet written."""
    return [
        ArchiveRound(dossier=dossier, opens_on=one.opens_on, closes_on=one.closes_on)
        for one in source.rounds
    ]


def unit_row(dossier: ArchiveDossier, unit: UnitSource) -> ArchiveUnit:
    """Return a passage as the database's copy holds it, not yet written."""
    return ArchiveUnit(
        key=unit.key,
        dossier=dossier,
        kind=unit.kind,
        ordinal=unit.ordinal,
        label=unit.label,
        outcome=unit.outcome,
        url=unit.url,
        text=unit.text,
        text_folded=fold(unit.text),
        digest=unit.digest,
    )


def index_dossier(item_id: int) -> None:
    """Bring Elasticsearch's copy of one dossier up to date.

    Without an index there is nothing to correct: the rebuild that makes it reads the database.

    Raises:
        EngineDownError, RefusedError, UnfitError: the engine did not take it.

    """
    for _attempt in range(MOST_ATTEMPTS):
        version, source = _read(item_id)
        with breaker.watching(), index.writer(index.PATIENCE_FOR_ONE) as client:
            if not index.exists(client):
                return
            if source is None:
                is_all = writing.take_away(client, item_id, version)
            else:
                is_all = writing.put(client, source, version)
        if is_all:
            return
    raise index.RefusedError("others write this dossier all the time")


def _read(item_id: int) -> tuple[int, DossierSource | None]:
    """Return what the archive holds of a matter, None if it is not public, and its version."""
    version = next_version()
    sources = gather([item_id])
    return version, sources[0] if sources else None


def next_version() -> int:
    """Return a version for what is read from now on; it is committed before that is read.

    Whoever follows a change reads after it and has a version of its own. So a write with a higher
    version has read the change too, and one that has not read it has a lower one and loses.
    """
    with transaction.atomic():
        clocks = ArchiveClock.objects.filter(pk=1)
        if not clocks.update(readings=F("readings") + 1):
            # Earlier releases wrote the number of the last message.
            last = OutboxMessage.objects.aggregate(last=Max("pk"))["last"] or 0
            ArchiveClock.objects.get_or_create(pk=1, defaults={"readings": last})
            clocks.update(readings=F("readings") + 1)
        return clocks.get().readings


def promise_later(
    topic: str, item_ids: Iterable[int], *, why: str, at: datetime
) -> list[OutboxMessage]:
    """Promise that a copy follows these matters when `tick` comes by.

    Args:
        topic: says which copy.
        item_ids: of the matters.
        why: marks the messages, so that nothing in a hurry is left to them.
        at: now.

    """
    return enqueue_many(topic, ({"item_id": item_id, "why": why} for item_id in item_ids), at=at)


def promise_again(topic: str, item_ids: Iterable[int], *, at: datetime) -> list[int]:
    """Promise anew that a copy follows these matters; return the messages' primary keys.

    What is read for them is newer than all that was written before. A message that was given up
    gets one more try instead of another one beside it.
    """
    wanted = set(item_ids)
    parked = {
        pk: payload["item_id"]
        for pk, payload in given_up(topic).values_list("pk", "payload")
        if payload["item_id"] in wanted
    }
    try_once_more(given_up(topic).filter(pk__in=parked), at=at)
    new = promise_later(topic, sorted(wanted - set(parked.values())), why=AGAIN, at=at)
    return [*parked, *(message.pk for message in new)]


def follow_again(topic: str, item_ids: Iterable[int]) -> int:
    """Promise the same, carry it out here, and return how much of it is still owed.

    By the clock, for this may take much longer than a claim.
    """
    promised = promise_again(topic, item_ids, at=timezone.now())
    for pk in promised:
        deliver(pk, at=timezone.now())
    # A worker may have been quicker.
    return OutboxMessage.objects.filter(pk__in=promised, done_at__isnull=True).count()


def retry_when_back(*, at: datetime) -> int:
    """Try again at once what failed while the engine was away, if it is there now.

    Otherwise each message would wait for its own next try, which may be hours away.
    """
    away = EngineDownError.__name__
    failed = OutboxMessage.objects.filter(
        topic=TOPIC_INDEX, done_at__isnull=True, last_error=away, due_at__gt=at
    )
    if not is_configured() or not failed.exists():
        return 0
    try:
        with index.writer(index.PATIENCE_FOR_ONE) as client:
            index.exists(client)
    except (*FAILURES, index.RefusedError):
        return 0
    breaker.reset()
    return retry_all(TOPIC_INDEX, away, at=at)
