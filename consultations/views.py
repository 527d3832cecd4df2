"""The public's own pages after the sending: the receipt, the confirmation, what became of it."""

from http import HTTPStatus

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultations import services
from consultations.forms import ReceiptForm
from consultations.models import Opinion
from consultations.receipts import normalised
from consultations.services.opinion import find_by_token
from portal.core.throttle import Act, limited

RECEIPT_COOKIE = "receipt"
RECEIPT_COOKIE_SALT = "consultations.receipt"
RECEIPT_COOKIE_PATH = "/opinions/"
RECEIPT_SECONDS = 24 * 3600


def to_receipt(opinion: Opinion) -> HttpResponse:
    """Lead to the receipt; its number travels in a signed cookie, never in the address."""
    response = redirect("opinions:received")
    response.set_signed_cookie(
        RECEIPT_COOKIE,
        opinion.receipt_no,
        salt=RECEIPT_COOKIE_SALT,
        max_age=RECEIPT_SECONDS,
        path=RECEIPT_COOKIE_PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


@never_cache
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Show the receipt of the opinion this browser has just sent."""
    opinion = receipt_of(request)
    if opinion is None:
        return redirect("opinions:status")
    return receipt_page(request, opinion)


def receipt_of(request: HttpRequest) -> Opinion | None:
    """Return the opinion that this browser's signed cookie names."""
    try:
        receipt_no = request.get_signed_cookie(
            RECEIPT_COOKIE, salt=RECEIPT_COOKIE_SALT, max_age=RECEIPT_SECONDS
        )
    except (KeyError, BadSignature):
        return None
    opinions = Opinion.objects.select_related("consultation")
    return opinions.filter(receipt_no=receipt_no).first()


def receipt_page(
    request: HttpRequest, opinion: Opinion, *, notice: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    """Show a receipt, with a sentence above it when something was asked for there."""
    context = {
        "opinion": opinion,
        "page": opinion.consultation,
        "intake": opinion.intake(at=timezone.now()),
        "notice": notice,
    }
    return render(request, "consultations/opinion_received.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited(Act.TOKEN_LOOKUP)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button, and confirm when it is pressed; a mail scanner's GET confirms nothing."""
    at = timezone.now()
    try:
        if request.method == "POST":
            opinion = services.confirm(token=token, at=at)
            template = "consultations/opinion_confirmed.html"
        else:
            opinion = find_by_token(token, at=at)
            template = "consultations/opinion_confirm.html"
    except services.ConfirmationRefused:
        return render(
            request, "consultations/opinion_token_invalid.html", status=HTTPStatus.NOT_FOUND
        )
    context = {"opinion": opinion, "page": opinion.consultation, "token": token}
    return render(request, template, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited(Act.RECEIPT_LOOKUP, methods={"POST"})
def status(request: HttpRequest) -> HttpResponse:
    """Tell what became of an opinion; the number alone shows its fate, never text or person."""
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form}
    code = HTTPStatus.OK
    if form.is_bound and form.is_valid():
        opinion = _by_receipt(form.cleaned_data["receipt_no"])
        if opinion is None:
            form.add_error(
                "receipt_no",
                _("We found no opinion with this number. Check it character by character."),
            )
        else:
            context |= {"opinion": opinion, "page": opinion.consultation}
    if form.is_bound and not form.is_valid():
        code = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "consultations/opinion_status.html", context, status=code)


def _by_receipt(text: str) -> Opinion | None:
    """Return the opinion whose receipt number was typed, or None for anything else."""
    receipt_no = normalised(text)
    if receipt_no is None:
        return None
    return Opinion.objects.filter(receipt_no=receipt_no).select_related("consultation").first()
