"""A thousand questions with operators, fields and filters: found is what a plain loop finds.

Each is made as a tree, which the loop goes through, and typed in one of many spellings, which the
archive has to read.
"""

import random
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings as django_settings
from django.http import QueryDict
from elasticsearch import Elasticsearch

from consultations.lifecycle import Outcome, Stage, standing
from consultations.models.topic import Topic
from decisions.models import ArchiveDossier, SynonymGroup, UnitKind
from decisions.search import fallback, index, writing
from decisions.search.analysis import canonical_document_no, fold
from decisions.search.archive import understood
from decisions.search.criteria import FACETS, PAGE_SIZE, Criteria, Sort, read
from decisions.search.documents import DossierSource, RoundDays, UnitSource
from decisions.search.engine import _read_dossiers
from decisions.search.indexing import _write_copy
from decisions.search.query import dossier_search
from decisions.search.question import (
    Alike,
    AllOf,
    AnyOf,
    Between,
    DateField,
    Has,
    Not,
    Number,
    Term,
    other_ways,
)
from decisions.search.synonyms import widened
from portal.accounts.models import Unit
from tests.integration.search.conftest import NOW
from tests.integration.search.typed import UNITS, Typist, month_end

pytestmark = pytest.mark.django_db

QUESTIONS = 1000
# Each costs the database ten statements.
QUESTIONS_TO_DATABASE = 150
MATTERS = 120
TODAY = NOW.date()
SIGNS = "停车收费绿地電1a"
# What the engine takes for one: a Chinese character, or all letters and figures in a row.
TOKEN = re.compile(r"[a-z0-9]+|\w")
SYNONYMS = (("停车", "电车"), ("收费", "绿地", "费"))


def _text(chance: random.Random, most: int) -> str:
    return "".join(chance.choice(SIGNS) for _ in range(chance.randint(1, most)))


def _day(chance: random.Random) -> date:
    return TODAY + timedelta(days=chance.randint(-400, 100))


def a_source(number: int, chance: random.Random) -> DossierSource:
    latest = _day(chance)
    opens = chance.choice((None, latest, latest, latest))
    closes = opens and chance.choice((None, *[opens + timedelta(days=30)] * 3))
    before = [RoundDays(day, day + timedelta(days=30)) for day in (_day(chance), _day(chance))]
    return DossierSource(
        item_id=number,
        title=_text(chance, 6),
        summary=_text(chance, 4),
        texts=(_text(chance, 5),),
        url=f"/{number}/",
        document_no=chance.choice(("", f"澜政示〔2026〕{number}号", f"澜府办〔2025〕{number}号")),
        year=chance.randint(2020, 2026),
        stage=chance.choice(list(Stage)),
        opens_on=opens,
        closes_on=closes,
        unit=chance.choice(("", *UNITS)),
        topic=chance.choice(("", *Topic.values[:4])),
        category=chance.choice((None, 1, 2)),
        latest_on=latest,
        decided_on=chance.choice((None, _day(chance))),
        effective_on=chance.choice((None, _day(chance))),
        units=tuple(a_unit(f"{number}-{place}", place, chance) for place in range(1, 4)),
        opinion_count=chance.randint(0, 3),
        co_units=tuple(chance.sample(tuple(UNITS), chance.choice((0, 0, 1, 2)))),
        rounds=(*before[: chance.randint(0, 2)], RoundDays(opens, closes)) if opens else (),
    )


def a_unit(key: str, place: int, chance: random.Random) -> UnitSource:
    kind = chance.choice(UnitKind.values)
    outcome = chance.choice(Outcome.values) if kind == "answer" else ""
    return UnitSource(key, kind, place, "第一条", "", _text(chance, 8), outcome)


def a_span(chance: random.Random):
    """Days with an open end, a month, or more than half a year."""
    first = _day(chance)
    last = first + timedelta(days=200)
    return chance.choice(
        ((first, None), (None, first), (first, last), (first.replace(day=1), month_end(first)))
    )


