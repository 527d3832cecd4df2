"""Following by mail: asked for, confirmed, and stopped with one click."""

import uuid
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlencode

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.conf import settings as django_settings
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from consultations import services
from consultations.models import DecisionItemPage, Subscription
from consultations.services.subscription import REPEAT_PAUSE, address_digest
from home.management.commands.tick import Command as Tick
from portal.core.models import OutboxMessage
from portal.core.throttle import Act
from tests import factories
from tests.integration.following import (
    PAGE,
    SOON,
    WANG,
    a_follower,
    deliver,
    filled_in,
    html_of,
    link_in,
    subscribe,
)

pytestmark = pytest.mark.django_db

TWO_DAYS = timedelta(hours=48)


def asked_mails():
    return OutboxMessage.objects.filter(topic="subscription.asked").count()


# Asking and confirming


@pytest.mark.parametrize(
    ("cookie", "lang", "word"), [("zh-hans", "zh-Hans", "订阅"), ("en", "en", "follow")]
)
def test_somebody_follows_everything_in_their_language(client, committed, cookie, lang, word):
    client.cookies["lang"] = cookie
    with committed():
        response = client.post(PAGE, filled_in(client))
    assert response.status_code == HTTPStatus.FOUND
    assert response.url == f"{PAGE}sent/"
    sent = client.get(response.url)
    assert sent.status_code == HTTPStatus.OK
    assert WANG not in sent.content.decode()

    (message,) = mail.outbox
    assert message.to == [WANG]
    assert word in message.body
    assert f'lang="{lang}"' in html_of(message)
    path = link_in(message, "confirm")
    asked = client.get(path)
    assert asked.status_code == HTTPStatus.OK
    assert "<button" in asked.content.decode()
    assert not Subscription.objects.confirmed().exists(), "a mail scanner's GET confirms nothing"

    done = client.post(path)
    assert done.status_code == HTTPStatus.OK
    assert Subscription.objects.confirmed().get().email == WANG
    assert client.post(path).status_code == HTTPStatus.NOT_FOUND, "a link works once"
    for page in (response, sent, asked, done):
        assert "no-store" in page["Cache-Control"]


def test_a_unit_or_a_matter_can_be_followed(client):
    item = factories.a_matter()
    factories.a_unit("市教育局", "教育局")
    path = f"{PAGE}?matter={item.pk}"
    form = client.get(path).context["form"]
    assert form["scope"].value() == "matter"
    units = [label for _code, label in form.fields["unit"].choices]
    assert "市住房和城乡建设局" in units
    assert "市教育局" not in units, "it has no public matter"

    assert client.post(path, filled_in(client, path, scope="matter")).status_code == 302
    by_unit = {"scope": "unit", "unit": item.lead_unit.code}
    assert client.post(PAGE, filled_in(client, **by_unit)).status_code == 302
    assert list(Subscription.objects.order_by("pk").values_list("item", "unit")) == [
        (item.pk, None),
        (None, item.lead_unit.pk),
    ]


@pytest.mark.parametrize("matter", ["", "x", "0", "-1", "9" * 40, "１", "\x00", "1 OR 1"])
def test_without_a_public_matter_the_form_offers_the_rest(client, matter):
    response = client.get(PAGE, {"matter": matter})
    assert response.status_code == HTTPStatus.OK
    assert [value for value, _label in response.context["form"].fields["scope"].choices] == [
        "everything",
        "unit",
    ]


