"""An opinion from the form to the page, and everything that may go wrong on the way."""

import re
import uuid
from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from captcha.models import CaptchaStore
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from consultations import services
from consultations.lifecycle import CONFIRMATION_HOURS, Display, Intake
from consultations.models import Opinion, OpinionPoint
from home.management.commands.tick import Command as Tick
from portal.core.models import OutboxMessage
from tests import factories

pytestmark = pytest.mark.django_db

A_LITTLE_WHILE = timedelta(seconds=10)
LONG = "我认为第二条应当写明充电端口由谁维护。" * 166  # 3,154 characters


@pytest.fixture
def page():
    return factories.an_open_round()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Carry out what a commit starts, as outside tests."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def fetched_form(client, page, **query):
    """Fetch the form as a browser does and return what it would send, captcha solved.

    It was fetched a little while ago, as nobody fills in a form in no time.
    """
    with time_machine.travel(timezone.now() - A_LITTLE_WHILE):
        response = client.get(reverse("opinions:write", args=[page.pk]), query)
    assert response.status_code == HTTPStatus.OK
    form = response.context["form"]
    sent = {name: form[name].value() for name in form.fields if name != "captcha"}
    key = re.search(r'name="captcha_0" value="(\w+)"', response.content.decode())[1]
    return {
        **{name: value for name, value in sent.items() if value is not None},
        "captcha_0": key,
        "captcha_1": CaptchaStore.objects.get(hashkey=key).response,
        "text": "建议放宽到一年。",
        "email": "wang@example.com",
        "publicity": "masked",
    }


def send(client, page, data):
    return client.post(reverse("opinions:write", args=[page.pk]), data)


def link_in(message):
    return re.search(r"http://testserver(/opinions/confirm/\S+)", message.body)[1]


def test_the_whole_journey_of_3000_characters(client, page, committed):
    data = fetched_form(client, page) | {"text": LONG, "name": "王小明"}
    with committed():
        response = client.post(reverse("opinions:write", args=[page.pk]), data, follow=True)
    opinion = Opinion.objects.get()
    assert opinion.receipt_no in response.content.decode()
    assert opinion.comment == LONG
    assert opinion.display == Display.PENDING

    (message,) = mail.outbox
    assert message.to == ["wang@example.com"]
    assert opinion.receipt_no in message.body
    link = link_in(message)
    assert client.get(link).status_code == HTTPStatus.OK
    assert client.head(link).status_code == HTTPStatus.OK
    opinion.refresh_from_db()
    assert opinion.confirmed_at is None, "looking at the link confirms nothing"

    assert client.post(link).status_code == HTTPStatus.OK
    opinion.refresh_from_db()
    assert opinion.confirmed_at is not None
    assert LONG not in client.get(page.url).content.decode(), "not before a moderator has read it"

    services.publish_opinion(opinion=opinion, by=factories.a_clerk(), at=timezone.now())
    shown = client.get(page.url).content.decode()
    assert LONG in shown
    assert "王**" in shown
    assert "王小明" not in shown
    assert "wang@example.com" not in shown


def test_an_opinion_on_one_article_stands_at_that_article(client, page):
    article = page.articles[1]
    data = fetched_form(client, page, article=article.id)
    assert data["article"] == article.id
    send(client, page, data)
    assert OpinionPoint.objects.get().article_id == article.id


