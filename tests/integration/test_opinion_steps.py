"""The three steps of giving an opinion: what each takes, what it refuses, what is kept between."""

from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from consultations import services
from consultations.lifecycle import Intake
from consultations.models import Opinion, OpinionDraft
from consultations.written import MOST_POINTS
from home.management.commands.tick import Command as Tick
from tests import factories
from tests.integration.journey import (
    A_LITTLE_WHILE,
    address,
    give,
    hidden_fields,
    link_in,
    points_data,
    ready_to_send,
    say,
    send,
    solved,
    tell,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]

KEPT = "这段话不能丢。"


@pytest.fixture
def page():
    return factories.an_open_round()


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
