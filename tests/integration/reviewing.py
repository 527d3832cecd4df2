"""What the tests of the release review do with a page."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations import services
from portal.core.findings import Refused
from tests import factories


def fresh(page):
    return type(page).objects.get(pk=page.pk).get_latest_revision_as_object()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def url(page):
    return reverse("release_review", args=[page.pk])


def open_now(page):
    services.open_round(page=page, by=factories.a_publisher(), at=timezone.now())


def refused(act, page):
    with pytest.raises(Refused) as caught:
        act(page=page, by=factories.a_superuser(), at=timezone.now())
    return {finding.id for finding in caught.value.findings}
