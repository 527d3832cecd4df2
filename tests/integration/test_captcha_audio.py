"""Who cannot see the picture hears its digits, in the language of the page."""

import io
import re
import shutil
import subprocess
import wave
from datetime import timedelta
from http import HTTPStatus

import pytest
from captcha.models import CaptchaStore
from django.urls import reverse
from django.utils import timezone

from portal.core import spoken_digits
from tests import factories
from tests.integration.journey import address, ready_to_send

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]


def a_question(digits):
    return CaptchaStore.objects.create(challenge=digits, response=digits)


def sound_of(client, digits):
    answer = client.get(reverse("captcha-audio", args=[a_question(digits).hashkey]))
    assert answer.status_code == HTTPStatus.OK
    return b"".join(answer.streaming_content)


def seconds(sound):
    with wave.open(io.BytesIO(sound)) as file:
        return file.getnframes() / file.getframerate()


@pytest.fixture
def form(client):
    page = factories.an_open_round()
    ready_to_send(client, page)
    return client.get(address("check", page))


@pytest.fixture
def _mute(monkeypatch):
    monkeypatch.setattr(spoken_digits.shutil, "which", lambda _name: None)


@pytest.mark.speech
def test_it_is_a_real_sound_that_grows_with_the_digits(client):
    sounds = [sound_of(client, digits) for digits in ("24", "2493", "249386")]
    for sound in sounds:
        assert (sound[:4], sound[8:12]) == (b"RIFF", b"WAVE")
    short, usual, long = (seconds(sound) for sound in sounds)
    assert 1 < short < usual < long < 30
    assert long - usual > 1, "each digit has its time"


@pytest.mark.speech
def test_each_page_is_spoken_to_in_its_language(client):
    chinese = sound_of(client, "2493")
    client.cookies["lang"] = "en"
    assert sound_of(client, "2493") != chinese


@pytest.mark.speech
@pytest.mark.parametrize("digit", "2345689")
def test_every_digit_is_a_word_of_its_own(client, digit):
    others = {sound_of(client, other) for other in "2345689" if other != digit}
    assert sound_of(client, digit) not in others


@pytest.mark.speech
def test_a_browser_may_take_it_in_parts_and_no_cache_keeps_it(client):
    address = reverse("captcha-audio", args=[a_question("2493").hashkey])
    whole = client.get(address)
    assert whole["Content-Type"] == "audio/wav"
    assert "no-store" in whole["Cache-Control"]
    body = b"".join(whole.streaming_content)
    part = client.get(address, headers={"range": "bytes=0-1"})
    assert part.status_code == HTTPStatus.PARTIAL_CONTENT
    assert part["Content-Range"] == f"bytes 0-1/{len(body)}"
    assert b"".join(part.streaming_content) == body[:2]


@pytest.mark.speech
def test_listening_does_not_use_the_question_up(client):
    question = a_question("2493")
    for _ in range(2):
        assert b"".join(client.get(reverse("captcha-audio", args=[question.hashkey])))
    assert CaptchaStore.objects.filter(pk=question.pk, response="2493").exists()


def test_only_a_live_question_is_spoken(client):
    question = a_question("2493")
    CaptchaStore.objects.update(expiration=timezone.now() - timedelta(seconds=1))
    for key in (question.hashkey, "none"):
        answer = client.get(reverse("captcha-audio", args=[key]))
        assert answer.status_code == HTTPStatus.GONE
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.speech
def test_the_form_offers_the_sound_of_its_own_picture(form):
    shown = form.content.decode()
    key = re.search(r'name="captcha_0" value="(\w+)"', shown)[1]
    assert re.search(rf'<audio src="/captcha/audio/{key}\.wav"', shown)
    assert f'srcset="/captcha/image/{key}@2/ 2x"' in shown
    assert "media-src 'self'" in form["Content-Security-Policy"]


@pytest.mark.usefixtures("_mute")
def test_without_the_program_no_sound_is_offered(client, form):
    assert "<audio" not in form.content.decode()
    fresh = client.get("/captcha/refresh/", headers={"x-requested-with": "XMLHttpRequest"}).json()
    assert fresh["audio"] is None
    answer = client.get(reverse("captcha-audio", args=[fresh["key"]]))
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE


@pytest.mark.parametrize(
    "failure",
    [
        subprocess.TimeoutExpired("espeak-ng", 5),
        subprocess.CalledProcessError(1, "espeak-ng"),
        PermissionError(),
    ],
)
def test_a_program_that_fails_is_logged_and_is_no_fault_of_the_page(
    client, monkeypatch, caplog, failure
):
    def fail(*_args, **options):
        assert options["timeout"] == 5
        assert not options.get("shell")
        assert options["env"] == {}
        raise failure

    monkeypatch.setattr(spoken_digits.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(spoken_digits.subprocess, "run", fail)
    answer = client.get(reverse("captcha-audio", args=[a_question("2493").hashkey]))
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert f"espeak-ng failed: {type(failure).__name__}" in caplog.text
    assert "2493" not in caplog.text


def test_a_long_question_stays_long_when_it_is_exchanged(client):
    asked = {"headers": {"x-requested-with": "XMLHttpRequest"}}
    for query, length in (("", 4), ("?long=1", 6)):
        fresh = client.get(f"/captcha/refresh/{query}", **asked).json()
        assert len(CaptchaStore.objects.get(hashkey=fresh["key"]).response) == length
        for name in ("image", "image_2x"):
            assert client.get(fresh[name])["Content-Type"] == "image/png"
    assert client.get("/captcha/refresh/").status_code == HTTPStatus.NOT_FOUND


def test_the_program_is_looked_for_where_the_system_has_it():
    assert spoken_digits.can_speak() is (shutil.which("espeak-ng") is not None)
