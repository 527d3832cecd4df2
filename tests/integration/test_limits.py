"""Who sends very much is first asked for more, then told when to come back; no text is lost."""

import re
import uuid
from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from captcha.models import CaptchaStore
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.models import Opinion
from home.management.commands.tick import CAPTCHA_BATCH
from home.management.commands.tick import Command as Tick
from portal.core import throttle
from portal.core.throttle import Act
from tests import factories
from tests.integration.journey import ABOUT, address, points_data, ready_to_send, send, solved

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]

TEXT = "建议放宽到一年。\n这段话不能丢。"


@pytest.fixture
def page():
    return factories.an_open_round()


@pytest.fixture
def numbers(settings):
    def change(act, **values):
        settings.THROTTLES = settings.THROTTLES | {act: settings.THROTTLES[act] | values}

    return change


def fresh(client, page, **about):
    """The third step of an opinion that no one has sent yet, filled in."""
    own = {"email": f"{uuid.uuid4()}@example.com"}
    return ready_to_send(client, page, TEXT, **own | about)


def digits_asked(response):
    key = re.search(r'name="captcha_0" value="(\w+)"', response.content.decode())[1]
    return len(CaptchaStore.objects.get(hashkey=key).response)


def test_a_busy_network_meets_a_longer_question_and_every_opinion_still_arrives(
    client, page, numbers
):
    numbers(Act.OPINION_FROM_NETWORK, easily=2)
    other = Client()
    calm = fresh(other, page)
    for _ in range(2):
        assert send(client, page, fresh(client, page)).status_code == HTTPStatus.FOUND

    assert digits_asked(other.get(address("check", page))) == 6
    short = send(other, page, calm)
    assert short.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert short.context["form"].errors.keys() == {"captcha"}
    assert "这段话不能丢。" in short.content.decode()
    assert digits_asked(short) == 6

    assert send(client, page, fresh(client, page)).status_code == HTTPStatus.FOUND
    assert Opinion.objects.count() == 3


def test_beyond_the_limit_the_text_comes_back_with_the_time_to_send_it(client, page, numbers):
    numbers(Act.OPINION_FROM_NETWORK, easily=1, most=2, seconds=600)
    with time_machine.travel(timezone.now().replace(hour=4, minute=0, second=0), tick=False) as now:
        for _ in range(2):
            send(client, page, fresh(client, page))
        data = fresh(client, page, name="王小明")
        response = send(client, page, data)
        assert response.status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert response["Retry-After"] == "600"
        shown = response.content.decode()
        assert "12:11" in shown, "a minute is cut off in words, so the next one is named"
        assert "王小明" in shown
        assert "这段话不能丢。" in shown
        assert Opinion.objects.count() == 2
        assert CaptchaStore.objects.filter(hashkey=data["captcha_0"]).exists(), "nothing was read"

        now.shift(601)
        assert send(client, page, fresh(client, page)).status_code == HTTPStatus.FOUND


@pytest.mark.parametrize("act", [Act.OPINION_BY_EMAIL, Act.OPINION_ON_CONSULTATION])
def test_a_mailbox_and_a_consultation_have_limits_of_their_own(client, page, numbers, act):
    numbers(act, easily=1, most=2)
    codes = []
    for _ in range(4):
        data = fresh(client, page, email="wang@example.com")
        code = send(client, page, data).status_code
        if code == HTTPStatus.UNPROCESSABLE_ENTITY:
            long = CaptchaStore.objects.create(challenge="222222", response="222222")
            data |= {"captcha_0": long.hashkey, "captcha_1": "222222"}
            code = send(client, page, data).status_code
            codes.append("more")
        codes.append(code)
    # The consultation's share is known when the form is made, a mailbox only when it is sent.
    asked_first = [302, 302] if act == Act.OPINION_ON_CONSULTATION else [302, "more", 302]
    assert codes == [*asked_first, 429, 429]


def test_failed_attempts_do_not_use_up_anothers_mailbox_or_the_consultation(client, page, numbers):
    numbers(Act.OPINION_BY_EMAIL, easily=1, most=1)
    numbers(Act.OPINION_ON_CONSULTATION, easily=1, most=1)
    for _ in range(5):
        wrong = fresh(client, page, email="wang@example.com") | {"captcha_1": "0000"}
        assert send(client, page, wrong).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    good = fresh(client, page, email="wang@example.com")
    assert send(client, page, good).status_code == HTTPStatus.FOUND


def test_what_a_client_says_about_its_address_changes_nothing(client, page, numbers):
    numbers(Act.OPINION_FROM_NETWORK, easily=1, most=1)
    url = address("check", page)
    send(client, page, fresh(client, page))
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP"):
        answer = client.post(url, fresh(client, page), headers={header: "198.51.100.7"})
        assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    other = client.post(url, fresh(client, page), REMOTE_ADDR="198.51.100.7")
    assert other.status_code == HTTPStatus.FOUND


def test_a_form_sent_in_no_time_comes_back_and_can_be_sent_again(client, page):
    fresh(client, page)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        data = solved(client.get(address("check", page)))
        clock.shift(1)
        response = send(client, page, data)
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert len(response.context["form"].non_field_errors()) == 1
        assert "这段话不能丢。" in response.content.decode()
        assert not Opinion.objects.exists()

        clock.shift(2)
        assert send(client, page, solved(response)).status_code == HTTPStatus.FOUND


