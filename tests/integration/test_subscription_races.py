"""Following by mail when two requests, or two clocks, come at the same moment."""

from django.test import Client
from django.utils import timezone

from consultations import services
from consultations.models import Subscription
from portal.core.models import OutboxMessage
from tests import factories
from tests.integration.following import PAGE, WANG, a_follower, filled_in, subscribe
from tests.integration.together import AT_ONCE, TOGETHER, together

pytestmark = AT_ONCE


def promised(topic):
    return OutboxMessage.objects.filter(topic=topic).count()


def test_one_form_sent_many_times_promises_one_mail_and_is_answered_alike():
    sent = filled_in(Client())
    answers = together(lambda n: Client().post(PAGE, sent))
    assert {answer.url for answer in answers} == {f"{PAGE}sent/"}
    assert Subscription.objects.get().email == WANG
    assert promised("subscription.asked") == 1


def test_one_address_asked_for_many_times_is_one_subscription():
    now = timezone.now()
    together(lambda n: subscribe(at=now))
    assert Subscription.objects.count() == 1
    assert promised("subscription.asked") == 1


def test_one_token_begins_one_subscription():
    subscribe()
    now = timezone.now()
    token = services.new_subscription_token(subscription=Subscription.objects.get(), at=now)

    def confirm(n):
        try:
            return services.confirm_subscription(token=token, at=now)
        except services.SubscriptionNotFound:
            return None

    assert sum(result is not None for result in together(confirm)) == 1


def test_many_clocks_tell_a_round_once():
    a_follower()
    factories.an_open_round()
    now = timezone.now()
    told = together(lambda n: services.tell_opened_rounds(at=now))
    assert sorted(told) == [0] * (TOGETHER - 1) + [1]
    assert promised("round.news") == 1
