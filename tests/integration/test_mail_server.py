"""A mail server that misbehaves: every mail is delivered in the end, or staff see why not."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from consultations import services
from consultations.models import Opinion
from portal.core import outbox
from portal.core.models import OutboxMessage
from portal.core.outbox import PARKED_AFTER, deliver_due
from portal.settings.test import EMAIL_TIMEOUT
from tests import factories
from tests.integration.together import AT_ONCE
from tests.services.processes import free_port
from tests.services.smtp import BODY, CLOSE, GREETING, SILENCE, MailServer

ROOT = Path(__file__).resolve().parents[2]
CONFIRM = "opinion.received"
LINK = re.compile(r"/opinions/confirm/([\w-]+)/")


@pytest.fixture
def server(settings):
    """A mail server that the portal speaks to, and waits for half a second instead of ten."""
    assert settings.EMAIL_TIMEOUT == EMAIL_TIMEOUT == 10
    one = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = one.port
    settings.EMAIL_TIMEOUT = 0.5
    one.start()
    yield one
    one.stop()


@pytest.fixture
def opinion(db):
    """An opinion whose mail waits, alone in the outbox."""
    one = factories.an_unconfirmed_opinion()
    OutboxMessage.objects.exclude(topic=CONFIRM).delete()
    return one


def others(opinion, *addresses):
    for address in addresses:
        factories.an_unconfirmed_opinion(opinion.consultation, email=address)


def now():
    return timezone.now() + timedelta(seconds=1)


def later(hours=24):
    return timezone.now() + timedelta(hours=hours)


def keep_trying(runs=PARKED_AFTER + 5):
    """Run as if so many half days passed."""
    return sum(deliver_due(at=later(12 * run)) for run in range(1, runs + 1))


def addresses(server):
    return [address for mail in server.taken for address in mail.to]


def shown_to_staff(client):
    client.force_login(factories.a_publisher())
    return client.get(reverse("outbox_report")).content.decode()


TROUBLES = {
    "hanging up at once": ({GREETING: CLOSE}, "SMTPServerDisconnected"),
    "never greeting": ({GREETING: SILENCE}, "SMTPServerDisconnected"),
    "too busy": ({GREETING: "421 too busy"}, "SMTPConnectError"),
    "silent to an address": ({"RCPT": SILENCE}, "SMTPServerDisconnected"),
    "refusing the sender": ({"MAIL": "550 not you"}, "SMTPSenderRefused"),
    "putting an address off": ({"RCPT": "450 later"}, "SMTPRecipientsRefused 450"),
    "shutting down at an address": ({"RCPT": "421 bye"}, "SMTPRecipientsRefused 421"),
    "refusing an address": ({"RCPT": "550 no such mailbox"}, "Refused: SMTPRecipientsRefused 550"),
    "putting a text off": ({BODY: "452 disk full"}, "SMTPDataError 452"),
    "refusing a text": ({BODY: "554 no"}, "Refused: SMTPDataError 554"),
    "refusing to listen": ({"DATA": "554 no"}, "Refused: SMTPDataError 554"),
    "hanging up in the middle": ({"MID-DATA": CLOSE}, "SMTPServerDisconnected"),
    "hanging up at the end": ({BODY: CLOSE}, "SMTPServerDisconnected"),
    "silent at the end": ({BODY: SILENCE}, "SMTPServerDisconnected"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_staff_see_the_first_failure_and_the_mail_goes_out_when_it_is_over(
    trouble, server, opinion, client, caplog
):
    server.misbehaves, error = TROUBLES[trouble]
    begun = time.monotonic()
    assert deliver_due(at=now()) == 0
    assert time.monotonic() - begun < 5
    assert addresses(server) == []

    waiting = OutboxMessage.objects.get(topic=CONFIRM)
    assert waiting.last_error == error
    shown = shown_to_staff(client)
    assert waiting.last_error in shown
    assert "wang@example.com" not in shown + caplog.text

    server.misbehaves = {}
    assert deliver_due(at=later()) == 1
    assert addresses(server) == ["wang@example.com"]
    token = LINK.search(server.taken[0].message.get_body().get_content())[1]
    assert services.confirm(token=token, at=later()).pk == opinion.pk
    assert not OutboxMessage.objects.failing().exists()


def test_a_server_that_is_gone_costs_no_mail(server, opinion, settings, client):
    settings.EMAIL_PORT = free_port()
    assert keep_trying(3) == 0
    assert "ConnectionRefusedError" in shown_to_staff(client)
    settings.EMAIL_PORT = server.port
    assert keep_trying() == 1
    assert addresses(server) == ["wang@example.com"]


def test_a_server_gone_for_weeks_parks_the_mail_until_staff_ask_for_it(
    server, opinion, settings, client, django_capture_on_commit_callbacks
):
    settings.EMAIL_PORT = free_port()
    keep_trying()
    settings.EMAIL_PORT = server.port
    assert keep_trying() == 0, "it was given up"
    parked = OutboxMessage.objects.get(topic=CONFIRM)
    assert parked.attempts == PARKED_AFTER
    assert "ConnectionRefusedError" in shown_to_staff(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("outbox_retry", args=[parked.pk]))
    assert addresses(server) == ["wang@example.com"]


def test_a_mailbox_that_does_not_exist_is_given_up_within_a_day_and_shown(server, opinion, client):
    server.misbehaves = {"RCPT wang@example.com": "550 no such mailbox"}
    tried = []
    for hour in range(24):
        deliver_due(at=later(hour))
        tried.append(OutboxMessage.objects.get(topic=CONFIRM).last_error)
    assert set(tried) == {"Refused: SMTPRecipientsRefused 550"}
    message = OutboxMessage.objects.get(topic=CONFIRM)
    assert outbox.is_parked(message)
    assert message.attempts == outbox.PARKED_AFTER_REFUSALS
    server.misbehaves = {}
    assert deliver_due(at=later(1000)) == 0
    shown = shown_to_staff(client)
    assert "Refused: SMTPRecipientsRefused 550" in shown
    assert reverse("outbox_retry", args=[message.pk]) in shown


def test_a_relay_set_right_within_hours_needs_no_hand(server, opinion):
    server.misbehaves = {"RCPT": "550 relaying denied"}
    assert deliver_due(at=now()) == 0
    server.misbehaves = {}
    assert deliver_due(at=later(7)) == 1


def test_a_run_ends_before_its_claims_do(server, opinion, monkeypatch):
    others(opinion, "li@example.com")
    # A conversation waits a dozen times at most.
    assert outbox.CLAIM.total_seconds() > outbox.RUN_SECONDS + 12 * EMAIL_TIMEOUT
    watch = iter([0, 1, outbox.RUN_SECONDS])
    monkeypatch.setattr(outbox, "monotonic", lambda: next(watch))
    assert deliver_due(at=now()) == 1


def test_refused_mailboxes_keep_nobody_waiting(server, opinion):
    bad = [f"bad-{n}@example.com" for n in range(outbox.REFUSALS_A_RUN + 2)]
    good = [f"good-{n}@example.com" for n in range(5)]
    others(opinion, *bad, *good)
    server.misbehaves = {f"RCPT {one}": "550 no such mailbox" for one in bad}
    assert deliver_due(at=now()) == 1 + len(good)
    assert addresses(server) == ["wang@example.com", *good]
    assert OutboxMessage.objects.failing().count() == len(bad)


def test_a_server_that_is_down_is_asked_a_few_times_a_run(server, opinion):
    others(opinion, *(f"a-{n}@example.com" for n in range(8)))
    server.misbehaves = {GREETING: "421 too busy"}
    assert deliver_due(at=now()) == 0
    assert OutboxMessage.objects.failing().count() == outbox.REFUSALS_A_RUN


def test_an_opinion_erased_while_its_mail_waited_is_sent_nothing(server, opinion):
    services.erase(opinion=opinion, at=timezone.now())
    assert deliver_due(at=now()) == 1
    assert addresses(server) == []


def test_the_answer_to_a_moderated_opinion_is_sent_though_the_first_try_failed(server, opinion):
    confirmed = factories.an_opinion(opinion.consultation, email="li@example.com")
    services.publish_opinion(opinion=confirmed, by=factories.a_clerk(), at=timezone.now())
    OutboxMessage.objects.exclude(topic="opinion.moderated").delete()
    server.misbehaves = {BODY: CLOSE}
    assert deliver_due(at=now()) == 0
    server.misbehaves = {}
    assert deliver_due(at=later()) == 1
    assert addresses(server) == ["li@example.com"]


class Killed(BaseException):
    """The end of the process, as far as the code can tell."""


def test_a_mail_whose_worker_died_before_sending_it_is_not_taken_for_sent(
    server, opinion, monkeypatch
):
    confirmed = factories.an_opinion(opinion.consultation, email="li@example.com")
    services.publish_opinion(opinion=confirmed, by=factories.a_clerk(), at=timezone.now())
    OutboxMessage.objects.exclude(topic="opinion.moderated").delete()

    def die(*_arguments, **_keywords):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.message.EmailMessage.send", die)
        with pytest.raises(Killed):
            deliver_due(at=now())
    assert deliver_due(at=later()) == 1
    assert addresses(server) == ["li@example.com"]


class TestOtherProcesses:
    """What only a server database shows: workers that are killed, and those beside them.

    Each process takes two seconds to start.
    """

    pytestmark = AT_ONCE

    @pytest.fixture
    def opinion(self, transactional_db, settings):
        # Here transactions commit, and the test's own process would send the mail at once.
        settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
        one = factories.an_unconfirmed_opinion()
        OutboxMessage.objects.exclude(topic=CONFIRM).delete()
        return one

    @contextmanager
    def worker_in_the_middle(self, server):
        """A worker that waits for the server's answer to a whole mail; at the end it is killed."""
        place = connection.settings_dict
        url = f"postgres://{place['USER']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
        environment = os.environ | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        }
        server.arrived.clear()
        with subprocess.Popen(
            [sys.executable, "manage.py", "tick"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            try:
                assert server.arrived.wait(30), process.poll() and process.stdout.read()
                yield
            finally:
                process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL

    def killed_while_sending(self, server):
        with self.worker_in_the_middle(server):
            pass

    def test_after_a_killed_worker_each_mail_is_sent_and_one_at_most_twice(
        self, server, opinion, client
    ):
        rest = ["li@example.com", "zhao@example.com"]
        others(opinion, *rest)
        server.misbehaves = {BODY: SILENCE}
        self.killed_while_sending(server)

        server.misbehaves = {}
        assert deliver_due(at=now()) == 2, "the rest does not wait for the one that was claimed"
        assert deliver_due(at=now() + outbox.CLAIM) == 1
        assert sorted(addresses(server)) == [
            "li@example.com",
            "wang@example.com",
            "zhao@example.com",
        ]
        last = server.taken[-1].message.get_body().get_content()
        assert services.confirm(token=LINK.search(last)[1], at=now()).pk == opinion.pk
        assert not OutboxMessage.objects.filter(done_at=None).exists()

    def test_a_mail_that_kills_its_workers_is_shown_and_given_up(self, server, opinion, client):
        server.misbehaves = {BODY: SILENCE}
        OutboxMessage.objects.update(attempts=PARKED_AFTER - 1, last_error=outbox.INTERRUPTED)
        self.killed_while_sending(server)
        server.misbehaves = {}
        assert deliver_due(at=later()) == 0, "it was given up"
        message = OutboxMessage.objects.failing().get()
        assert message.attempts == PARKED_AFTER
        assert outbox.INTERRUPTED in shown_to_staff(client)

    def test_no_row_is_locked_while_a_mail_server_is_waited_for(self, server, opinion):
        server.misbehaves = {BODY: SILENCE}
        with self.worker_in_the_middle(server), transaction.atomic():
            connection.cursor().execute("SET LOCAL lock_timeout = '2s'")
            services.erase(opinion=opinion, at=timezone.now())
        assert Opinion.objects.get().author_email == ""
