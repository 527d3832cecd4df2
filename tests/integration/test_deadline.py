"""At every instant all parts of the portal agree whether a round takes opinions."""

import uuid
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from consultations import services
from consultations.lifecycle import Phase, Stage, closing_instant, opening_instant
from consultations.models import ConsultationPage, DecisionItemPage, Opinion
from consultations.services.opinion import Author, Point
from decisions.search.archive import search_archive
from decisions.search.criteria import Criteria
from decisions.search.indexing import copy_dossiers
from tests import factories
from tests.integration.journey import ready_to_send, send

PUBLISHED_AT = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
SOON = timedelta(days=8)
TICK = timedelta(microseconds=1)
TEXT = "老小区没有空地，建议放宽到一年。"
STAGES = {
    Phase.SCHEDULED: Stage.DRAFTING,
    Phase.OPEN: Stage.CONSULTING,
    Phase.CLOSED: Stage.CONSULTATION_CLOSED,
}


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """Build one round that opens in ten days once, in a transaction that is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        factories.the_home_page()
        factories.the_consultation_index()
        page = factories.a_scheduled_round(at=PUBLISHED_AT)
        copy_dossiers([page.item.pk])
        yield page.pk
        transaction.set_rollback(True)


def phases_of(context, page):
    """The lists of a page with consultations in which this one stands."""
    names = ("scheduled", "open", "closed")
    return {name for name in names if page.pk in [one.pk for one in context.get(name, [])]}


def takes(page, *, at):
    """Send an opinion, take it back, and tell whether it was taken in with its text."""
    with transaction.atomic():
        try:
            services.submit(
                consultation=page,
                points=[Point(TEXT)],
                author=Author("王小明", "wang@example.com"),
                submission_key=uuid.uuid4(),
                at=at,
            )
        except services.OpinionRefused:
            assert not Opinion.objects.exists()
            return False
        opinion = Opinion.objects.get()
        assert (opinion.comment, opinion.submit_date) == (TEXT, at)
        transaction.set_rollback(True)
    return True


def what_everyone_says(page, *, at):
    """Whether the round is open, by everything that says so."""
    client = Client()
    item = DecisionItemPage.objects.get(pk=page.item.pk)
    answers = {
        "phase": page.phase(at=at),
        "page": client.get(page.url).context["phase"],
        "query": {
            name
            for name in ("scheduled", "open", "closed")
            if getattr(ConsultationPage.objects, name)(at=at).filter(pk=page.pk).exists()
        },
        "list": phases_of(client.get(reverse_index()).context, page),
        "home": phases_of(client.get("/").context, page),
        "matter": item.standing(at=at),
        "archive": {hit.stage for hit in search_archive(Criteria(), at=at).hits},
        "facet": {
            stage
            for stage in STAGES.values()
            if search_archive(Criteria(stage=(stage,)), at=at).total
        },
    }
    form = client.get(reverse("opinions:write", args=[page.pk]))
    assert form.status_code == HTTPStatus.OK
    opens = {
        "predicate": page.is_open(at=at),
        "page": client.get(page.url).context["is_open"],
        "form": "consultations/opinion_closed.html" not in [one.name for one in form.templates],
        "service": takes(page, at=at),
    }
    feed = client.get("/feeds/closing-soon/").content.decode()
    return answers, opens, f"consultation/{page.pk}/closing" in feed


def reverse_index():
    return factories.the_consultation_index().url


EDGE = {"zone": "Asia/Shanghai", "is_recorded": False}


# Each example draws five pages: some five seconds in all.
@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(is_end=True, distance=-TICK, **EDGE)
@example(is_end=True, distance=timedelta(0), **EDGE)
@example(is_end=False, distance=-TICK, **EDGE)
@example(is_end=False, distance=timedelta(0), **EDGE)
@given(
    is_end=st.booleans(),
    distance=st.timedeltas(timedelta(hours=-26), timedelta(hours=26)),
    zone=st.sampled_from(["UTC", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Kiritimati"]),
    is_recorded=st.booleans(),
)
def test_everything_agrees_at_every_instant(built, is_end, distance, zone, is_recorded):
    page = ConsultationPage.objects.get(pk=built)
    end = closing_instant(page.closes_on)
    at = (end if is_end else opening_instant(page.opens_on)) + distance
    expected = Phase.SCHEDULED if at < opening_instant(page.opens_on) else Phase.OPEN
    expected = Phase.CLOSED if at >= end else expected
    with (
        override_settings(TIME_ZONE=zone),
        time_machine.travel(at, tick=False),
        transaction.atomic(),
    ):
        if is_recorded:
            services.close_ended_rounds(at=at)
            copy_dossiers([page.item.pk])
        answers, opens, is_closing_soon = what_everyone_says(page, at=at)
        transaction.set_rollback(True)
    stage = STAGES[expected]
    assert answers == {
        "phase": expected,
        "page": expected,
        "query": {str(expected)},
        "list": {str(expected)},
        "home": {str(expected)} - {"closed"},
        "matter": stage,
        "archive": {stage},
        "facet": {stage},
    }
    assert set(opens.values()) == {expected is Phase.OPEN}, opens
    assert is_closing_soon == (expected is Phase.OPEN and end - at <= SOON)


# What a visitor's own clock and zone say is sent along as browsers and scripts could send it.
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("distance", "is_taken"), [(-TICK, True), (timedelta(0), False), (timedelta(hours=9), False)]
)
def test_a_form_sent_in_the_last_microsecond_is_taken_and_later_the_text_comes_back(
    built, distance, is_taken
):
    page = ConsultationPage.objects.get(pk=built)
    client = Client(headers={"date": "Sat, 12 Dec 2026 08:00:00 GMT", "x-timezone": "Etc/GMT+12"})
    at = closing_instant(page.closes_on) + distance
    with time_machine.travel(closing_instant(page.closes_on) - timedelta(minutes=5), tick=False):
        data = ready_to_send(client, page, TEXT)
    with time_machine.travel(at, tick=False):
        response = send(client, page, data)
    if is_taken:
        assert response.status_code == HTTPStatus.FOUND
        assert Opinion.objects.get().submit_date == at
    else:
        assert response.status_code == HTTPStatus.CONFLICT
        assert TEXT in response.content.decode()
        assert not Opinion.objects.exists()
