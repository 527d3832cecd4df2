"""The interface walks what the engine found, and says so when the engine is gone on the way."""

import pytest
from django.test import Client

from decisions.search.connection import breaker
from tests import factories
from tests.integration.open_data.conftest import NOW, ROOT, rebuild_archive

pytestmark = pytest.mark.elasticsearch


@pytest.fixture
def streets(city, _search_engine):
    """25 matters that are found alike."""
    breaker.reset()
    for number in range(25):
        factories.a_matter(at=NOW, title=f"道路改造{number}")
    rebuild_archive()
    yield
    breaker.reset()


def test_a_walk_by_relevance_meets_everything_once(streets, read):
    assert Client().get(f"{ROOT}/search/")["X-Search-Mode"] == "elasticsearch"
    found, url = [], "/search/?q=道路改造"
    while url:
        page = read(url)
        found += [one["matter"] for one in page["items"]]
        url = page["next"] and page["next"].removeprefix(f"http://testserver{ROOT}")
    assert len(found) == len(set(found)) == page["total"] == 25


def test_without_the_engine_a_walk_by_day_goes_on_and_one_by_relevance_begins_anew(
    streets, read, settings
):
    by_relevance, by_day = (
        read("/search/", q="道路改造", sort=one) for one in ("relevance", "date")
    )
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    rest = read(by_day["next"].removeprefix(f"http://testserver{ROOT}"))
    met = {one["matter"] for page in (by_day, rest) for one in page["items"]}
    assert len(met) == 25
    lost = read(by_relevance["next"].removeprefix(f"http://testserver{ROOT}"), status=422)
    assert lost["errors"][0]["parameter"] == "cursor"