def a_leaf(chance: random.Random):
    kind = chance.randrange(7)
    if kind < 3:
        is_quoted = chance.random() < 0.5
        text = _text(chance, 3)
        if is_quoted and chance.random() < 0.3:
            text = f"{text[:1]}、{text[1:]}"
        return Term(text, in_title=kind == 2, is_quoted=is_quoted)
    if kind == 3:
        field, values = chance.choice(
            (("unit", tuple(UNITS)), ("topic", tuple(Topic.values[:4])), ("stage", tuple(Stage)))
        )
        return Has(field, tuple(chance.sample(values, chance.randint(1, 2))))
    if kind == 4:
        first = chance.randint(2020, 2026)
        return Between("year", *chance.choice(((first, None), (first, first + 1), (None, first))))
    if kind == 5:
        return Between(chance.choice(list(DateField)).value, *a_span(chance))
    if chance.random() < 0.5:
        return Number("澜政示", is_whole=False)
    return Number(canonical_document_no(f"澜政示〔2026〕{chance.randint(1, MATTERS)}号"))


def a_question(chance: random.Random, depth: int = 0):
    kind = chance.randrange(6) if depth < 3 else 0
    if kind == 1:
        inner = a_question(chance, depth + 1)
        # Ruled out twice is asked for.
        return inner.node if isinstance(inner, Not) else Not(inner)
    if kind in {2, 3}:
        return AllOf(tuple(a_question(chance, depth + 1) for _ in range(2)))
    if kind in {4, 5}:
        return AnyOf(tuple(a_question(chance, depth + 1) for _ in range(2)))
    return a_leaf(chance)


def a_criteria(chance: random.Random) -> Criteria:
    """Nothing chosen, or one or two facets, or days; the matters with most opinions first."""
    choices = {
        "kind": UnitKind,
        "outcome": Outcome,
        "year": range(2020, 2027),
        "topic": [Topic(value) for value in Topic.values[:4]],
        "stage": Stage,
        "unit": UNITS,
        "category": (1, 2, 3),
    }
    facets = chance.sample(sorted(choices), chance.choice((0, 0, 1, 2)))
    chosen = {facet: tuple(chance.sample(list(choices[facet]), 2)) for facet in facets}
    fields = set(chance.sample(list(DateField), chance.choice((0, 0, 1, 2))))
    days = tuple((field, a_span(chance)) for field in DateField if field in fields)
    return Criteria(sort=Sort.OPINIONS, days=days, **chosen)


def typed(criteria: Criteria, node, typist: Typist) -> Criteria:
    """Return what the archive reads from an address with the question in somebody's spelling."""
    written = replace(criteria, text=typist.write(node)).query_string()
    return read(dict(QueryDict(written.removeprefix("?")).lists()))


def fits(node, source: DossierSource) -> bool:
    """What a question means, written down as plainly as possible."""
    match node:
        case Not(inner):
            return not fits(inner, source)
        case AllOf(nodes):
            return all(fits(one, source) for one in nodes)
        case AnyOf(nodes):
            return any(fits(one, source) for one in nodes)
        case Alike(nodes):
            return any(fits(one, source) for one in nodes)
    return fits_leaf(node, source)


def fits_leaf(node, source: DossierSource) -> bool:
    match node:
        case Term(text, in_title):
            texts = (source.title,) if in_title else source.body
            return any(_holds(one, text) for one in texts)
        case Has("stage", values):
            return _stage(source) in values
        case Has("unit", values):
            return any(code in values for code in (source.unit, *source.co_units))
        case Has(field, values):
            return getattr(source, field) in values
        case Number(key, is_whole):
            number = canonical_document_no(source.document_no)
            return number == key if is_whole else number.startswith(f"{key}|")
        case Between(field, first, last):
            holders = source.rounds if field in {"opens_on", "closes_on"} else (source,)
            values = [getattr(one, field) for one in holders]
            return any(
                value is not None
                and (first is None or value >= first)
                and (last is None or value <= last)
                for value in values
            )
    raise AssertionError(node)


def _holds(text: str, phrase: str) -> bool:
    """Whether a text holds the tokens of a phrase, one behind the other."""
    here, wanted = TOKEN.findall(fold(text)), TOKEN.findall(fold(phrase))
    return any(
        here[start : start + len(wanted)] == wanted for start in range(len(here) - len(wanted) + 1)
    )


def values_of(facet: str, source: DossierSource) -> set:
    """What a matter has of a facet: nothing, one value or several, each once."""
    if facet == "kind":
        return {unit.kind for unit in source.units}
    if facet == "outcome":
        return {unit.outcome for unit in source.units if unit.outcome}
    if facet == "unit":
        return {source.unit, *source.co_units} - {""}
    value = _stage(source) if facet == "stage" else getattr(source, facet)
    return {value} - {None, ""}


def _stage(source: DossierSource) -> Stage:
    return standing(source.stage, source.closes_on, at=NOW, opens_on=source.opens_on)


