"""What the busiest pages may cost, counted in statements and bytes."""

from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_comments.models import Comment

from consultations.models import Opinion
from tests import factories
from tests.factories.crowd import a_crowd

pytestmark = pytest.mark.django_db

MOST_STATEMENTS = 12
MOST_BYTES = 100_000


def statements(client, path):
    client.get(path)  # what Wagtail and Django remember for ever is asked once
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = client.get(path)
    assert response.status_code == HTTPStatus.OK
    return [one["sql"] for one in asked.captured_queries], response


def test_a_consultation_page_costs_the_same_with_10000_opinions_as_with_none(client):
    page = factories.an_open_round()
    counts, sizes = {}, {}
    for target in (0, 20, 10_000):
        a_crowd(page, target - Opinion.objects.count())
        asked, response = statements(client, page.url)
        counts[target], sizes[target] = len(asked), len(response.content)
        assert response.context["shown_count"] == target
    assert counts[0] == counts[20] == counts[10_000], counts
    assert counts[0] <= MOST_STATEMENTS, "\n".join(asked)
    assert sizes[10_000] < MOST_BYTES, sizes


def test_the_next_page_of_opinions_costs_no_more(client):
    page = factories.an_open_round()
    a_crowd(page, 60)
    first, response = statements(client, page.url)
    second, _ = statements(client, f"{page.url}?before={response.context['next_before']}")
    assert len(second) == len(first)


def test_every_shown_opinion_is_reached_exactly_once(client):
    page = factories.an_open_round()
    a_crowd(page, 45)
    seen, path = [], page.url
    while path:
        context = client.get(path).context
        seen += [opinion.pk for opinion in context["opinions"]]
        path = f"{page.url}?before={context['next_before']}" if context["next_before"] else None
    assert len(seen) == len(set(seen)) == 45


def test_long_letters_make_shorter_pages_and_none_is_left_out(client):
    page = factories.an_open_round()
    a_crowd(page, 25)
    Comment.objects.update(comment="长" * 5_000)
    seen, path = [], page.url
    while path:
        response = client.get(path)
        assert len(response.content) < MOST_BYTES
        seen += [opinion.pk for opinion in response.context["opinions"]]
        following = response.context["next_before"]
        path = f"{page.url}?before={following}" if following else None
    assert len(seen) == len(set(seen)) == 25


def test_a_closed_consultation_costs_no_more_than_an_open_one(client):
    page = factories.a_closed_round()
    a_crowd(page, 20)
    before, _ = statements(client, page.url)
    assert len(before) <= MOST_STATEMENTS, "\n".join(before)
    factories.an_answered_issue(*Opinion.objects.all())
    factories.a_summary(page)
    after, _ = statements(client, page.url)
    assert len(after) <= MOST_STATEMENTS, "\n".join(after)


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 30, "１２", "\x00", ""])
def test_a_broken_page_of_opinions_is_not_found(client, before):
    page = factories.an_open_round()
    assert client.get(page.url, {"before": before}).status_code == HTTPStatus.NOT_FOUND


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


def test_the_home_page_costs_the_same_for_2_and_8_open_rounds(client):
    home = factories.the_home_page()
    for _ in range(2):
        factories.an_open_round(factories.a_matter())
    few, _ = statements(client, home.url)
    for _ in range(6):
        factories.an_open_round(factories.a_matter())
    many, _ = statements(client, home.url)
    assert len(many) == len(few), "\n".join(many)
