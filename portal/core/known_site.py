"""Which site a request asks, read from the database once a minute instead of with every page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.models import Site

from portal.core.remembered import remembered


class KnownSiteMiddleware:
    """Gives Wagtail the site of a page's request where `Site.find_for_request` looks first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Do nothing yet: which view answers is not known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Name the site when a page of the tree is asked for."""
        if request.resolver_match and request.resolver_match.url_name == "wagtail_serve":
            site = remembered(f"site:{request.get_host()}", lambda: _site_of(request))
            request._wagtail_site = site  # type: ignore[attr-defined] # Wagtail's own


def _site_of(request: HttpRequest) -> Site | None:
    """Return the site with its specific home page, through which every address is routed."""
    site = Site.find_for_request(request)
    if site is not None:
        site.root_page = site.root_page.specific
    return site
