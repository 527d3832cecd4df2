"""What following by mail takes: asking, confirming, the clock, and the mails that go out."""

import re
from datetime import timedelta
from http import HTTPStatus

from captcha.models import CaptchaStore
from django.utils import timezone

from consultations import services
from consultations.models import Subscription
from portal.core.models import OutboxMessage
from portal.core.outbox import deliver_due

SOON = timedelta(seconds=1)
WANG = "wang@example.com"
PAGE = "/subscriptions/"
LINK = re.compile(r"http://testserver(/subscriptions/(confirm|stop)/[^/\s]+/)")


def deliver(at=None):
    """Carry out all that is due, and what that promised in turn."""
    while deliver_due(at=at or timezone.now() + SOON):
        pass


def subscribe(email=WANG, *, at=None, language="zh-hans", **scope):
    services.subscribe(email=email, language=language, at=at or timezone.now(), **scope)


def a_follower(email=WANG, **scope):
    """Somebody who has confirmed; the mails of that are forgotten."""
    subscribe(email, **scope)
    subscription = Subscription.objects.latest("pk")
    at = timezone.now()
    token = services.new_subscription_token(subscription=subscription, at=at)
    services.confirm_subscription(token=token, at=at)
    OutboxMessage.objects.filter(topic="subscription.asked").delete()
    return Subscription.objects.get(pk=subscription.pk)


def html_of(message):
    (alternative,) = message.alternatives
    return alternative.content


def link_in(message, kind):
    return next(path for path, found in LINK.findall(message.body) if found == kind)


def tell_opened(at=None):
    """What the clock does about rounds that are open now, and the mails about it."""
    services.tell_opened_rounds(at=at or timezone.now())
    deliver(at and at + SOON)


def filled_in(client, path=PAGE, **values):
    """What a browser would send, the captcha solved."""
    response = client.get(path)
    assert response.status_code == HTTPStatus.OK
    return (
        solved(response)
        | {"form_key": str(response.context["form"]["form_key"].value())}
        | {"scope": "everything", "email": WANG}
        | values
    )


def solved(response):
    key = re.search(r'name="captcha_0" value="(\w+)"', response.content.decode())[1]
    return {"captcha_0": key, "captcha_1": CaptchaStore.objects.get(hashkey=key).response}
