"""Fifty document numbers, each in 24 spellings: its own decision is always the first result."""

from datetime import date

import pytest
from django.conf import settings as django_settings
from elasticsearch import Elasticsearch

from consultations.models import DecisionItemPage
from decisions.models import ArchiveDossier, DecisionPage
from decisions.search import fallback, index
from decisions.search.criteria import Criteria
from decisions.search.query import dossier_search
from decisions.search.rebuilding import rebuild
from tests import factories
from tests.factories.archive import many_matters
from tests.factories.numbers import spellings
from tests.integration.search.conftest import NOW

pytestmark = pytest.mark.django_db

# Numbers that are easily taken for each other: same digits, agencies that begin alike.
NUMBERS = [
    (agency, year, number)
    for agency, year in (
        ("澜政示", 2022),
        ("澜政示", 2023),
        ("澜政示办", 2022),
        ("澜府", 2022),
        ("澜府办", 2023),
    )
    for number in (1, 2, 3, 10, 11, 12, 20, 22, 23, 32)
]
QUESTIONS = [(spelling, number) for number in NUMBERS for spelling in spellings(*number)]


def _printed(agency, year, number):
    return f"{agency}〔{year}〕{number}号"


@pytest.fixture
def decided(db):
    """Fifty decisions, each naming the number before its own in its text."""
    found = {}
    before = _printed(*NUMBERS[-1])
    for item_id, number in zip(many_matters(len(NUMBERS)), NUMBERS, strict=True):
        item = DecisionItemPage.objects.get(pk=item_id)
        item.add_child(
            instance=DecisionPage(
                title=f"{item.title}的通知",
                slug="decision",
                document_no=_printed(*number),
                published_on=date(2024, 1, 1),
                text=factories.articles(f"自本办法施行之日起，{before}同时废止。"),
                live=True,
            )
        )
        found[number] = item_id
        before = _printed(*number)
    rebuild(at=NOW)
    return found


def _asked(spelling):
    criteria = Criteria(text=spelling)
    return criteria, criteria.question


def test_there_are_1200_questions():
    assert len({spelling for spelling, _ in QUESTIONS}) == 24 * 50


@pytest.mark.elasticsearch
def test_the_engine_puts_it_first(decided):
    searches = []
    for spelling, _ in QUESTIONS:
        body = dossier_search(*_asked(spelling), today=NOW.date()).to_dict() | {"size": 1}
        body.pop("aggs")
        searches += [{"index": index.DOSSIERS.read_alias}, body]
    with Elasticsearch(django_settings.TEST_ELASTICSEARCH_URL) as client:
        answers = client.msearch(searches=searches)["responses"]
    for (spelling, number), answer in zip(QUESTIONS, answers, strict=True):
        assert [int(hit["_id"]) for hit in answer["hits"]["hits"]] == [decided[number]], spelling


def test_the_database_puts_it_first(decided):
    for spelling, number in QUESTIONS:
        found = fallback.every_id(*_asked(spelling), today=NOW.date())
        assert found[0] == decided[number], spelling
    assert ArchiveDossier.objects.count() == len(NUMBERS)
