"""What a search gives back, the same whichever copy answered; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from consultations.lifecycle import Stage
from decisions.lifecycle import Validity
from decisions.search.text import Segments

Counts = Mapping[str, Mapping[Any, int]]


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
        titles: marked titles the copy could give, by item id.
        passages: marked passages the copy could give, best first: item id → (unit key, segments).

    """

    total: int
    item_ids: tuple[int, ...]
    counts: Counts
    titles: Mapping[int, Segments] = field(default_factory=dict)
    passages: Mapping[int, tuple[tuple[str, Segments], ...]] | None = None


@dataclass(frozen=True)
class Passage:
    """What matched: `kind` is 草案, 决策 or a text's name, `label` 第十二条 or empty."""

    kind: str
    label: str
    url: str
    segments: Segments


@dataclass(frozen=True)
class Hit:
    """One dossier as it is listed.

    Attributes:
        item_id: primary key of the matter's page.
        title: its title, marked.
        url: its address.
        stage: as the clock has it.
        unit: name of the drafting unit, or empty.
        year: of its catalogue.
        latest_on: day of the latest thing published.
        document_no: as printed, or empty.
        effective_on: first day in force of its decision, if any.
        summary: one plain sentence, marked.
        passages: up to three that match best.
        validity: whether its decision is law today, if there is one.

    """

    item_id: int
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
    validity: Validity | None = None


@dataclass(frozen=True)
class Results:
    """The answer: hits of one page, all counts, and which copy gave them."""

    total: int
    hits: tuple[Hit, ...]
    counts: Counts
    mode: Mode
