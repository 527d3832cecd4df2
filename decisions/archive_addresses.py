"""The addresses below the archive page, each with the very question of the page behind it.

The page stands in the page tree, so these are resolved here and not by the portal's own list.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path
from django.urls.resolvers import RegexPattern

from decisions.datasets.views import export, manifest
from decisions.feeds import question_feed
from decisions.models import ArchivePage
from decisions.views import alert, archive

# Each view gets the request and the page.
_PATTERNS: list[URLPattern | URLResolver] = [
    path("", archive),
    path("feed/", question_feed),
    path("alert/", alert),
    path("export/manifest/", manifest, {"form": "csv"}),
    path("export/<str:form>/", export),
    path("export/<str:form>/manifest/", manifest),
]
_resolver = URLResolver(RegexPattern(r"^"), _PATTERNS)


def answer_below(request: HttpRequest, page: ArchivePage, below: str) -> HttpResponseBase:
    """Answer what lies at an address below the page; an empty one is the page itself.

    Raises:
        Http404: nothing does.

    """
    view, args, kwargs = _resolver.resolve(below)
    response: HttpResponseBase = view(request, page, *args, **kwargs)
    return response
