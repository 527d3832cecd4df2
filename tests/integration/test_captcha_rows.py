"""Old questions are swept up by the clockwork; no request of the public pays for that."""

from datetime import timedelta

import pytest
from captcha.models import CaptchaStore
from django import forms
from django.utils import timezone

from consultations.forms import SingleUseCaptchaField
from home.management.commands.tick import Command as Tick

pytestmark = pytest.mark.django_db

OLD = 5


class Question(forms.Form):
    captcha = SingleUseCaptchaField()


@pytest.fixture(autouse=True)
def old():
    expired_at = timezone.now() - timedelta(minutes=1)
    CaptchaStore.objects.bulk_create(
        CaptchaStore(challenge="22", response="22", hashkey=f"old{n}", expiration=expired_at)
        for n in range(OLD)
    )
    return CaptchaStore.objects.filter(expiration__lte=timezone.now())


def fresh():
    return CaptchaStore.objects.get(hashkey=CaptchaStore.generate_key())


def answered(row, response):
    form = Question({"captcha_0": row.hashkey, "captcha_1": response})
    return form.is_valid()


def test_showing_a_question_sweeps_nothing(client, old):
    row = fresh()
    str(Question())
    client.get("/captcha/refresh/", headers={"x-requested-with": "XMLHttpRequest"})
    for path in ("image/{}/", "image/{}@2/", "audio/{}.wav"):
        client.get(f"/captcha/{path.format(row.hashkey)}")
        client.get(f"/captcha/{path.format('old0')}")
    assert old.count() == OLD


@pytest.mark.parametrize("response", ["", "0", "right"])
def test_an_answer_uses_up_its_own_question_alone(old, response):
    row, other = fresh(), fresh()
    is_right = response == "right"
    assert answered(row, row.response if is_right else response) is is_right
    assert old.count() == OLD
    assert CaptchaStore.objects.filter(hashkey=other.hashkey).exists()


def test_an_expired_question_takes_no_answer(old):
    row = old.first()
    assert not answered(row, row.response)
    assert old.count() == OLD - 1, "its own row goes, no other"


def test_the_clockwork_sweeps_them_up(old):
    live = fresh()
    Tick().tick()
    assert not old.exists()
    assert CaptchaStore.objects.get() == live
