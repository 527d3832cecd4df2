"""Walking by position gives the pages that walking by number gives, whichever copy answers."""

from math import ceil

import pytest
from django.conf import settings as django_settings

from decisions.search.archive import search_archive
from decisions.search.connection import breaker
from decisions.search.criteria import PAGE_SIZE, Criteria, Sort
from decisions.search.results import Mode, OrderLostError
from tests.integration.search.conftest import MANY, NOW

DEAD = "http://127.0.0.1:9"
QUESTIONS = (
    Criteria(),
    Criteria(text="停车"),
    Criteria(text="停车 收费", sort=Sort.DATE),
    Criteria(text="停车 OR 标题:绿地 OR 养老", year=(2023, 2025)),
    Criteria(text="NOT 标题:停车"),
    Criteria(text="没有这样的词"),
)

pytestmark = pytest.mark.django_db


def _ids(results):
    return [hit.item_id for hit in results.hits]


def _pages_by_number(criteria):
    first = search_archive(criteria, at=NOW)
    last = max(1, ceil(first.total / PAGE_SIZE))
    return [_ids(search_archive(criteria.on_page(page), at=NOW)) for page in range(1, last + 1)]


def _pages_by_position(criteria):
    results = search_archive(criteria, at=NOW)
    pages = [_ids(results)]
    while results.position is not None:
        results = search_archive(criteria.on_page(99), at=NOW, after=results.position)
        pages.append(_ids(results))
    return pages


def _assert_same_pages():
    found = 0
    for criteria in QUESTIONS:
        pages = _pages_by_number(criteria)
        every = [pk for page in pages for pk in page]
        assert len(set(every)) == len(every) == search_archive(criteria, at=NOW).total
        assert _pages_by_position(criteria) == pages, criteria
        found = max(found, len(pages))
    assert found == ceil(MANY / PAGE_SIZE)


def test_the_database_gives_the_same_pages_by_position(many):
    _assert_same_pages()


@pytest.mark.elasticsearch
def test_the_engine_gives_the_same_pages_by_position(many):
    assert search_archive(QUESTIONS[1], at=NOW).mode is Mode.ENGINE
    _assert_same_pages()


@pytest.mark.elasticsearch
def test_by_date_the_database_goes_on_where_the_engine_failed(many, settings):
    everything = Criteria()
    expected = _pages_by_number(everything)[1]
    first = search_archive(everything, at=NOW)
    settings.ELASTICSEARCH_URL = DEAD
    second = search_archive(everything, at=NOW, after=first.position)
    assert (second.mode, _ids(second)) == (Mode.DEGRADED, expected)


@pytest.mark.elasticsearch
def test_an_order_that_only_the_engine_has_ends_with_it(many, settings):
    first = search_archive(Criteria(text="停车"), at=NOW)
    settings.ELASTICSEARCH_URL = DEAD
    with pytest.raises(OrderLostError):
        search_archive(Criteria(text="停车"), at=NOW, after=first.position)


@pytest.mark.elasticsearch
def test_a_walk_that_the_database_began_in_its_order_stays_there(many, settings):
    settings.ELASTICSEARCH_URL = ""
    expected = _pages_by_number(Criteria(text="停车"))[1]
    first = search_archive(Criteria(text="停车"), at=NOW)
    settings.ELASTICSEARCH_URL = django_settings.TEST_ELASTICSEARCH_URL
    breaker.reset()
    second = search_archive(Criteria(text="停车"), at=NOW, after=first.position)
    assert (second.mode, _ids(second)) == (Mode.DATABASE, expected)


def test_a_position_of_another_question_is_refused(many):
    first = search_archive(Criteria(), at=NOW)
    with pytest.raises(OrderLostError):
        search_archive(Criteria(text="停车"), at=NOW, after=first.position)
