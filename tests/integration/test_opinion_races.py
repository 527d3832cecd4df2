"""Two requests at the same moment: a captcha, a form and a token each work once.

Only a server database lets two transactions run beside each other; SQLite queues them.
"""

from captcha.models import CaptchaStore
from django.test import Client
from django.utils import timezone

from consultations import services
from consultations.models import Opinion
from tests import factories
from tests.integration.journey import address, another_form, ready_to_send
from tests.integration.together import AT_ONCE, TOGETHER, together

pytestmark = AT_ONCE


def test_one_captcha_lets_one_opinion_in():
    page = factories.an_open_round()
    data = ready_to_send(Client(), page)
    url = address("check", page)
    together(lambda n: Client().post(url, another_form(data)))
    assert Opinion.objects.count() == 1
    assert not CaptchaStore.objects.filter(hashkey=data["captcha_0"]).exists()


def test_one_form_sent_many_times_gives_one_opinion_and_every_sender_the_receipt():
    page = factories.an_open_round()
    citizen = Client()
    data = ready_to_send(citizen, page)
    url = address("check", page)
    draft = citizen.cookies["draft"].value
    answers = together(lambda n: Client(headers={"cookie": f"draft={draft}"}).post(url, data))
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
