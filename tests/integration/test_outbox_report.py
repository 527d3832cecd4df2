"""Staff see what fails and can have it tried again; nobody sees whom it is for."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.core import outbox
from portal.core.models import OutboxMessage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def parked():
    return OutboxMessage.objects.create(
        topic="opinion.received",
        payload={"opinion": 987654},
        created_at=timezone.now() - timedelta(days=3),
        due_at=timezone.now() + timedelta(hours=6),
        attempts=outbox.PARKED_AFTER,
        last_error="ConnectionRefusedError",
    )


@pytest.mark.parametrize("who", [factories.a_superuser, factories.a_publisher])
def test_those_in_charge_see_what_fails_and_no_payload(client, parked, who):
    client.force_login(who())
    content = client.get(reverse("outbox_report")).content.decode()
    assert "ConnectionRefusedError" in content
    assert "opinion.received" in content
    assert "987654" not in content
    assert reverse("outbox_report") in client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize("who", [factories.a_clerk, factories.an_editor])
def test_nobody_else_does(client, parked, who):
    client.force_login(who())
    for url in (reverse("outbox_report"), reverse("outbox_retry", args=[parked.pk])):
        assert client.get(url).status_code == HTTPStatus.FOUND
    assert client.post(reverse("outbox_retry", args=[parked.pk])).status_code == HTTPStatus.FOUND
    parked.refresh_from_db()
    assert parked.attempts == outbox.PARKED_AFTER


def test_a_parked_message_is_tried_again_on_demand(
    client, parked, django_capture_on_commit_callbacks
):
    client.force_login(factories.a_publisher())
    url = reverse("outbox_retry", args=[parked.pk])
    assert client.get(url).status_code == HTTPStatus.OK
    parked.refresh_from_db()
    assert parked.attempts == outbox.PARKED_AFTER, "looking does nothing"
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url).status_code == HTTPStatus.FOUND
    parked.refresh_from_db()
    assert parked.done_at is not None
    assert client.post(url).status_code == HTTPStatus.NOT_FOUND
    assert not outbox.retry(parked.pk, at=timezone.now())
