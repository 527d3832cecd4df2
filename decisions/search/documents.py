"""What the engine stores: the mapping of both indices, and pure builders of their documents."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from elasticsearch_dsl import Date, Document, Integer, Keyword, Long, MetaField, Text

from consultations.lifecycle import Stage
from decisions.search.analysis import ZH, ZH_UNI, canonical_document_no, folding
from decisions.search.text import without_marks

# Long bodies should not lose to short ones merely by their length.
BODY_SIMILARITY = "long_text"
INDEX_SETTINGS = {
    "number_of_shards": 1,
    # A second copy as soon as a second node can hold it.
    "auto_expand_replicas": "0-1",
    # For how long it remembers what was removed: an old write that comes late must not bring a
    # withdrawn text back, however long its worker was held up.
    "gc_deletes": "1d",
    "similarity": {BODY_SIMILARITY: {"type": "BM25", "b": 0.3}},
}


def _digest(source: object) -> str:
    """Name what a copy is made from: also the folding, of which the database keeps the results."""
    return sha256(f"{folding()}{source!r}".encode()).hexdigest()


@dataclass(frozen=True)
class UnitSource:
    """One passage: an article of a public draft or decision, what was said of it, or a text.

    Attributes:
        key: stable while the passage keeps its place in its page.
        kind: a `UnitKind` value.
        ordinal: the place of an article in its page or of a page in its file, counted from 1, or
            the number of an issue; 0 for a text.
        label: the article's number as printed, like 第十二条, of what is said of an article too,
            or the page's, like 第3页; empty for a text.
        url: where it stands, with its anchor.
        text: its plain text.
        outcome: of an answer; empty for everything else.

    """

    key: str
    kind: str
    ordinal: int
    label: str
    url: str
    text: str
    outcome: str = ""

    @cached_property
    def digest(self) -> str:
        """A name of 64 signs for all of it; both copies keep it beside the passage."""
        return _digest(self)


@dataclass(frozen=True)
class RoundDays:
    """When a round opens and closes; None where that is not known."""

    opens_on: date | None
    closes_on: date | None


@dataclass(frozen=True)
class DossierSource:
    """Everything the archive knows of one public matter.

    Attributes:
        item_id: primary key of the matter's page.
        title: its title.
        summary: one plain sentence, or empty.
        texts: every public text of the dossier that is not among its units.
        url: address of the matter's page.
        document_no: as printed on the decision, or empty.
        year: of its catalogue.
        stage: as stored; the clock may be further.
        opens_on: opening day of its public round before the decision that closes last.
        closes_on: closing day of that round.
        unit: code of the unit that leads the drafting, or empty.
        topic: class of its topic, or empty.
        category: number of its category.
        latest_on: day of the latest thing published.
        decided_on: day of publication of its decision.
        effective_on: first day in force of its decision.
        opinion_count: opinions that count, on its public rounds and calls for opinions.
        adopted_count: those of them adopted wholly or partly, by public adoption summaries.
        co_units: codes of the units that draft it, too.
        rounds: days of its public rounds before the decision, by number.
        units: its passages, round after round, then the decision and what was said of its
            effects, then what explains them.

    """

    item_id: int
    title: str
    summary: str
    texts: tuple[str, ...]
    url: str
    document_no: str
    year: int
    stage: Stage
    opens_on: date | None
    closes_on: date | None
    unit: str
    topic: str
    category: int | None
    latest_on: date
    decided_on: date | None
    effective_on: date | None
    units: tuple[UnitSource, ...]
    opinion_count: int = 0
    adopted_count: int = 0
    co_units: tuple[str, ...] = ()
    rounds: tuple[RoundDays, ...] = ()

    @cached_property
    def digest(self) -> str:
        """A name of 64 signs for all of it; both copies keep it beside what they hold."""
        return _digest((replace(self, units=()), [unit.digest for unit in self.units]))

    @property
    def drafters(self) -> tuple[str, ...]:
        """The codes of all units that draft it, each once, the leading one first."""
        return tuple(dict.fromkeys(code for code in (self.unit, *self.co_units) if code))

    @property
    def kind(self) -> tuple[str, ...]:
        """The kinds of its passages, each once."""
        return tuple(sorted({unit.kind for unit in self.units}))

    @property
    def outcome(self) -> tuple[str, ...]:
        """The outcomes of its answers, each once."""
        return tuple(sorted({unit.outcome for unit in self.units} - {""}))

    @property
    def body(self) -> tuple[str, ...]:
        """All its texts, the title too, so that words from different places are found together."""
        parts = (self.title, self.summary, self.document_no, *self.texts)
        return tuple(part for part in (*parts, *(unit.text for unit in self.units)) if part)


class DossierDocument(Document):
    """One dossier: what is searched, filtered, counted and sorted."""

    dossier_id = Long()
    title = Text(analyzer=ZH, fields={"zh_uni": Text(analyzer=ZH_UNI)})
    summary = Text(analyzer=ZH)
    body = Text(
        analyzer=ZH,
        similarity=BODY_SIMILARITY,
        fields={"zh_uni": Text(analyzer=ZH_UNI, similarity=BODY_SIMILARITY)},
    )
    document_no = Keyword()
    year = Integer()
    stage = Keyword()
    # Of every round; the stage follows the one that closes last.
    opens_on = Date(format="strict_date")
    closes_on = Date(format="strict_date")
    last_opens_on = Date(format="strict_date")
    last_closes_on = Date(format="strict_date")
    unit = Keyword()
    topic = Keyword()
    category = Integer()
    latest_on = Date(format="strict_date")
    decided_on = Date(format="strict_date")
    effective_on = Date(format="strict_date")
    opinion_count = Integer()
    kind = Keyword()
    outcome = Keyword()
    digest = Keyword(index=False)

    class Meta:
        dynamic = MetaField("strict")


class UnitDocument(Document):
    """One passage, named and marked below the dossier it belongs to.

    It repeats nothing of the dossier, so that a change of that rewrites no passage.
    """

    dossier_id = Long()
    kind = Keyword()
    text = Text(analyzer=ZH, index_options="offsets", fields={"zh_uni": Text(analyzer=ZH_UNI)})
    digest = Keyword(index=False)

    class Meta:
        dynamic = MetaField("strict")


def dossier_document(source: DossierSource) -> dict[str, Any]:
    """Return the document of a dossier; what is unknown is left out."""
    values = {
        "digest": source.digest,
        "dossier_id": source.item_id,
        "title": without_marks(source.title),
        "summary": without_marks(source.summary),
        # A list, because a phrase must not begin in one text and end in the next.
        "body": [without_marks(text) for text in source.body],
        "document_no": canonical_document_no(source.document_no) or None,
        "year": source.year,
        "stage": str(source.stage),
        "unit": list(source.drafters) or None,
        "topic": source.topic or None,
        "category": source.category,
        "latest_on": source.latest_on.isoformat(),
        "opens_on": _days(one.opens_on for one in source.rounds),
        "closes_on": _days(one.closes_on for one in source.rounds),
        "last_opens_on": source.opens_on and source.opens_on.isoformat(),
        "last_closes_on": source.closes_on and source.closes_on.isoformat(),
        "decided_on": source.decided_on and source.decided_on.isoformat(),
        "effective_on": source.effective_on and source.effective_on.isoformat(),
        "opinion_count": source.opinion_count,
        "kind": list(source.kind),
        "outcome": list(source.outcome),
    }
    return {name: value for name, value in values.items() if value is not None}


def _days(days: Iterable[date | None]) -> list[str] | None:
    """Return the days that are known, None where none is."""
    return [day.isoformat() for day in days if day] or None


def unit_document(source: DossierSource, unit: UnitSource) -> dict[str, Any]:
    """Return the document of one passage of a dossier."""
    return {
        "digest": unit.digest,
        "dossier_id": source.item_id,
        "kind": unit.kind,
        "text": without_marks(unit.text),
    }
