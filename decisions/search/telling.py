"""How whatever a search answers tells which copy answered: a page, a feed, data or a file."""

from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from decisions.search.results import Mode


def tell_mode(response: HttpResponseBase, mode: Mode) -> None:
    """Say which copy answered; what was answered in a failure is not shared."""
    response.headers["X-Search-Mode"] = mode.value
    if mode is Mode.DEGRADED:
        # A shared cache would go on telling of a failure that is over.
        add_never_cache_headers(response)
