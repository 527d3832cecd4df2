"""Following by mail ends by one click, for whoever holds the link and for nobody else."""

import re
from http import HTTPStatus

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from consultations import services
from consultations.models import Subscription
from consultations.services.subscription import stop_secret_of
from tests import factories
from tests.integration.following import (
    WANG,
    a_follower,
    html_of,
    link_in,
    subscribe,
    tell_opened,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ready("a_matter")]


def test_one_click_in_the_mail_program_stops_without_cookie_or_token():
    follower = a_follower()
    factories.an_open_round()
    tell_opened()
    (message,) = mail.outbox
    raw = message.message()
    assert raw["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.fullmatch(r"<http://testserver(\S+)>", raw["List-Unsubscribe"])[1]
    assert path == link_in(message, "stop")
    assert path in html_of(message)

    program = Client(enforce_csrf_checks=True)
    for _ in range(2):
        response = program.post(path, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == HTTPStatus.OK
        assert not response.cookies
    assert not Subscription.objects.filter(pk=follower.pk).exists()


def test_opening_the_link_asks_first_and_names_what_ends(client):
    item = factories.a_matter()
    follower = a_follower(item=item)
    path = reverse("subscriptions:stop", args=[stop_secret_of(follower)])
    response = client.get(path)
    assert response.status_code == HTTPStatus.OK
    assert item.title in response.content.decode()
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert Subscription.objects.count() == 1
    assert WANG not in response.content.decode()
    assert client.post(path).status_code == HTTPStatus.OK
    assert not Subscription.objects.exists()
    assert client.get(path).status_code == HTTPStatus.OK, "the link says that it has ended"


def test_who_stops_gets_no_more_mail_about_the_matter_whatever_it_came_from():
    item = factories.a_matter()
    everything = a_follower()
    unit = a_follower(unit=item.lead_unit)
    matter = a_follower(item=item)
    elsewhere = a_follower(item=factories.a_matter())
    stranger = a_follower("li@example.com")

    def left():
        return set(Subscription.objects.values_list("pk", flat=True))

    services.unsubscribe(subscription=matter)
    assert left() == {elsewhere.pk, stranger.pk}
    again = a_follower(unit=item.lead_unit)
    services.unsubscribe(subscription=a_follower())
    assert left() == {again.pk, elsewhere.pk, stranger.pk}
    assert everything.pk not in left()
    assert unit.pk not in left()


def test_who_was_entered_by_a_stranger_can_have_that_alone_deleted(client, committed):
    mine = a_follower()
    with committed():
        subscribe(item=factories.a_matter())
    assert client.post(link_in(mail.outbox[0], "stop")).status_code == HTTPStatus.OK
    assert list(Subscription.objects.all()) == [mine]


@pytest.mark.parametrize("secret", ["x", "a.b", "%00", "汉字", "a" * 2000])
def test_a_made_up_link_opens_nothing(client, secret):
    a_follower()
    path = f"/subscriptions/stop/{secret}/"
    assert client.get(path).status_code == HTTPStatus.NOT_FOUND
    assert client.post(path).status_code == HTTPStatus.NOT_FOUND
    assert client.get(f"/subscriptions/confirm/{secret}/").status_code == HTTPStatus.NOT_FOUND
    assert Subscription.objects.count() == 1


def test_neither_the_database_nor_the_signing_key_alone_opens_a_link(settings):
    follower = a_follower()
    secret = stop_secret_of(follower)
    assert services.find_subscription(secret) == follower
    assert follower.link_key in secret
    assert WANG not in secret
    with pytest.raises(services.SubscriptionNotFound):
        services.find_subscription(follower.link_key)
