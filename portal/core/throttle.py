"""How often something may be done in a while: at first more is asked, only then it is refused.

The numbers stand in `settings.THROTTLES`; what is counted are digests (see `client_address`). When
the shared cache does not answer, everything is allowed: the limits are not the only defence, and
an opinion that cannot be given is worse than one too many.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache, wraps
from http import HTTPStatus
from math import ceil

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from limits import RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage, Storage
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.core.client_address import network_digest
from portal.core.dates import midnight_after

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]

REDIS = "django.core.cache.backends.redis.RedisCache"
KEY_PREFIX = "throttle"
# Seconds that a cache which does not answer may delay a request.
CACHE_TIMEOUT = 0.5
METHODS = frozenset({"GET", "HEAD", "POST"})


class Act(StrEnum):
    """What is counted; each has its numbers in `settings.THROTTLES`."""

    OPINION_FROM_NETWORK = "opinion.network"
    OPINION_BY_EMAIL = "opinion.email"
    OPINION_ON_CONSULTATION = "opinion.consultation"
    OPINION_DRAFT = "opinion.draft"
    OPINION_WITHOUT_DIGITS = "opinion.without_digits"
    MAILBOX_WITHOUT_DIGITS = "mailbox.without_digits"
    OPINION_FILE = "opinion.file"
    RECEIPT_LOOKUP = "receipt.network"
    TOKEN_LOOKUP = "token.network"  # noqa: S105 - a name, no secret
    SUBSCRIPTION_FROM_NETWORK = "subscription.network"
    SUBSCRIPTION_BY_EMAIL = "subscription.email"
    PAPER = "paper.network"
    DATA_FILE = "data.network"
    ARCHIVE_QUESTION = "archive.network"
    CAPTCHA_NEW = "captcha.new"
    CAPTCHA_PICTURE = "captcha.picture"
    CAPTCHA_SOUND = "captcha.sound"
    OPEN_DATA = "open_data.network"


@dataclass(frozen=True)
class Verdict:
    """What a count comes to.

    Attributes:
        asks_more: whether the sender has to make more of an effort.
        retry_at: when a refused act may be tried again; None when it is not refused.

    """

    asks_more: bool = False
    retry_at: datetime | None = None

    def __or__(self, other: "Verdict") -> "Verdict":
        """Return the stricter of two verdicts."""
        moments = [moment for moment in (self.retry_at, other.retry_at) if moment is not None]
        return Verdict(self.asks_more or other.asks_more, max(moments, default=None))

    def retry_after(self, *, at: datetime) -> int:
        """Return the whole seconds until the act may be tried again, at least one."""
        return max(1, ceil((self.retry_at - at).total_seconds())) if self.retry_at else 0


ALLOWED = Verdict()


@dataclass(frozen=True)
class Allowance:
    """What is left of a limit, for who is told so.

    Attributes:
        most: how often it may be done within `seconds`.
        seconds: how long that while is.
        left: how often it may still be done; negative when it was done once too often.
        renewed_at: when it may be done `most` times again.

    """

    most: int
    seconds: int
    left: int
    renewed_at: datetime

    @property
    def is_used_up(self) -> bool:
        """Whether the act that was counted is one too many."""
        return self.left < 0

    def seconds_left(self, *, at: datetime) -> int:
        """Return the whole seconds until it is renewed, at least one."""
        return max(1, ceil((self.renewed_at - at).total_seconds()))


def count(act: Act, who: str, *, at: datetime) -> Verdict:
    """Count one act of `who` and judge it; an empty `who` is nobody and always allowed."""
    return _judged(act, who, at=at, counts=True)


def foresee(act: Act, who: str, *, at: datetime) -> Verdict:
    """Judge the next act of `who` without counting it."""
    return _judged(act, who, at=at, counts=False)


def spend(act: Act, who: str, *, at: datetime) -> Allowance | None:
    """Count one act of `who` and tell what is left; None for nobody and without a count."""
    if not who:
        return None
    numbers = settings.THROTTLES[act]
    key = _key(act, who)
    try:
        used = _storage().incr(key, numbers["seconds"])
        renewed_at = _renewed_at(key, at=at)
    except StorageError as error:
        _tell_uncounted(act, error)
        return None
    if used == numbers["most"] + 1:
        logger.warning("Throttle %s refuses %s", act, who)
    return Allowance(numbers["most"], numbers["seconds"], numbers["most"] - used, renewed_at)


def _judged(act: Act, who: str, *, at: datetime, counts: bool) -> Verdict:
    if not who:
        return ALLOWED
    numbers = settings.THROTTLES[act]
    key = _key(act, who)
    try:
        storage = _storage()
        used = storage.incr(key, numbers["seconds"]) if counts else storage.get(key) + 1
        if used <= numbers["most"]:
            return Verdict(asks_more=used > numbers.get("easily", numbers["most"]))
        renewed_at = _renewed_at(key, at=at)
    except StorageError as error:
        _tell_uncounted(act, error)
        return ALLOWED
    if used == numbers["most"] + 1:
        logger.warning("Throttle %s refuses %s", act, who)
    return Verdict(asks_more=True, retry_at=renewed_at)


def _key(act: Act, who: str) -> str:
    numbers = settings.THROTTLES[act]
    item = RateLimitItemPerSecond(numbers["most"], numbers["seconds"], namespace=KEY_PREFIX)
    return item.key_for(act, who)


def _renewed_at(key: str, *, at: datetime) -> datetime:
    """Return when a count begins anew; a day's digest ends at midnight, and its count with it."""
    expires_at = datetime.fromtimestamp(_storage().get_expiry(key), tz=UTC)
    return min(expires_at, midnight_after(at))


