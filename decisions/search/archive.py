"""One question to the archive, answered by the copy that can; every result confirmed first."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Case, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from consultations.lifecycle import official_date
from decisions.lifecycle import Validity
from decisions.models import ArchiveDossier, ArchiveDrafter, ArchiveUnit, DecisionPage, UnitKind
from decisions.search import engine, fallback
from decisions.search.analysis import fold, needed_terms, telling_terms, terms_of
from decisions.search.connection import EngineDownError
from decisions.search.criteria import LONGEST_QUESTION, Criteria, Sort
from decisions.search.query import BEST_UNITS, order_of
from decisions.search.question import (
    AllOf,
    Among,
    AnyOf,
    AnyWords,
    Has,
    Leaf,
    Node,
    Not,
    OfUnit,
    Term,
    Words,
    leaves,
    other_ways,
)
from decisions.search.results import Found, Hit, Mode, OrderLostError, Passage, Results
from decisions.search.suggesting import as_titles_write, by_sound
from decisions.search.synonyms import equal_words, known_groups, widened
from decisions.search.text import Segments, excerpt, mark, mark_parts, plain
from portal.accounts.models import Unit
from portal.core.positions import Position

# Passages shown below a dossier.
MOST_PASSAGES = 3
# Shown where nothing was found.
MOST_NEAREST = 5
# With fewer the words may be misspelt.
FEW_HITS = 3
# Words that the database ranks passages by; of a pasted text the longest tell most.
MOST_RANKING_WORDS = 30


def search_archive(
    criteria: Criteria,
    *,
    at: datetime,
    after: Position | None = None,
    among: Sequence[int] | None = None,
) -> Results:
    """Answer a question from Elasticsearch or, without it, from the database.

    Args:
        criteria: the question.
        at: the moment.
        after: `Results.position` of the page before, in place of the page's number.
        among: the only matters to be found, by the primary keys of their pages; None for all.

    Raises:
        OrderLostError: `after` belongs to an order that only the engine has, which is down, or to
            another question.

    """
    today = official_date(at)
    node = understood(criteria.question)
    if among is not None:
        node = AllOf((*((node,) if node else ()), Among(tuple(among))))
    mode, found = _find(criteria, node, today=today, after=after)
    sought = _sought(node)
    return Results(
        total=found.total,
        hits=tuple(_hits(found, sought, kinds=criteria.kind, at=at)),
        counts=found.counts,
        mode=mode,
        position=found.position,
        other_ways=other_ways(node),
    )


def how_many(criteria: Criteria, *, at: datetime, like: Results) -> int:
    """Return how many matters another question finds, asked of the copy that gave `like`.

    An engine that just failed is not asked again.
    """
    today = official_date(at)
    node = understood(criteria.question)
    if like.mode is Mode.ENGINE:
        with suppress(EngineDownError):
            return engine.count(criteria, node, today=today)
    return fallback.count(criteria, node, today=today)


def nearest(criteria: Criteria, results: Results, *, at: datetime) -> tuple[Hit, ...]:
    """Return the few matters that come nearest to plain words which nothing holds; else none.

    People rarely have the words of a rule: 倒个垃圾还得买袋子 is 生活垃圾计量收费. Any of the words
    and of those of equal meaning counts; they are no results, so no file and no feed has them.
    """
    if results.total or criteria.page > 1 or not isinstance(criteria.question, Words):
        return ()
    text = criteria.question.text
    # The engine asks for each pair: with many synonyms no question may be longer than a reader's.
    said = " ".join((text, *equal_words(text, known_groups())))[:LONGEST_QUESTION]
    node = AnyWords(said)
    asked, today, found = criteria.sorted_by(Sort.RELEVANCE), official_date(at), None
    if results.mode is Mode.ENGINE:
        with suppress(EngineDownError):
            found = engine.nearest(asked, node, today=today, most=MOST_NEAREST)
    found = found or fallback.nearest(asked, node, today=today, most=MOST_NEAREST)
    return tuple(_hits(found, _sought(node), kinds=criteria.kind, at=at))


def suggestion(criteria: Criteria, results: Results, *, at: datetime) -> str:
    """Return words that sound the same and find as much or more, where little was found; else "".

    What a dossier found holds word for word was meant so.
    """
    if results.total >= FEW_HITS or not isinstance(criteria.question, Words):
        return ""
    words = as_titles_write(criteria.text)
    if not words or _stands_in((hit.item_id for hit in results.hits), criteria.text):
        return ""
    total = how_many(replace(criteria, text=words, page=1), at=at, like=results)
    return words if total >= max(results.total, 1) else ""


def _stands_in(item_ids: Iterable[int], text: str) -> bool:
    asked = fold(text).strip()
    return ArchiveDossier.objects.filter(pk__in=item_ids, body_folded__contains=asked).exists()


@dataclass(frozen=True)
class _Sought:
    """What is marked where it is found, folded.

    Attributes:
        words: plain words, of which a title may hold a part.
        phrases: what has to occur as it was written.

    """

    words: tuple[str, ...]
    phrases: tuple[str, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """Both."""
        return self.words + self.phrases


def _sought(node: Node | None) -> _Sought:
    wanted = [leaf for leaf, is_wanted in leaves(node) if is_wanted]
    words = (word for leaf in wanted for word in _words_of(leaf))
    phrases = (fold(leaf.text).strip() for leaf in wanted if isinstance(leaf, Term))
    return _Sought(tuple(dict.fromkeys(words)), tuple(dict.fromkeys(phrases)))


def _words_of(leaf: Leaf) -> tuple[str, ...]:
    match leaf:
        case Words(text):
            return (*terms_of(text), *needed_terms(text))
        case AnyWords(text):
            return telling_terms(text)
    return ()


def understood(question: Node | None) -> Node | None:
    """Return a question as both copies are asked it: with units, words by sound and synonyms."""
    return widened(by_sound(with_units(question)), known_groups())


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


def _find(
    criteria: Criteria, node: Node | None, *, today: date, after: Position | None
) -> tuple[Mode, Found]:
    """Ask the copy that can answer; a walk that one copy began in its own order stays with it."""
    mode = Mode.DATABASE
    if engine.is_configured() and _is_in(after, order_of(criteria)[0]):
        try:
            return Mode.ENGINE, engine.find(criteria, node, today=today, after=after)
        except EngineDownError:
            mode = Mode.DEGRADED
    if not _is_in(after, fallback.order_of(criteria)[0]):
        raise OrderLostError(
            _("The results are in another order now. Please begin with the first page.")
        )
    return mode, fallback.find(criteria, node, today=today, after=after)


def _is_in(position: Position | None, order: str) -> bool:
    """Tell whether a walk can go on in an order; from its beginning it can in any."""
    return position is None or position[0] == order


def _hits(
    found: Found, sought: _Sought, *, kinds: tuple[UnitKind, ...], at: datetime
) -> Iterable[Hit]:
    """Build the hits from the database's copy.

    The engine may be moments behind: a dossier the database no longer lists is left out, and
    marked text the database no longer holds is replaced.
    """
    dossiers = ArchiveDossier.objects.listed().in_bulk(list(found.item_ids))
    beside = co_units_of(dossiers)
    codes = {one.unit for one in dossiers.values()}.union(*beside.values())
    units = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    passages = _passages(found, sought.terms, dossiers, kinds=kinds)
    validities = validities_of(dossiers, today=official_date(at))
    for item_id in found.item_ids:
        dossier = dossiers.get(item_id)
        if dossier is None:
            continue
        yield Hit(
            item_id=item_id,
            matter_id=dossier.matter_id,
            title=mark_parts(dossier.title, sought.words, sought.phrases),
            url=dossier.url,
            stage=dossier.standing(at=at),
            unit=units.get(dossier.unit, ""),
            year=dossier.year,
            latest_on=dossier.latest_on,
            document_no=dossier.document_no,
            effective_on=dossier.effective_on,
            summary=mark(dossier.summary, sought.terms),
            passages=passages.get(item_id, ()),
            opens_on=dossier.opens_on,
            opinion_count=dossier.opinion_count,
            adopted_count=dossier.adopted_count,
            validity=validities.get(item_id),
            co_units=tuple(units[code] for code in beside.get(item_id, ()) if code in units),
            words_elsewhere=bool(sought.terms and kinds and not passages.get(item_id)),
        )


def co_units_of(dossiers: Mapping[int, ArchiveDossier]) -> dict[int, list[str]]:
    """Return the codes of the units that draft matters beside the leading one, in their order."""
    beside: dict[int, list[str]] = {}
    drafters = ArchiveDrafter.objects.filter(dossier__in=dossiers).order_by("pk")
    for item_id, code in drafters.values_list("dossier_id", "code"):
        if code != dossiers[item_id].unit:
            beside.setdefault(item_id, []).append(code)
    return beside


def validities_of(
    dossiers: Mapping[int, ArchiveDossier], *, today: date
) -> dict[int, Validity | None]:
    """Return what is law today; neither copy keeps it, because it changes with the clock."""
    decided = [item_id for item_id, dossier in dossiers.items() if dossier.decided_on]
    if not decided:
        return {}
    decisions = DecisionPage.objects.live().of_matters(decided).with_acts().without_text()
    return {one.item_id: one.validity(on=today) for one in decisions}


def _confirmed(marked: Segments | None, text: str) -> Segments | None:
    """Return marked text if it is still part of the text the database holds."""
    return marked if marked and plain(marked) in text else None


def _passages(
    found: Found,
    terms: tuple[str, ...],
    dossiers: Mapping[int, ArchiveDossier],
    *,
    kinds: tuple[UnitKind, ...],
) -> dict[int, tuple[Passage, ...]]:
    if not terms or not dossiers:
        return {}
    if found.passages is None:
        return _passages_by_words(terms, dossiers, kinds=kinds)
    keys = [key for ranked in found.passages.values() for key, _marked in ranked]
    held = ArchiveUnit.objects.defer("text_folded").in_bulk(keys)
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
    terms: tuple[str, ...],
    dossiers: Mapping[int, ArchiveDossier],
    *,
    kinds: tuple[UnitKind, ...],
) -> dict[int, tuple[Passage, ...]]:
    """Return the passages that hold the most of the words, of these kinds if there are any."""
    telling = sorted(terms, key=len, reverse=True)[:MOST_RANKING_WORDS]
    by_word = [fallback.holding("text_folded", term) for term in telling]
    held = ArchiveUnit.objects.filter(reduce(or_, by_word), dossier__in=dossiers)
    if kinds:
        held = held.filter(kind__in=kinds)
    # Of the same number of words law comes first, then articles. A matter may have thousands.
    order = (
        sum(map(_tells, by_word), Value(0)),
        _tells(Q(kind=UnitKind.DECISION)),
        _tells(~Q(ordinal=0)),
    )
    rank = Window(
        RowNumber(),
        partition_by="dossier_id",
        order_by=(*(one.desc() for one in order), "ordinal", "key"),
    )
    best = held.annotate(rank=rank).filter(rank__lte=BEST_UNITS).defer("text_folded")
    by_item: dict[int, list[ArchiveUnit]] = {}
    for unit in best.order_by("dossier_id", "rank"):
        by_item.setdefault(unit.dossier_id, []).append(unit)
    return {
        item_id: _distinct(_passage(unit, excerpt(unit.text, terms)) for unit in units)
        for item_id, units in by_item.items()
    }


def _tells(condition: Q) -> Case:
    """Return 1 where a condition is met, else 0, for the database to add."""
    return Case(When(condition, then=1), default=0)


def _distinct(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """Return the first few that say different things."""
    by_text: dict[str, Passage] = {}
    for passage in passages:
        by_text.setdefault(plain(passage.segments), passage)
    return tuple(by_text.values())[:MOST_PASSAGES]


def _passage(unit: ArchiveUnit, segments: Segments) -> Passage:
    return Passage(unit.get_kind_display(), unit.label, unit.url, segments, unit.outcome)
