"""Following a question by mail: what is new to it, once a day, each thing once."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import parse_qs, urlencode

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.models import Page

from consultations import services
from consultations.lifecycle import Stage
from consultations.models import ConsultationPage, StageChange, Subscription
from consultations.models.subscription import LONGEST_QUERY
from consultations.services.subscription import stop_secret_of
from decisions.alerts import PATIENCE, RUN, SETTLING, happened_in, promise_alerts
from decisions.models import ArchiveDossier, DecisionPage
from decisions.search.criteria import PAGE_SIZE
from decisions.search.indexing import TOPIC_COPY, TOPIC_FILE
from decisions.search.rebuilding import rebuild
from decisions.tasks import promise_archive
from portal.core.models import FileText, OutboxMessage
from portal.core.outbox import deliver, deliver_due, enqueue_many
from tests import factories
from tests.factories import evaluations
from tests.integration.following import WANG, a_follower, filled_in, html_of, link_in
from tests.integration.search.attached_files import a_document, held
from tests.integration.search.conftest import NOW

pytestmark = pytest.mark.django_db

PARKING = urlencode({"q": "停车"})
# 9 in the morning, official time, of three days.
MONDAY, TUESDAY, WEDNESDAY = (datetime(2026, 12, day, 1, 0, tzinfo=UTC) for day in (7, 8, 9))
AFTERNOON = timedelta(hours=6)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _quiet(dossiers, archive_page):
    """A built archive in which nothing has happened lately, and nothing is owed."""
    long_ago = NOW - timedelta(days=30)
    Page.objects.update(first_published_at=long_ago, last_published_at=long_ago)
    ConsultationPage.objects.filter(opens_on__gt=long_ago).update(opens_on=long_ago.date())
    StageChange.objects.update(changed_at=long_ago)
    rebuild(at=NOW)
    OutboxMessage.objects.all().delete()


def follows(question=PARKING, *, since=MONDAY, email=WANG, **fields):
    """Somebody who follows a question and was told of everything up to an instant."""
    alert = a_follower(email, question=question)
    OutboxMessage.objects.all().delete()
    Subscription.objects.filter(pk=alert.pk).update(told_until=since, **fields)
    alert.refresh_from_db()
    return alert


def publishes(item, at):
    """Something of a matter is published or changed at an instant."""
    Page.objects.filter(pk=item.pk).update(last_published_at=at)


def told(at):
    """Let the clockwork look, deliver, and return the mails of that."""
    mail.outbox.clear()
    promise_alerts(at=at)
    while deliver_due(at=at + MINUTE):
        pass
    return list(mail.outbox)


# What is told, and when


def test_what_is_new_is_told_once(dossiers):
    alert = follows()
    publishes(dossiers["parking"], MONDAY + AFTERNOON)
    (message,) = told(TUESDAY)
    assert message.to == [WANG]
    assert "公共停车设施建设三年行动方案" in message.body
    assert dossiers["parking"].url in message.body
    assert f"/archive/?{PARKING}" in message.body
    assert link_in(message, "stop") == reverse("subscriptions:stop", args=[stop_secret_of(alert)])
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert told(TUESDAY + MINUTE) == []
    assert told(WEDNESDAY) == []


def test_nothing_new_is_no_mail(dossiers):
    alert = follows()
    assert told(TUESDAY) == []
    alert.refresh_from_db()
    assert alert.told_until == TUESDAY - SETTLING


def test_only_what_the_question_finds_is_told(dossiers):
    follows()
    publishes(dossiers["green"], MONDAY + AFTERNOON)
    publishes(dossiers["decided"], MONDAY + AFTERNOON)
    assert told(TUESDAY) == []


def test_filters_count_as_well_as_words(dossiers):
    follows("unit=jtj")
    follows(urlencode({"q": "停车", "stage": "published"}), email="li@example.com")
    publishes(dossiers["parking"], MONDAY + AFTERNOON)
    assert [message.to for message in told(TUESDAY)] == [[WANG]]


def test_one_mail_a_day_is_the_most_and_nothing_is_left_out(dossiers):
    follows("unit=jtj&unit=" + dossiers["decided"].lead_unit.code)
    publishes(dossiers["parking"], MONDAY + AFTERNOON)
    assert len(told(TUESDAY)) == 1
    publishes(dossiers["green"], TUESDAY - MINUTE)  # too fresh to have been seen for certain
    publishes(dossiers["decided"], TUESDAY + AFTERNOON)
    assert told(TUESDAY + 2 * AFTERNOON) == []
    (message,) = told(WEDNESDAY)
    assert dossiers["green"].title in message.body
    assert dossiers["decided"].title in message.body
    assert dossiers["parking"].title not in message.body


def test_days_that_the_clockwork_missed_are_made_up_for(dossiers):
    follows()
    publishes(dossiers["parking"], MONDAY + AFTERNOON)
    assert len(told(WEDNESDAY + timedelta(days=5))) == 1


def test_a_new_alert_tells_nothing_from_before(dossiers):
    alert = follows(since=None)
    publishes(dossiers["parking"], alert.confirmed_at - MINUTE)
    assert told(alert.confirmed_at + timedelta(days=1)) == []
    publishes(dossiers["parking"], alert.confirmed_at + timedelta(days=1))
    assert len(told(alert.confirmed_at + timedelta(days=2))) == 1


def test_who_has_not_confirmed_hears_nothing(dossiers):
    services.subscribe(email=WANG, question=PARKING, language="en", at=MONDAY)
    OutboxMessage.objects.all().delete()
    publishes(dossiers["parking"], MONDAY + AFTERNOON)
    assert told(TUESDAY) == []


def test_something_happens_by_a_page_below_a_move_or_the_clock(dossiers):
    parking, green = dossiers["parking"], dossiers["green"]
    round_ = ConsultationPage.objects.child_of(parking).get()
    tuesday = MONDAY + timedelta(days=1)
    assert happened_in(MONDAY, tuesday) == ()
    publishes(round_, MONDAY + AFTERNOON)
    StageChange.objects.create(
        item=green,
        from_stage=Stage.CATALOGUED,
        to_stage=Stage.DRAFTING,
        changed_at=MONDAY + AFTERNOON,
    )
    assert set(happened_in(MONDAY, tuesday)) == {parking.pk, green.pk}
    assert happened_in(tuesday, tuesday + timedelta(days=1)) == ()
    opens_on = datetime(2026, 12, 20, tzinfo=UTC).date()
    ConsultationPage.objects.filter(pk=round_.pk).update(opens_on=opens_on)
    midnight = datetime(2026, 12, 19, 16, 0, tzinfo=UTC)
    assert happened_in(midnight, midnight + MINUTE) == (parking.pk,)
    assert happened_in(midnight - MINUTE, midnight) == ()
    assert happened_in(midnight + MINUTE, midnight + timedelta(hours=30)) == ()


def test_an_instant_belongs_to_one_day_only(dossiers):
    at = MONDAY + AFTERNOON
    publishes(dossiers["parking"], at)
    assert happened_in(at, at + MINUTE) == (dossiers["parking"].pk,)
    assert happened_in(at - MINUTE, at) == ()


def test_a_page_that_was_taken_down_is_no_news(dossiers):
    publishes(dossiers["parking"], MONDAY + AFTERNOON)
    Page.objects.filter(pk=dossiers["parking"].pk).update(live=False)
    assert happened_in(MONDAY, TUESDAY) == ()


def test_recording_a_past_decision_is_no_news_and_asking_about_it_is(dossiers):
    decided = dossiers["decided"]
    type(decided).objects.filter(pk=decided.pk).update(record_source="档案馆馆藏")
    decision = DecisionPage.objects.get()
    for page in (decided, decision):
        publishes(page, MONDAY + AFTERNOON)
    assert happened_in(MONDAY, TUESDAY) == ()
    publishes(evaluations.a_draft_evaluation(decision, live=True), MONDAY + AFTERNOON)
    assert happened_in(MONDAY, TUESDAY) == (decided.pk,)


# The mail


def test_of_very_many_the_first_are_named_and_the_rest_counted(dossiers):
    follows(urlencode({"q": "整治"}))
    for number in range(PAGE_SIZE + 3):
        publishes(factories.a_matter(at=NOW, title=f"第{number}号整治方案"), MONDAY + AFTERNOON)
    rebuild(at=NOW)
    OutboxMessage.objects.all().delete()
    (message,) = told(TUESDAY)
    assert message.body.count("号整治方案") == PAGE_SIZE
    assert "另有 3 项" in message.body
    assert str(PAGE_SIZE + 3) in message.subject


@pytest.mark.parametrize(
    ("language", "word"), [("zh-hans", "档案检索“停车”"), ("en", "the archive search “停车”")]
)
def test_the_mail_speaks_the_language_of_its_reader(dossiers, language, word):
    follows(language=language)
    publishes(dossiers["parking"], MONDAY + AFTERNOON)
    (message,) = told(TUESDAY)
    assert word in message.body
    assert word in html_of(message)


def test_markup_in_words_and_titles_stays_text(dossiers):
    follows(urlencode({"q": "<b>停车</b>"}))
    item = factories.a_matter(at=NOW, title="<b>停车</b>的另一件事")
    publishes(item, MONDAY + AFTERNOON)
    rebuild(at=NOW)
    OutboxMessage.objects.all().delete()
    (message,) = told(TUESDAY)
    assert "<b>停车" not in html_of(message)
    assert "&lt;b&gt;停车" in html_of(message)


def test_who_stops_before_the_mail_is_written_gets_none(dossiers):
    alert = follows()
    publishes(dossiers["parking"], MONDAY + AFTERNOON)
    assert promise_alerts(at=TUESDAY) == 1
    services.unsubscribe(subscription=alert)
    assert deliver_due(at=TUESDAY + MINUTE) == 1
    assert mail.outbox == []


def test_what_was_taken_down_before_the_mail_is_written_is_not_named(dossiers):
    follows()
    publishes(dossiers["parking"], MONDAY + AFTERNOON)
    assert promise_alerts(at=TUESDAY) == 1
    ArchiveDossier.objects.filter(pk=dossiers["parking"].pk).delete()
    deliver_due(at=TUESDAY + MINUTE)
    assert mail.outbox == []


def test_no_address_and_no_words_wait_in_the_outbox(dossiers):
    follows()
    publishes(dossiers["parking"], MONDAY + AFTERNOON)
    promise_alerts(at=TUESDAY)
    payload = OutboxMessage.objects.get(topic="alert.news").payload
    assert payload.keys() == {"subscription", "items", "total"}


# When something is in the way


def test_it_waits_for_the_copy_to_follow(dossiers):
    follows()
    publishes(dossiers["parking"], MONDAY + AFTERNOON)
    promise_archive(dossiers["parking"].pk)
    OutboxMessage.objects.update(created_at=MONDAY + AFTERNOON, due_at=MONDAY + AFTERNOON)
    assert promise_alerts(at=TUESDAY) == 0
    deliver_due(at=TUESDAY)
    assert promise_alerts(at=TUESDAY + MINUTE) == 1


@pytest.mark.housekeeping
def test_it_waits_for_the_words_of_a_file_that_is_read_late(dossiers, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    follows(urlencode({"q": "专家论证"}))
    page = factories.an_open_round(dossiers["green"], at=NOW, attachments=held(a_document()))
    deliver_due(at=MONDAY)
    assert FileText.objects.exists()
    FileText.objects.all().delete()
    rebuild(at=NOW)
    OutboxMessage.objects.all().delete()
    publishes(page, MONDAY + AFTERNOON)
    [file] = enqueue_many(
        TOPIC_FILE, [{"document": Document.objects.get().pk}], at=MONDAY + AFTERNOON
    )
    assert promise_alerts(at=TUESDAY) == 0
    # It is read, and the copy that follows from it waits for a moment.
    assert deliver(file.pk, at=TUESDAY)
    assert promise_alerts(at=TUESDAY) == 0
    deliver_due(at=TUESDAY + MINUTE)
    assert promise_alerts(at=TUESDAY + MINUTE) == 1


@pytest.mark.parametrize("topic", [TOPIC_FILE, TOPIC_COPY])
def test_what_fails_is_waited_for_but_not_for_ever(dossiers, topic):
    """And only by the questions of a time in which something happened."""
    follows()
    idle = follows("q=x", since=TUESDAY - timedelta(hours=9, minutes=30), email="li@example.com")
    publishes(dossiers["parking"], MONDAY + AFTERNOON)
    enqueue_many(topic, [{"document": 0, "item_id": 0}], at=MONDAY + AFTERNOON)
    OutboxMessage.objects.update(due_at=WEDNESDAY + timedelta(days=9), last_error="RuntimeError")
    assert told(TUESDAY) == []
    idle.refresh_from_db()
    assert idle.told_until == TUESDAY - SETTLING
    assert len(told(MONDAY + PATIENCE)) == 1


def test_an_engine_that_is_away_is_waited_for_but_not_for_ever(dossiers, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    follows()
    publishes(dossiers["parking"], MONDAY + AFTERNOON)
    assert told(TUESDAY) == []
    assert told(TUESDAY + AFTERNOON) == []
    (message,) = told(MONDAY + PATIENCE)
    assert "公共停车设施建设三年行动方案" in message.body
    assert told(MONDAY + PATIENCE + MINUTE) == []


def test_a_question_that_cannot_be_read_any_more_is_told_of_and_ended(dossiers):
    follows("colour=red&q=停车")
    (message,) = told(TUESDAY)
    assert "/archive/" in message.body
    assert not Subscription.objects.exists()
    assert told(WEDNESDAY) == []


def test_more_alerts_than_fit_in_a_run_have_their_turn_in_the_next(dossiers):
    publishes(dossiers["parking"], MONDAY + AFTERNOON)
    first = follows()
    Subscription.objects.bulk_create(
        Subscription(
            email="li@example.com",
            email_digest=f"{number}",
            question=PARKING,
            language="zh-hans",
            confirmed_at=MONDAY,
            told_until=MONDAY + MINUTE,
        )
        for number in range(RUN)
    )
    assert promise_alerts(at=TUESDAY) == RUN
    first.refresh_from_db()
    assert first.told_until > MONDAY, "who waits longest comes first"
    assert promise_alerts(at=TUESDAY + MINUTE) == 1


# Asking for it


def address(archive_page, question=PARKING):
    return f"{archive_page.url}alert/?{question}"


def test_a_question_is_followed_by_the_form_of_all_mail(archive_page, client):
    path = address(archive_page, f"{PARKING}&stage=published&page=2&sort=date")
    form = client.get(path)
    assert form.status_code == HTTPStatus.OK
    assert "no-store" in form["Cache-Control"]
    assert "停车" in form.content.decode()
    sent = client.post(path, filled_in(client, path, scope="question"))
    assert sent.status_code == HTTPStatus.FOUND
    alert = Subscription.objects.get()
    assert parse_qs(alert.question) == {"q": ["停车"], "stage": ["published"]}
    assert alert.confirmed_at is None


def test_the_same_question_is_the_same_alert_however_it_is_written(archive_page, client):
    for question in ("unit=jtj&q=%20停车&stage=published", "q=停车&stage=published&unit=jtj"):
        path = address(archive_page, question)
        client.post(path, filled_in(client, path, scope="question"))
    assert Subscription.objects.count() == 1


def test_the_form_can_be_used_for_everything_else_too(archive_page, client):
    path = address(archive_page)
    client.post(path, filled_in(client, path, scope="everything"))
    assert Subscription.objects.get().question == ""


@pytest.mark.parametrize(
    "question",
    ["", "colour=red", "q=停车 AND", "page=0", "q=" + "%E5%AD%97" * (LONGEST_QUERY // 9)],
)
def test_what_cannot_be_followed_is_refused_in_words(archive_page, client, question):
    response = client.get(address(archive_page, question))
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert response.context["error"] in response.content.decode()


def test_the_form_asks_for_a_token(archive_page):
    path = address(archive_page)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"scope": "question", "email": WANG}).status_code == 403


def test_stopping_an_alert_leaves_everything_else(dossiers):
    everything, alert = a_follower(), follows()
    other = follows("q=x")
    services.unsubscribe(subscription=alert)
    assert set(Subscription.objects.all()) == {everything, other}


def test_who_follows_everything_is_not_told_by_an_alert_as_well(dossiers):
    follows()
    assert not Subscription.objects.about(dossiers["parking"]).exists()


def test_a_subscription_has_one_scope(dossiers):
    alert = follows()
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.filter(pk=alert.pk).update(item=dossiers["parking"])
