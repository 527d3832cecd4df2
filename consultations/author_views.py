"""What authors do with their own opinion: read it again, and use the rights that they have in it.

Nobody signs in: the secret link in every mail opens the page. What a link alone does is show;
each act asks first and is carried out by POST, so a mail scanner changes nothing.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations import services
from consultations.models import Opinion
from consultations.services.author import find_by_secret
from consultations.views import receipt_of, receipt_page
from portal.core.throttle import Act, limited

_ACTS: dict[str, Callable[..., None]] = {
    "hide-name": services.hide_name,
    "withdraw": services.withdraw,
    "erase": services.erase,
}


@never_cache
@require_safe
@limited(Act.TOKEN_LOOKUP)
def mine(request: HttpRequest, secret: str) -> HttpResponse:
    """Show an opinion to its author: the text, what became of it, and what may be done with it."""
    try:
        opinion = find_by_secret(secret)
    except services.SecretRefused:
        return _refused(request)
    page = opinion.consultation
    context = _context(opinion, secret) | {
        "intake": opinion.intake(at=timezone.now()),
        "points": opinion.points.select_related("issue"),
        "report": page.report,
    }
    response = render(request, "consultations/opinion_mine.html", context)
    return _discreet(response, "no-referrer")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited(Act.TOKEN_LOOKUP)
def act(request: HttpRequest, secret: str, name: str) -> HttpResponse:
    """Ask whether an act is meant, and carry it out when the button is pressed."""
    try:
        opinion = find_by_secret(secret)
    except services.SecretRefused:
        return _refused(request)
    if name not in _ACTS:
        return _refused(request)
    if request.method == "POST":
        _ACTS[name](opinion=opinion, at=timezone.now())
        return _discreet(redirect("opinions:mine", secret), "no-referrer")
    response = render(
        request, "consultations/opinion_act.html", _context(opinion, secret) | {"act": name}
    )
    # Without any referrer a browser names no origin either, and the form would be taken for
    # another site's; this policy names the site and never the address.
    return _discreet(response, "strict-origin")


@never_cache
@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Send the mail that asks to confirm once more, for the browser that holds the receipt."""
    opinion = receipt_of(request)
    if opinion is None:
        return redirect("opinions:status")
    try:
        services.resend_confirmation(opinion=opinion, at=timezone.now())
    except services.ResendRefused as refused:
        return receipt_page(
            request, opinion, notice=str(refused), status=HTTPStatus.TOO_MANY_REQUESTS
        )
    notice = _("We send the mail again. Only the link in the newest mail works.")
    return receipt_page(request, opinion, notice=notice)


def _context(opinion: Opinion, secret: str) -> dict[str, Any]:
    return {"opinion": opinion, "page": opinion.consultation, "secret": secret}


def _refused(request: HttpRequest) -> HttpResponse:
    """Answer to every link that opens nothing alike, as for confirmation links."""
    response = render(
        request, "consultations/opinion_token_invalid.html", status=HTTPStatus.NOT_FOUND
    )
    return _discreet(response, "no-referrer")


def _discreet(response: HttpResponse, policy: str) -> HttpResponse:
    """Keep the address, which is the secret, from other sites and from search engines."""
    response.headers["Referrer-Policy"] = policy
    response.headers["X-Robots-Tag"] = "noindex"
    return response