def _tell_uncounted(act: Act, error: StorageError) -> None:
    logger.warning("Throttle %s is not counted: %s", act, type(error.args[0]).__name__)


def _storage() -> Storage:
    """Return where the counts are kept: beside the cache when that is shared, else in memory."""
    cache = settings.CACHES["default"]
    if cache["BACKEND"] != REDIS:
        return _memory()
    places = cache["LOCATION"]
    return _redis(places if isinstance(places, str) else places[0])


@lru_cache(maxsize=1)
def _memory() -> Storage:
    return MemoryStorage()


@lru_cache(maxsize=4)
def _redis(address: str) -> Storage:
    return RedisStorage(
        address,
        key_prefix=KEY_PREFIX,
        wrap_exceptions=True,
        socket_timeout=CACHE_TIMEOUT,
        socket_connect_timeout=CACHE_TIMEOUT,
        retry=Retry(NoBackoff(), 0),  # type: ignore[arg-type] # handed on to redis as it is
    )


def forget() -> None:
    """Forget every count, as between two tests."""
    _storage().reset()


def limited(
    act: Act, *, methods: Collection[str] = METHODS, with_page: bool = True
) -> Callable[[View], View]:
    """Count calls of a view for each network; beyond the limit the answer is 429.

    Args:
        act: what is counted.
        methods: the request methods that count.
        with_page: whether a person reads the refusal; pictures and sounds get an empty answer.

    """

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.method not in methods:
                return view(request, *args, **kwargs)
            at = timezone.now()
            verdict = count(act, network_digest(request, at=at), at=at)
            if verdict.retry_at is None:
                return view(request, *args, **kwargs)
            return _refusal(request, verdict.retry_after(at=at), with_page=with_page)

        return counted

    return decorate


def _refusal(request: HttpRequest, seconds: int, *, with_page: bool) -> HttpResponse:
    status = HTTPStatus.TOO_MANY_REQUESTS
    if with_page:
        context = {"retry_minutes": ceil(seconds / 60)}
        response = render(request, "429.html", context, status=status)
    else:
        response = HttpResponse(status=status)
    response.headers["Retry-After"] = str(seconds)
    return response
