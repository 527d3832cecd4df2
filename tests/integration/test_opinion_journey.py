"""An opinion from the form to the page, and everything that may go wrong on the way."""

import re
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
from tests.integration.journey import (
    A_LITTLE_WHILE,
    address,
    another_form,
    give,
    hidden_fields,
    link_in,
    points_data,
    ready_to_send,
    send,
    solved,
    tell,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]

KEPT = "这段话不能丢。"

LONG = "我认为第二条应当写明充电端口由谁维护。" * 166  # 3,154 characters


@pytest.fixture
def page():
    return factories.an_open_round()


def test_the_whole_journey_of_3000_characters(client, page, committed):
    data = ready_to_send(client, page, LONG, name="王小明")
    with committed():
        response = send(client, page, data, follow=True)
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
    shown = client.get(f"{page.url}opinions/").content.decode()
    assert LONG in shown
    assert "王**" in shown
    assert "王小明" not in shown
    assert "wang@example.com" not in shown


def test_an_opinion_on_one_article_stands_at_that_article(client, page):
    article = page.articles[1]
    form = client.get(address("write", page), {"article": article.id})
    assert article.text in form.content.decode()
    assert form.context["points"].forms[0]["article"].value() == article.id
    give(client, page, article=article.id, stance="amend")
    assert OpinionPoint.objects.get().stance == "amend"
    assert OpinionPoint.objects.get().article_id == article.id


def test_names_and_addresses_are_encrypted_at_rest(client, page):
    give(client, page, name="王小明")
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
        give(client, page)
    message = OutboxMessage.objects.get(topic="opinion.received")
    assert message.payload == {"opinion": Opinion.objects.get().pk}


def test_with_the_mail_server_down_nothing_is_lost(client, page, committed, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
    data = ready_to_send(client, page)
    with committed():
        response = send(client, page, data, follow=True)
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
    data = ready_to_send(client, page)
    first = send(client, page, data, follow=True)
    second = send(client, page, data, follow=True)
    opinion = Opinion.objects.get()
    for response in (first, second):
        assert opinion.receipt_no in response.content.decode()


def test_going_back_and_sending_the_same_words_again_gives_the_same_receipt(client, page):
    form_key = hidden_fields(client.get(address("write", page)))["form_key"]
    for _ in range(2):
        with time_machine.travel(timezone.now() - A_LITTLE_WHILE):
            client.post(
                address("write", page), {"form_key": form_key} | points_data(("同一句话。",))
            )
            tell(client, page)
            data = solved(client.get(address("check", page)))
        response = send(client, page, data, follow=True)
        assert Opinion.objects.get().receipt_no in response.content.decode()


def test_other_words_from_an_old_page_are_another_opinion(client, page):
    form_key = hidden_fields(client.get(address("write", page)))["form_key"]
    for text in ("一句话。", "另一句话。"):
        with time_machine.travel(timezone.now() - A_LITTLE_WHILE):
            client.post(address("write", page), {"form_key": form_key} | points_data((text,)))
            tell(client, page)
            data = solved(client.get(address("check", page)))
        assert send(client, page, data).status_code == HTTPStatus.FOUND
    assert set(Opinion.objects.values_list("comment", flat=True)) == {"一句话。", "另一句话。"}


@pytest.mark.parametrize("page_id", ["0", "9" * 30])
def test_an_address_that_no_page_can_have_is_not_found(client, page_id):
    answer = client.get(f"/opinions/write/{page_id}/")
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_a_captcha_works_once_and_not_after_its_time(client, page):
    data = ready_to_send(client, page)
    other = another_form(data)
    assert send(client, page, data).status_code == HTTPStatus.FOUND
    assert send(client, page, other).status_code == HTTPStatus.UNPROCESSABLE_ENTITY

    late = ready_to_send(client, page)
    CaptchaStore.objects.update(expiration=timezone.now() - timedelta(seconds=1))
    assert send(client, page, late).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Opinion.objects.count() == 1


def test_a_round_that_closed_meanwhile_gives_the_text_back(client, page):
    data = ready_to_send(client, page, KEPT)
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
    response = client.post(address("write", page), points_data(("提前说一句。",)))
    assert response.status_code == HTTPStatus.CONFLICT
    assert "提前说一句。" in response.content.decode()


def test_a_page_that_is_not_public_takes_nothing(client, page):
    data = ready_to_send(client, page, KEPT)
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
    assert confirmed in Opinion.objects.that_count()


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
    factories.hide(opinion, "张三电话13800000000")
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
