"""Lists are walked by cursor: everything once, whatever comes meanwhile, and nothing made up."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.signing import Signer

from consultations import services
from consultations.lifecycle import WithheldReason
from consultations.models import DecisionItemPage, Opinion
from portal.core.cursors import SALT
from portal.core.positions import behind
from tests import factories
from tests.integration.open_data.conftest import NOW, ROOT, rebuild_archive


def path_of(url):
    assert url.startswith("http://testserver/")
    return url.removeprefix(f"http://testserver{ROOT}")


def walk(read, path, **asked):
    pages = [read(path, **asked)]
    while pages[-1]["next"]:
        pages.append(read(path_of(pages[-1]["next"])))
    return pages


def cursor_of(page):
    (cursor,) = parse_qs(urlsplit(page["next"]).query)["cursor"]
    return cursor


@pytest.mark.parametrize("limit", [1, 3, 4, 100])
def test_a_walk_meets_every_opinion_once_newest_first(city, read, limit):
    path = f"/consultations/{city.parking.pk}/opinions/"
    pages = walk(read, path, limit=limit)
    found = [one["id"] for page in pages for one in page["items"]]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found) == 12
    assert [len(page["items"]) for page in pages[:-1]] == [limit] * (len(pages) - 1)


@pytest.mark.parametrize("path", ["/catalogues/", "/matters/", "/consultations/", "/decisions/"])
def test_small_pages_make_the_same_list_as_a_large_one(city, read, path):
    whole = read(path, limit=100)
    assert whole["next"] is None
    small = walk(read, path, limit=1)
    assert [one for page in small for one in page["items"]] == whole["items"]


def test_what_comes_or_goes_meanwhile_changes_nothing_else(city, read):
    path = f"/consultations/{city.parking.pk}/opinions/"
    before = [one["id"] for one in read(path, limit=100)["items"]]
    first = read(path, limit=4)
    factories.a_published_opinion(city.parking, text="刚到的意见。", email="new@example.com")
    services.withhold_opinion(
        opinion=Opinion.objects.get(pk=before[2]),
        reason=WithheldReason.ABUSE,
        by=factories.a_clerk(),
        at=NOW,
    )
    rest = walk(read, path_of(first["next"]))
    assert [one["id"] for page in rest for one in page["items"]] == before[4:]


def test_a_search_is_walked_by_cursor_in_each_order(city, read):
    for number in range(25):
        factories.a_matter(at=NOW, title=f"道路{number}")
    rebuild_archive()
    for asked in ({"q": "道路"}, {"q": "道路", "sort": "date"}, {"sort": "date"}):
        pages = walk(read, "/search/", **asked)
        found = [one["matter"] for page in pages for one in page["items"]]
        assert len(pages) == 2
        assert len(set(found)) == len(found) == pages[0]["total"]


def test_filters_go_along_and_the_size_of_pages_may_change(city, read):
    path = f"/consultations/{city.parking.pk}/opinions/"
    article = city.parking.articles[0].id
    first = read(path, article=article, limit=1)
    assert parse_qs(urlsplit(first["next"]).query)["article"] == [article]
    rest = read(path, article=article, limit=50, cursor=cursor_of(first))
    assert len(rest["items"]) == 3
    assert rest["next"] is None


def test_a_cursor_belongs_to_its_question(city, read):
    first = read(f"/consultations/{city.parking.pk}/opinions/", limit=1)
    cursor = cursor_of(first)
    for path, asked in (
        (f"/consultations/{city.closed.pk}/opinions/", {}),
        (f"/consultations/{city.parking.pk}/opinions/", {"article": "whole"}),
        ("/matters/", {}),
        ("/search/", {}),
    ):
        problem = read(path, status=422, cursor=cursor, **asked)
        assert problem["errors"] == [{"parameter": "cursor", "message": "此游标属于另一次查询。"}]


def test_a_cursor_that_was_changed_or_made_up_is_refused(city, read):
    path = f"/consultations/{city.parking.pk}/opinions/"
    cursor = cursor_of(read(path, limit=1))
    forged = Signer(salt=SALT, key="another key").sign_object([[1], "0" * 16, "9999-12-31"])
    unsigned = cursor.partition(":")[0]
    for one in (cursor[1:], cursor[:-1] + "_", unsigned, forged, "", "x", "游标", ":", "\x00"):
        problem = read(path, status=422, cursor=one)
        assert problem["errors"][0]["parameter"] == "cursor"


def test_a_cursor_can_be_followed_for_a_day(city, read, time_machine_at):
    path = f"/consultations/{city.parking.pk}/opinions/"
    following = path_of(read(path, limit=1)["next"])
    time_machine_at(NOW + timedelta(hours=24))
    assert read(following)["items"]
    time_machine_at(NOW + timedelta(hours=48))
    assert (
        read(following, status=422)["errors"][0]["message"] == "此游标已过期，请从第一页重新开始。"
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "-1"},
        {"limit": " 7"},
        {"limit": "7.0"},
        {"limit": "七"},
        {"limit": ""},
        {"limit": "99999999999999999999"},
        {"limit": ["1", "2"]},
        {"page": "2"},
        {"offset": "20"},
        {"topic": "no-such-topic"},
        {"topic": ""},
        {"unit": "市/局"},
        {"unit": "x" * 51},
        {"catalogue": "20'26"},
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(city, read, asked):
    problem = read("/matters/", status=422, **asked)
    assert [one["parameter"] for one in problem["errors"]] == list(asked)
    assert problem["errors"][0]["message"]


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "x" * 513},
        {"q": "\x00"},
        {"q": "停车 AND ("},
        {"year": "1900"},
        {"year": "26"},
        {"stage": "no-such-stage"},
        {"sort": "random"},
        {"page": "1"},
        {"limit": "5"},
        {"opens_from": "2026-02-30"},
        {"opens_from": "1700000000"},
        {"opens_from": "2026-03-01T00:00:00"},
        {"unit": [f"u{n}" for n in range(51)]},
        {"sort": ["date", "date"]},
    ],
)
def test_a_search_that_cannot_be_is_refused_by_name(city, read, asked):
    problem = read("/search/", status=422, **asked)
    assert [one["parameter"] for one in problem["errors"]] == list(asked)


def test_a_span_of_days_that_ends_before_it_begins_is_refused(city, read):
    problem = read("/search/", status=422, opens_from="2026-03-02", opens_to="2026-03-01")
    assert problem["errors"][0]["message"]


def test_standing_behind_a_position_is_what_sorting_says(city):
    rows = [(one.topic, one.number, one.pk) for one in DecisionItemPage.objects.all()]
    order = ("topic", "-number", "pk")
    in_order = sorted(rows, key=lambda row: (row[0], -row[1], row[2]))
    for place, row in enumerate(in_order):
        found = DecisionItemPage.objects.filter(behind(order, row)).order_by(*order)
        assert [one.pk for one in found] == [one[2] for one in in_order[place + 1 :]]
