"""A dead engine costs its patience three times, then nothing but one try a pause."""

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elastic_transport import ConnectionError as EngineConnectionError
from elasticsearch import BadRequestError

from decisions.search.connection import (
    FAILURES_TO_OPEN,
    PAUSE,
    Breaker,
    EngineDownError,
)


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(clock)


def _fail(breaker, error=None):
    with pytest.raises(EngineDownError), breaker.watching():
        raise error or EngineConnectionError("refused")


def _open(breaker):
    for _ in range(FAILURES_TO_OPEN):
        _fail(breaker)


def test_it_opens_after_three_failures(breaker):
    for _ in range(FAILURES_TO_OPEN - 1):
        _fail(breaker)
        assert not breaker.is_open
    _fail(breaker)
    assert breaker.is_open


def test_while_open_nothing_is_asked(breaker):
    _open(breaker)
    with pytest.raises(EngineDownError), breaker.watching():
        pytest.fail("the engine was asked")


def test_after_the_pause_one_question_tries_again(breaker, clock):
    _open(breaker)
    clock.now += PAUSE
    with breaker.watching():
        assert breaker.is_open  # for everyone else
    assert not breaker.is_open


def test_one_failure_more_opens_it_again(breaker, clock):
    _open(breaker)
    clock.now += PAUSE
    _fail(breaker)
    assert breaker.is_open


def test_an_answer_forgets_earlier_failures(breaker):
    _fail(breaker)
    with breaker.watching():
        pass
    for _ in range(FAILURES_TO_OPEN - 1):
        _fail(breaker)
    assert not breaker.is_open


def test_an_answer_that_cannot_be_read_is_none(breaker):
    _fail(breaker, KeyError("hits"))
    _fail(breaker, TypeError("string indices"))


def test_a_question_it_refuses_says_nothing_about_the_next(breaker):
    node = NodeConfig("http", "127.0.0.1", 9200)
    answered = ApiResponseMeta(400, "1.1", HttpHeaders(), 0.0, node)
    for _ in range(FAILURES_TO_OPEN):
        _fail(breaker, BadRequestError("too deep", answered, {}))
    assert not breaker.is_open
    assert not breaker.is_in_doubt


def test_mistakes_of_ours_are_not_hidden(breaker):
    with pytest.raises(ZeroDivisionError), breaker.watching():
        raise ZeroDivisionError


def test_the_engine_is_in_doubt_from_a_failure_until_it_answers(breaker, clock):
    assert not breaker.is_in_doubt
    _open(breaker)
    clock.now += PAUSE
    assert breaker.is_in_doubt
    with breaker.watching():
        pass
    assert not breaker.is_in_doubt
