"""What every response gets: its language, how long it may be shared, what the admin may run."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from csp.constants import SELF, UNSAFE_INLINE
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from portal.core.dates import midnight_after

GetResponse = Callable[[HttpRequest], HttpResponse]

# Seconds that a page may be shared; a moderator's act is public after at most this long.
PUBLIC_PAGE_SECONDS = 60


class LanguageMiddleware:
    """Chinese for everyone, whatever the browser prefers; English when the reader asked for it.

    A government's notice has one authentic language, so it is not guessed from a header.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the reader's language for this request and name it in the answer."""
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = "en" if wanted == "en" else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class PublicCacheMiddleware:
    """Let caches share a plain page that an anonymous visitor got without any cookie being set."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark the answer as public unless a layer below decided otherwise."""
        at = timezone.now()
        response = self.get_response(request)
        if is_shareable(request, response):
            patch_cache_control(response, public=True, max_age=seconds_to_share(at=at))
            patch_vary_headers(response, ["Cookie"])
        return response


def seconds_to_share(*, at: datetime) -> int:
    """Return how long a page may be shared: never past midnight, when consultations close."""
    return min(PUBLIC_PAGE_SECONDS, int((midnight_after(at) - at).total_seconds()))


def is_shareable(request: HttpRequest, response: HttpResponse) -> bool:
    """Return whether the answer is the same for everyone who sends the same cookies."""
    return (
        request.method in {"GET", "HEAD"}
        and response.status_code == HTTPStatus.OK
        and not response.cookies
        and not response.has_header("Cache-Control")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )


class AdminContentPolicyMiddleware:
    """Widen the content policy for Wagtail's admin: inline scripts and styles, a preview frame.

    It has to stand below django-csp's own middleware, which writes the header.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer and where the admin starts."""
        self.get_response = get_response
        self.admin_root = reverse("wagtailadmin_home")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the admin's needs to the answer when it belongs to the admin."""
        response = self.get_response(request)
        if request.path.startswith(self.admin_root):
            response._csp_update = {  # type: ignore[attr-defined] # django-csp's own hook
                "script-src": [UNSAFE_INLINE],
                # Wagtail's own scripts place menus and tooltips through style attributes.
                "style-src": [UNSAFE_INLINE],
                "img-src": ["blob:"],
                "frame-src": [SELF],
                "media-src": [SELF],
            }
            response._csp_replace = {  # type: ignore[attr-defined] # django-csp's own hook
                "frame-ancestors": [SELF],
            }
        return response
