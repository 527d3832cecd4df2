"""Following by mail: asked for, confirmed, told once, and stopped with one click."""

import re
import uuid
from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from captcha.models import CaptchaStore
from cryptography.fernet import Fernet
from django.conf import settings as django_settings
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consultations import services
from consultations.models import Announcement, ConsultationPage, DecisionItemPage, Subscription
from consultations.services.notices import BATCH
from consultations.services.subscription import REPEAT_PAUSE, address_digest, stop_secret_of
from decisions import services as decision_services
from decisions.models import DecisionPage
from home.management.commands.tick import Command as Tick
from portal.core.models import OutboxMessage
from portal.core.outbox import deliver_due
from portal.core.throttle import Act
from tests import factories

pytestmark = pytest.mark.django_db

SOON = timedelta(seconds=1)
TWO_DAYS = timedelta(hours=48)
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


def asked_mails():
    return OutboxMessage.objects.filter(topic="subscription.asked").count()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Carry out what a commit starts, as outside tests."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


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


# Stopping


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


# News


def test_a_round_that_opens_is_told_once_to_each_person():
    item = factories.a_matter()
    for scope in ({}, {"unit": item.lead_unit}, {"item": item}):
        a_follower(**scope)
    a_follower("li@example.com", unit=item.lead_unit)
    a_follower("zhao@example.com", unit=factories.a_unit("市教育局", "教育局"))
    a_follower("qian@example.com", item=factories.a_matter())
    subscribe("unsure@example.com")
    OutboxMessage.objects.all().delete()
    page = factories.an_open_round(item)
    tell_opened()
    assert sorted(message.to[0] for message in mail.outbox) == ["li@example.com", WANG]
    for message in mail.outbox:
        assert page.title in message.body
        assert f"http://testserver{page.url}" in message.body
        assert f"http://testserver{page.url}" in html_of(message)
    narrowest = Subscription.objects.get(item=item)
    both = next(message for message in mail.outbox if message.to == [WANG])
    assert stop_secret_of(narrowest) in both.body

    services.open_round(page=page, by=factories.a_publisher(), at=timezone.now())
    tell_opened()
    assert len(mail.outbox) == 2


def test_a_round_published_beforehand_is_told_when_it_opens():
    a_follower()
    page = factories.a_scheduled_round()
    tell_opened()
    assert mail.outbox == []
    with time_machine.travel(timezone.now() + timedelta(days=11)):
        Tick().tick()
        Tick().tick()
        Tick().tick()
    (message,) = mail.outbox
    assert page.title in message.subject


def test_a_round_whose_time_is_over_is_not_told_any_more():
    a_follower()
    page = factories.an_open_round()
    services.tell_opened_rounds(at=timezone.now())
    deliver(at=timezone.now() + timedelta(days=60))
    factories.a_closed_round(factories.a_matter())
    tell_opened()
    assert mail.outbox == []
    assert Announcement.objects.get().page_id == page.pk


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "订阅"), ("en", "You follow")])
def test_adoption_summary_and_decision_are_told_once(language, word):
    round_ = factories.a_closed_round()
    follower = a_follower(item=round_.item)
    Subscription.objects.filter(pk=follower.pk).update(language=language)
    OutboxMessage.objects.all().delete()
    report = factories.a_summary(round_)
    deliver()
    services.publish_feedback(page=report, by=factories.a_publisher(), at=timezone.now())
    deliver()
    (summary,) = mail.outbox
    assert f"http://testserver{report.url}" in summary.body

    page = factories.a_decision(
        factories.a_decided_matter(factories.a_reviewed_matter(round_.item))
    )
    deliver()
    page = DecisionPage.objects.get(pk=page.pk)
    decision_services.publish_decision(page=page, by=factories.a_publisher(), at=timezone.now())
    deliver()
    decision = mail.outbox[1]
    assert len(mail.outbox) == 2
    assert f"http://testserver{page.url}" in decision.body
    assert page.document_no in decision.body
    for message in mail.outbox:
        assert word in message.body
        assert word in html_of(message)
        assert link_in(message, "stop")
        assert not re.search(r'<(script|img|link)|(src|style)="', html_of(message))


def test_a_promise_repeated_after_a_crash_is_kept_once():
    a_follower()
    report = factories.a_summary()
    deliver()
    now = timezone.now()
    for _ in range(2):
        OutboxMessage.objects.create(
            topic="summary.published", payload={"report": report.pk}, created_at=now, due_at=now
        )
    deliver()
    assert len(mail.outbox) == 1


def test_who_stopped_between_promise_and_mail_gets_none():
    item = factories.a_matter()
    follower, other = a_follower(item=item), a_follower(unit=item.lead_unit)
    stranger = a_follower("li@example.com")
    factories.an_open_round(item)
    services.tell_opened_rounds(at=timezone.now())
    other.delete()
    stranger.delete()
    deliver()
    assert [message.to for message in mail.outbox] == [[WANG]]
    assert stop_secret_of(follower) in mail.outbox[0].body


def test_one_bad_address_blocks_nobody():
    bad = a_follower("bad@example.com")
    Subscription.objects.filter(pk=bad.pk).update(email="a@example.com\nBcc: b@example.com")
    a_follower()
    factories.an_open_round()
    tell_opened()
    assert [message.to for message in mail.outbox] == [[WANG]]
    assert OutboxMessage.objects.failing().count() == 1


def test_a_line_end_in_a_title_makes_no_header():
    follower = a_follower()
    page = factories.an_open_round()
    ConsultationPage.objects.filter(pk=page.pk).update(
        title="办法\r\nBcc: someone@example.com\u2028X-Other: 1 <b>粗</b>"
    )
    tell_opened()
    (message,) = mail.outbox
    assert message.recipients() == [follower.email]
    assert "Bcc" not in message.message()
    assert "<b>" not in html_of(message)


def test_nothing_personal_waits_in_the_outbox_or_is_logged(caplog):
    caplog.set_level("DEBUG")
    a_follower()
    subscribe("li@example.com")
    factories.an_open_round()
    tell_opened()
    stored = str(list(OutboxMessage.objects.values_list("payload", "last_error")))
    assert "example.com" not in stored + caplog.text


def crowd(count):
    """So many followers of everything, of whom every second also follows a unit."""
    unit = factories.a_unit()
    now = timezone.now()
    rows = [
        Subscription(
            email=f"{number}@example.com",
            email_digest=address_digest(f"{number}@example.com"),
            unit=unit if twice else None,
            language="zh-hans",
            confirmed_at=now,
        )
        for number in range(count)
        for twice in range(1 + number % 2)
    ]
    Subscription.objects.bulk_create(rows, batch_size=BATCH)


def test_telling_a_crowd_reads_once_and_writes_in_batches():
    page = factories.an_open_round()
    read, written = {}, {}
    for count in (1, BATCH + 1, 4 * BATCH):
        Subscription.objects.all().delete()
        Announcement.objects.all().delete()
        OutboxMessage.objects.all().delete()
        crowd(count)
        with CaptureQueriesContext(connection) as captured:
            assert services.tell_opened_rounds(at=timezone.now()) == count
        statements = [one["sql"].split()[0] for one in captured.captured_queries]
        read[count] = statements.count("SELECT")
        written[count] = statements.count("INSERT")
        assert OutboxMessage.objects.filter(topic="round.news").count() == count
    assert len(set(read.values())) == 1, read
    # SQLite takes fewer values in one statement than a batch has.
    assert all(written[count] <= 2 + count / 100 for count in written), written
    assert Announcement.objects.get().page_id == page.pk


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
