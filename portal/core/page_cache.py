"""Keeping finished public pages for a moment, so that a rush of readers costs next to nothing.

Django's own cache middleware keys by the whole cookie header and the whole address, so that anyone
can fill the cache, sends a page out as if it were new, and fails with the cache; hence these lines.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from math import ceil

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_max_age
from redis.exceptions import RedisError

from portal.core.middleware import GetResponse, seconds_to_share
from portal.core.preferences import COOKIE_NAME, Preferences

logger = logging.getLogger(__name__)

# No other cookie may be sent: who has a session or is writing an opinion is answered anew.
DISPLAY_COOKIES = frozenset({COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME})


@dataclass(frozen=True)
class KeptPage:
    """A finished answer.

    Attributes:
        content: the body.
        headers: all of them; there were no cookies.
        made_at: the instant at which its making began.
        seconds: for how long from then on it may be shown; never past midnight, when rounds open
            and close and days change, however long the making took.

    """

    content: bytes
    headers: dict[str, str]
    made_at: datetime
    seconds: int

    @classmethod
    def of(cls, response: HttpResponse, *, made_at: datetime) -> "KeptPage":
        """Return what to keep of a public answer; it may ask to be kept for a shorter time."""
        seconds = min(get_max_age(response) or 0, seconds_to_share(at=made_at))
        return cls(response.content, dict(response.headers), made_at, seconds)

    def seconds_left(self, *, at: datetime) -> int:
        """Return for how many whole seconds it may still be shown."""
        until = self.made_at + timedelta(seconds=self.seconds)
        return max(0, int((until - at).total_seconds()))

    def answer(self, *, at: datetime) -> HttpResponse:
        """Return it as an answer that tells its age, so that nobody keeps it for longer."""
        response = HttpResponse(self.content, headers=self.headers)
        # RFC 9111, section 5.1: `max-age` counts from the making, not from this answer.
        response.headers["Age"] = str(ceil((at - self.made_at).total_seconds()))
        return response


class KeptPagesMiddleware:
    """Answers from the shared cache what was made for the same address and display just before.

    Kept is only what `PublicCacheMiddleware` below has marked as public: the plain answer to an
    anonymous GET that set no cookie, so never a page with a form token. The key is made of the
    site, the path, and the display as understood, not as sent: an address with parameters or a
    visitor with any other cookie is served anew. So the number of entries is that of the public
    pages times the ways to show one, and nobody can push them out.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        if not settings.KEEP_PAGES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from the cache, or let the page be made and keep it."""
        key = _key_of(request)
        if key is None:
            return self.get_response(request)
        at = timezone.now()
        kept = _fetch(key)
        if kept is not None and kept.seconds_left(at=at):
            return kept.answer(at=at)
        response = self.get_response(request)
        if _may_be_kept(response):
            _keep(key, KeptPage.of(response, made_at=at))
        return response


def _key_of(request: HttpRequest) -> str | None:
    """Return the name under which the answer is kept, or None when it is made for one reader."""
    if request.method != "GET" or request.META.get("QUERY_STRING"):
        return None
    if not request.COOKIES.keys() <= DISPLAY_COOKIES:
        return None
    language = "en" if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) == "en" else ""
    display = Preferences.from_cookie(request.COOKIES.get(COOKIE_NAME, "")).cookie
    name = f"{request.scheme}:{request.get_host()}:{language}:{display}:{request.path}"
    return f"page:{sha256(name.encode()).hexdigest()}"


def _may_be_kept(response: HttpResponse) -> bool:
    """Tell whether the answer is a whole page for everyone, marked as public below."""
    return (
        response.status_code == HTTPStatus.OK
        and "public" in response.get("Cache-Control", "")
        and not response.cookies
        and not response.streaming
    )


def _fetch(key: str) -> KeptPage | None:
    """Return what is kept under a key; a cache that is down has nothing."""
    try:
        kept: KeptPage | None = cache.get(key)
    except (OSError, RedisError) as error:
        logger.warning("The cache does not answer: %s", type(error).__name__)
        return None
    return kept


def _keep(key: str, page: KeptPage) -> None:
    """Keep a page for as long as it may be shown."""
    seconds = page.seconds_left(at=timezone.now())
    if not seconds:
        return
    try:
        cache.set(key, page, seconds)
    except (OSError, RedisError) as error:
        logger.warning("The cache does not answer: %s", type(error).__name__)