def test_a_matter_that_is_not_public_cannot_be_followed(client):
    draft = factories.a_draft_matter()
    path = f"{PAGE}?matter={draft.pk}"
    assert draft.title not in client.get(path).content.decode()
    response = client.post(path, filled_in(client, path, scope="matter"))
    assert response.context["form"].errors.keys() == {"scope"}


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"email": ""}, "email"),
        ({"email": "wang"}, "email"),
        ({"email": "a@example.com\r\nBcc: b@example.com"}, "email"),
        ({"email": "a@example.com\u2028Bcc: b@example.com"}, "email"),
        ({"email": "a%0aBcc: b@example.com"}, "email"),
        ({"email": "\x00@example.com"}, "email"),
        ({"email": f"{'a' * 400}@example.com"}, "email"),
        ({"scope": ""}, "scope"),
        ({"scope": "matter"}, "scope"),
        ({"scope": "\x00"}, "scope"),
        ({"scope": "unit"}, "unit"),
        ({"scope": "unit", "unit": "\x00"}, "unit"),
        ({"scope": "unit", "unit": "nowhere"}, "unit"),
        ({"captcha_1": "0000"}, "captcha"),
        ({"honeypot": "x"}, "honeypot"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_comes_back(client, values, wrong):
    factories.a_matter()
    response = client.post(PAGE, filled_in(client, **values))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    form = response.context["form"]
    assert form.errors.keys() == {wrong}
    assert form["email"].value() == values.get("email", WANG)
    assert 'class="error-summary"' in response.content.decode()
    assert not Subscription.objects.exists()
    assert not asked_mails()


def test_another_picture_without_a_script_keeps_everything(client):
    factories.a_matter()
    sent = filled_in(client, scope="unit", captcha_1="", another_picture="1")
    response = client.post(PAGE, sent)
    assert response.status_code == HTTPStatus.OK
    form = response.context["form"]
    assert not form.errors
    assert (form["scope"].value(), form["email"].value()) == ("unit", WANG)
    assert sent["captcha_0"] not in response.content.decode()


def test_the_answer_does_not_tell_whether_the_address_is_known(client):
    a_follower()
    known = client.post(PAGE, filled_in(client))
    unknown = client.post(PAGE, filled_in(client, email="li@example.com"))
    for one, other in ((known, unknown), (client.get(known.url), client.get(unknown.url))):
        assert (one.status_code, one.content) == (other.status_code, other.content)
    assert asked_mails() == 2


def test_who_follows_already_is_told_so_and_nothing_changes():
    follower = a_follower()
    subscribe("Wang@Example.com ")
    deliver()
    (message,) = mail.outbox
    assert message.to == [WANG]
    assert "/confirm/" not in message.body
    assert link_in(message, "stop")
    follower.refresh_from_db()
    assert Subscription.objects.get().confirmed_at == follower.confirmed_at


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "档案检索"), ("en", "a search of the")]
)
def test_a_mail_that_nobody_has_asked_for_holds_no_words_of_a_stranger(language, words, is_known):
    """Anybody can type a text and somebody else's address: the words are behind the link."""
    question = urlencode({"q": "您的账户已冻结\r\n\r\n请打开 http://evil.example/"})
    if is_known:
        a_follower(question=question)
    subscribe(question=question, language=language)
    Subscription.objects.update(language=language)
    deliver()
    (message,) = mail.outbox
    for text in (message.subject, message.body, html_of(message)):
        assert words in text
        assert "账户" not in text
        assert "evil.example" not in text


def test_the_words_of_a_question_are_shown_behind_the_link_in_one_line(client):
    subscribe(question=urlencode({"q": "停车\r\n收费\u2028标准"}))
    deliver()
    assert (
        "档案检索“停车 收费 标准”"
        in client.get(link_in(mail.outbox[0], "confirm")).content.decode()
    )
    assert Subscription.objects.get().followed == "档案检索“停车 收费 标准”"


def test_asking_twice_makes_one_subscription_and_in_quick_order_one_mail():
    now = timezone.now()
    subscribe(at=now)
    subscribe("WANG@example.com", at=now + REPEAT_PAUSE / 2)
    assert asked_mails() == 1
    subscribe(at=now + REPEAT_PAUSE)
    assert asked_mails() == 2
    assert Subscription.objects.count() == 1


def test_a_form_sent_twice_is_answered_as_if_it_had_been_sent_once(client):
    sent = filled_in(client)
    answers = [client.post(PAGE, sent) for _ in range(2)]
    assert [answer.url for answer in answers] == [f"{PAGE}sent/"] * 2
    assert asked_mails() == 1
    other = client.post(PAGE, sent | {"form_key": str(uuid.uuid4())})
    assert other.context["form"].errors.keys() == {"captcha"}


def test_the_link_ends_after_two_days_and_only_the_newest_works(client):
    now = timezone.now()
    subscribe(at=now)
    subscription = Subscription.objects.get()
    first, second = (
        services.new_subscription_token(subscription=subscription, at=now) for _ in range(2)
    )

    def status(token):
        return client.get(reverse("subscriptions:confirm", args=[token])).status_code

    assert status(first) == HTTPStatus.NOT_FOUND
    assert status(second) == HTTPStatus.OK
    assert second not in str(Subscription.objects.values_list("confirm_digest"))
    with time_machine.travel(now + TWO_DAYS + SOON):
        assert status(second) == HTTPStatus.NOT_FOUND
        with pytest.raises(services.SubscriptionNotFound):
            services.confirm_subscription(token=second, at=timezone.now())


