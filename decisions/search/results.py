"""What a search gives back, the same whichever copy answered; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from consultations.lifecycle import Stage
from decisions.lifecycle import Validity
from decisions.search.text import Segments
from portal.core.positions import Position

Counts = Mapping[str, Mapping[Any, int]]


class OrderLostError(ValueError):
    """A position is not one of the order that is there now; the message is for the reader."""


class Mode(StrEnum):
    """Which copy answered; sent as the header X-Search-Mode."""

    ENGINE = "elasticsearch"
    DATABASE = "database"
    # An engine is configured and did not answer.
    DEGRADED = "degraded"


@dataclass(frozen=True)
class Found:
    """What one copy says: which dossiers, by id, and how many of each facet value.

    Attributes:
        total: how many dossiers match.
        item_ids: those on the page, in order.
        counts: facet name → value → number of dossiers, other facets' choices applied.
        passages: marked passages the copy could give, best first: item id → (unit key, segments).
        position: the name of an order and, in it, the values of the last dossier of the page;
            None when no page follows.

    """

    total: int
    item_ids: tuple[int, ...]
    counts: Counts
    passages: Mapping[int, tuple[tuple[str, Segments], ...]] | None = None
    position: Position | None = None


@dataclass(frozen=True)
class Passage:
    """What matched.

    Attributes:
        kind: 草案, 决策, 意见 or a text's name.
        label: 第十二条, 第3页 or empty.
        url: where it stands, with its anchor.
        segments: the words around the match, marked.
        outcome: what an answer came to; empty for everything else.

    """

    kind: str
    label: str
    url: str
    segments: Segments
    outcome: str = ""


@dataclass(frozen=True)
class Hit:
    """One dossier as it is listed.

    Attributes:
        item_id: primary key of the matter's page.
        matter_id: the id by which the open interface names the matter.
        title: its title, marked.
        url: its address.
        stage: as the clock has it.
        unit: name of the leading unit, or empty.
        year: of its catalogue.
        latest_on: day of the latest thing published.
        document_no: as printed, or empty.
        effective_on: first day in force of its decision, if any.
        summary: one plain sentence, marked.
        passages: up to three that match best.
        opens_on: opening day of its round that closes last, if any; it may lie ahead.
        opinion_count: opinions on its public rounds that count.
        adopted_count: those of them adopted wholly or partly, by public adoption summaries.
        validity: whether its decision is law today, if there is one.
        co_units: names of the units that draft it with the leading one.
        words_elsewhere: whether kinds of material were chosen and the words stand in none of them.

    """

    item_id: int
    matter_id: str
    title: Segments
    url: str
    stage: Stage
    unit: str
    year: int
    latest_on: date
    document_no: str
    effective_on: date | None
    summary: Segments
    passages: tuple[Passage, ...]
    opens_on: date | None = None
    opinion_count: int = 0
    adopted_count: int = 0
    validity: Validity | None = None
    co_units: tuple[str, ...] = ()
    words_elsewhere: bool = False


@dataclass(frozen=True)
class Results:
    """The answer: hits of one page, all counts, and which copy gave them.

    Attributes:
        position: from which `search_archive` goes on; None when no page follows.
        other_ways: what was searched for besides the words as they were asked.

    """

    total: int
    hits: tuple[Hit, ...]
    counts: Counts
    mode: Mode
    position: Position | None = None
    other_ways: tuple[str, ...] = ()
