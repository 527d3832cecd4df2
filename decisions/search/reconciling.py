"""Comparing both copies of the archive with what is public, both ways, and mending them.

Each copy keeps beside every dossier and passage the digest of all that the dossier was made from.
A copy is true when it holds just the public dossiers, each with its digest and its passages.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from elasticsearch import ApiError, TransportError

from decisions.models import ArchiveDossier, ArchiveUnit
from decisions.search import index
from decisions.search.engine import is_configured
from decisions.search.gathering import gather, public_item_ids
from decisions.search.indexing import TOPIC_COPY, TOPIC_INDEX
from portal.core.models import OutboxMessage
from portal.core.outbox import deliver, enqueue


@dataclass(frozen=True)
class State:
    """What there is of one dossier: the digest of its text, and how many passages have it.

    Attributes:
        digest: of the dossier; empty where only passages are there.
        passages: how many passages carry this digest.
        strays: how many passages carry another.

    """

    digest: str
    passages: int
    strays: int = 0


@dataclass(frozen=True)
class Drift:
    """How one copy differs from what is public; what the outbox still owes is none.

    Attributes:
        copy: "database" or "Elasticsearch".
        topic: of the outbox, by which it follows.
        missing: matters that it lacks.
        stale: matters of which it holds something else.
        left_over: matters that are not public any more.

    """

    copy: str
    topic: str
    missing: tuple[int, ...] = ()
    stale: tuple[int, ...] = ()
    left_over: tuple[int, ...] = ()

    @property
    def item_ids(self) -> tuple[int, ...]:
        """All of them."""
        return (*self.missing, *self.stale, *self.left_over)

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.item_ids)


class EngineSilentError(RuntimeError):
    """Elasticsearch is configured and does not say what it holds."""


def drifts() -> list[Drift]:
    """Return how each copy differs; Elasticsearch's only where it is configured.

    Raises:
        EngineSilentError: the engine did not answer.

    """
    public = _public()
    found = [_compared("database", public, _in_database(), TOPIC_COPY)]
    if is_configured():
        found.append(_compared("Elasticsearch", public, _in_engine(), TOPIC_INDEX))
    return found


def mend(drift: Drift, *, at: datetime) -> int:
    """Promise anew what differs and carry it out; return how much of it is still owed.

    A new promise makes the version newer than all that was written before.
    """
    promised = [enqueue(drift.topic, at=at, item_id=item_id) for item_id in drift.item_ids]
    return sum(not deliver(message.pk, at=at) for message in promised)


def _public() -> dict[int, State]:
    return {
        source.item_id: State(source.digest, len(source.units))
        for item_ids in public_item_ids()
        for source in gather(item_ids)
    }


@dataclass
class _Tally:
    """Counts what a copy holds."""

    digests: dict[int, str] = field(default_factory=dict)
    passages: Counter[tuple[int, str]] = field(default_factory=Counter)

    def states(self) -> dict[int, State]:
        """Return what is held of each dossier, also of those with passages alone."""
        of_all = Counter[int]()
        for (item_id, _digest), number in self.passages.items():
            of_all[item_id] += number
        return {
            item_id: State(
                digest := self.digests.get(item_id, ""),
                fitting := self.passages[item_id, digest],
                of_all[item_id] - fitting,
            )
            for item_id in self.digests.keys() | of_all.keys()
        }


def _in_database() -> dict[int, State]:
    tally = _Tally(dict(ArchiveDossier.objects.values_list("pk", "digest")))
    passages: Iterable[int] = ArchiveUnit.objects.values_list("dossier_id", flat=True)
    tally.passages.update((item_id, tally.digests[item_id]) for item_id in passages)
    return tally.states()


def _in_engine() -> dict[int, State]:
    try:
        with index.writer(index.PATIENCE_FOR_MANY) as client:
            if not index.exists(client):
                return {}
            tally = _Tally(dict(index.held(client, index.DOSSIERS)))
            tally.passages.update(index.held(client, index.UNITS))
    except (ApiError, TransportError) as error:
        raise EngineSilentError(type(error).__name__) from error
    return tally.states()


def _compared(
    copy: str, public: Mapping[int, State], copied: Mapping[int, State], topic: str
) -> Drift:
    """Compare, leaving out what the outbox will still carry out."""
    owed = {
        payload["item_id"]
        for payload in OutboxMessage.objects.filter(topic=topic, done_at__isnull=True).values_list(
            "payload", flat=True
        )
    }
    return Drift(
        copy,
        topic,
        missing=tuple(sorted(public.keys() - copied.keys() - owed)),
        stale=tuple(
            sorted(
                item_id
                for item_id in (public.keys() & copied.keys()) - owed
                if public[item_id] != copied[item_id]
            )
        ),
        left_over=tuple(sorted(copied.keys() - public.keys() - owed)),
    )
