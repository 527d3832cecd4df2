"""What authors do with their own opinion: read it, keep its receipt, use their rights in it.

Nobody signs in: the secret link in every mail opens the page. What a link alone does is show;
each act asks first and is carried out by POST, so a mail scanner changes nothing.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations import services
from consultations.fate import fate_of
from consultations.models import Opinion, OpinionAttachment
from consultations.models.opinion import as_written
from consultations.receipt_papers import receipt_as_pdf
from consultations.services.author import find_by_secret
from consultations.views import receipt_of, receipt_page
from portal.core.context_processors import identity_of
from portal.core.discretion import ORIGIN_ALONE, discreet
from portal.core.papers import can_print
from portal.core.private_files import download
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
    at = timezone.now()
    context = _context(opinion, secret) | {
        "at": at,
        "fate": fate_of(opinion, at=at, to_author=True),
        "points": as_written(opinion.points.all()),
    }
    response = render(request, "consultations/opinion_mine.html", context)
    return discreet(response)


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
        return discreet(redirect("opinions:mine", secret))
    response = render(
        request, "consultations/opinion_act.html", _context(opinion, secret) | {"act": name}
    )
    # Without any referrer a browser names no origin either, and the form would be taken for
    # another site's; this policy names the site and never the address.
    return discreet(response, ORIGIN_ALONE)


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


@never_cache
@require_safe
@limited(Act.PAPER)
def receipt_paper(request: HttpRequest) -> HttpResponse:
    """Give the receipt as a PDF to the browser that holds it."""
    opinion = receipt_of(request)
    if opinion is None:
        return redirect("opinions:status")
    return _paper(request, opinion)


@never_cache
@require_safe
@limited(Act.PAPER)
def my_receipt_paper(request: HttpRequest, secret: str) -> HttpResponse:
    """Give the receipt as a PDF to whoever holds the secret link."""
    try:
        opinion = find_by_secret(secret)
    except services.SecretRefused:
        return _refused(request)
    return _paper(request, opinion)


def _paper(request: HttpRequest, opinion: Opinion) -> HttpResponse:
    """Return a receipt on paper, which holds nothing of its author and nothing of the text.

    Raises:
        Http404: papers cannot be made here.

    """
    if not can_print():
        raise Http404
    return receipt_as_pdf(opinion, identity=identity_of(request), at=timezone.now())


@never_cache
@require_safe
@limited(Act.TOKEN_LOOKUP)
def my_file(request: HttpRequest, secret: str, file_id: int) -> HttpResponseBase:
    """Give authors back a file that they sent along."""
    try:
        file = find_by_secret(secret).attachments.get(pk=file_id)
        return download(file.file, name=file.name, content_type=file.content_type)
    except (services.SecretRefused, OpinionAttachment.DoesNotExist, FileNotFoundError):
        return _refused(request)


def _context(opinion: Opinion, secret: str) -> dict[str, Any]:
    return {"opinion": opinion, "page": opinion.consultation, "secret": secret}


def _refused(request: HttpRequest) -> HttpResponse:
    """Answer to every link that opens nothing alike, as for confirmation links."""
    response = render(
        request, "consultations/opinion_token_invalid.html", status=HTTPStatus.NOT_FOUND
    )
    return discreet(response)