def test_the_time_of_the_form_cannot_be_forged(client, page):
    data = fresh(client, page)
    data["timestamp"] = str(int(data["timestamp"]) - 3600)
    assert send(client, page, data).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_another_picture_without_a_script_keeps_everything_and_judges_nothing(client, page):
    data = fresh(client, page, name="王小明") | {"another_picture": "1", "captcha_1": ""}
    response = send(client, page, data)
    assert response.status_code == HTTPStatus.OK
    assert not response.context["form"].errors
    shown = response.content.decode()
    assert "这段话不能丢。" in shown
    assert "王小明" in shown
    assert data["captcha_0"] not in shown
    assert not Opinion.objects.exists()


def test_pictures_without_a_script_are_limited_too(client, page, numbers):
    numbers(Act.CAPTCHA_NEW, most=1)
    data = fresh(client, page) | {"another_picture": "1"}
    assert send(client, page, data).status_code == HTTPStatus.OK
    response = send(client, page, data)
    assert response.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "这段话不能丢。" in response.content.decode()


@pytest.mark.parametrize("step", ["write", "about"])
def test_keeping_drafts_is_limited_and_the_words_come_back(client, page, numbers, step):
    ready_to_send(client, page, TEXT)
    throttle.forget()
    numbers(Act.OPINION_DRAFT, most=1)
    data = points_data((TEXT,)) | ABOUT
    assert client.post(address(step, page), data).status_code == HTTPStatus.FOUND
    response = client.post(address(step, page), data)
    assert response.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert int(response["Retry-After"]) > 0
    typed = "这段话不能丢。" if step == "write" else "wang@example.com"
    assert typed in response.content.decode()


def test_a_receipt_already_given_is_given_beyond_every_limit(client, page, numbers):
    numbers(Act.OPINION_FROM_NETWORK, easily=1, most=1)
    data = fresh(client, page)
    assert [send(client, page, data).status_code for _ in range(3)] == [HTTPStatus.FOUND] * 3


@pytest.mark.filterwarnings("ignore:Overriding setting:UserWarning")
def test_a_dead_cache_costs_the_limits_and_no_opinion(client, page, settings, caplog):
    data = fresh(client, page)
    dead = {"BACKEND": throttle.REDIS, "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": dead}
    assert send(client, page, data).status_code == HTTPStatus.FOUND
    asked = {"headers": {"x-requested-with": "XMLHttpRequest"}}
    assert client.get("/captcha/refresh/", **asked).status_code == HTTPStatus.OK
    assert "is not counted" in caplog.text


def test_looking_up_receipts_is_limited_by_network(client, numbers):
    numbers(Act.RECEIPT_LOOKUP, most=3)
    url = reverse("opinions:status")
    typed = {"receipt_no": "ZJ-2026-2222-2222"}
    codes = [client.post(url, typed).status_code for _ in range(4)]
    assert codes == [422, 422, 422, 429]
    refused = client.post(url, typed)
    assert int(refused["Retry-After"]) > 0
    assert "no-store" in refused["Cache-Control"]
    assert client.get(url).status_code == HTTPStatus.OK, "the form itself is never refused"
    assert client.post(url, typed, REMOTE_ADDR="198.51.100.7").status_code == 422


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_trying_confirmation_tokens_is_limited_by_network(client, numbers, method):
    numbers(Act.TOKEN_LOOKUP, most=3)
    codes = [
        client.generic(method, reverse("opinions:confirm", args=[f"guess-{n}"])).status_code
        for n in range(4)
    ]
    assert codes == [404, 404, 404, 429]


@pytest.mark.parametrize(
    ("act", "path"),
    [
        (Act.CAPTCHA_NEW, "/captcha/refresh/"),
        (Act.CAPTCHA_PICTURE, "/captcha/image/none/"),
        (Act.CAPTCHA_PICTURE, "/captcha/image/none@2/"),
        (Act.CAPTCHA_SOUND, "/captcha/audio/none.wav"),
    ],
)
def test_captchas_are_limited_by_network(client, numbers, act, path):
    numbers(act, most=2)
    asked = {"headers": {"x-requested-with": "XMLHttpRequest"}}
    codes = [client.get(path, **asked).status_code for _ in range(3)]
    assert codes[0] == codes[1] != HTTPStatus.TOO_MANY_REQUESTS
    assert codes[2] == HTTPStatus.TOO_MANY_REQUESTS


def test_no_address_is_stored_or_logged(client, page, caplog, numbers):
    numbers(Act.OPINION_FROM_NETWORK, easily=1, most=1)
    with caplog.at_level("DEBUG"):
        for _ in range(3):
            data = fresh(client, page, email="wang@example.com")
            client.post(address("check", page), data, REMOTE_ADDR="203.0.113.77")
    kept = f"{throttle._storage().__dict__} {caplog.text}"
    assert "opinion.network" in kept
    for secret in ("203.0.113", "wang"):
        assert secret not in kept
    assert Opinion.objects.get().ip_address is None


def test_the_clock_removes_expired_captchas_in_small_batches(settings):
    now = timezone.now()
    old, live = now - timedelta(minutes=1), now + timedelta(minutes=1)
    CaptchaStore.objects.bulk_create(
        CaptchaStore(challenge="2", response="2", hashkey=f"old-{n}", expiration=old)
        for n in range(CAPTCHA_BATCH + 1)
    )
    CaptchaStore.objects.create(challenge="2", response="2", hashkey="live", expiration=live)
    Tick().tick()
    assert CaptchaStore.objects.count() == 2
    Tick().tick()
    assert CaptchaStore.objects.get().hashkey == "live"
