"""An opinion from the form to the page, and everything that may go wrong on the way."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from captcha.models import CaptchaStore
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations import services
from consultations.lifecycle import CONFIRMATION_HOURS, Display, Intake
from consultations.models import Opinion, OpinionDraft, OpinionPoint
from consultations.written import MOST_POINTS
from home.management.commands.tick import Command as Tick
from portal.core.models import OutboxMessage
from tests import factories
from tests.integration.journey import (
    A_LITTLE_WHILE,
    address,
    another_form,
    give,
    hidden_fields,
    points_data,
    ready_to_send,
    say,
    send,
    solved,
    tell,
)

pytestmark = pytest.mark.django_db

LONG = "我认为第二条应当写明充电端口由谁维护。" * 166  # 3,154 characters


@pytest.fixture
def page():
    return factories.an_open_round()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Carry out what a commit starts, as outside tests."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def link_in(message):
    return re.search(r"http://testserver(/opinions/confirm/\S+)", message.body)[1]


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


def test_several_articles_and_the_whole_draft_are_points_of_one_opinion(client, page):
    first, second = page.articles[:2]
    with time_machine.travel(timezone.now() - A_LITTLE_WHILE):
        say(
            client,
            page,
            ("第一条太严。", first.id, "oppose"),
            ("第二条很好。", second.id, "support"),
            ("总体赞成。", "", ""),
        )
        tell(client, page, kind="enterprise", name="澜川电梯公司", region="working")
        shown = client.get(address("check", page))
        for words in ("第一条太严。", "第二条很好。", "总体赞成。", first.label, second.label):
            assert words in shown.content.decode()
        data = solved(shown)
    send(client, page, data)
    opinion = Opinion.objects.get()
    assert [(one.article_id, one.stance) for one in opinion.points.all()] == [
        (first.id, "oppose"),
        (second.id, "support"),
        ("", ""),
    ]
    assert (opinion.author_kind, opinion.author_region) == ("enterprise", "working")
    assert opinion.shown_name != "澜川电梯公司", "no consent was asked or given"


def test_points_are_added_and_removed_without_a_script_and_nothing_typed_is_lost(client, page):
    key = {"form_key": hidden_fields(client.get(address("write", page)))["form_key"]}
    one = key | points_data(("第一点。",))
    response = client.post(address("write", page), one | {"add": "1"})
    assert response.url.endswith("#point-2")
    shown = client.get(address("write", page))
    assert [form["text"].value() for form in shown.context["points"]] == ["第一点。", ""]
    two = key | points_data(("第一点。",), ("第二点。",))
    client.post(address("write", page), two | {"remove": "0"})
    shown = client.get(address("write", page))
    assert [form["text"].value() for form in shown.context["points"]] == ["第二点。"]


def test_a_link_at_another_article_adds_a_point_to_what_was_begun(client, page):
    first, second = page.articles[:2]
    say(client, page, ("第一条太严。", first.id))
    shown = client.get(address("write", page), {"article": second.id})
    assert [form["article"].value() for form in shown.context["points"]] == [first.id, second.id]
    again = client.get(address("write", page), {"article": first.id})
    assert len(again.context["points"]) == 1


def test_an_empty_point_beside_others_is_left_out(client, page):
    assert say(client, page, ("一句话。", page.articles[0].id), ("",)).status_code == 302


@pytest.mark.parametrize(
    "points",
    [
        [("甲",), ("乙",)],
        [("甲" * 3000,), ("乙" * 3000, 1)],
        [("", "", "support")],
    ],
    ids=["twice the same part", "too long together", "a stance without a word"],
)
def test_points_are_judged_together(client, page, points):
    numbered = [
        (text, page.articles[0].id if rest[:1] == [1] else "", *rest[1:]) for text, *rest in points
    ]
    response = say(client, page, *numbered)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["points"].error_count == 1
    for text, *_ in points:
        assert text in response.content.decode()


def test_no_more_points_than_a_person_writes_are_taken(client, page):
    say(client, page, *[(f"第{n}点。",) for n in range(MOST_POINTS + 30)])
    assert len(client.get(address("write", page)).context["points"]) == MOST_POINTS


def test_who_has_no_email_counts_at_once_and_is_marked_as_unconfirmed(client, page, committed):
    with committed():
        response = give(client, page, email="", no_email="on")
    opinion = Opinion.objects.get()
    assert response.status_code == HTTPStatus.FOUND
    assert opinion.intake(at=timezone.now()) is Intake.UNCONFIRMED
    assert opinion in Opinion.objects.that_count()
    assert not mail.outbox
    services.publish_opinion(opinion=opinion, by=factories.a_clerk(), at=timezone.now())
    assert opinion in Opinion.objects.shown()


def test_the_full_name_is_shown_with_a_consent_of_its_own_only(client, page):
    data = ready_to_send(client, page, name="王小明", publicity="named")
    refused = send(client, page, data)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert refused.context["form"].errors.keys() == {"name_consent"}
    with time_machine.travel(timezone.now() + A_LITTLE_WHILE):
        send(client, page, solved(refused) | {"name_consent": "on"})
    assert Opinion.objects.get().name_consent


def test_by_mail_alone_the_opinion_is_held_until_the_link_is_used(client, page, committed):
    data = ready_to_send(client, page) | {"captcha_1": "", "by_mail": "on"}
    with committed():
        send(client, page, data)
    opinion = Opinion.objects.get()
    assert opinion not in Opinion.objects.that_count()
    client.post(link_in(mail.outbox[0]))
    assert opinion in Opinion.objects.that_count()


def test_without_an_address_nobody_gets_around_the_captcha(client, page):
    data = ready_to_send(client, page, email="", no_email="on")
    response = send(client, page, data | {"captcha_1": "", "by_mail": "on"})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Opinion.objects.exists()


def test_by_mail_alone_a_mailbox_is_written_to_a_few_times_only(client, page):
    codes = []
    for n in range(4):
        data = ready_to_send(client, page, f"第{n}次。") | {"captcha_1": "", "by_mail": "on"}
        codes.append(send(client, page, data).status_code)
    assert codes == [302, 302, 302, 422]


def test_what_was_written_survives_a_closed_browser_and_can_be_erased(client, page):
    say(client, page, ("这段话不能丢。",))
    assert "这段话不能丢。" in client.get(address("write", page)).content.decode()
    assert "这段话不能丢。" not in Client().get(address("write", page)).content.decode()
    client.post(address("erase", page))
    assert "这段话不能丢。" not in client.get(address("write", page)).content.decode()
    assert not OpinionDraft.objects.exists()


def test_a_draft_ends_with_the_sending_and_by_the_clock(client, page):
    give(client, page)
    assert not OpinionDraft.objects.exists()
    say(client, page, ("没写完。",))
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert "没写完。" not in client.get(address("write", page)).content.decode()
        Tick().tick()
    assert not OpinionDraft.objects.exists()


def test_a_draft_is_encrypted_and_its_secret_is_not_stored(client, page):
    say(client, page, ("这段话只有我知道。",))
    tell(client, page)
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest, written FROM consultations_opiniondraft")
        stored = " ".join(cursor.fetchone())
    for secret in ("这段话", "wang@", client.cookies["draft"].value):
        assert secret not in stored


@pytest.mark.parametrize("step", ["about", "check"])
def test_a_page_that_outlived_its_draft_still_carries_the_words(client, page, step):
    data = ready_to_send(client, page, "这段话不能丢。")
    OpinionDraft.objects.all().delete()
    if step == "about":
        client.post(address("about", page), data | {"kind": "individual", "email": "a@example.com"})
    else:
        assert send(client, page, data).status_code == HTTPStatus.FOUND
        assert Opinion.objects.get().comment == "这段话不能丢。"
        return
    assert "这段话不能丢。" in client.get(address("write", page)).content.decode()


def test_words_changed_in_another_window_are_not_sent_unseen(client, page):
    data = ready_to_send(client, page, "先写的话。")
    say(client, page, ("后写的话。",))
    response = send(client, page, data)
    assert response.status_code == HTTPStatus.CONFLICT
    assert "后写的话。" in response.content.decode()
    assert not Opinion.objects.exists()


@pytest.mark.parametrize("step", ["about", "check"])
def test_a_step_without_the_one_before_leads_there(client, page, step):
    assert client.get(address(step, page)).url == address("write", page)
    say(client, page, ("一句话。",))
    if step == "check":
        assert client.get(address(step, page)).url == address("about", page)


@pytest.mark.parametrize("page_id", ["0", "9" * 30])
def test_an_address_that_no_page_can_have_is_not_found(client, page_id):
    answer = client.get(f"/opinions/write/{page_id}/")
    assert answer.status_code == HTTPStatus.NOT_FOUND


KEPT = "这段话不能丢。"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("text", "  \n "),
        ("text", "长" * 5001),
        ("text", "含有\x00的文字"),
        ("article", "7f3b9c52-0d1e-4c55-9a64-2f8f1c0f3a11"),
        ("stance", "shouted"),
    ],
)
def test_a_bad_point_is_named_and_comes_back(client, page, field, value):
    said = dict(zip(("text", "article", "stance"), (KEPT, "", ""), strict=True)) | {field: value}
    response = say(client, page, tuple(said.values()))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert field in response.context["points"].forms[0].errors
    assert said["text"].strip("\x00 \n")[:50].split("\x00")[0] in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "王\x00"),
        ("name", "长" * 51),
        ("email", ""),
        ("email", "not an address"),
        ("email", "a@example.com\nBcc: b@example.com"),
        ("no_email", "on"),
        ("kind", "shouted"),
        ("region", "shouted"),
        ("publicity", "shouted"),
        ("publicity", "named"),
        ("kind", "enterprise"),
    ],
)
def test_a_bad_word_about_the_author_is_named_and_all_comes_back(client, page, field, value):
    say(client, page, (KEPT,))
    response = tell(client, page, **{field: value})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert len(response.context["form"].errors) == 1
    if field in {"name", "email"} and "\x00" not in value:
        assert value.split("\n")[0] in response.content.decode()
    assert KEPT in client.get(address("write", page)).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("captcha_1", "wrong"),
        ("captcha_1", ""),
        ("captcha_0", "no-such-key"),
        ("honeypot", "http://spam.example"),
        ("timestamp", "0"),
        ("timestamp", "text"),
        ("security_hash", "0" * 40),
    ],
)
def test_what_is_wrong_with_the_sending_is_named_and_the_text_stands_there(
    client, page, field, value
):
    data = ready_to_send(client, page, KEPT) | {field: value}
    response = send(client, page, data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["form"].errors
    assert KEPT in response.content.decode()
    assert not Opinion.objects.exists()


def test_a_form_that_was_open_too_long_can_be_sent_again(client, page):
    response = send(client, page, ready_to_send(client, page) | {"timestamp": "1"})
    with time_machine.travel(timezone.now() + A_LITTLE_WHILE):
        assert send(client, page, solved(response)).status_code == HTTPStatus.FOUND
    assert Opinion.objects.count() == 1


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
