"""What every response gets: language, shareability, the admin's content policy."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from portal.core.middleware import (
    AdminContentPolicyMiddleware,
    LanguageMiddleware,
    PublicCacheMiddleware,
)

PLAIN = RequestFactory().get("/")


def answering(**headers: str) -> HttpResponse:
    return HttpResponse("text", headers=headers)


def language_seen_by(request: HttpRequest) -> tuple[str, str]:
    """Return the language of the view and the one that the response names."""
    response = LanguageMiddleware(lambda _: HttpResponse(translation.get_language()))(request)
    return response.content.decode(), response["Content-Language"]


def test_chinese_whatever_the_browser_prefers() -> None:
    request = RequestFactory().get("/", headers={"accept-language": "en-GB,en;q=0.9"})
    assert language_seen_by(request) == ("zh-hans", "zh-hans")


@pytest.mark.parametrize(("cookie", "expected"), [("en", "en"), ("fr", "zh-hans"), ("", "zh-hans")])
def test_english_only_for_a_reader_who_chose_it(cookie: str, expected: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["lang"] = cookie
    assert language_seen_by(request) == (expected, expected)


def test_the_language_does_not_leak_into_the_next_request() -> None:
    before = translation.get_language()
    request = RequestFactory().get("/")
    request.COOKIES["lang"] = "en"
    language_seen_by(request)
    assert translation.get_language() == before


def test_a_plain_public_page_may_be_shared_for_a_minute_by_readers_with_the_same_cookies() -> None:
    with time_machine.travel(datetime(2026, 11, 24, 4, 0, tzinfo=UTC)):
        response = PublicCacheMiddleware(lambda _: answering())(PLAIN)
    assert response["Cache-Control"] == "public, max-age=60"
    assert response["Vary"] == "Cookie"


def with_a_cookie() -> HttpResponse:
    response = answering()
    response.set_cookie("csrftoken", "x")
    return response


@pytest.mark.parametrize(
    "response",
    [
        with_a_cookie(),
        answering(**{"Cache-Control": "no-store"}),
        HttpResponse("gone", status=404),
        HttpResponse(status=302),
    ],
    ids=["sets a cookie", "has decided itself", "is no page", "is a redirect"],
)
def test_other_answers_are_left_alone(response: HttpResponse) -> None:
    before = response.get("Cache-Control")
    assert PublicCacheMiddleware(lambda _: response)(PLAIN).get("Cache-Control") == before


def test_a_visitor_with_a_session_gets_nothing_shareable() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["sessionid"] = "x"
    assert "Cache-Control" not in PublicCacheMiddleware(lambda _: answering())(request)


def test_an_answer_to_a_post_is_not_shareable() -> None:
    request = RequestFactory().post("/")
    assert "Cache-Control" not in PublicCacheMiddleware(lambda _: answering())(request)


def test_only_the_admin_gets_the_wider_policy() -> None:
    layer = AdminContentPolicyMiddleware(lambda _: answering())
    assert not hasattr(layer(RequestFactory().get("/administration/")), "_csp_update")
    admin = layer(RequestFactory().get("/admin/pages/"))
    assert admin._csp_update["script-src"] == ["'unsafe-inline'"]
    assert admin._csp_replace["frame-ancestors"] == ["'self'"]
