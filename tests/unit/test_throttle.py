"""Acts are counted by the window; first more is asked, then the act is refused, never for ever."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.http import HttpResponse
from django.test import RequestFactory
from limits.storage import MemoryStorage, RedisStorage

from consultations.throttling import mailbox_digest
from portal.core import throttle
from portal.core.throttle import ALLOWED, Act, Verdict, count, foresee, limited

NOON = datetime(2026, 3, 9, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ACT = Act.OPINION_FROM_NETWORK


@pytest.fixture(autouse=True)
def _small_numbers(settings):
    settings.THROTTLES = settings.THROTTLES | {ACT: {"easily": 2, "most": 4, "seconds": 600}}


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_every_act_has_its_numbers(settings):
    assert settings.THROTTLES.keys() == set(Act)
    for numbers in settings.THROTTLES.values():
        assert 0 < numbers.get("easily", 1) <= numbers["most"]
        assert 0 < numbers["seconds"] <= 24 * 3600


def test_more_is_asked_before_anything_is_refused(clock):
    verdicts = [count(ACT, "one", at=NOON) for _ in range(6)]
    assert [verdict.asks_more for verdict in verdicts] == [False, False, True, True, True, True]
    refused = [verdict.retry_at is not None for verdict in verdicts]
    assert refused == [False] * 4 + [True] * 2
    assert count(ACT, "another", at=NOON) == ALLOWED
    assert count(Act.RECEIPT_LOOKUP, "one", at=NOON) == ALLOWED


def test_the_future_is_foreseen_without_being_used_up(clock):
    for _ in range(3):
        assert foresee(ACT, "one", at=NOON) == ALLOWED
    count(ACT, "one", at=NOON)
    count(ACT, "one", at=NOON)
    assert foresee(ACT, "one", at=NOON) == Verdict(asks_more=True)
    count(ACT, "one", at=NOON)
    count(ACT, "one", at=NOON)
    assert foresee(ACT, "one", at=NOON).retry_at == NOON + timedelta(minutes=10)


def test_a_refusal_ends_when_it_says_so_however_often_one_tries(clock):
    for _ in range(5):
        verdict = count(ACT, "one", at=NOON)
    assert verdict.retry_after(at=NOON) == 600
    clock.shift(400)
    later = NOON + timedelta(seconds=400)
    assert count(ACT, "one", at=later).retry_after(at=later) == 200
    clock.shift(201)
    assert count(ACT, "one", at=later + timedelta(seconds=201)) == ALLOWED


def test_a_refusal_ends_at_midnight_with_the_days_digest(clock, settings):
    late = NOON.replace(hour=23, minute=55)
    clock.move_to(late, tick=False)
    for _ in range(5):
        verdict = count(ACT, "one", at=late)
    assert verdict.retry_after(at=late) == 300


def test_the_stricter_of_two_verdicts_holds():
    soon, late = Verdict(True, NOON), Verdict(False, NOON + timedelta(hours=1))
    assert soon | late == Verdict(True, NOON + timedelta(hours=1))
    assert ALLOWED | soon == soon
    assert ALLOWED | Verdict(asks_more=True) == Verdict(asks_more=True)


def test_nobody_is_not_counted():
    assert {count(ACT, "", at=NOON) for _ in range(20)} == {ALLOWED}


def test_a_refusal_is_logged_once_and_names_a_digest_only(clock, caplog):
    for _ in range(8):
        count(ACT, "0123456789abcdef", at=NOON)
    assert [record.getMessage() for record in caplog.records] == [
        "Throttle opinion.network refuses 0123456789abcdef"
    ]


@pytest.mark.filterwarnings("ignore:Overriding setting:UserWarning")
def test_with_the_cache_down_everything_is_allowed_and_logged(settings, caplog, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": throttle.REDIS, "LOCATION": "redis://127.0.0.1:1/0"}}
    assert isinstance(throttle._storage(), RedisStorage)

    def refuse(*_args):
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.socket.connect", refuse)
    with caplog.at_level(logging.WARNING):
        assert count(ACT, "one", at=NOON) == ALLOWED
        assert foresee(ACT, "one", at=NOON) == ALLOWED
    assert "Throttle opinion.network is not counted: ConnectionError" in caplog.text


@pytest.mark.filterwarnings("ignore:Overriding setting:UserWarning")
def test_the_counts_stand_beside_the_cache(settings):
    assert isinstance(throttle._storage(), MemoryStorage)
    places = ["redis://one:6379/0", "redis://two:6379/0"]
    settings.CACHES = {"default": {"BACKEND": throttle.REDIS, "LOCATION": places}}
    assert isinstance(throttle._storage(), RedisStorage)


def test_a_view_is_refused_by_network_and_method(clock, settings):
    settings.TRUSTED_PROXIES = []
    view = limited(ACT, methods={"POST"}, with_page=False)(lambda request: HttpResponse("done"))
    requests = RequestFactory()
    for last in range(4):
        assert view(requests.post("/", REMOTE_ADDR=f"203.0.113.{last}")).status_code == 200
    answer = view(
        requests.post("/", REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="198.51.100.7")
    )
    assert (answer.status_code, answer["Retry-After"], answer.content) == (429, "600", b"")
    assert view(requests.get("/", REMOTE_ADDR="203.0.113.9")).status_code == 200
    assert view(requests.post("/", REMOTE_ADDR="203.0.114.9")).status_code == 200


@pytest.mark.parametrize("same", ["Wang@Example.com", " wang@example.com ", "wang+2@example.com"])
def test_one_mailbox_is_one_however_it_is_written(same):
    assert mailbox_digest(same, at=NOON) == mailbox_digest("wang@example.com", at=NOON)


def test_another_mailbox_is_another():
    assert mailbox_digest("li@example.com", at=NOON) != mailbox_digest("wang@example.com", at=NOON)
    assert mailbox_digest("no address", at=NOON) == ""


def test_who_is_told_of_a_limit_learns_what_is_left_of_it(settings):
    settings.THROTTLES = {"open_data.network": {"most": 2, "seconds": 600}}
    told = [throttle.spend(Act.OPEN_DATA, "who", at=NOON) for _turn in range(3)]
    assert [one.left for one in told] == [1, 0, -1]
    assert [one.is_used_up for one in told] == [False, False, True]
    assert throttle.spend(Act.OPEN_DATA, "", at=NOON) is None
