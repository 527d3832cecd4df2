"""The gate before the open interface: everybody may read, from any page, only so much at a time."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from portal.core.client_address import network_digest
from portal.core.open_data.problems import is_problem, problem
from portal.core.throttle import Act, Allowance, spend

ROOT = "/api/"
METHODS = "GET, HEAD, OPTIONS"
# What a script on another site's page may read besides the content.
EXPOSED = "ETag, RateLimit, RateLimit-Policy, Retry-After, X-Search-Mode"
# Seconds for which a browser remembers that it may ask.
PREFLIGHT_SECONDS = 86_400


class OpenDataMiddleware:
    """Answers for whatever stands below `ROOT`, also where nothing stands.

    It has to stand above the layers that name and keep answers, so that limits count and other
    sites may read also what those answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer what is no reading here, and let the rest be read as nobody in particular."""
        if not request.path.startswith(ROOT):
            return self.get_response(request)
        with translation.override(settings.LANGUAGE_CODE):
            response = self._answer(request)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return _preflight()
        if request.method not in {"GET", "HEAD"}:
            response = problem(HTTPStatus.METHOD_NOT_ALLOWED)
            response.headers["Allow"] = METHODS
            return response
        at = timezone.now()
        allowance = spend(Act.OPEN_DATA, network_digest(request, at=at), at=at)
        if allowance is not None and allowance.is_used_up:
            response = problem(HTTPStatus.TOO_MANY_REQUESTS)
            response.headers["Retry-After"] = str(allowance.seconds_left(at=at))
        else:
            response = self._read(request)
        if allowance is not None:
            _tell(response, allowance, seconds=allowance.seconds_left(at=at))
        return response

    def _read(self, request: HttpRequest) -> HttpResponse:
        """Let the layers below answer, whoever asks; what is no answer becomes a problem."""
        method = request.method
        # Nobody is known here, so what one is answered all may be.
        request.COOKIES = {}
        # The server leaves the content out of what HEAD asked for.
        request.method = "GET"
        response = self.get_response(request)
        request.method = method
        if response.status_code >= HTTPStatus.BAD_REQUEST and not is_problem(response):
            return problem(response.status_code)
        return response


def _preflight() -> HttpResponse:
    return HttpResponse(
        status=HTTPStatus.NO_CONTENT,
        headers={
            "Allow": METHODS,
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": "If-None-Match",
            "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
        },
    )


def _tell(response: HttpResponse, allowance: Allowance, *, seconds: int) -> None:
    """Write the headers of draft-ietf-httpapi-ratelimit-headers."""
    policy = f'"network";q={allowance.most};w={allowance.seconds}'
    response.headers["RateLimit-Policy"] = policy
    response.headers["RateLimit"] = f'"network";r={max(0, allowance.left)};t={seconds}'
