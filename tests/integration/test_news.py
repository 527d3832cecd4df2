"""What followers are told by mail: once to each person, and to nobody who has stopped."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations import services
from consultations.models import Announcement, ConsultationPage, Subscription
from consultations.services.notices import BATCH
from consultations.services.subscription import address_digest, stop_secret_of
from decisions.models import DecisionPage
from home.management.commands.tick import Command as Tick
from portal.core.models import OutboxMessage
from tests import factories
from tests.factories import acts
from tests.integration.following import (
    WANG,
    a_follower,
    deliver,
    html_of,
    link_in,
    subscribe,
    tell_opened,
)

pytestmark = pytest.mark.django_db


def test_a_round_that_opens_is_told_once_to_each_person():
    item = factories.a_matter()
    for scope in ({}, {"unit": item.lead_unit}, {"item": item}):
        a_follower(**scope)
    a_follower("li@example.com", unit=item.lead_unit)
    a_follower("zhao@example.com", unit=factories.a_unit("市教育局", "教育局"))
    a_follower("qian@example.com", item=factories.a_matter())
    subscribe("unsure@example.com")
    OutboxMessage.objects.all().delete()
    page = factories.an_open_round(item)
    tell_opened()
    assert sorted(message.to[0] for message in mail.outbox) == ["li@example.com", WANG]
    for message in mail.outbox:
        assert page.title in message.body
        assert f"http://testserver{page.url}" in message.body
        assert f"http://testserver{page.url}" in html_of(message)
    narrowest = Subscription.objects.get(item=item)
    both = next(message for message in mail.outbox if message.to == [WANG])
    assert stop_secret_of(narrowest) in both.body

    acts.open_round(page=page, by=factories.a_publisher(), at=timezone.now())
    tell_opened()
    assert len(mail.outbox) == 2


def test_a_round_published_beforehand_is_told_when_it_opens():
    a_follower()
    page = factories.a_scheduled_round()
    tell_opened()
    assert mail.outbox == []
    with time_machine.travel(timezone.now() + timedelta(days=11)):
        Tick().tick()
        Tick().tick()
        Tick().tick()
    (message,) = mail.outbox
    assert page.title in message.subject


def test_a_round_whose_time_is_over_is_not_told_any_more():
    a_follower()
    page = factories.an_open_round()
    services.tell_opened_rounds(at=timezone.now())
    deliver(at=timezone.now() + timedelta(days=60))
    factories.a_closed_round(factories.a_matter())
    tell_opened()
    assert mail.outbox == []
    assert Announcement.objects.get().page_id == page.pk


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "订阅"), ("en", "You follow")])
def test_adoption_summary_and_decision_are_told_once(language, word):
    round_ = factories.a_closed_round()
    follower = a_follower(item=round_.item)
    Subscription.objects.filter(pk=follower.pk).update(language=language)
    OutboxMessage.objects.all().delete()
    report = factories.a_summary(round_)
    deliver()
    acts.publish_feedback(page=report, by=factories.a_publisher(), at=timezone.now())
    deliver()
    (summary,) = mail.outbox
    assert f"http://testserver{report.url}" in summary.body

    page = factories.a_decision(
        factories.a_decided_matter(factories.a_reviewed_matter(round_.item))
    )
    deliver()
    page = DecisionPage.objects.get(pk=page.pk)
    acts.publish_decision(page=page, by=factories.a_publisher(), at=timezone.now())
    deliver()
    decision = mail.outbox[1]
    assert len(mail.outbox) == 2
    assert f"http://testserver{page.url}" in decision.body
    assert page.document_no in decision.body
    for message in mail.outbox:
        assert word in message.body
        assert word in html_of(message)
        assert link_in(message, "stop")
        assert not re.search(r'<(script|img|link)|(src|style)="', html_of(message))


def test_a_promise_repeated_after_a_crash_is_kept_once():
    a_follower()
    report = factories.a_summary()
    deliver()
    now = timezone.now()
    for _ in range(2):
        OutboxMessage.objects.create(
            topic="summary.published", payload={"report": report.pk}, created_at=now, due_at=now
        )
    deliver()
    assert len(mail.outbox) == 1


def test_who_stopped_between_promise_and_mail_gets_none():
    item = factories.a_matter()
    follower, other = a_follower(item=item), a_follower(unit=item.lead_unit)
    stranger = a_follower("li@example.com")
    factories.an_open_round(item)
    services.tell_opened_rounds(at=timezone.now())
    other.delete()
    stranger.delete()
    deliver()
    assert [message.to for message in mail.outbox] == [[WANG]]
    assert stop_secret_of(follower) in mail.outbox[0].body


def test_one_bad_address_blocks_nobody():
    bad = a_follower("bad@example.com")
    Subscription.objects.filter(pk=bad.pk).update(email="a@example.com\nBcc: b@example.com")
    a_follower()
    factories.an_open_round()
    tell_opened()
    assert [message.to for message in mail.outbox] == [[WANG]]
    assert OutboxMessage.objects.failing().count() == 1


def test_a_line_end_in_a_title_makes_no_header():
    follower = a_follower()
    page = factories.an_open_round()
    ConsultationPage.objects.filter(pk=page.pk).update(
        title="办法\r\nBcc: someone@example.com\u2028X-Other: 1 <b>粗</b>"
    )
    tell_opened()
    (message,) = mail.outbox
    assert message.recipients() == [follower.email]
    assert "Bcc" not in message.message()
    assert "<b>" not in html_of(message)


def test_nothing_personal_waits_in_the_outbox_or_is_logged(caplog):
    caplog.set_level("DEBUG")
    a_follower()
    subscribe("li@example.com")
    factories.an_open_round()
    tell_opened()
    stored = str(list(OutboxMessage.objects.values_list("payload", "last_error")))
    assert "example.com" not in stored + caplog.text


def crowd(count):
    """So many followers of everything, of whom every second also follows a unit."""
    unit = factories.a_unit()
    now = timezone.now()
    rows = [
        Subscription(
            email=f"{number}@example.com",
            email_digest=address_digest(f"{number}@example.com"),
            unit=unit if twice else None,
            language="zh-hans",
            confirmed_at=now,
        )
        for number in range(count)
        for twice in range(1 + number % 2)
    ]
    Subscription.objects.bulk_create(rows, batch_size=BATCH)


def test_telling_a_crowd_reads_once_and_writes_in_batches():
    page = factories.an_open_round()
    read, written = {}, {}
    for count in (1, BATCH + 1, 4 * BATCH):
        Subscription.objects.all().delete()
        Announcement.objects.all().delete()
        OutboxMessage.objects.all().delete()
        crowd(count)
        with CaptureQueriesContext(connection) as captured:
            assert services.tell_opened_rounds(at=timezone.now()) == count
        statements = [one["sql"].split()[0] for one in captured.captured_queries]
        read[count] = statements.count("SELECT")
        written[count] = statements.count("INSERT")
        assert OutboxMessage.objects.filter(topic="round.news").count() == count
    assert len(set(read.values())) == 1, read
    # SQLite takes fewer values in one statement than a batch has.
    assert all(written[count] <= 2 + count / 100 for count in written), written
    assert Announcement.objects.get().page_id == page.pk
