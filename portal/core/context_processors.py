"""What every page template can name: who runs the site, the reader's preferences, the time."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from portal.core.models import SiteIdentity
from portal.core.preferences import COOKIE_NAME, Preferences
from portal.core.remembered import remembered


def identity(request: HttpRequest) -> dict[str, Any]:
    """Add `identity`, read only by templates that print it."""
    return {"identity": SimpleLazyObject(lambda: identity_of(request))}


def identity_of(request: HttpRequest) -> SiteIdentity:
    """Return who runs the site that a request asks."""
    name = f"identity:{request.get_host()}"
    return remembered(name, lambda: SiteIdentity.for_request(request))


def preferences(request: HttpRequest) -> dict[str, Any]:
    """Add `prefs`, with its `mode` and `theme`."""
    return {"prefs": Preferences.from_cookie(request.COOKIES.get(COOKIE_NAME, ""))}


def clock(request: HttpRequest) -> dict[str, Any]:
    """Add `at`, the instant of this page, for pages whose view names none."""
    return {"at": timezone.now()}
