"""Reminders by mail: to the people whose duty it is, once, one mail a day, in their language."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.users.models import UserProfile

from consultations.models import ConsultationPage, Issue
from consultations.models.reminder import Reminder
from decisions.lifecycle import CleanupOutcome
from home.desk.reminders import may_remind, promise_reminders
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.core.models import OutboxMessage
from portal.core.outbox import deliver_due
from tests import factories
from tests.factories.people import a_member_of_staff, a_unit
from tests.factories.validity import (
    a_decision_in_force,
    a_draft_cleanup,
    published_cleanup,
    with_outcome,
)

pytestmark = pytest.mark.django_db


def with_address(user, address):
    User.objects.filter(pk=user.pk).update(email=address)
    return user


@pytest.fixture
def editor():
    return with_address(factories.an_editor(), "editor@example.org")


@pytest.fixture
def page():
    page = factories.an_open_round()
    factories.an_interpretation(page)
    ConsultationPage.objects.filter(pk=page.pk).update(
        closes_on=timezone.localdate() + timedelta(days=2)
    )
    OutboxMessage.objects.all().delete()
    mail.outbox.clear()
    return page


def remind(at=None):
    at = at or timezone.now()
    promised = promise_reminders(at=at)
    deliver_due(at=at)
    return promised


def test_the_editor_of_the_unit_is_told_once(editor, page):
    assert remind() == 1
    [message] = mail.outbox
    assert message.to == ["editor@example.org"]
    assert page.title in message.body
    assert f"/admin/pages/{page.pk}/edit/" in message.body
    assert page.title in message.alternatives[0][0]
    assert remind() == 0
    assert remind(timezone.now() + timedelta(days=1)) == 0
    assert len(mail.outbox) == 1


def test_a_mail_speaks_the_language_of_the_reader(editor, page):
    UserProfile.objects.update_or_create(user=editor, defaults={"preferred_language": "en"})
    remind()
    assert mail.outbox[0].subject == "1 deadline on your desk"
    Reminder.objects.all().delete()
    UserProfile.objects.update(preferred_language="zh-hans")
    remind()
    assert "written by a machine" in mail.outbox[0].body
    assert "written by a machine" not in mail.outbox[1].body


def test_other_units_closed_accounts_and_roles_without_the_duty_are_not_told(page):
    with_address(
        a_member_of_staff(
            Role.UNIT_EDITOR, username="other", unit=a_unit("市交通运输局", "交通局")
        ),
        "other@example.org",
    )
    gone = with_address(a_member_of_staff(Role.UNIT_EDITOR, username="gone"), "gone@example.org")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with_address(factories.a_legal_reviewer(), "legal@example.org")
    assert remind() == 0


def test_an_account_closed_before_the_mail_goes_gets_none(editor, page):
    promise_reminders(at=timezone.now())
    User.objects.filter(pk=editor.pk).update(is_active=False)
    deliver_due(at=timezone.now())
    assert mail.outbox == []


def test_an_answer_is_asked_of_the_one_it_was_given_to(editor):
    clerk = with_address(factories.a_clerk(), "clerk@example.org")
    issue = factories.an_issue()
    factories.an_interpretation(issue.consultation)
    Issue.objects.filter(pk=issue.pk).update(assignee=clerk, due_on=timezone.localdate())
    OutboxMessage.objects.all().delete()
    mail.outbox.clear()
    remind()
    assert [message.to for message in mail.outbox] == [["clerk@example.org"]]


def test_several_things_come_in_one_mail_and_the_late_ones_again(editor, page):
    other = factories.an_open_round(item=factories.a_matter(slug="55", number=55), title="第二件")
    ConsultationPage.objects.filter(pk=other.pk).update(
        closes_on=timezone.localdate() + timedelta(days=2)
    )
    OutboxMessage.objects.all().delete()
    assert remind() == 1
    assert page.title in mail.outbox[-1].body
    assert "第二件" in mail.outbox[-1].body
    sent = len(mail.outbox)
    later = timezone.now() + timedelta(days=60)
    assert remind(later) == 1
    assert len(mail.outbox) == sent + 1
    assert Reminder.objects.filter(kind="feedback_late").exists()


def test_a_mail_that_fails_is_tried_again_and_promised_once(editor, page, monkeypatch):
    monkeypatch.setattr(
        "consultations.mails.EmailMultiAlternatives.send",
        lambda *args, **kwargs: (_ for _ in ()).throw(OSError("no route")),
    )
    at = timezone.now()
    remind(at)
    assert mail.outbox == []
    monkeypatch.undo()
    assert promise_reminders(at=at + timedelta(hours=1)) == 0
    deliver_due(at=at + timedelta(hours=1))
    assert len(mail.outbox) == 1


def test_no_mail_goes_out_at_night():
    morning = timezone.localtime().replace(hour=8, minute=0)
    assert may_remind(at=morning)
    assert not may_remind(at=morning - timedelta(minutes=1))


def test_ninety_days_before_a_decision_expires_unit_and_office_are_told_once(editor):
    publisher = factories.a_publisher()
    today = timezone.localdate()
    page = a_decision_in_force(expires_on=today + timedelta(days=91))
    OutboxMessage.objects.all().delete()
    mail.outbox.clear()
    with_address(publisher, "office@example.org")
    assert remind() == 0
    tomorrow = timezone.now() + timedelta(days=1)
    assert remind(tomorrow) == 2
    assert {message.to[0] for message in mail.outbox} == {
        "editor@example.org",
        "office@example.org",
    }
    assert f"/admin/pages/{page.pk}/edit/" in mail.outbox[0].body
    assert remind(timezone.now() + timedelta(days=60)) == 0
    assert remind(timezone.now() + timedelta(days=92)) == 0


def test_a_decision_that_a_clean_up_repeals_is_not_looked_at_again(editor):
    a_decision_in_force(expires_on=timezone.localdate() + timedelta(days=9))
    cleanup = a_draft_cleanup()
    with_outcome(cleanup, CleanupOutcome.REPEAL)
    published_cleanup(cleanup)
    OutboxMessage.objects.all().delete()
    assert remind() == 0