def test_what_is_not_confirmed_is_forgotten_after_two_days(monkeypatch):
    monkeypatch.setattr("consultations.services.subscription.BATCH", 2)
    now = timezone.now()
    for number in range(3):
        subscribe(f"{number}@example.com", at=now - TWO_DAYS - SOON)
    subscribe("late@example.com", at=now - TWO_DAYS + timedelta(minutes=1))
    a_follower()
    OutboxMessage.objects.all().delete()
    Tick().tick()
    assert Subscription.objects.count() == 3, "a few at a time"
    Tick().tick()
    assert sorted(one.email for one in Subscription.objects.all()) == ["late@example.com", WANG]


def test_asked_again_after_two_days_it_is_asked_anew():
    now = timezone.now()
    subscribe(at=now - TWO_DAYS - SOON)
    subscribe(at=now)
    assert services.forget_unconfirmed_subscriptions(at=now) == 0
    assert Subscription.objects.get().confirm_by == now + TWO_DAYS


# Limits


@pytest.mark.parametrize("act", [Act.SUBSCRIPTION_FROM_NETWORK, Act.SUBSCRIPTION_BY_EMAIL])
def test_beyond_the_limits_what_was_typed_comes_back_with_the_time_to_send_it(
    client, settings, act
):
    factories.a_matter()
    settings.THROTTLES = settings.THROTTLES | {act: {"most": 1, "seconds": 600}}
    assert client.post(PAGE, filled_in(client)).status_code == HTTPStatus.FOUND
    response = client.post(PAGE, filled_in(client, scope="unit", email="Wang@example.com"))
    assert response.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert 1 <= int(response["Retry-After"]) <= 600
    form = response.context["form"]
    assert (form["scope"].value(), form["email"].value()) == ("unit", "Wang@example.com")
    assert 'role="alert"' in response.content.decode()
    assert asked_mails() == 1


def test_wrong_captchas_do_not_use_up_anothers_mailbox(client, settings):
    settings.THROTTLES = settings.THROTTLES | {
        Act.SUBSCRIPTION_BY_EMAIL: {"most": 1, "seconds": 600}
    }
    for _ in range(3):
        assert client.post(PAGE, filled_in(client, captcha_1="0000")).status_code == 422
    assert client.post(PAGE, filled_in(client)).status_code == HTTPStatus.FOUND


# What is kept


def test_the_address_is_stored_encrypted_and_recognised_by_a_keyed_digest(settings):
    subscribe()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM consultations_subscription")
        stored = str(cursor.fetchall())
    assert "wang" not in stored.casefold()
    digest = address_digest(WANG)
    assert address_digest(" WANG@example.COM") == digest
    settings.SECRET_KEY = "another"
    assert address_digest(WANG) != digest


def test_the_database_keeps_one_meaning_and_one_row():
    item = factories.a_matter()
    common = {"email": WANG, "email_digest": "1", "language": "en", "confirm_by": timezone.now()}
    for scope in ({}, {"unit": item.lead_unit}, {"item": item}):
        Subscription.objects.create(**common, **scope)
        with pytest.raises(IntegrityError), transaction.atomic():
            Subscription.objects.create(**common, **scope)
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(**common, item=item, unit=item.lead_unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(
            **common | {"email_digest": "2", "confirmed_at": timezone.now()}
        )


def test_after_the_rotation_the_old_key_can_go(settings):
    subscribe()
    old, new = settings.PERSONAL_DATA_KEYS[0], Fernet.generate_key().decode()
    settings.PERSONAL_DATA_KEYS = [new, old]
    call_command("rotate_personal_data_keys")
    settings.PERSONAL_DATA_KEYS = [new]
    assert Subscription.objects.get().email == WANG


def test_with_a_matter_go_its_subscriptions():
    item = factories.a_draft_matter()
    other = a_follower()
    a_follower(item=item)
    DecisionItemPage.objects.get(pk=item.pk).delete()
    assert list(Subscription.objects.all()) == [other]


def test_matter_round_and_footer_lead_to_the_form(client):
    page = factories.an_open_round()
    follow_it = f"{PAGE}?matter={page.item.pk}"
    for path in (page.item.url, page.url):
        shown = client.get(path).content.decode()
        assert f'href="{follow_it}"' in shown
        assert f'href="{PAGE}"' in shown


def test_the_form_says_what_becomes_of_the_address(client):
    client.cookies["lang"] = "en"
    shown = client.get(PAGE).content.decode()
    assert "encrypted" in shown
    assert "deleted" in shown
    assert shown.count("<h1") == 1
    assert django_settings.THROTTLES[Act.SUBSCRIPTION_BY_EMAIL]["most"] >= 5
