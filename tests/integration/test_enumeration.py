"""Guessing receipt numbers, tokens and secret links finds nothing, and no answer tells why."""

import random
import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from consultations import services
from consultations.models import Opinion
from consultations.receipts import ALPHABET, check_character, new_receipt_no, normalised
from consultations.services.author import secret_of
from tests import factories

GUESSES = 100_000
A_BUSY_YEAR = 50_000
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
# Strings and the names of savepoints.
VALUES = re.compile(r"'[^']*'|\bs\d+_x\d+\b")
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture
def _no_limits(settings):
    """Guess as if from very many networks."""
    settings.THROTTLES = {
        act: numbers | {"most": 10**6, "easily": 10**6}
        for act, numbers in settings.THROTTLES.items()
    }


def answer(method, url, **data):
    """What a guesser can tell answers apart by: the statements behind them stand for the time."""
    with time_machine.travel(NOON, tick=False), CaptureQueriesContext(connection) as asked:
        response = getattr(Client(), method)(url, data)
    body = CSRF.sub(b"", response.content)
    for sent in (url, *data.values()):  # what the guesser sent is known and may come back
        body = body.replace(escape(sent).encode(), b"sent")
    statements = [VALUES.sub("?", one["sql"]) for one in asked.captured_queries]
    return {
        "status": response.status_code,
        "headers": dict(response.items()) | {"Content-Length": len(body)},
        "body": body,
        "statements": statements,
        "cookies": sorted(response.cookies),
    }


def number(body):
    whole = body + check_character(2026, body)
    return f"ZJ-2026-{whole[:4]}-{whole[4:]}"


def test_of_many_guesses_one_in_32_passes_the_check_and_none_is_a_number_in_use():
    dice = random.Random(713)
    in_use = {number("".join(dice.choices(ALPHABET, k=7))) for _ in range(A_BUSY_YEAR)}
    passing = []
    for _ in range(GUESSES):
        guess = "".join(dice.choices(ALPHABET, k=8))
        typed = normalised(f"ZJ-2026-{guess[:4]}-{guess[4:]}")
        if typed is not None:
            passing.append(typed)
    # 3,125 on average; five standard deviations are 275.
    assert abs(len(passing) - GUESSES / len(ALPHABET)) < 275
    assert not in_use & set(passing)


def test_every_character_of_a_number_is_drawn():
    bodies = [new_receipt_no(2026)[8:].replace("-", "")[:7] for _ in range(2000)]
    for place in range(7):
        assert {body[place] for body in bodies} == set(ALPHABET)


@pytest.mark.django_db
@pytest.mark.usefixtures("_no_limits")
def test_every_wrong_number_gets_the_same_answer():
    known = factories.an_opinion().receipt_no
    last = ALPHABET[(ALPHABET.index(known[-1]) + 1) % len(ALPHABET)]
    unknown = number("2222222")
    url = reverse("opinions:status")
    answer("post", url, receipt_no=unknown)  # reads what is remembered afterwards
    wrong = {
        name: answer("post", url, receipt_no=typed)
        for name, typed in {
            "of nobody": unknown,
            "with one wrong character": known[:-1] + last,
            "of another shape": "ZJ-2025-3",
            "of no shape": "王小明 13800000000",
        }.items()
    }
    lookups = {name: one.pop("statements") for name, one in wrong.items()}
    assert wrong["of nobody"]["status"] == HTTPStatus.UNPROCESSABLE_ENTITY
    for one in wrong.values():
        assert one == wrong["of nobody"]
    # What fails its own check is not looked up, and anyone can compute the check at home.
    rest = lookups["with one wrong character"]
    assert rest == lookups["of another shape"] == lookups["of no shape"]
    assert len(lookups["of nobody"]) == len(rest) + 1


