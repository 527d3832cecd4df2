"""Pages whose address is a secret: nothing outside this site may learn it."""

from django.http import HttpResponse

# A page with a form that checks its origin has to name the site; the others name nothing at all.
NO_ORIGIN, ORIGIN_ALONE = "no-referrer", "strict-origin"


def discreet(response: HttpResponse, policy: str = NO_ORIGIN) -> HttpResponse:
    """Keep the address of a page from other sites and from search engines."""
    response.headers["Referrer-Policy"] = policy
    response.headers["X-Robots-Tag"] = "noindex"
    return response
