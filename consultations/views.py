"""The public's own pages: write an opinion, its receipt, confirm it, ask what became of it."""

import uuid
from http import HTTPStatus

from django.core.signing import BadSignature
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultations import services
from consultations.forms import OpinionForm, ReceiptForm
from consultations.lifecycle import Phase
from consultations.models import ConsultationPage, Opinion
from consultations.receipts import normalised
from consultations.services.opinion import Author, Point, find_by_token

RECEIPT_COOKIE = "receipt"
RECEIPT_COOKIE_SALT = "consultations.receipt"
RECEIPT_COOKIE_PATH = "/opinions/"
RECEIPT_SECONDS = 24 * 3600


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the form, and take in what it sends.

    The captcha is used up and the opinion stored in one transaction, so of two requests sent by a
    double click the second waits, finds the captcha gone and gets the first one's receipt.
    """
    page = get_object_or_404(ConsultationPage, pk=page_id)
    if request.method != "POST":
        if not page.is_open(at=timezone.now()):
            return _closed(request, page, HTTPStatus.OK if page.live else HTTPStatus.NOT_FOUND)
        initial = {"article": request.GET.get("article", "")}
        return _form(request, page, OpinionForm(page, initial=initial), HTTPStatus.OK)
    earlier = _already_received(request)
    if earlier is not None:
        return _to_receipt(earlier)
    if not page.is_open(at=timezone.now()):
        return _closed(request, page, HTTPStatus.CONFLICT)
    form = OpinionForm(page, data=request.POST)
    with transaction.atomic():
        opinion = _submitted(page, form)
    opinion = opinion or _already_received(request)
    if opinion is not None:
        return _to_receipt(opinion)
    form.renew()
    return _form(request, page, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _submitted(page: ConsultationPage, form: OpinionForm) -> Opinion | None:
    """Return the opinion that a valid form makes, else None with the errors in the form."""
    if not form.is_valid():
        return None
    sent = form.cleaned_data
    try:
        return services.submit(
            consultation=page,
            points=[Point(text=sent["text"], article_id=sent["article"])],
            author=Author(
                name=sent["name"],
                email=sent["email"],
                name_consent=sent["publicity"] == OpinionForm.NAMED,
                is_private=sent["publicity"] == OpinionForm.PRIVATE,
            ),
            submission_key=sent["submission_key"],
            at=timezone.now(),
        )
    except services.OpinionRefused as refused:
        form.add_error(refused.field, refused.message)
        return None


def _already_received(request: HttpRequest) -> Opinion | None:
    """Return the opinion that this very form made before."""
    try:
        key = uuid.UUID(request.POST.get("submission_key", ""))
    except ValueError:
        return None
    return Opinion.objects.filter(submission_key=key).first()


def _form(
    request: HttpRequest, page: ConsultationPage, form: OpinionForm, status: HTTPStatus
) -> HttpResponse:
    """Show the form with the quoted article; context: page, item, form, article."""
    chosen = form["article"].value()
    article = next((one for one in page.articles if one.id == chosen), None)
    context = {"page": page, "item": page.item, "form": form, "article": article}
    return render(request, "consultations/opinion_form.html", context, status=status)


def _closed(request: HttpRequest, page: ConsultationPage, status: HTTPStatus) -> HttpResponse:
    """Say why nothing can be sent now, and give a text back that was sent all the same."""
    phase = page.phase(at=timezone.now()) if page.live else None
    context = {
        "page": page,
        "is_scheduled": phase is Phase.SCHEDULED,
        "is_closed": phase is Phase.CLOSED,
        "text": request.POST.get("text", ""),
    }
    return render(request, "consultations/opinion_closed.html", context, status=status)


def _to_receipt(opinion: Opinion) -> HttpResponse:
    """Lead to the receipt; its number travels in a signed cookie, never in the address."""
    response = redirect("opinions:received")
    response.set_signed_cookie(
        RECEIPT_COOKIE,
        opinion.receipt_no,
        salt=RECEIPT_COOKIE_SALT,
        max_age=RECEIPT_SECONDS,
        path=RECEIPT_COOKIE_PATH,
        httponly=True,
        samesite="Lax",
    )
    return response


@never_cache
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Show the receipt of the opinion this browser has just sent."""
    try:
        receipt_no = request.get_signed_cookie(
            RECEIPT_COOKIE, salt=RECEIPT_COOKIE_SALT, max_age=RECEIPT_SECONDS
        )
    except (KeyError, BadSignature):
        return redirect("opinions:status")
    opinion = get_object_or_404(
        Opinion.objects.select_related("consultation"), receipt_no=receipt_no
    )
    context = {
        "opinion": opinion,
        "page": opinion.consultation,
        "intake": opinion.intake(at=timezone.now()),
    }
    return render(request, "consultations/opinion_received.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
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
            context |= {
                "opinion": opinion,
                "page": opinion.consultation,
                "intake": opinion.intake(at=timezone.now()),
                "points": opinion.points.select_related("issue"),
                "report": opinion.consultation.report,
            }
    if form.is_bound and not form.is_valid():
        code = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "consultations/opinion_status.html", context, status=code)


def _by_receipt(text: str) -> Opinion | None:
    """Return the opinion whose receipt number was typed, or None for anything else."""
    receipt_no = normalised(text)
    if receipt_no is None:
        return None
    return Opinion.objects.filter(receipt_no=receipt_no).select_related("consultation").first()