@pytest.fixture
def named():
    """What the archive knows of names: the units and the words of equal meaning."""
    for code, (name, short_name) in UNITS.items():
        Unit.objects.create(code=code, name=name, short_name=short_name)
    for group in SYNONYMS:
        SynonymGroup.objects.create(terms="\n".join(group))


@pytest.fixture
def engine():
    with Elasticsearch(django_settings.TEST_ELASTICSEARCH_URL, request_timeout=60) as client:
        yield client


@pytest.fixture
def sources(engine):
    chance = random.Random(20261124)
    made = [a_source(number, chance) for number in range(1, MATTERS + 1)]
    versions = {kind: kind.version(NOW) for kind in index.KINDS}
    for kind, name in versions.items():
        index.create(engine, kind, name)
    writing.fill(engine, versions, (one for made_ in made for one in writing.writes_of(made_, 1)))
    for kind, name in versions.items():
        index.open_for_use(engine, kind, name)
    index.swap(engine, versions)
    return made


def _answer_to(criteria, node, sources):
    """The matters that fit, most opinions first, and how many of each facet's values there are."""
    asked = [
        source
        for source in sources
        if fits(node, source)
        and all(fits_leaf(Between(field.value, *span), source) for field, span in criteria.days)
    ]

    def chosen(source, but=None):
        return all(
            values_of(facet, source) & set(criteria.chosen(facet))
            for facet in FACETS
            if criteria.chosen(facet) and facet != but
        )

    found = [source for source in asked if chosen(source)]
    found.sort(key=lambda one: (one.opinion_count, one.latest_on, one.item_id), reverse=True)
    counts = {}
    for facet in FACETS:
        known = [
            value
            for source in asked
            if chosen(source, but=facet)
            for value in values_of(facet, source)
        ]
        counts[facet] = {value: known.count(value) for value in set(known)}
    return [source.item_id for source in found], counts


@pytest.mark.elasticsearch
def test_the_engine_finds_what_a_plain_loop_finds(engine, sources, named):
    chance, typist = random.Random(713), Typist(random.Random(714))
    made = [(a_criteria(chance), a_question(chance)) for _ in range(QUESTIONS)]
    asked = [typed(criteria, node, typist) for criteria, node in made]
    questions = [(criteria, widened(node, SYNONYMS)) for criteria, node in made]
    assert sum(bool(other_ways(node)) for _criteria, node in questions) > QUESTIONS / 20
    bodies = [
        dossier_search(one, understood(one.question), today=TODAY).to_dict() | {"size": MATTERS}
        for one in asked
    ]
    answers = [answer for some in _batched(bodies) for answer in _answers(engine, some)]

    found_some = 0
    for (criteria, node), read_as, answer in zip(questions, asked, answers, strict=True):
        expected, counts = _answer_to(criteria, node, sources)
        assert "error" not in answer, (read_as, answer)
        assert [int(hit["_id"]) for hit in answer["hits"]["hits"]] == expected, (read_as, node)
        assert answer["hits"]["total"]["value"] == len(expected)
        assert _read_dossiers(answer).counts == counts, (read_as, node)
        found_some += 0 < len(expected) < MATTERS
    assert found_some > QUESTIONS / 3


def _batched(bodies, size=100):
    """A small node has no room for a thousand answers at once."""
    return (bodies[start : start + size] for start in range(0, len(bodies), size))


def _answers(engine, bodies):
    header = {"index": index.DOSSIERS.read_alias}
    searches = [part for body in bodies for part in (header, body)]
    return engine.msearch(searches=searches)["responses"]


def test_the_database_finds_what_a_plain_loop_finds(named):
    chance, typist = random.Random(20261124), Typist(random.Random(714))
    sources = [a_source(number, chance) for number in range(1, MATTERS + 1)]
    for source in sources:
        _write_copy(source)
    found_some = 0
    for _ in range(QUESTIONS_TO_DATABASE):
        criteria, node = a_criteria(chance), a_question(chance)
        expected, counts = _answer_to(criteria, widened(node, SYNONYMS), sources)
        asked = typed(criteria, node, typist)
        found = fallback.find(asked, understood(asked.question), today=TODAY)
        assert found.total == len(expected), (asked, node)
        assert list(found.item_ids) == expected[:PAGE_SIZE], (asked, node)
        assert found.counts == counts, (asked, node)
        found_some += 0 < len(expected) < MATTERS
    assert found_some > QUESTIONS_TO_DATABASE / 3
    # Their matters are not there, which would be noticed at the end.
    ArchiveDossier.objects.all().delete()
