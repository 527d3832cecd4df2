"""What the engine stores: the mapping of both indices, and pure builders of their documents."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from elasticsearch_dsl import Date, Document, Integer, Keyword, Long, MetaField, Text

from consultations.lifecycle import Stage
from decisions.search.analysis import ZH, ZH_UNI, canonical_document_no
from decisions.search.text import without_marks

# Long bodies should not lose to short ones merely by their length.
BODY_SIMILARITY = "long_text"
INDEX_SETTINGS = {
    "number_of_shards": 1,
    # A second copy as soon as a second node can hold it.
    "auto_expand_replicas": "0-1",
    "similarity": {BODY_SIMILARITY: {"type": "BM25", "b": 0.3}},
}


@dataclass(frozen=True)
class UnitSource:
    """One passage: an article of a public draft or decision, or a text beside a draft.

    Attributes:
        key: stable while the passage keeps its place in its page.
        kind: a `UnitKind` value.
        ordinal: the article's place in its page, counted from 1; 0 for a text.
        label: the article's number as printed, like 第十二条; empty for a text.
        url: where it stands, with its anchor.
        text: its plain text.

    """

    key: str
    kind: str
    ordinal: int
    label: str
    url: str
    text: str


@dataclass(frozen=True)
class DossierSource:
    """Everything the archive knows of one public matter, read from the database at one moment.

    Attributes:
        item_id: primary key of the matter's page.
        title: its title.
        summary: one plain sentence, or empty.
        texts: every public text of the dossier that is not among its units.
        url: address of the matter's page.
        document_no: as printed on the decision, or empty.
        year: of its catalogue.
        stage: as stored; the clock may be further.
        opens_on: opening day of its public round that closes last.
        closes_on: closing day of that round.
        unit: code of the drafting unit, or empty.
        topic: class of its topic, or empty.
        category: number of its category.
        latest_on: day of the latest thing published.
        decided_on: day of publication of its decision.
        effective_on: first day in force of its decision.
        units: its passages, round after round, then the decision.

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

    @property
    def digest(self) -> str:
        """A name of 64 signs for all of it; both copies keep it beside what they hold."""
        return sha256(repr(self).encode()).hexdigest()

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
    opens_on = Date(format="strict_date")
    closes_on = Date(format="strict_date")
    unit = Keyword()
    topic = Keyword()
    category = Integer()
    latest_on = Date(format="strict_date")
    decided_on = Date(format="strict_date")
    effective_on = Date(format="strict_date")
    digest = Keyword(index=False)

    class Meta:
        dynamic = MetaField("strict")


class UnitDocument(Document):
    """One passage, named and marked below the dossier it belongs to."""

    dossier_id = Long()
    kind = Keyword()
    ordinal = Integer()
    label = Keyword()
    text = Text(analyzer=ZH, index_options="offsets", fields={"zh_uni": Text(analyzer=ZH_UNI)})
    year = Integer()
    stage = Keyword()
    opens_on = Date(format="strict_date")
    closes_on = Date(format="strict_date")
    unit = Keyword()
    category = Integer()
    digest = Keyword(index=False)

    class Meta:
        dynamic = MetaField("strict")


def _shared(source: DossierSource) -> dict[str, Any]:
    """Return what both kinds of document carry; what is unknown is left out."""
    values = {
        "digest": source.digest,
        "dossier_id": source.item_id,
        "year": source.year,
        "stage": str(source.stage),
        "opens_on": source.opens_on and source.opens_on.isoformat(),
        "closes_on": source.closes_on and source.closes_on.isoformat(),
        "unit": source.unit or None,
        "category": source.category,
    }
    return {name: value for name, value in values.items() if value is not None}


def dossier_document(source: DossierSource) -> dict[str, Any]:
    """Return the document of a dossier."""
    canonical = canonical_document_no(source.document_no)
    return {
        **_shared(source),
        "title": without_marks(source.title),
        "summary": without_marks(source.summary),
        # A list, because a phrase must not begin in one text and end in the next.
        "body": [without_marks(text) for text in source.body],
        "latest_on": source.latest_on.isoformat(),
        **({"document_no": canonical} if canonical else {}),
        **({"topic": source.topic} if source.topic else {}),
        **{
            name: day.isoformat()
            for name, day in (
                ("decided_on", source.decided_on),
                ("effective_on", source.effective_on),
            )
            if day
        },
    }


def unit_documents(source: DossierSource) -> dict[str, dict[str, Any]]:
    """Return the documents of a dossier's passages by their key."""
    shared = _shared(source)
    return {
        unit.key: {
            **shared,
            "kind": unit.kind,
            "ordinal": unit.ordinal,
            "label": unit.label,
            "text": without_marks(unit.text),
        }
        for unit in source.units
    }
