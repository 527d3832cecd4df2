"""One question to the archive, answered by the copy that can; every result confirmed first."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Q

from consultations.lifecycle import Stage, official_date, standing
from decisions.lifecycle import Validity
from decisions.models import ArchiveDossier, ArchiveUnit, DecisionPage, UnitKind
from decisions.search import engine, fallback
from decisions.search.analysis import fold, terms_of
from decisions.search.connection import EngineDownError
from decisions.search.criteria import Criteria
from decisions.search.question import AllOf, AnyOf, Has, Node, Not, OfUnit, spoken
from decisions.search.results import Found, Hit, Mode, Passage, Results
from decisions.search.text import Segments, excerpt, mark, plain
from portal.accounts.models import Unit

# Passages shown below a dossier.
MOST_PASSAGES = 3


def search_archive(criteria: Criteria, *, at: datetime) -> Results:
    """Answer a question from Elasticsearch or, without it, from the database."""
    today = official_date(at)
    node = with_units(criteria.question)
    mode, found = _find(criteria, node, today=today)
    terms = tuple(dict.fromkeys(term for text in spoken(node) for term in terms_of(text)))
    return Results(
        total=found.total,
        hits=tuple(_hits(found, terms, at=at)),
        counts=found.counts,
        mode=mode,
    )


def with_units(node: Node | None) -> Node | None:
    """Return a question with the codes of the units that are named in it."""
    match node:
        case OfUnit(text):
            return Has("unit", _codes_of(text))
        case Not(inner):
            return Not(with_units(inner) or inner)
        case AllOf(nodes) | AnyOf(nodes):
            return type(node)(tuple(with_units(one) or one for one in nodes))
    return node


def _codes_of(name: str) -> tuple[str, ...]:
    """Return the codes of the units whose name, short name or code holds this."""
    asked = fold(name)
    return tuple(
        code
        for code, *names in Unit.objects.values_list("code", "code", "name", "short_name")
        if any(asked in fold(one) for one in names)
    )


def _find(criteria: Criteria, node: Node | None, *, today: date) -> tuple[Mode, Found]:
    if not engine.is_configured():
        return Mode.DATABASE, fallback.find(criteria, node, today=today)
    try:
        return Mode.ENGINE, engine.find(criteria, node, today=today)
    except EngineDownError:
        return Mode.DEGRADED, fallback.find(criteria, node, today=today)


def _hits(found: Found, terms: tuple[str, ...], *, at: datetime) -> Iterable[Hit]:
    """Build the hits from the database's copy.

    The engine may be moments behind: a dossier the database no longer lists is left out, and
    marked text the database no longer holds is replaced.
    """
    dossiers = ArchiveDossier.objects.in_bulk(list(found.item_ids))
    units = dict(
        Unit.objects.filter(code__in={one.unit for one in dossiers.values()}).values_list(
            "code", "name"
        )
    )
    passages = _passages(found, terms, dossiers)
    validities = _validities(dossiers, today=official_date(at))
    for item_id in found.item_ids:
        dossier = dossiers.get(item_id)
        if dossier is None:
            continue
        yield Hit(
            item_id=item_id,
            title=_confirmed(found.titles.get(item_id), dossier.title)
            or mark(dossier.title, terms),
            url=dossier.url,
            stage=standing(
                Stage(dossier.stage), dossier.closes_on, at=at, opens_on=dossier.opens_on
            ),
            unit=units.get(dossier.unit, ""),
            year=dossier.year,
            latest_on=dossier.latest_on,
            document_no=dossier.document_no,
            effective_on=dossier.effective_on,
            summary=mark(dossier.summary, terms),
            passages=passages.get(item_id, ()),
            validity=validities.get(item_id),
        )


def _validities(
    dossiers: Mapping[int, ArchiveDossier], *, today: date
) -> dict[int, Validity | None]:
    """Return what is law today; neither copy keeps it, because it changes with the clock."""
    decided = [item_id for item_id, dossier in dossiers.items() if dossier.document_no]
    if not decided:
        return {}
    decisions = DecisionPage.objects.live().of_matters(decided).with_acts().without_text()
    return {one.item_id: one.validity(on=today) for one in decisions}


def _confirmed(marked: Segments | None, text: str) -> Segments | None:
    """Return marked text if it is still part of the text the database holds."""
    return marked if marked and plain(marked) in text else None


def _passages(
    found: Found, terms: tuple[str, ...], dossiers: Mapping[int, ArchiveDossier]
) -> dict[int, tuple[Passage, ...]]:
    if not terms:
        return {}
    if found.passages is None:
        return _passages_by_words(terms, dossiers)
    keys = [key for ranked in found.passages.values() for key, _ in ranked]
    held = ArchiveUnit.objects.in_bulk(keys)
    return {
        item_id: _distinct(
            _passage(
                held[key], _confirmed(marked, held[key].text) or excerpt(held[key].text, terms)
            )
            for key, marked in ranked
            if key in held
        )
        for item_id, ranked in found.passages.items()
    }


def _passages_by_words(
    terms: tuple[str, ...], dossiers: Mapping[int, ArchiveDossier]
) -> dict[int, tuple[Passage, ...]]:
    """Return the passages that hold the most of the words."""
    any_word = reduce(or_, (Q(text_folded__contains=term) for term in terms))
    by_item: dict[int, list[ArchiveUnit]] = {}
    for unit in ArchiveUnit.objects.filter(any_word, dossier__in=dossiers).order_by("ordinal"):
        by_item.setdefault(unit.dossier_id, []).append(unit)
    return {
        item_id: _distinct(
            _passage(unit, excerpt(unit.text, terms))
            for unit in sorted(units, key=lambda unit: _standing(unit, terms))
        )
        for item_id, units in by_item.items()
    }


def _standing(unit: ArchiveUnit, terms: tuple[str, ...]) -> tuple[int, bool, bool]:
    """Order passages: most words first; of the same words law first, then articles."""
    held = sum(term in unit.text_folded for term in terms)
    return -held, unit.kind != UnitKind.DECISION, not unit.ordinal


def _distinct(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """Return the first few that say different things."""
    by_text: dict[str, Passage] = {}
    for passage in passages:
        by_text.setdefault(plain(passage.segments), passage)
    return tuple(by_text.values())[:MOST_PASSAGES]


def _passage(unit: ArchiveUnit, segments: Segments) -> Passage:
    return Passage(unit.get_kind_display(), unit.label, unit.url, segments)