@pytest.mark.django_db
@pytest.mark.usefixtures("_no_limits")
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_token_that_opens_nothing_does_not_say_why(method):
    now = NOON
    round_ = factories.an_open_round(at=NOON)
    used, expired, replaced = (factories.an_unconfirmed_opinion(round_) for _ in range(3))
    tokens = {
        "used": services.new_confirmation_token(opinion=used, at=now),
        "expired": services.new_confirmation_token(opinion=expired, at=now - timedelta(days=3)),
        "replaced": services.new_confirmation_token(opinion=replaced, at=now),
        "made up": "A" * 27,
        "of another shape": "1",
    }
    services.confirm(token=tokens["used"], at=now)
    services.new_confirmation_token(opinion=replaced, at=now)
    answer(method, reverse("opinions:confirm", args=["B" * 27]))
    answers = {
        name: answer(method, reverse("opinions:confirm", args=[token]))
        for name, token in tokens.items()
    }
    assert answers["made up"]["status"] == HTTPStatus.NOT_FOUND
    for one in answers.values():
        assert one == answers["made up"]
    assert Opinion.objects.filter(confirmed_at__isnull=False).count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("_no_limits")
@pytest.mark.parametrize(
    ("method", "name", "rest"),
    [("get", "mine", []), ("get", "act", ["erase"]), ("post", "act", ["erase"])],
)
def test_a_secret_that_opens_nothing_does_not_say_why(method, name, rest):
    mine = factories.an_opinion()
    other = factories.an_opinion(mine.consultation, email="li@example.com")
    key = secret_of(mine).partition(".")[0]
    secrets = {
        "made up": f"{'A' * 22}.{'B' * 43}",
        "half known": f"{key}.{'B' * 43}",
        "with another's signature": f"{key}.{secret_of(other).rpartition('.')[2]}",
        "unsigned": key,
        "signed elsewhere": Signer(salt="consultations.receipt", sep=".").sign(key),
        "cut short": secret_of(mine)[:-1],
        "a receipt number": mine.receipt_no,
    }
    answer(method, reverse(f"opinions:{name}", args=["A.B", *rest]))
    answers = {
        what: answer(method, reverse(f"opinions:{name}", args=[secret, *rest]))
        for what, secret in secrets.items()
    }
    assert answers["made up"]["status"] == HTTPStatus.NOT_FOUND
    for one in answers.values():
        assert one == answers["made up"]
    assert not Opinion.objects.filter(erased_at__isnull=False).exists()
    # A link that was good once: only who held it can ask, and the answer is the same.
    ended = secret_of(mine)
    Opinion.objects.filter(pk=mine.pk).update(author_key="C" * 22)
    last = answer(method, reverse(f"opinions:{name}", args=[ended, *rest]))
    assert last | {"statements": []} == answers["made up"] | {"statements": []}


@pytest.mark.django_db
def test_one_persons_token_opens_nothing_of_anothers():
    now = timezone.now()
    mine = factories.an_unconfirmed_opinion()
    other = factories.an_unconfirmed_opinion(mine.consultation, email="li@example.com")
    token = services.new_confirmation_token(opinion=mine, at=now)
    assert services.confirm(token=token, at=now).pk == mine.pk
    assert Opinion.objects.get(pk=other.pk).confirmed_at is None

    client = Client()
    for name, secret in (("mine", token), ("confirm", secret_of(other))):
        response = client.get(reverse(f"opinions:{name}", args=[secret]))
        assert response.status_code == HTTPStatus.NOT_FOUND
    client.post(reverse("opinions:act", args=[secret_of(mine), "erase"]))
    assert Opinion.objects.get(pk=mine.pk).erased_at is not None
    assert Opinion.objects.get(pk=other.pk).erased_at is None
    for cookie in (other.receipt_no, f"{other.receipt_no}:1:forged"):
        client.cookies["receipt"] = cookie
        response = client.get(reverse("opinions:received"))
        assert response.status_code == HTTPStatus.FOUND, "nobody's receipt is shown"
