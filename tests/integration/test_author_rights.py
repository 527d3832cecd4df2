"""The author's own page behind the secret link: read, hide the name, take back, erase, resend."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core import mail
from django.core.signing import get_cookie_signer
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from consultations import services
from consultations.lifecycle import Channel, Display
from consultations.models import Opinion
from consultations.models.figures import figures_of
from consultations.services.author import MOST_RESENDS, RESEND_PAUSE, secret_of
from consultations.views import RECEIPT_COOKIE, RECEIPT_COOKIE_SALT
from portal.core.findings import Refused
from portal.core.models import OutboxMessage
from portal.core.outbox import deliver_due
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]


@pytest.fixture
def opinion():
    return factories.a_published_opinion(name="王小明", name_consent=True, text="只此一句的意见。")


def mine(opinion):
    return reverse("opinions:mine", args=[secret_of(opinion)])


def act(opinion, name):
    return reverse("opinions:act", args=[secret_of(opinion), name])


def use(client, opinion, name):
    response = client.post(act(opinion, name))
    assert response.status_code == HTTPStatus.FOUND
    opinion.refresh_from_db()
    return client.get(response["Location"]).content.decode()


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "您的权利"), ("en", "Your rights")])
def test_the_secret_link_shows_the_text_and_is_discreet(client, opinion, language, word):
    client.cookies["lang"] = language
    response = client.get(mine(opinion))
    content = response.content.decode()
    assert word in content
    assert opinion.comment in content
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert 'content="noindex"' in content


def test_the_key_in_the_database_alone_opens_nothing(client, opinion):
    secret = secret_of(opinion)
    assert len(opinion.author_key) >= 22, "128 bits"
    wrong = [
        opinion.author_key,
        secret[:-1] + ("A" if secret[-1] != "A" else "B"),
        "x" + secret,
        "秘密",
        secret.partition(".")[0] + ".",
    ]
    pages = set()
    for one in wrong:
        for url in (
            reverse("opinions:mine", args=[one]),
            reverse("opinions:act", args=[one, "erase"]),
        ):
            response = client.get(url)
            assert response.status_code == HTTPStatus.NOT_FOUND
            pages.add(response.content.decode().replace(url, ""))
    assert len(pages) == 1
    assert client.post(reverse("opinions:act", args=[wrong[1], "erase"])).status_code == 404
    opinion.refresh_from_db()
    assert opinion.comment


def test_a_new_key_ends_the_old_link(client, opinion):
    old = mine(opinion)
    Opinion.objects.filter(pk=opinion.pk).update(author_key="another-key")
    assert client.get(old).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", ["hide-name", "withdraw", "erase"])
def test_looking_at_an_act_does_nothing(client, opinion, name):
    response = client.get(act(opinion, name))
    assert response.status_code == HTTPStatus.OK
    assert response["Referrer-Policy"] == "strict-origin"
    before = opinion.display
    opinion.refresh_from_db()
    assert (opinion.display, opinion.name_consent, opinion.comment) == (
        before,
        True,
        "只此一句的意见。",
    )


def test_an_act_that_does_not_exist_is_refused(client, opinion):
    assert client.post(act(opinion, "publish")).status_code == HTTPStatus.NOT_FOUND


def test_an_act_from_another_site_is_refused(opinion):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(act(opinion, "erase")).status_code == HTTPStatus.FORBIDDEN


def test_the_name_is_hidden_from_now_on(client, opinion):
    assert "王小明" in client.get(opinion.consultation.url).content.decode()
    use(client, opinion, "hide-name")
    public = client.get(opinion.consultation.url).content.decode()
    assert "王小明" not in public
    assert "王**" in public


def test_what_is_taken_back_still_counts_and_stays_hidden(client, opinion):
    use(client, opinion, "withdraw")
    use(client, opinion, "withdraw")
    assert opinion.comment not in client.get(opinion.consultation.url).content.decode()
    opinions = opinion.consultation.opinions
    assert (opinions.that_count().count(), opinions.shown().count()) == (1, 0)
    stale = Opinion.objects.get(pk=opinion.pk)
    stale.display = Display.PENDING  # as a moderator's page that was opened before has it
    with pytest.raises(Refused):
        services.publish_opinion(opinion=stale, by=factories.a_clerk(), at=timezone.now())
    acts = ModelLogEntry.objects.filter(action="consultations.withdraw")
    assert [entry.label for entry in acts] == [opinion.receipt_no]


def everything_stored():
    """Return all values of all tables, as one text."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += cursor.fetchall()
    return str(rows)


