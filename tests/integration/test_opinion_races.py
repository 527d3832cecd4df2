"""Two requests at the same moment: a captcha, a form and a token each work once.

Only a server database lets two transactions run beside each other; SQLite queues them.
"""

import threading
import uuid

import pytest
from captcha.models import CaptchaStore
from django.db import close_old_connections, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations import services
from consultations.models import Opinion
from tests import factories
from tests.integration.test_opinion_journey import fetched_form

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

TOGETHER = 8


@pytest.fixture(scope="module", autouse=True)
def _migrated_rows_survive(django_db_setup, django_db_blocker):
    """Give back, after the last of these tests has emptied the tables, what migrations made."""
    yield
    with django_db_blocker.unblock():
        connection.creation.deserialize_db_from_string(connection._test_serialized_contents)


def together(act):
    """Run `act(n)` in threads that start at the same moment; return what each came to."""
    start = threading.Barrier(TOGETHER)
    results = [None] * TOGETHER

    def run(n):
        close_old_connections()
        start.wait()
        try:
            results[n] = act(n)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[n]) for n in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_one_captcha_lets_one_opinion_in():
    page = factories.an_open_round()
    data = fetched_form(Client(), page)
    url = reverse("opinions:write", args=[page.pk])
    together(lambda n: Client().post(url, data | {"submission_key": str(uuid.uuid4())}))
    assert Opinion.objects.count() == 1
    assert not CaptchaStore.objects.filter(hashkey=data["captcha_0"]).exists()


def test_one_form_sent_many_times_gives_one_opinion_and_every_sender_the_receipt():
    page = factories.an_open_round()
    data = fetched_form(Client(), page)
    url = reverse("opinions:write", args=[page.pk])
    answers = together(lambda n: Client().post(url, data))
    assert [answer.status_code for answer in answers] == [302] * TOGETHER
    receipts = {answer.cookies["receipt"].value.split(":")[0] for answer in answers}
    assert receipts == {Opinion.objects.get().receipt_no}


def test_one_token_confirms_once():
    opinion = factories.an_unconfirmed_opinion()
    now = timezone.now()
    token = services.new_confirmation_token(opinion=opinion, at=now)

    def confirm(n):
        try:
            return services.confirm(token=token, at=now)
        except services.ConfirmationRefused:
            return None

    assert sum(result is not None for result in together(confirm)) == 1
