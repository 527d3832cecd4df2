"""Texts made to break something, through every field the public can fill in.

They come back byte for byte or are refused in words; nothing of them is ever markup, and no field
answers with a server error.
"""

from http import HTTPStatus
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils.html import escape

from consultations import services
from consultations.compliance.display import personal_places
from consultations.models import Opinion
from consultations.passages import Passage
from portal.core import throttle
from tests import factories
from tests.integration.journey import (
    ABOUT,
    address,
    hidden_fields,
    points_data,
    ready_to_send,
    say,
    send,
    solved,
    tell,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]

SCRIPT = "<script>alert(1)</script>"
HOSTILE = {
    "script": SCRIPT,
    "handler": '"><img src=x onerror=alert(1)>',
    "address": "javascript:alert(1)",
    "template": "{{ 7*7 }}{% now 'Y' %}",
    "statement": "'; DROP TABLE django_comments; --",
    "formula": "=cmd|' /c calc'!A1",
    "entity": "&lt;b&gt;&amp;#60;",
    "bidi": "\u202e倒着写的字\u202c",
    "unseen": "零\u200b宽\ufeff",
    "four bytes": "𠮷野家🀄👨‍👩‍👧",
    "controls": "a\x01\x1b[31mb\x7f",
    "NUL": "含有\x00的文字",
    "line ends": "一\r\n二\n三\r四",
    "header": "a@example.com\r\nBcc: b@example.com",
    "separators": "一\u2028二\u2029三\x85四",
    "spaces": "  \t 前后有空白 \t ",
    "very long": "长" * 34_000,
    "one word": "w" * 4_900,
    "combining": "e" + "\u0301" * 400,
}
# What differs for a field that is no text: each is sent through every field of every form.
SOME = [HOSTILE[name] for name in ("script", "four bytes", "NUL", "header", "very long")]
each = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
NUMBERS_THAT_ARE_NONE = ["-1", "0", "１２", "9" * 40, "1e3", ""]


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.THROTTLES = {act: one | {"most": 10**6} for act, one in settings.THROTTLES.items()}
    throttle.forget()


@pytest.fixture
def page():
    return factories.an_open_round()


@each
def test_a_text_comes_back_as_it_was_written_or_is_refused_in_words(client, page, text):
    said = say(client, page, (text,))
    if said.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
        assert said.context["points"].forms[0].errors["text"]
        assert escape(text.replace("\x00", "")[:200]) in said.content.decode().replace("\x00", "")
        return
    assert said.status_code == HTTPStatus.FOUND
    send(client, page, ready_to_send(client, page, text, email="", no_email="on"))
    opinion = Opinion.objects.get()
    sent = text.replace("\r\n", "\n")
    assert opinion.points.get().text == opinion.comment == sent
    services.publish_opinion(
        opinion=opinion,
        not_personal=[Passage(one.start, one.end) for one in personal_places(sent)],
        by=factories.a_clerk(),
        at=opinion.submit_date,
    )
    for shown in (page.url, opinion.get_absolute_url(), address("write", page)):
        body = client.get(shown).content.decode()
        assert SCRIPT not in body
        assert "<img src=x" not in body


@each
def test_a_name_is_stored_in_one_line_or_refused_in_words(client, page, text):
    say(client, page, ("一句话。",))
    told = tell(client, page, name=text)
    assert told.status_code in {HTTPStatus.FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}
    if told.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
        assert "name" in told.context["form"].errors
        return
    shown = client.get(address("check", page)).content.decode()
    assert SCRIPT not in shown
    assert "<img src=x" not in shown
    send(client, page, ready_to_send(client, page, name=text))
    assert Opinion.objects.get().author_name == " ".join(text.split())


def fields_of_the_journey(client, page):
    """Yield the address of each step and what is sent there."""
    key = {"form_key": hidden_fields(client.get(address("write", page)))["form_key"]}
    extra = dict.fromkeys(("add", "remove", "restore", "attach", "detach"), "")
    yield address("write", page), key | points_data(("一句话。",)), extra
    yield address("about", page), ABOUT | {"no_email": "", "written": ""}, {}
    data = ready_to_send(client, page)
    yield address("check", page), data, dict.fromkeys(("by_mail", "another_picture"), "")


def test_no_field_of_the_journey_answers_with_a_server_error(client, page):
    client.raise_request_exception = False
    for where, data, extra in list(fields_of_the_journey(client, page)):
        for field in data | extra:
            for text in SOME:
                response = client.post(where, data | {field: text})
                assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, (where, field, text)
                assert SCRIPT not in response.content.decode()


@pytest.mark.parametrize("name", ["status", "resend"])
def test_no_other_form_answers_with_a_server_error(client, name):
    client.raise_request_exception = False
    for text in HOSTILE.values():
        response = client.post(reverse(f"opinions:{name}"), {"receipt_no": text})
        assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, text
        assert SCRIPT not in response.content.decode()


def test_no_address_answers_with_a_server_error(client, page):
    client.raise_request_exception = False
    places = [
        (page.url, ("before", "from")),
        (f"{page.url}opinions/", ("article", "stance", "before", "from")),
        (address("write", page), ("article", "wrong")),
        (reverse("subscriptions:new"), ("matter",)),
    ]
    for where, names in places:
        for name in names:
            for text in [*HOSTILE.values(), *NUMBERS_THAT_ARE_NONE]:
                if len(text) > 5000:
                    continue  # longer than any server takes an address
                response = client.get(f"{where}?{urlencode({name: text})}")
                assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, (where, name, text)
                assert SCRIPT not in response.content.decode()


def test_bytes_that_are_no_text_are_taken_as_some(client, page):
    client.raise_request_exception = False
    form_key = hidden_fields(client.get(address("write", page)))["form_key"]
    body = f"form_key={form_key}&p0-article=&p0-stance=&p0-text=".encode() + b"\xed\xa0\x80\xff%FF"
    response = client.generic(
        "POST", address("write", page), body, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == HTTPStatus.FOUND


def test_markup_never_comes_out_of_the_check_page(client, page):
    say(client, page, (HOSTILE["handler"], page.articles[0].id), (SCRIPT,))
    tell(client, page, name=SCRIPT)
    shown = client.get(address("check", page))
    assert solved(shown)
    assert SCRIPT not in shown.content.decode()
    assert escape(SCRIPT) in shown.content.decode()