def test_after_erasure_the_words_are_nowhere_and_the_figures_stay(client):
    round_ = factories.a_closed_round()
    opinion = factories.an_opinion(round_, name="王小明", text="只此一句的意见。", article=1)
    factories.hide(opinion, "只")
    factories.an_answered_issue(opinion)
    before = figures_of(round_.pk)
    assert "只此一句" in everything_stored()
    page = use(client, opinion, "erase")
    assert opinion.receipt_no in page
    stored = everything_stored()
    assert "此一句" not in stored
    assert "wang@example.com" not in stored
    row = Opinion.objects.get(pk=opinion.pk)
    assert (row.author_name, row.author_email, row.channel) == ("", "", Channel.ONLINE)
    assert figures_of(round_.pk) == before
    report = factories.a_summary(round_)
    OutboxMessage.objects.filter(topic__startswith="opinion").delete()
    while deliver_due(at=timezone.now() + timedelta(seconds=1)):
        pass
    assert mail.outbox == [], "nobody is left to write to"
    assert client.get(report.url).status_code == HTTPStatus.OK
    assert client.get(round_.url).status_code == HTTPStatus.OK


def test_the_number_alone_shows_neither_text_nor_person(client, opinion):
    sent = {"receipt_no": opinion.receipt_no}
    content = client.post(reverse("opinions:status"), sent).content.decode()
    assert opinion.receipt_no in content
    assert opinion.comment not in content
    assert "王" not in content
    assert secret_of(opinion) not in content


def holding_the_receipt(client, opinion, rf):
    signer = get_cookie_signer(salt=RECEIPT_COOKIE + RECEIPT_COOKIE_SALT)
    client.cookies[RECEIPT_COOKIE] = signer.sign(opinion.receipt_no)


def test_the_mail_can_be_sent_again_three_times_two_minutes_apart(client, rf, time_machine):
    opinion = factories.an_unconfirmed_opinion()
    holding_the_receipt(client, opinion, rf)
    url = reverse("opinions:resend")
    start = timezone.now()
    assert client.post(url).status_code == HTTPStatus.TOO_MANY_REQUESTS, "one has just gone out"
    for n in range(1, MOST_RESENDS + 1):
        time_machine.move_to(start + n * RESEND_PAUSE + timedelta(seconds=n))
        assert client.post(url).status_code == HTTPStatus.OK
        assert client.post(url).status_code == HTTPStatus.TOO_MANY_REQUESTS
    time_machine.move_to(start + timedelta(hours=1))
    assert client.post(url).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert OutboxMessage.objects.filter(topic="opinion.received").count() == 1 + MOST_RESENDS


def test_only_the_browser_with_the_receipt_may_ask_for_it(client):
    factories.an_unconfirmed_opinion()
    response = client.post(reverse("opinions:resend"))
    assert response["Location"] == reverse("opinions:status")
    assert client.get(reverse("opinions:resend")).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert OutboxMessage.objects.filter(topic="opinion.received").count() == 1


def test_what_is_confirmed_is_not_asked_again(client, rf):
    opinion = factories.an_opinion()
    holding_the_receipt(client, opinion, rf)
    assert client.post(reverse("opinions:resend")).status_code == HTTPStatus.TOO_MANY_REQUESTS
