"""Comparing both copies of the archive with what is public, both ways, and mending them.

Each copy keeps beside every dossier and every passage the digest of what that was made from. A
copy is true when it holds just the public dossiers, each with its digest and its passages'.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet
from elasticsearch import ApiError, TransportError

from consultations.lifecycle import official_date
from decisions.models import ArchiveComparison, ArchiveDossier, ArchiveUnit, Copy
from decisions.search import index
from decisions.search.engine import is_configured
from decisions.search.gathering import gather, public_item_ids
from decisions.search.indexing import TOPIC_COPY, TOPIC_INDEX, follow_again, promise_again
from portal.core.models import OutboxMessage
from portal.core.outbox import CLAIM, owed

TOPICS = {Copy.DATABASE: TOPIC_COPY, Copy.ENGINE: TOPIC_INDEX}


@dataclass(frozen=True)
class State:
    """What there is of one dossier.

    Attributes:
        digest: of the dossier; empty where only passages are there.
        passages: how many it has.
        total: the sum of their digests, which is the same in any order.

    """

    digest: str
    passages: int
    total: int


@dataclass(frozen=True)
class Drift:
    """How one copy differs from what is public; what the outbox will still carry out is none.

    Attributes:
        copy: which one.
        public: how many matters are public.
        held: how many it holds something of.
        missing: matters that it lacks.
        stale: matters of which it holds something else.
        left_over: matters that are not public any more.

    """

    copy: Copy
    public: int
    held: int
    missing: tuple[int, ...] = ()
    stale: tuple[int, ...] = ()
    left_over: tuple[int, ...] = ()

    @property
    def topic(self) -> str:
        """Topic of the outbox by which the copy follows."""
        return TOPICS[self.copy]

    @property
    def item_ids(self) -> tuple[int, ...]:
        """All of them."""
        return (*self.missing, *self.stale, *self.left_over)

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.item_ids)


class EngineSilentError(RuntimeError):
    """Elasticsearch is configured and does not say what it holds, or has no index that is ours."""


def compare(*, at: datetime) -> list[Drift]:
    """Return how each copy differs, and keep for staff what came of it.

    Elasticsearch's is compared only where it is configured.

    Raises:
        EngineSilentError: the engine did not answer, or has no index of ours; what is kept of it
            is then what was found before.

    """
    return list(_kept(_copies(), at=at))


def compare_and_mend(copies: Iterable[Copy], *, at: datetime) -> Iterator[Drift]:
    """Do the same to these copies, one after the other, and promise to write anew what differs.

    Raises:
        EngineSilentError: as `compare` does, after the copy that is always there.

    """
    for drift in _kept(copies, at=at):
        promise_again(drift.topic, drift.item_ids, at=at)
        yield drift


def mend(drift: Drift) -> int:
    """Write what differs anew; return how much of it is still owed."""
    return follow_again(drift.topic, drift.item_ids)


def is_mended(comparison: ArchiveComparison) -> bool:
    """Tell whether all that a comparison found has been written anew since."""
    messages = OutboxMessage.objects.filter(topic=TOPICS[Copy(comparison.copy)])
    since = comparison.compared_at
    written = messages.filter(
        # What was given up before is tried once more, and keeps the day of its promise.
        Q(created_at__gte=since) | Q(attempts__gt=1, done_at__gt=since),
        done_at__isnull=False,
    )
    failing = _matters(messages.failing()).values()
    differing = set(comparison.item_ids)
    # Earlier releases kept how many differed, and not which.
    return bool(differing) and differing <= set(_matters(written).values()) - set(failing)


def not_compared_today(*, at: datetime) -> list[Copy]:
    """Return the copies that were not compared on the day of `at`, the one always there first."""
    compared = dict(ArchiveComparison.objects.values_list("copy", "compared_at"))
    today = official_date(at)
    return [
        copy for copy in _copies() if copy not in compared or official_date(compared[copy]) < today
    ]


def _copies() -> list[Copy]:
    return [Copy.DATABASE, Copy.ENGINE] if is_configured() else [Copy.DATABASE]


def _kept(copies: Iterable[Copy], *, at: datetime) -> Iterator[Drift]:
    for drift in _drifts(copies, at=at):
        ArchiveComparison.objects.update_or_create(
            copy=drift.copy,
            defaults={
                "compared_at": at,
                "public": drift.public,
                "held": drift.held,
                "missing": len(drift.missing),
                "stale": len(drift.stale),
                "left_over": len(drift.left_over),
                "item_ids": drift.item_ids,
            },
        )
        yield drift


def _drifts(copies: Iterable[Copy], *, at: datetime) -> Iterator[Drift]:
    """Yield how each copy differs, leaving out the matters that changed while it was read.

    Those are the ones whose change was followed since the beginning, or is still to be.
    """
    before = {copy: _followed(copy, at=at) for copy in Copy}
    public: dict[int, State] | None = None
    for copy in copies:
        held = _in_database() if copy is Copy.DATABASE else _in_engine()
        if public is None:
            # After the copy, so that nothing is read in vain for an engine that is away.
            public = _public()
        # In this order: whoever carries a message out in between is seen after.
        after = {**_matters(owed(TOPICS[copy])), **_followed(copy, at=at)}
        moving = {after[pk] for pk in after.keys() - before[copy].keys()}
        yield _compared(copy, public, held, moving)


def _followed(copy: Copy, *, at: datetime) -> dict[int, int]:
    """Return the matters that a copy followed lately, by the primary keys of the messages.

    A message is stamped with the instant at which its run began; a claim is much longer than that.
    """
    lately = OutboxMessage.objects.filter(topic=TOPICS[copy], done_at__gte=at - CLAIM)
    return _matters(lately)


def _matters(messages: QuerySet[OutboxMessage]) -> dict[int, int]:
    return {pk: payload["item_id"] for pk, payload in messages.values_list("pk", "payload")}


def _public() -> dict[int, State]:
    tally = _Tally()
    for item_ids in public_item_ids():
        for source in gather(item_ids):
            tally.digests[source.item_id] = source.digest
            tally.add((source.item_id, unit.digest) for unit in source.units)
    return tally.states()


@dataclass
class _Tally:
    """Adds up what is found, a dossier or a passage at a time."""

    digests: dict[int, str] = field(default_factory=dict)
    passages: Counter[int] = field(default_factory=Counter)
    totals: Counter[int] = field(default_factory=Counter)

    def add(self, passages: Iterable[tuple[int, str]]) -> None:
        """Add passages, each by its dossier and its digest."""
        for item_id, digest in passages:
            self.passages[item_id] += 1
            self.totals[item_id] += int.from_bytes(digest.encode())

    def states(self) -> dict[int, State]:
        """Return what there is of each dossier, also of those with passages alone."""
        return {
            item_id: State(
                self.digests.get(item_id, ""), self.passages[item_id], self.totals[item_id]
            )
            for item_id in self.digests.keys() | self.passages.keys()
        }


def _in_database() -> dict[int, State]:
    tally = _Tally(dict(ArchiveDossier.objects.values_list("pk", "digest")))
    tally.add(ArchiveUnit.objects.values_list("dossier_id", "digest").iterator())
    return tally.states()


def _in_engine() -> dict[int, State]:
    try:
        with index.writer(index.PATIENCE_FOR_MANY) as client:
            if not index.exists(client):
                raise index.RefusedError("there is no index")
            tally = _Tally(dict(index.held(client, index.DOSSIERS)))
            tally.add(index.held(client, index.UNITS))
    except (ApiError, TransportError, index.OtherIndexError, index.RefusedError) as error:
        raise EngineSilentError(type(error).__name__) from error
    return tally.states()


def _compared(
    copy: Copy, public: Mapping[int, State], copied: Mapping[int, State], moving: set[int]
) -> Drift:
    """Compare, leaving out some matters."""
    return Drift(
        copy,
        len(public),
        len(copied),
        missing=tuple(sorted(public.keys() - copied.keys() - moving)),
        stale=tuple(
            sorted(
                item_id
                for item_id in (public.keys() & copied.keys()) - moving
                if public[item_id] != copied[item_id]
            )
        ),
        left_over=tuple(sorted(copied.keys() - public.keys() - moving)),
    )
