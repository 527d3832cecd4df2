"""Following by mail: ask for it, confirm it by the mailed link, stop it by the link in every mail.

No page tells whether an address is known; a mail scanner's GET neither confirms nor stops.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from consultations import services
from consultations.forms.subscription import SubscriptionForm
from consultations.models import DecisionItemPage, Subscription
from consultations.services.subscription import (
    ending_with,
    find_asked_subscription,
    stop_secret_of,
)
from consultations.throttling import mailbox_digest
from portal.accounts.models import Unit
from portal.core.client_address import network_digest
from portal.core.discretion import ORIGIN_ALONE, discreet
from portal.core.throttle import Act, Verdict, count, foresee, limited

# Seconds within which a form that was sent twice is answered alike.
SENT_SECONDS = 600
# Digits of a page number that every database can look up.
MOST_DIGITS = 9


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form, and take in what it sends."""
    at = timezone.now()
    matter = _public_matter(request.GET.get("matter", ""))
    if request.method == "POST":
        return _answer(request, matter, at=at)
    initial = {"scope": SubscriptionForm.EVERYTHING}
    if matter is not None:
        unit = matter.lead_unit.code if matter.lead_unit else ""
        initial = {"scope": SubscriptionForm.MATTER, "unit": unit}
    return _form(request, matter, _new_form(matter, initial=initial), HTTPStatus.OK)


def _answer(request: HttpRequest, matter: DecisionItemPage | None, *, at: datetime) -> HttpResponse:
    """Answer a form that was sent; what was typed and not taken comes back."""
    network = network_digest(request, at=at)
    if SubscriptionForm.ANOTHER_PICTURE in request.POST:
        verdict = count(Act.CAPTCHA_NEW, network, at=at)
        return _again(request, matter, verdict, at=at)
    mailbox = mailbox_digest(request.POST.get("email", ""), at=at)
    verdict = count(Act.SUBSCRIPTION_FROM_NETWORK, network, at=at)
    verdict |= foresee(Act.SUBSCRIPTION_BY_EMAIL, mailbox, at=at)
    if verdict.retry_at is not None:
        return _again(request, matter, verdict, at=at)
    form = _new_form(matter, data=request.POST)
    # The captcha is used up and the promise made in one transaction, so of two requests sent by a
    # double click the second waits, finds the captcha gone, and gets the first one's answer.
    with transaction.atomic():
        is_taken = _take_in(form, matter, at=at)
    if is_taken:
        count(Act.SUBSCRIPTION_BY_EMAIL, mailbox, at=at)
    if is_taken or _was_taken(form):
        return redirect("subscriptions:sent")
    return _form(request, matter, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _take_in(form: SubscriptionForm, matter: DecisionItemPage | None, *, at: datetime) -> bool:
    """Ask for what a form says; return False if something is wrong with it."""
    if not form.is_valid():
        return False
    wanted = form.cleaned_data
    scope = wanted["scope"]
    services.subscribe(
        email=wanted["email"],
        unit=wanted["unit"] if scope == SubscriptionForm.UNIT else None,
        item=matter if scope == SubscriptionForm.MATTER else None,
        language=get_language() or settings.LANGUAGE_CODE,
        at=at,
    )
    if wanted["form_key"] is not None:
        cache.set(_sent_key(form), True, SENT_SECONDS)
    return True


def _was_taken(form: SubscriptionForm) -> bool:
    """Tell whether this very form was taken a moment ago, and with it its captcha."""
    is_same = form.errors.keys() == {"captcha"} and form.cleaned_data.get("form_key") is not None
    return is_same and _sent_key(form) in cache


def _sent_key(form: SubscriptionForm) -> str:
    return f"subscribed:{form.cleaned_data['form_key']}"


def _again(
    request: HttpRequest, matter: DecisionItemPage | None, verdict: Verdict, *, at: datetime
) -> HttpResponse:
    """Show the form as it was sent, unread, with another picture, and how long to wait if so."""
    written = request.POST
    initial = {name: written[name] for name in SubscriptionForm.WRITTEN if name in written}
    form = _new_form(matter, initial=initial)
    if verdict.retry_at is None:
        return _form(request, matter, form, HTTPStatus.OK)
    # In words the instant is cut to the minute, which must not be too early.
    retry_at = verdict.retry_at + timedelta(minutes=1)
    response = _form(request, matter, form, HTTPStatus.TOO_MANY_REQUESTS, retry_at=retry_at)
    response.headers["Retry-After"] = str(verdict.retry_after(at=at))
    return response


def _new_form(
    matter: DecisionItemPage | None,
    *,
    data: Mapping[str, Any] | None = None,
    initial: dict[str, Any] | None = None,
) -> SubscriptionForm:
    title = matter.title if matter else ""
    return SubscriptionForm(
        units=_units_with_matters(), matter_title=title, data=data, initial=initial
    )


def _form(
    request: HttpRequest,
    matter: DecisionItemPage | None,
    form: SubscriptionForm,
    status: HTTPStatus,
    *,
    retry_at: datetime | None = None,
) -> HttpResponse:
    """Show the form; context: form, matter, retry_at."""
    context = {"form": form, "matter": matter, "retry_at": retry_at}
    return render(request, "consultations/follow_form.html", context, status=status)


def _public_matter(text: str) -> DecisionItemPage | None:
    """Return the public matter with this number, or None for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        return None
    return DecisionItemPage.objects.live().public().filter(pk=int(text)).first()


def _units_with_matters() -> list[Unit]:
    """Return the units that lead a public matter."""
    matters = DecisionItemPage.objects.live().public().filter(lead_unit=OuterRef("pk"))
    return list(Unit.objects.filter(Exists(matters)))


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way; the same for everybody."""
    return render(request, "consultations/follow_sent.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited(Act.TOKEN_LOOKUP)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button, and begin the subscription when it is pressed."""
    at = timezone.now()
    try:
        if request.method == "POST":
            subscription = services.confirm_subscription(token=token, at=at)
            template = "consultations/follow_confirmed.html"
        else:
            subscription = find_asked_subscription(token, at=at)
            template = "consultations/follow_confirm.html"
    except services.SubscriptionNotFound:
        return _unknown(request)
    context = _context(subscription) | {"token": token}
    return discreet(render(request, template, context), ORIGIN_ALONE)


# Mail programs and their servers press the button without a cookie, many of them from one network;
# the secret in the address is all that is asked for. What is only looked at is limited.
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@limited(Act.TOKEN_LOOKUP, methods={"GET", "HEAD"})
def stop(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a button, and delete the subscription when it is pressed (RFC 8058: without redirect).

    Once it has ended, the link goes on to say so.
    """
    try:
        subscription = services.find_subscription(secret)
    except services.SubscriptionEnded:
        return _ended(request)
    except services.SubscriptionNotFound:
        return _unknown(request)
    if request.method == "POST":
        services.unsubscribe(subscription=subscription)
        return _ended(request)
    context = _context(subscription) | {"ending": ending_with(subscription)}
    return discreet(render(request, "consultations/follow_stop.html", context))


def _context(subscription: Subscription) -> dict[str, Any]:
    return {"subscription": subscription, "secret": stop_secret_of(subscription)}


def _ended(request: HttpRequest) -> HttpResponse:
    return discreet(render(request, "consultations/follow_stopped.html"))


def _unknown(request: HttpRequest) -> HttpResponse:
    """Answer to every link that opens nothing alike."""
    response = render(
        request, "consultations/follow_link_invalid.html", status=HTTPStatus.NOT_FOUND
    )
    return discreet(response)