def test_names_and_addresses_are_encrypted_at_rest(client, page):
    send(client, page, fetched_form(client, page) | {"name": "王小明"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT author_name, author_email FROM consultations_opinion")
        stored = " ".join(cursor.fetchone())
        cursor.execute("SELECT user_name, user_email, ip_address FROM django_comments")
        base = cursor.fetchone()
    assert "王小明" not in stored
    assert "wang" not in stored
    assert not any(base)
    assert Opinion.objects.get().author_name == "王小明"


def test_the_outbox_holds_no_address_and_no_token(client, page, committed):
    with committed():
        send(client, page, fetched_form(client, page))
    message = OutboxMessage.objects.get(topic="opinion.received")
    assert message.payload == {"opinion": Opinion.objects.get().pk}


def test_with_the_mail_server_down_nothing_is_lost(client, page, committed, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
    with committed():
        response = client.post(
            reverse("opinions:write", args=[page.pk]), fetched_form(client, page), follow=True
        )
    opinion = Opinion.objects.get()
    assert opinion.receipt_no in response.content.decode()
    waiting = OutboxMessage.objects.get(topic="opinion.received")
    assert waiting.done_at is None
    assert waiting.attempts == 1

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    OutboxMessage.objects.update(due_at=timezone.now())
    Tick().tick()
    (message,) = mail.outbox
    assert client.post(link_in(message)).status_code == HTTPStatus.OK
    opinion.refresh_from_db()
    assert opinion.confirmed_at is not None


def test_sending_a_form_twice_gives_one_opinion_and_the_same_receipt(client, page):
    data = fetched_form(client, page)
    first = client.post(reverse("opinions:write", args=[page.pk]), data, follow=True)
    second = client.post(reverse("opinions:write", args=[page.pk]), data, follow=True)
    opinion = Opinion.objects.get()
    for response in (first, second):
        assert opinion.receipt_no in response.content.decode()


def test_other_words_from_an_old_page_are_another_opinion(client, page):
    data = fetched_form(client, page)
    send(client, page, data)
    again = fetched_form(client, page) | {"submission_key": data["submission_key"]}
    assert send(client, page, again | {"text": "另一句话。"}).status_code == HTTPStatus.FOUND
    assert set(Opinion.objects.values_list("comment", flat=True)) == {data["text"], "另一句话。"}


@pytest.mark.parametrize("page_id", ["0", "9" * 30])
def test_an_address_that_no_page_can_have_is_not_found(client, page_id):
    answer = client.get(f"/opinions/write/{page_id}/")
    assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "王\x00"),
        ("text", ""),
        ("text", "  \n "),
        ("text", "长" * 5001),
        ("text", "含有\x00的文字"),
        ("email", ""),
        ("email", "not an address"),
        ("email", "a@example.com\nBcc: b@example.com"),
        ("article", "7f3b9c52-0d1e-4c55-9a64-2f8f1c0f3a11"),
        ("publicity", "shouted"),
        ("captcha_1", "wrong"),
        ("captcha_1", ""),
        ("captcha_0", "no-such-key"),
        ("honeypot", "http://spam.example"),
        ("timestamp", "0"),
        ("timestamp", "text"),
        ("security_hash", "0" * 40),
        ("submission_key", "not-a-key"),
    ],
)
def test_bad_input_is_named_and_the_text_comes_back(client, page, field, value):
    data = fetched_form(client, page) | {"text": "这段话不能丢。"} | {field: value}
    response = send(client, page, data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["form"].errors
    assert not Opinion.objects.exists()
    if field != "text":
        assert "这段话不能丢。" in response.content.decode()
    elif value.strip("\x00 \n"):
        assert value[:50].split("\x00")[0] in response.content.decode()


def test_a_form_that_was_open_too_long_can_be_sent_again(client, page):
    data = fetched_form(client, page) | {"timestamp": "1"}
    response = send(client, page, data)
    form = response.context["form"]
    key = re.search(r'name="captcha_0" value="(\w+)"', response.content.decode())[1]
    again = data | {
        "timestamp": form["timestamp"].value(),
        "security_hash": form["security_hash"].value(),
        "captcha_0": key,
        "captcha_1": CaptchaStore.objects.get(hashkey=key).response,
    }
    with time_machine.travel(timezone.now() + A_LITTLE_WHILE):
        assert send(client, page, again).status_code == HTTPStatus.FOUND
    assert Opinion.objects.count() == 1


def test_a_captcha_works_once_and_not_after_its_time(client, page):
    data = fetched_form(client, page)
    assert send(client, page, data).status_code == HTTPStatus.FOUND
    other = data | {"submission_key": str(uuid.uuid4())}
    assert send(client, page, other).status_code == HTTPStatus.UNPROCESSABLE_ENTITY

    late = fetched_form(client, page)
    CaptchaStore.objects.update(expiration=timezone.now() - timedelta(seconds=1))
    assert send(client, page, late).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Opinion.objects.count() == 1


def test_a_round_that_closed_meanwhile_gives_the_text_back(client, page):
    data = fetched_form(client, page) | {"text": "这段话不能丢。"}
    yesterday = timezone.localdate() - timedelta(days=1)
    type(page).objects.filter(pk=page.pk).update(
        opens_on=yesterday - timedelta(days=30), closes_on=yesterday
    )
    response = send(client, page, data)
    assert response.status_code == HTTPStatus.CONFLICT
    assert "这段话不能丢。" in response.content.decode()
    assert not Opinion.objects.exists()


def test_a_round_that_is_not_open_yet_says_when_it_opens(client):
    page = factories.a_scheduled_round()
    response = client.get(reverse("opinions:write", args=[page.pk]))
    assert response.status_code == HTTPStatus.OK
    assert response.context["is_scheduled"]
    assert "form" not in response.context
    response = send(client, page, {"text": "提前说一句。"})
    assert response.status_code == HTTPStatus.CONFLICT
    assert "提前说一句。" in response.content.decode()


def test_a_page_that_is_not_public_takes_nothing(client, page):
    data = fetched_form(client, page) | {"text": "这段话不能丢。"}
    type(page).objects.filter(pk=page.pk).update(live=False)
    response = send(client, page, data)
    assert response.status_code == HTTPStatus.CONFLICT
    assert "这段话不能丢。" in response.content.decode()
    assert not Opinion.objects.exists()
    assert client.get(reverse("opinions:write", args=[999_999])).status_code == HTTPStatus.NOT_FOUND


def test_unknown_used_and_expired_tokens_meet_the_same_page(client, page):
    opinion = factories.an_unconfirmed_opinion(page)
    now = timezone.now()
    used = services.new_confirmation_token(opinion=opinion, at=now)
    services.confirm(token=used, at=now)
    late = factories.an_unconfirmed_opinion(page)
    expired = services.new_confirmation_token(
        opinion=late, at=now - timedelta(hours=CONFIRMATION_HOURS)
    )
    answers = [
        client.generic(method, reverse("opinions:confirm", args=[token]))
        for method in ("GET", "POST")
        for token in (used, expired, "unknown", "未知", "x" * 500)
    ]
    assert {answer.status_code for answer in answers} == {HTTPStatus.NOT_FOUND}
    bodies = {re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers}
    assert len({body[: body.index("<main")] and len(body) for body in bodies}) <= 5
    late.refresh_from_db()
    assert late.intake(at=now) is Intake.EXPIRED


def test_a_confirmation_after_the_closing_day_still_counts(page):
    last_minute = timezone.now()
    opinion = factories.an_unconfirmed_opinion(page, at=last_minute)
    token = services.new_confirmation_token(opinion=opinion, at=last_minute)
    type(page).objects.filter(pk=page.pk).update(closes_on=timezone.localdate())
    confirmed = services.confirm(token=token, at=last_minute + timedelta(hours=47))
    assert confirmed in Opinion.objects.confirmed()


def test_markup_in_an_opinion_is_shown_as_text(client, page):
    attack = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    factories.a_published_opinion(page, text=attack, name="<b>x</b>", name_consent=True)
    shown = client.get(page.url).content.decode()
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<b>x</b>" not in shown


def test_a_redacted_opinion_never_shows_its_original(client, page):
    opinion = factories.an_opinion(page, text="张三电话13800000000违规停车", article=1)
    services.publish_opinion(
        opinion=opinion,
        redacted_content="〔已隐去〕违规停车",
        by=factories.a_clerk(),
        at=timezone.now(),
    )
    shown = client.get(page.url).content.decode()
    assert "〔已隐去〕违规停车" in shown
    assert "13800000000" not in shown


def test_private_and_withheld_opinions_count_but_are_not_shown(client, page):
    factories.an_opinion(page, text="只给你们看的话", is_private=True)
    factories.a_withheld_opinion(page, text="不展示的话")
    response = client.get(page.url)
    assert response.context["opinion_count"] == 2
    assert response.context["shown_count"] == 0
    for text in ("只给你们看的话", "不展示的话"):
        assert text not in response.content.decode()


def test_the_receipt_number_shows_the_fate_and_neither_text_nor_person(client):
    page = factories.a_closed_round()
    opinion = factories.an_opinion(page, text="请放宽期限", name="王小明")
    factories.an_answered_issue(opinion, reason="已改为十二个月。")
    typed = {"receipt_no": opinion.receipt_no.lower().replace("-", " ")}

    before = client.post(reverse("opinions:status"), typed).content.decode()
    assert "已改为十二个月。" not in before, "an answer is a draft until the summary is public"
    factories.a_summary(page)
    response = client.post(reverse("opinions:status"), typed)
    shown = response.content.decode()
    assert "已改为十二个月。" in shown
    for secret in ("请放宽期限", "王小明", "wang@example.com"):
        assert secret not in shown
    assert opinion.receipt_no not in response.request["PATH_INFO"]


@pytest.mark.parametrize("number", ["", "ZJ-2026-2222-2222", "nonsense", "\x00", "中" * 100])
def test_a_wrong_receipt_number_gets_a_neutral_answer(client, number):
    response = client.post(reverse("opinions:status"), {"receipt_no": number})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_nothing_personal_is_cached_or_kept(client, page):
    for response in (
        client.get(reverse("opinions:write", args=[page.pk])),
        client.get(reverse("opinions:status")),
    ):
        assert "no-store" in response.headers["Cache-Control"]
    public = client.get(page.url)
    assert "public" in public.headers["Cache-Control"]
    assert not public.cookies
