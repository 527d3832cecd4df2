"""What the busiest pages may cost, counted in statements and bytes."""

import pytest
from django.test import Client

from consultations.models import Opinion, OpinionPoint, OpinionTally
from decisions.models import ArchivePage
from decisions.search.indexing import copy_dossiers
from tests import factories
from tests.factories.archive import many_matters
from tests.factories.crowd import a_crowd
from tests.integration.statements import statements

pytestmark = pytest.mark.django_db

MOST_STATEMENTS = 12
# Seven facets and their names, what is found and its passages, in the database alone.
MOST_OF_THE_ARCHIVE = 25
MOST_BYTES = 100_000


@pytest.mark.parametrize("name", ["url", "list_url"])
def test_a_page_with_opinions_costs_the_same_with_10000_of_them_as_with_20(client, name):
    page = factories.an_open_round()
    address = getattr(page, name)
    empty, _ = statements(client, address)
    counts, sizes = {}, {}
    for target in (20, 10_000):
        a_crowd(page, target - Opinion.objects.count())
        asked, response = statements(client, address)
        counts[target], sizes[target] = len(asked), len(response.content)
        assert OpinionTally.of(page.pk).count() == target
    assert len(empty) <= counts[20] == counts[10_000] <= MOST_STATEMENTS, "\n".join(asked)
    assert sizes[10_000] < MOST_BYTES, sizes


@pytest.mark.parametrize(
    "query", ["?article=whole", "?stance=oppose", "?article=whole&stance=amend"]
)
def test_a_filtered_list_and_its_next_page_cost_no_more_than_the_whole_list(client, query):
    page = factories.an_open_round()
    a_crowd(page, 600)
    whole, _ = statements(client, page.list_url)
    first, response = statements(client, page.list_url + query)
    second, _ = statements(client, response.context["listed"].older_url)
    assert len(second) == len(first) == len(whole)


def test_long_letters_keep_the_consultation_page_small(client):
    page = factories.an_open_round()
    a_crowd(page, 25)
    OpinionPoint.objects.update(text="长" * 5_000)
    assert len(client.get(page.url).content) < MOST_BYTES


def test_a_page_that_is_kept_asks_the_database_nothing(settings):
    settings.KEEP_PAGES = True
    page = factories.an_open_round()
    asked, response = statements(Client(), page.url)
    assert asked == []
    assert "csrf" not in response.content.decode()


def test_a_closed_consultation_costs_no_more_than_an_open_one(client):
    page = factories.a_closed_round()
    a_crowd(page, 20)
    before, _ = statements(client, page.url)
    assert len(before) <= MOST_STATEMENTS, "\n".join(before)
    factories.an_answered_issue(*Opinion.objects.all())
    factories.a_summary(page)
    for address in (page.url, page.list_url):
        after, _ = statements(client, address)
        assert len(after) <= MOST_STATEMENTS, "\n".join(after)


def test_a_list_of_consultations_costs_the_same_for_5_and_15(client):
    index = factories.the_consultation_index()
    for _ in range(5):
        factories.an_open_round(factories.a_matter())
    few, _ = statements(client, index.url)
    for _ in range(10):
        factories.an_open_round(factories.a_matter())
    many, _ = statements(client, index.url)
    assert len(many) == len(few), "\n".join(many)


def test_a_catalogue_costs_the_same_for_2_and_20_matters(client):
    catalogue = factories.a_catalogue(entries=2)
    few, _ = statements(client, catalogue.url)
    for _ in range(18):
        factories.a_matter()
    many, _ = statements(client, catalogue.url)
    assert len(many) == len(few), "\n".join(many)


@pytest.fixture
def archive():
    page = ArchivePage(title="档案检索", slug="archive")
    factories.the_home_page().add_child(instance=page)
    return page


@pytest.mark.parametrize("query", ["", "?q=办法", "?q=办法&stage=published&kind=draft"])
def test_a_page_of_the_archive_costs_the_same_for_3_and_43_matters(client, archive, query):
    # Where hardly anything is found, words are looked up that may be meant.
    first = [factories.a_decision().item.pk for _ in range(3)]
    copy_dossiers(first)
    few, _ = statements(client, archive.url + query)
    copy_dossiers(many_matters(40))
    many, response = statements(client, archive.url + query)
    assert len(many) == len(few) <= MOST_OF_THE_ARCHIVE, "\n".join(many)
    assert len(response.content) < MOST_BYTES


@pytest.mark.parametrize("below", ["feed/", "alert/?q=办法"])
def test_what_hangs_on_a_question_costs_no_more_than_its_page(client, archive, below):
    copy_dossiers([factories.a_decision().item.pk])
    page, _ = statements(client, f"{archive.url}?q=办法")
    asked, _ = statements(client, archive.url + below)
    assert len(asked) <= len(page), "\n".join(asked)


def test_the_home_page_costs_the_same_for_2_and_8_open_rounds(client):
    home = factories.the_home_page()
    for _ in range(2):
        factories.an_open_round(factories.a_matter())
    few, _ = statements(client, home.url)
    for _ in range(6):
        factories.an_open_round(factories.a_matter())
    many, _ = statements(client, home.url)
    assert len(many) == len(few), "\n".join(many)


def test_an_edit_of_the_home_page_shows_at_once_though_the_site_is_remembered(client):
    home = factories.the_home_page()
    client.get(home.url)
    home.lead = "请您参与。"
    home.save()
    assert "请您参与。" in client.get(home.url).content.decode()
