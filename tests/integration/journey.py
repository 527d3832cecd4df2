"""The three steps of giving an opinion, as a browser goes them."""

import html
import re
import uuid
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus

import time_machine
from captcha.models import CaptchaStore
from django.urls import reverse
from django.utils import timezone

from consultations.written import written_from

A_LITTLE_WHILE = timedelta(seconds=10)
ABOUT = {
    "kind": "individual",
    "name": "",
    "region": "",
    "email": "wang@example.com",
    "publicity": "masked",
}


def address(step, page):
    return reverse(f"opinions:{step}", args=[page.pk])


def hidden_fields(response):
    """Return the hidden fields of the main form of a page."""
    text = response.content.decode()
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)
    return {name: html.unescape(value) for name, value in found}


def points_data(*points):
    """Return what the first step sends for (text, article id, stance) each."""
    data = {}
    for number, point in enumerate(points):
        text, article, stance = (*point, "", "")[:3]
        prefix = f"p{number}"
        data |= {
            f"{prefix}-text": text,
            f"{prefix}-article": article,
            f"{prefix}-stance": stance,
        }
    return data


def say(client, page, *points, **query):
    """Take the first step."""
    form = client.get(address("write", page), query)
    assert form.status_code == HTTPStatus.OK
    key = {"form_key": hidden_fields(form)["form_key"]}
    return client.post(address("write", page), key | points_data(*points))


def tell(client, page, **about):
    """Take the second step."""
    return client.post(address("about", page), ABOUT | about)


def solved(response):
    """Return what the third step, shown in a response, sends when its captcha is solved."""
    assert response.status_code in {HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY}, response
    sent = hidden_fields(response)
    answer = CaptchaStore.objects.get(hashkey=sent["captcha_0"]).response
    return sent | {"captcha_1": answer}


def ready_to_send(client, page, text="建议放宽到一年。", article="", stance="", **about):
    """Go to the third step and return what it sends, a little while after it was shown."""
    with time_machine.travel(timezone.now() - A_LITTLE_WHILE):
        said = say(client, page, (text, article, stance))
        assert said.status_code == HTTPStatus.FOUND, said.context["points"].forms[0].errors
        told = tell(client, page, **about)
        assert told.status_code == HTTPStatus.FOUND, told.context["form"].errors
        return solved(client.get(address("check", page)))


def send(client, page, data, **how):
    """Press the button of the third step."""
    return client.post(address("check", page), data, **how)


def give(client, page, text="建议放宽到一年。", **how):
    """Give an opinion; return the answer to its sending."""
    return send(client, page, ready_to_send(client, page, text, **how))


def another_form(data):
    """Return the sending of another person who solved the same captcha."""
    written = replace(written_from(data["written"]), form_key=uuid.uuid4())
    return data | {"written": written.to_json(), "submission_key": str(written.submission_key)}


def link_in(message):
    """Return the address in a mail that confirms."""
    return re.search(r"http://testserver(/opinions/confirm/\S+)", message.body)[1]
