"""How fresh and how true the archive's copies are, for staff; nothing here writes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Max, Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consultations.models import DecisionItemPage
from decisions.models import ArchiveComparison, ArchiveDossier, Copy
from decisions.search import index
from decisions.search.connection import FAILURES
from decisions.search.engine import is_configured
from decisions.search.reconciling import TOPICS, is_mended
from portal.core.models import OutboxMessage

# Seconds a member of staff waits for each of a few answers of the engine.
PATIENCE = 1.0


class Standing(StrEnum):
    """How a copy stands, the worst first."""

    SILENT = "silent"
    NO_INDEX = "no index"
    OTHER_INDEX = "other index"
    DIFFERS = "differs"
    BEHIND = "behind"
    MENDED = "mended"
    NEVER_COMPARED = "never compared"
    TRUE = "true"


@dataclass(frozen=True)
class CopyState:
    """One copy as it is now.

    Attributes:
        copy: which one.
        standing: how it stands.
        held: how many matters it holds; None where it does not say.
        updated_at: when it last followed a change, if ever.
        waiting: how many changes it has still to follow.
        failing: how many of them were tried in vain.
        waiting_since: when the oldest of them was made.
        comparison: the last one with what is public, if any.

    """

    copy: Copy
    standing: Standing
    held: int | None
    updated_at: datetime | None
    waiting: int
    failing: int
    waiting_since: datetime | None
    comparison: ArchiveComparison | None

    @property
    def is_wrong(self) -> bool:
        """Tell whether somebody should act."""
        return self.standing not in (Standing.TRUE, Standing.MENDED, Standing.NEVER_COMPARED)

    @property
    def advice(self) -> Promise:
        """What it means and what to do."""
        return _ADVICE[self.standing]

    @property
    def command(self) -> str:
        """The command that mends it; empty where there is nothing to mend by one."""
        return _COMMANDS.get(self.standing, "")


_ADVICE = {
    Standing.SILENT: _(
        "It does not answer. The archive answers from the database and says so to readers; nothing "
        "is lost, and what changes meanwhile follows within a minute of its return. Start it again."
    ),
    Standing.NO_INDEX: _(
        "It answers, but holds no complete index. The archive answers from the database. Make the "
        "index:"
    ),
    Standing.OTHER_INDEX: _(
        "Its index was made by another release and cannot be used. The archive answers from the "
        "database. Make the index anew:"
    ),
    Standing.DIFFERS: _(
        "At the last comparison it differed from what is public. The clockwork writes anew what it "
        "finds each night; to do it now:"
    ),
    Standing.BEHIND: _(
        "Changes wait to be followed for more than five minutes. See whether the worker and the "
        "clockwork run, and what fails in the report on mails and index updates."
    ),
    Standing.MENDED: _(
        "At the last comparison it differed from what is public, and what differed was written "
        "anew. There is nothing to do; should it come again, keep the log."
    ),
    Standing.NEVER_COMPARED: _(
        "It has not been compared with what is public yet. The clockwork does so each night; to do "
        "it now:"
    ),
    Standing.TRUE: _("It holds what is public. There is nothing to do."),
}
_COMMANDS = {
    Standing.NO_INDEX: "manage.py rebuild_search_index",
    Standing.OTHER_INDEX: "manage.py rebuild_search_index",
    Standing.DIFFERS: "manage.py reconcile_search_index --fix",
    Standing.NEVER_COMPARED: "manage.py reconcile_search_index",
}
# Seconds after which a change that waits is worth a word.
LONG = 300


@dataclass(frozen=True)
class Freshness:
    """The truth, and each copy that is configured."""

    public: int
    copies: tuple[CopyState, ...]


def freshness(*, at: datetime) -> Freshness:
    """Return how the copies stand; the engine is asked with little patience."""
    states = [_state(Copy.DATABASE, None, ArchiveDossier.objects.count(), at=at)]
    if is_configured():
        standing, held = _engine()
        states.append(_state(Copy.ENGINE, standing, held, at=at))
    return Freshness(DecisionItemPage.objects.live().public().count(), tuple(states))


def _engine() -> tuple[Standing | None, int | None]:
    """Return what is wrong with the engine, if anything, and how many matters it holds."""
    try:
        with index.writer(PATIENCE) as client:
            if index.exists(client):
                return None, index.count(client)
    except index.OtherIndexError:
        return Standing.OTHER_INDEX, None
    except index.RefusedError:
        return Standing.NO_INDEX, None
    except FAILURES:
        return Standing.SILENT, None
    return Standing.NO_INDEX, None


def _state(copy: Copy, standing: Standing | None, held: int | None, *, at: datetime) -> CopyState:
    undone = Q(done_at__isnull=True)
    said = OutboxMessage.objects.filter(topic=TOPICS[copy]).aggregate(
        updated_at=Max("done_at"),
        waiting=Count("pk", filter=undone),
        failing=Count("pk", filter=undone & ~Q(last_error="")),
        waiting_since=Min("created_at", filter=undone),
    )
    comparison = ArchiveComparison.objects.filter(copy=copy).first()
    return CopyState(
        copy=copy,
        standing=standing or _standing(comparison, said["waiting_since"], at=at),
        held=held,
        comparison=comparison,
        **said,
    )


def _standing(
    comparison: ArchiveComparison | None, waiting_since: datetime | None, *, at: datetime
) -> Standing:
    is_different = comparison is not None and comparison.differing > 0
    if comparison is not None and is_different and not is_mended(comparison):
        return Standing.DIFFERS
    if waiting_since is not None and (at - waiting_since).total_seconds() > LONG:
        return Standing.BEHIND
    if comparison is None:
        return Standing.NEVER_COMPARED
    return Standing.MENDED if is_different else Standing.TRUE
