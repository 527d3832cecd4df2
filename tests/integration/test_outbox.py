"""The outbox: promised in a transaction, done after it, never lost, never stuck."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django_tasks import default_task_backend

from decisions.search.indexing import TOPIC_COPY, TOPIC_INDEX
from portal.core import outbox
from portal.core.models import OutboxMessage

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture
def delivered(monkeypatch):
    done = []
    monkeypatch.setitem(
        outbox._handlers, "note", lambda payload, *, at, message_id: done.append(payload["word"])
    )
    return done


@pytest.fixture
def broken(monkeypatch):
    state = {"is_broken": True, "calls": 0}

    def handler(payload, *, at, message_id):
        state["calls"] += 1
        if state["is_broken"]:
            raise ConnectionRefusedError("no server at 127.0.0.1 for zhang@example.com")

    monkeypatch.setitem(outbox._handlers, "mail", handler)
    return state


def test_a_message_is_carried_out_once(delivered):
    message = outbox.enqueue("note", at=NOW, word="kept")
    assert outbox.deliver(message.pk, at=NOW)
    assert not outbox.deliver(message.pk, at=NOW)
    assert delivered == ["kept"]


def test_what_is_rolled_back_is_never_sent(delivered):
    with transaction.atomic():
        outbox.enqueue("note", at=NOW, word="lost")
        transaction.set_rollback(True)
    assert outbox.deliver_due(at=NOW) == 0
    assert delivered == []


def test_it_starts_when_the_transaction_commits(delivered, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        outbox.enqueue("note", word="at once")
        assert delivered == []
    assert delivered == ["at once"]


def test_a_failure_is_retried_later_and_tells_no_secrets(broken, caplog):
    message = outbox.enqueue("mail", at=NOW)
    assert not outbox.deliver(message.pk, at=NOW)
    message.refresh_from_db()
    assert message.due_at == NOW + outbox.FIRST_RETRY
    assert message.last_error == "ConnectionRefusedError"
    assert "zhang" not in caplog.text

    assert outbox.deliver_due(at=NOW) == 0, "it is not due again yet"
    broken["is_broken"] = False
    assert outbox.deliver_due(at=NOW + outbox.FIRST_RETRY) == 1


def test_a_poisoned_message_does_not_block_the_others(broken, delivered):
    outbox.enqueue("mail", at=NOW)
    outbox.enqueue("note", at=NOW + timedelta(seconds=1), word="after it")
    assert outbox.deliver_due(at=NOW + timedelta(minutes=1)) == 1
    assert delivered == ["after it"]


def test_poisoned_messages_do_not_block_their_own_kind(monkeypatch, caplog):
    done = []

    def handler(payload, *, at, message_id):
        if payload["poisoned"]:
            raise ValueError("a line end in an address")
        done.append(message_id)

    monkeypatch.setitem(outbox._handlers, "mail", handler)
    for poisoned in [True] * (outbox.REFUSALS_A_RUN + 2) + [False]:
        outbox.enqueue("mail", at=NOW, poisoned=poisoned)
    assert outbox.deliver_due(at=NOW) == len(done) == 1


class Killed(BaseException):
    """The end of the process, as far as the code can tell."""


def test_a_message_that_kills_its_workers_is_shown_and_given_up(monkeypatch):
    def handler(payload, *, at, message_id):
        raise Killed

    monkeypatch.setitem(outbox._handlers, "mail", handler)
    message = outbox.enqueue("mail", at=NOW)
    at = NOW
    for _ in range(outbox.PARKED_AFTER):
        with pytest.raises(Killed):
            outbox.deliver(message.pk, at=at)
        assert not outbox.deliver(message.pk, at=at), "it is claimed for a while"
        at += outbox.CLAIM
    assert not outbox.deliver(message.pk, at=at)
    assert OutboxMessage.objects.failing().get().last_error == outbox.INTERRUPTED


def test_it_is_parked_after_many_tries_and_stays_visible(broken):
    message = outbox.enqueue("mail", at=NOW)
    at = NOW
    for _ in range(outbox.PARKED_AFTER + 5):
        outbox.deliver(message.pk, at=at)
        at += timedelta(days=1)
    assert broken["calls"] == outbox.PARKED_AFTER
    message.refresh_from_db()
    assert message.done_at is None
    assert outbox.is_parked(message)
    assert not outbox.waiting(at=at).exists()


def test_an_unknown_topic_waits_like_any_failure():
    message = outbox.enqueue("nobody.listens", at=NOW)
    assert not outbox.deliver(message.pk, at=NOW)
    message.refresh_from_db()
    assert message.last_error == "KeyError"


def test_a_run_spares_a_server_that_keeps_refusing(broken, delivered):
    for _ in range(10):
        outbox.enqueue("mail", at=NOW)
    outbox.enqueue("note", at=NOW + timedelta(seconds=1), word="after them")
    assert outbox.deliver_due(at=NOW + timedelta(minutes=1)) == 1
    assert broken["calls"] == outbox.REFUSALS_A_RUN
    assert delivered == ["after them"]


def test_what_is_not_tried_keeps_no_place_in_a_run(broken, delivered, monkeypatch):
    monkeypatch.setattr(outbox, "RUN", 5)
    for _ in range(20):
        outbox.enqueue("mail", at=NOW)
    outbox.enqueue("note", at=NOW + timedelta(seconds=1), word="after them")
    assert outbox.deliver_due(at=NOW + timedelta(minutes=1)) == 1
    assert broken["calls"] == outbox.REFUSALS_A_RUN
    assert delivered == ["after them"]


def test_what_cannot_wait_goes_before_what_is_older(delivered, monkeypatch):
    monkeypatch.setattr(outbox, "RUN", 1)
    monkeypatch.setitem(outbox._handlers, "slow", outbox._handlers["note"])
    monkeypatch.setattr(outbox, "_pressing", {"note"})
    outbox.enqueue_many("slow", [{"word": "slow"}] * 3, at=NOW)
    outbox.enqueue_many("note", [{"word": "at once"}], at=NOW + timedelta(seconds=1))
    for _ in range(2):
        outbox.deliver_due(at=NOW + timedelta(minutes=1))
    assert delivered == ["at once", "slow"]


def test_what_takes_something_out_of_the_archive_goes_before_mail_in_the_worker(
    settings, django_capture_on_commit_callbacks
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    with django_capture_on_commit_callbacks(execute=True):
        outbox.enqueue("opinion.received", at=NOW)
        outbox.enqueue(TOPIC_COPY, at=NOW)
        failing = outbox.enqueue(TOPIC_INDEX, at=NOW)
    OutboxMessage.objects.filter(pk=failing.pk).update(last_error="ConnectionRefusedError")
    with django_capture_on_commit_callbacks(execute=True):
        assert outbox.retry(failing.pk, at=NOW)
    mail, copy, index, again = (one.task.priority for one in default_task_backend.results)
    assert mail < copy == index == again
