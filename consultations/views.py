"""The public's own pages: write an opinion, its receipt, confirm it, ask what became of it."""

from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.core.signing import BadSignature
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultations import services, throttling
from consultations.forms import OpinionForm, ReceiptForm, submission_key_of
from consultations.lifecycle import Phase
from consultations.models import ConsultationPage, Opinion
from consultations.models.consultation import LARGEST_ID
from consultations.receipts import normalised
from consultations.services.opinion import Author, Point, find_by_token
from portal.core.throttle import Act, Verdict, limited

RECEIPT_COOKIE = "receipt"
RECEIPT_COOKIE_SALT = "consultations.receipt"
RECEIPT_COOKIE_PATH = "/opinions/"
RECEIPT_SECONDS = 24 * 3600


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the form, and take in what it sends."""
    if page_id > LARGEST_ID:
        raise Http404
    page = get_object_or_404(ConsultationPage, pk=page_id)
    at = timezone.now()
    if request.method == "POST":
        return _answer(request, page, at=at)
    if not page.is_open(at=at):
        return _closed(request, page, HTTPStatus.OK if page.live else HTTPStatus.NOT_FOUND)
    form = OpinionForm(page, initial={"article": request.GET.get("article", "")})
    if throttling.before_writing(request, page, at=at).asks_more:
        form.ask_more()
    return _form(request, page, form, HTTPStatus.OK)


def _answer(request: HttpRequest, page: ConsultationPage, *, at: datetime) -> HttpResponse:
    """Answer a form that was sent; whatever was written and not taken goes back to its author."""
    earlier = _already_received(request)
    if earlier is not None:
        return _to_receipt(earlier)
    if not page.is_open(at=at):
        return _closed(request, page, HTTPStatus.CONFLICT)
    if OpinionForm.ANOTHER_PICTURE in request.POST:
        return _again(request, page, throttling.another_picture(request, page, at=at), at=at)
    email = request.POST.get("email", "")
    verdict = throttling.attempt(request, page, email, at=at)
    if verdict.retry_at is not None:
        return _again(request, page, verdict, at=at)
    return _take_in(request, page, asks_more=verdict.asks_more, at=at)


def _take_in(
    request: HttpRequest, page: ConsultationPage, *, asks_more: bool, at: datetime
) -> HttpResponse:
    """Store the opinion, or show what is wrong with it.

    The captcha is used up and the opinion stored in one transaction, so of two requests sent by a
    double click the second waits, finds the captcha gone and gets the first one's receipt.
    """
    form = OpinionForm(page, data=request.POST)
    if asks_more:
        form.ask_more()
    with transaction.atomic():
        opinion = _submitted(page, form)
    if opinion is not None:
        throttling.taken_in(page, form.cleaned_data["email"], at=at)
    opinion = opinion or _already_received(request)
    if opinion is not None:
        return _to_receipt(opinion)
    form.renew()
    return _form(request, page, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _again(
    request: HttpRequest, page: ConsultationPage, verdict: Verdict, *, at: datetime
) -> HttpResponse:
    """Show the form as it was sent, unread, with another picture, and how long to wait if so."""
    form = OpinionForm.unsent(page, request.POST)
    if verdict.asks_more:
        form.ask_more()
    if verdict.retry_at is None:
        return _form(request, page, form, HTTPStatus.OK)
    # In words the instant is cut to the minute, which must not be too early.
    retry_at = verdict.retry_at + timedelta(minutes=1)
    response = _form(request, page, form, HTTPStatus.TOO_MANY_REQUESTS, retry_at=retry_at)
    response.headers["Retry-After"] = str(verdict.retry_after(at=at))
    return response


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
                language=get_language() or settings.LANGUAGE_CODE,
            ),
            submission_key=sent["submission_key"],
            at=timezone.now(),
        )
    except services.OpinionRefused as refused:
        form.add_error(refused.field, refused.message)
        return None


def _already_received(request: HttpRequest) -> Opinion | None:
    """Return the opinion that this very form made before with these very words."""
    key = submission_key_of(request.POST)
    return Opinion.objects.filter(submission_key=key).first() if key else None


def _form(
    request: HttpRequest,
    page: ConsultationPage,
    form: OpinionForm,
    status: HTTPStatus,
    *,
    retry_at: datetime | None = None,
) -> HttpResponse:
    """Show the form with the quoted article; context: page, item, form, article, retry_at."""
    chosen = form["article"].value()
    article = next((one for one in page.articles if one.id == chosen), None)
    context = {
        "page": page,
        "item": page.item,
        "form": form,
        "article": article,
        "retry_at": retry_at,
    }
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
