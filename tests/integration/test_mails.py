"""Mails to authors: what they say, in which language, to whom, and how often."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.message import BadHeaderError
from django.utils import timezone

from consultations import services
from consultations.lifecycle import Channel, WithheldReason
from consultations.models import Opinion
from portal.core.models import OutboxMessage
from portal.core.outbox import deliver_due
from tests import factories
from tests.factories import acts

pytestmark = [pytest.mark.django_db, pytest.mark.ready("a_closed_round")]

SOON = timedelta(seconds=1)


def deliver():
    """Carry out all that is due, and what that promised in turn."""
    while deliver_due(at=timezone.now() + SOON):
        pass


def in_language(opinion, language):
    Opinion.objects.filter(pk=opinion.pk).update(language=language)
    return opinion


def html_of(message):
    (alternative,) = message.alternatives
    assert alternative.mimetype == "text/html"
    return alternative.content


@pytest.mark.parametrize(
    ("language", "subject", "lang"),
    [("zh-hans", "已公开", 'lang="zh-Hans"'), ("en", "is shown to the public", 'lang="en"')],
)
def test_an_author_is_told_in_their_language_that_the_opinion_is_shown(language, subject, lang):
    opinion = in_language(factories.an_opinion(), language)
    services.publish_opinion(opinion=opinion, by=factories.a_clerk(), at=timezone.now())
    OutboxMessage.objects.exclude(topic="opinion.moderated").delete()
    deliver()
    (message,) = mail.outbox
    assert message.to == ["wang@example.com"]
    assert subject in message.subject
    assert lang in html_of(message)
    for text in (message.body, html_of(message)):
        assert opinion.receipt_no in text
        assert "http://testserver/opinions/mine/" in text
        assert f"http://testserver{opinion.consultation.url}#opinions" in text
        assert "<script" not in text
        assert not re.search(r'(src|style)="', text)


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "辱骂"), ("en", "abusive")])
def test_a_withheld_opinion_is_told_with_its_reason_and_only_once(language, word):
    opinion = in_language(factories.an_opinion(), language)
    OutboxMessage.objects.all().delete()
    for _ in range(2):
        services.withhold_opinion(
            opinion=opinion,
            reason=WithheldReason.ABUSE,
            by=factories.a_clerk(),
            at=timezone.now(),
        )
    deliver()
    (message,) = mail.outbox
    assert word in message.body
    assert word in html_of(message)


def test_who_left_no_address_or_did_not_confirm_gets_no_mail_about_it():
    round_ = factories.an_open_round()
    silent = factories.an_offline_opinion(round_, channel=Channel.PHONE)
    services.publish_opinion(opinion=silent, by=factories.a_clerk(), at=timezone.now())
    unsure = factories.an_unconfirmed_opinion(round_)
    OutboxMessage.objects.filter(topic="opinion.received").delete()
    services.withhold_opinion(
        opinion=unsure,
        reason=WithheldReason.SPAM_DUPLICATE,
        by=factories.a_clerk(),
        at=timezone.now(),
    )
    deliver()
    assert mail.outbox == []


def test_what_changed_before_the_mail_went_out_is_not_told():
    opinion = factories.a_published_opinion()
    OutboxMessage.objects.exclude(topic="opinion.moderated").delete()
    services.withdraw(opinion=opinion, at=timezone.now())
    deliver()
    assert mail.outbox == []


@pytest.fixture
def answered_round():
    """A closed round with two opinions of one author and one of another."""
    round_ = factories.a_closed_round()
    opinions = [
        factories.an_opinion(round_),
        factories.an_opinion(round_, email="Wang@example.com"),
        factories.an_opinion(round_, email="li@example.com", article=1),
        factories.an_offline_opinion(round_, at=timezone.now()),
    ]
    factories.an_answered_issue(*opinions, reason="已改为<十二个月>。")
    OutboxMessage.objects.all().delete()
    return round_


def test_each_author_is_told_once_what_became_of_every_point(answered_round):
    report = factories.a_summary(answered_round)
    deliver()
    acts.publish_feedback(page=report, by=factories.a_publisher(), at=timezone.now())
    deliver()
    assert sorted(message.to[0].casefold() for message in mail.outbox) == [
        "li@example.com",
        "wang@example.com",
    ]
    for message in mail.outbox:
        assert "采纳情况：" in message.body
        assert "已改为<十二个月>。" in message.body
        assert "已改为&lt;十二个月&gt;。" in html_of(message)
        assert f"http://testserver{report.url}" in message.body
    both = next(one for one in mail.outbox if "wang" in one.to[0].casefold())
    for opinion in Opinion.objects.exclude(author_email="").order_by("pk")[:2]:
        assert opinion.receipt_no in both.body


def test_a_promise_repeated_after_a_crash_is_kept_once(answered_round):
    report = factories.a_summary(answered_round)
    for _ in range(2):
        OutboxMessage.objects.create(
            topic="summary.published",
            payload={"report": report.pk},
            created_at=timezone.now(),
            due_at=timezone.now(),
        )
    deliver()
    assert len(mail.outbox) == 2


def test_one_bad_address_blocks_nobody(answered_round):
    bad = Opinion.objects.filter(channel="online").earliest("pk")
    Opinion.objects.filter(pk=bad.pk).update(author_email="a@example.com\nBcc: b@example.com")
    factories.a_summary(answered_round)
    deliver()
    assert len(mail.outbox) == 2
    assert OutboxMessage.objects.failing().get().last_error == BadHeaderError.__name__


def test_a_line_end_in_a_title_makes_no_header():
    opinion = factories.an_opinion()
    title = "办法\r\nBcc: someone@example.com\u2028X-Other: 1 <b>粗</b>"
    type(opinion.consultation).objects.filter(pk=opinion.consultation_id).update(title=title)
    OutboxMessage.objects.all().delete()
    opinion.refresh_from_db()
    services.publish_opinion(opinion=opinion, by=factories.a_clerk(), at=timezone.now())
    deliver()
    (message,) = mail.outbox
    assert message.recipients() == ["wang@example.com"]
    assert "Bcc" not in message.message()
    assert len(message.subject.splitlines()) == 1
    assert "<b>" not in html_of(message)


def test_the_decision_is_told_once_to_each_author_of_the_matter(answered_round):
    report = factories.a_summary(answered_round)
    page = factories.a_decision(
        factories.a_decided_matter(factories.a_reviewed_matter(report.consultation.item))
    )
    OutboxMessage.objects.filter(topic__startswith="summary").delete()
    deliver()
    acts.publish_decision(page=page, by=factories.a_publisher(), at=timezone.now())
    deliver()
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        assert page.document_no in message.body
        assert f"http://testserver{page.url}" in html_of(message)


def test_the_outbox_names_nobody(answered_round):
    factories.a_summary(answered_round)
    deliver()
    stored = str(list(OutboxMessage.objects.values_list("payload", "last_error")))
    assert "example.com" not in stored
