"""A thousand questions with operators and fields: the engine finds what a plain loop finds."""

import random
from datetime import date, timedelta

import pytest
from django.conf import settings as django_settings
from elasticsearch import Elasticsearch

from consultations.lifecycle import Stage, standing
from consultations.models.item import Topic
from decisions.search import index
from decisions.search.analysis import canonical_document_no, fold
from decisions.search.criteria import FACETS, Criteria
from decisions.search.documents import DossierSource, UnitSource
from decisions.search.query import dossier_search
from decisions.search.question import AllOf, AnyOf, Between, DateField, Has, Not, Number, Term
from tests.integration.search.conftest import NOW

pytestmark = pytest.mark.elasticsearch

QUESTIONS = 1000
MATTERS = 120
TODAY = NOW.date()
SIGNS = "停车收费绿地電"
UNITS = ("zjj", "jtj", "swj")


def _text(chance: random.Random, most: int) -> str:
    return "".join(chance.choice(SIGNS) for _ in range(chance.randint(1, most)))


def _day(chance: random.Random) -> date:
    return TODAY + timedelta(days=chance.randint(-400, 100))


def a_source(number: int, chance: random.Random) -> DossierSource:
    opens = _day(chance)
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
        closes_on=opens + timedelta(days=30),
        unit=chance.choice(("", *UNITS)),
        topic=chance.choice(("", *Topic.values[:4])),
        category=chance.choice((None, 1, 2)),
        latest_on=opens,
        decided_on=chance.choice((None, _day(chance))),
        effective_on=chance.choice((None, _day(chance))),
        units=tuple(
            UnitSource(f"{number}-{place}", "draft", place, "第一条", "", _text(chance, 8))
            for place in range(1, 3)
        ),
    )


def a_leaf(chance: random.Random):
    kind = chance.randrange(7)
    if kind < 3:
        return Term(_text(chance, 3), in_title=kind == 2)
    if kind == 3:
        field, values = chance.choice(
            (("unit", UNITS), ("topic", tuple(Topic.values[:4])), ("stage", tuple(Stage)))
        )
        return Has(field, tuple(chance.sample(values, 2)))
    if kind == 4:
        first = chance.randint(2020, 2026)
        return Between("year", first, chance.choice((None, first + 1)))
    if kind == 5:
        first = _day(chance)
        last = chance.choice((None, first + timedelta(days=200)))
        return Between(chance.choice(list(DateField)).value, first, last)
    if chance.random() < 0.5:
        return Number("澜政示", is_whole=False)
    return Number(canonical_document_no(f"澜政示〔2026〕{chance.randint(1, MATTERS)}号"))


def a_question(chance: random.Random, depth: int = 0):
    kind = chance.randrange(6) if depth < 3 else 0
    if kind == 1:
        return Not(a_question(chance, depth + 1))
    if kind in {2, 3}:
        return AllOf(tuple(a_question(chance, depth + 1) for _ in range(2)))
    if kind in {4, 5}:
        return AnyOf(tuple(a_question(chance, depth + 1) for _ in range(2)))
    return a_leaf(chance)


def fits(node, source: DossierSource) -> bool:
    """What a question means, written down as plainly as possible."""
    match node:
        case Not(inner):
            return not fits(inner, source)
        case AllOf(nodes):
            return all(fits(one, source) for one in nodes)
        case AnyOf(nodes):
            return any(fits(one, source) for one in nodes)
    return fits_leaf(node, source)


def fits_leaf(node, source: DossierSource) -> bool:
    match node:
        case Term(text, in_title):
            texts = (source.title,) if in_title else source.body
            return any(fold(text) in fold(one) for one in texts)
        case Has("stage", values):
            return _stage(source) in values
        case Has(field, values):
            return getattr(source, field) in values
        case Number(key, is_whole):
            number = canonical_document_no(source.document_no)
            return number == key if is_whole else number.startswith(f"{key}|")
        case Between(field, first, last):
            value = getattr(source, field)
            return (
                value is not None
                and (first is None or value >= first)
                and (last is None or value <= last)
            )
    raise AssertionError(node)


def _stage(source: DossierSource) -> Stage:
    return standing(source.stage, source.closes_on, at=NOW, opens_on=source.opens_on)


@pytest.fixture
def engine():
    with Elasticsearch(django_settings.TEST_ELASTICSEARCH_URL) as client:
        yield client


@pytest.fixture
def sources(engine):
    chance = random.Random(20261124)
    made = [a_source(number, chance) for number in range(1, MATTERS + 1)]
    versions = {kind: kind.version(NOW) for kind in index.KINDS}
    for kind, name in versions.items():
        index.create(engine, kind, name)
    index.fill(engine, versions, (one for made_ in made for one in index.writes_of(made_, 1)))
    for kind, name in versions.items():
        index.open_for_use(engine, kind, name)
    index.swap(engine, versions)
    return made


def test_the_engine_finds_what_a_plain_loop_finds(engine, sources):
    chance = random.Random(713)
    questions = [a_question(chance) for _ in range(QUESTIONS)]
    searches = []
    for node in questions:
        body = dossier_search(Criteria(), node, today=TODAY).to_dict() | {"size": MATTERS}
        searches += [{"index": index.DOSSIERS.read_alias}, body]
    answers = engine.msearch(searches=searches)["responses"]

    found_some = 0
    for node, answer in zip(questions, answers, strict=True):
        expected = {source.item_id: source for source in sources if fits(node, source)}
        found = {int(hit["_id"]) for hit in answer["hits"]["hits"]}
        assert found == set(expected), node
        assert answer["hits"]["total"]["value"] == len(expected)
        _assert_counts(answer, expected.values())
        found_some += 0 < len(expected) < MATTERS
    assert found_some > QUESTIONS / 2


def _assert_counts(answer, expected) -> None:
    for facet in FACETS:
        buckets = answer["aggregations"][facet]["values"]["buckets"]
        if facet == "stage":
            counted = {name: one["doc_count"] for name, one in buckets.items() if one["doc_count"]}
        else:
            counted = {one["key"]: one["doc_count"] for one in buckets}
        values = [_stage(one) if facet == "stage" else getattr(one, facet) for one in expected]
        known = [value for value in values if value not in (None, "")]
        assert counted == {value: known.count(value) for value in set(known)}, facet
