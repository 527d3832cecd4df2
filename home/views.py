"""Answers that are not pages: the reader's display preferences."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.core.preferences import COOKIE_NAME, COOKIE_SECONDS, Preferences


# Exempt because it changes nothing but how this browser shows pages, and a token in every page
# would keep shared caches from holding any.
@csrf_exempt
@never_cache
@require_POST
def set_preferences(request: HttpRequest) -> HttpResponse:
    """Keep the chosen type size, theme or language in a cookie and go back to the page."""
    response = HttpResponseRedirect(_way_back(request))
    chosen = Preferences.from_cookie(request.COOKIES.get(COOKIE_NAME, "")).choose(
        mode=request.POST.get("mode", ""), theme=request.POST.get("theme", "")
    )
    _keep(request, response, COOKIE_NAME, chosen.cookie)
    language = request.POST.get("lang", "")
    if language in dict(settings.LANGUAGES):
        _keep(request, response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


def _keep(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    """Set a display cookie for a year."""
    response.set_cookie(
        name,
        value,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def _way_back(request: HttpRequest) -> str:
    """Return the page the choice was made on, if it is one of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "/"
