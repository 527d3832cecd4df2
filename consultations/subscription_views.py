"""Following by mail: ask for it, confirm it by the mailed link, stop it by the link in every mail.

No page tells whether an address is known; a mail scanner's GET neither confirms nor stops.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
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


@dataclass(frozen=True)
class Offer:
    """What the visitor came from and can follow by itself.

    Attributes:
        address: of the form.
        scope: its value in the form, or empty when the visitor came from nowhere.
        label: how it is called there.
        wanted: what `services.subscribe` is told when it is chosen.
        unit_code: the unit that is at hand beside it.
        back_url: where the visitor came from.
        back_label: the link to there.
        feed_url: of a feed of the same; empty if there is none.

    """

    address: str
    scope: str = ""
    label: str = ""
    wanted: Mapping[str, Any] = field(default_factory=dict)
    unit_code: str = ""
    back_url: str = ""
    back_label: str = ""
    feed_url: str = ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form, and take in what it sends."""
    matter = _public_matter(request.GET.get("matter", ""))
    return follow(request, _matter_offer(matter) if matter else Offer(reverse("subscriptions:new")))


def _matter_offer(matter: DecisionItemPage) -> Offer:
    return Offer(
        address=f"{reverse('subscriptions:new')}?matter={matter.pk}",
        scope=SubscriptionForm.MATTER,
        label=_("This matter: %(title)s") % {"title": matter.title},
        wanted={"item": matter},
        unit_code=matter.lead_unit.code if matter.lead_unit else "",
        back_url=matter.url,
        back_label=_("Back to the matter"),
    )


def follow(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Show the form with what is offered, and take in what it sends; never to be cached."""
    at = timezone.now()
    if request.method == "POST":
        return _answer(request, offer, at=at)
    scope = offer.scope or SubscriptionForm.EVERYTHING
    form = _new_form(offer, initial={"scope": scope, "unit": offer.unit_code})
    return _form(request, offer, form, HTTPStatus.OK)


def _answer(request: HttpRequest, offer: Offer, *, at: datetime) -> HttpResponse:
    """Answer a form that was sent; what was typed and not taken comes back."""
    network = network_digest(request, at=at)
    if SubscriptionForm.ANOTHER_PICTURE in request.POST:
        verdict = count(Act.CAPTCHA_NEW, network, at=at)
        return _again(request, offer, verdict, at=at)
    mailbox = mailbox_digest(request.POST.get("email", ""), at=at)
    verdict = count(Act.SUBSCRIPTION_FROM_NETWORK, network, at=at)
    verdict |= foresee(Act.SUBSCRIPTION_BY_EMAIL, mailbox, at=at)
    if verdict.retry_at is not None:
        return _again(request, offer, verdict, at=at)
    form = _new_form(offer, data=request.POST)
    # The captcha is used up and the promise made in one transaction, so of two requests sent by a
    # double click the second waits, finds the captcha gone, and gets the first one's answer.
    with transaction.atomic():
        is_taken = _take_in(form, offer, at=at)
    if is_taken:
        count(Act.SUBSCRIPTION_BY_EMAIL, mailbox, at=at)
    if is_taken or _was_taken(form):
        return redirect("subscriptions:sent")
    return _form(request, offer, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _take_in(form: SubscriptionForm, offer: Offer, *, at: datetime) -> bool:
    """Ask for what a form says; return False if something is wrong with it."""
    if not form.is_valid():
        return False
    wanted = form.cleaned_data
    scope = wanted["scope"]
    what = offer.wanted if scope == offer.scope else {}
    if scope == SubscriptionForm.UNIT:
        what = {"unit": wanted["unit"]}
    services.subscribe(
        email=wanted["email"], language=get_language() or settings.LANGUAGE_CODE, at=at, **what
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


def _again(request: HttpRequest, offer: Offer, verdict: Verdict, *, at: datetime) -> HttpResponse:
    """Show the form as it was sent, unread, with another picture, and how long to wait if so."""
    written = request.POST
    initial = {name: written[name] for name in SubscriptionForm.WRITTEN if name in written}
    form = _new_form(offer, initial=initial)
    if verdict.retry_at is None:
        return _form(request, offer, form, HTTPStatus.OK)
    # In words the instant is cut to the minute, which must not be too early.
    retry_at = verdict.retry_at + timedelta(minutes=1)
    response = _form(request, offer, form, HTTPStatus.TOO_MANY_REQUESTS, retry_at=retry_at)
    response.headers["Retry-After"] = str(verdict.retry_after(at=at))
    return response


def _new_form(
    offer: Offer,
    *,
    data: Mapping[str, Any] | None = None,
    initial: dict[str, Any] | None = None,
) -> SubscriptionForm:
    return SubscriptionForm(
        units=_units_with_matters(),
        offered=(offer.scope, offer.label) if offer.scope else None,
        data=data,
        initial=initial,
    )


def _form(
    request: HttpRequest,
    offer: Offer,
    form: SubscriptionForm,
    status: HTTPStatus,
    *,
    retry_at: datetime | None = None,
) -> HttpResponse:
    """Show the form; context: form, offer, retry_at."""
    context = {"form": form, "offer": offer, "retry_at": retry_at}
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
