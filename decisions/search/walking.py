"""Walking through everything a question finds, for files; every dossier confirmed when it leaves.

First the numbers of all dossiers are asked for, as of one moment and eight bytes each; only then
the first row leaves. So nothing comes twice, an engine that fails is noticed before anything was
sent, and no reader, however slow, keeps the engine or a transaction waiting.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from consultations.lifecycle import official_date
from decisions.models import ArchiveDossier
from decisions.search import engine, fallback
from decisions.search.archive import understood
from decisions.search.connection import EngineDownError
from decisions.search.criteria import Criteria
from decisions.search.results import Mode

# Dossiers in memory at a time.
PORTION = 1_000


@dataclass(frozen=True)
class Walk:
    """All dossiers that a question found at one moment.

    Attributes:
        mode: which copy named them.
        ids: their numbers, in order, each once.

    """

    mode: Mode
    ids: "array[int]"

    def portions(self, size: int = PORTION) -> Iterator[list[ArchiveDossier]]:
        """Yield the dossiers in order, without what searching needs, so many at a time.

        One that the database's copy no longer lists is left out.
        """
        for start in range(0, len(self.ids), size):
            ids = self.ids[start : start + size]
            listed = ArchiveDossier.objects.listed().in_bulk(list(ids))
            yield [listed[pk] for pk in ids if pk in listed]


def walk(criteria: Criteria, *, at: datetime) -> Walk:
    """Find all dossiers that a question asks for, whatever page it names."""
    today = official_date(at)
    node = understood(criteria.question)
    mode = Mode.DATABASE
    if engine.is_configured():
        try:
            return Walk(Mode.ENGINE, engine.every_id(criteria, node, today=today))
        except EngineDownError:
            mode = Mode.DEGRADED
    return Walk(mode, fallback.every_id(criteria, node, today=today))
