"""Finished pages are kept for a moment: for whom, for how long, and what is never kept."""

from datetime import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import RequestFactory
from redis.exceptions import ConnectionError as RedisDown

from portal.core.middleware import PublicCacheMiddleware
from portal.core.page_cache import KeptPagesMiddleware

NOON = datetime.fromisoformat("2026-12-14T12:00:00+08:00")


@pytest.fixture(autouse=True)
def _on(settings):
    settings.KEEP_PAGES = True


class Site:
    """A portal whose every answer is numbered."""

    def __init__(self, answer=None):
        self.made = 0
        self.answer = answer or HttpResponse
        self.layers = KeptPagesMiddleware(PublicCacheMiddleware(self.view))

    def view(self, request):
        self.made += 1
        response = self.answer()
        if not response.streaming:
            response.content = str(self.made)
        return response

    def get(self, path="/", cookies=(), **how):
        request = RequestFactory().get(path, **how)
        request.COOKIES.update(cookies)
        return self.layers(request)


def test_a_page_is_made_once_a_minute_and_tells_its_age():
    site = Site()
    with time_machine.travel(NOON, tick=False) as clock:
        assert site.get().content == b"1"
        clock.shift(59)
        again = site.get()
        assert (again.content, again["Age"]) == (b"1", "59")
        assert again["Cache-Control"] == "public, max-age=60"
        clock.shift(1)
        assert site.get().content == b"2"


@pytest.mark.parametrize("before", [30, 1, 0.5])
def test_no_page_made_before_midnight_is_shown_after_it(before):
    site = Site()
    midnight = datetime.fromisoformat("2026-12-15T00:00:00+08:00")
    with time_machine.travel(midnight, tick=False) as clock:
        clock.shift(-before)
        site.get()
        clock.shift(before)
        assert site.get().content == b"2"


def test_a_page_that_midnight_overtakes_while_it_is_made_is_not_kept():
    with time_machine.travel("2026-12-14T23:59:55+08:00", tick=False) as clock:

        def slow():
            clock.shift(10)
            return HttpResponse()

        site = Site(slow)
        site.get()
        assert site.get().content == b"2"


def test_a_page_that_asks_for_a_shorter_time_is_kept_for_that():
    site = Site(lambda: HttpResponse(headers={"Cache-Control": "public, max-age=10"}))
    with time_machine.travel(NOON, tick=False) as clock:
        site.get()
        clock.shift(9)
        assert site.get().content == b"1"
        clock.shift(1)
        assert site.get().content == b"2"


def test_each_way_to_show_a_page_is_kept_apart():
    site = Site()
    ways = [{}, {"lang": "en"}, {"pref": "elder.auto"}, {"pref": "elder.auto", "lang": "en"}]
    first = [site.get(cookies=way).content for way in ways]
    assert first == [b"1", b"2", b"3", b"4"]
    assert [site.get(cookies=way).content for way in ways] == first


@pytest.mark.parametrize("cookies", [{"lang": "fr"}, {"pref": "<b>"}, {"pref": "standard.auto"}])
def test_cookies_that_mean_nothing_do_not_fill_the_cache(cookies):
    site = Site()
    assert site.get().content == site.get(cookies=cookies).content


@pytest.mark.parametrize(
    "how",
    [
        {"cookies": {"sessionid": "x"}},
        {"cookies": {"csrftoken": "x"}},
        {"cookies": {"anything": "x"}},
        {"path": "/?page=2"},
        {"path": "/other/"},
        {"headers": {"host": "127.0.0.1"}},
        {"secure": True},
    ],
)
def test_no_other_request_gets_what_was_kept(how):
    site = Site()
    site.get()
    assert site.get(**how).content == b"2"
    assert site.get().content == b"1"


def with_a_token(**headers):
    response = HttpResponse(headers=headers)
    response.set_cookie("csrftoken", "x")
    return response


@pytest.mark.parametrize(
    "answer",
    [
        with_a_token,
        lambda: with_a_token(**{"Cache-Control": "public, max-age=60"}),
        lambda: HttpResponse(headers={"Cache-Control": "no-store"}),
        lambda: HttpResponse(headers={"Cache-Control": "private, max-age=60"}),
        lambda: HttpResponse(headers={"Cache-Control": "public"}),
        lambda: HttpResponse(status=404),
        lambda: HttpResponse(status=302),
        lambda: HttpResponse(status=500),
    ],
    ids=[
        "token",
        "public with a token",
        "no-store",
        "private",
        "no time",
        "not found",
        "redirect",
        "failure",
    ],
)
def test_what_is_not_public_is_never_kept(answer):
    site = Site(answer)
    site.get()
    site.get()
    assert site.made == 2


def test_an_act_is_never_answered_from_the_cache():
    site = Site()
    site.get()
    assert site.layers(RequestFactory().post("/")).content == b"2"


def test_a_cache_that_is_down_makes_pages_slower_and_nothing_else(monkeypatch):
    def down(*args):
        raise RedisDown

    monkeypatch.setattr(cache, "get", down, raising=False)
    monkeypatch.setattr(cache, "set", down, raising=False)
    site = Site()
    assert [site.get().content, site.get().content] == [b"1", b"2"]


def test_it_can_be_turned_off(settings):
    settings.KEEP_PAGES = False
    with pytest.raises(MiddlewareNotUsed):
        Site()
