"""What readers see of a decision's validity, today and on any other day."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from consultations.lifecycle import official_date
from decisions import services
from decisions.lifecycle import CleanupOutcome, Supersession, Validity
from decisions.models import DecisionPage
from portal.core.findings import Refused
from tests import factories
from tests.factories import validity as states
from tests.integration.statements import statements

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 12


@pytest.fixture(autouse=True)
def english(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def today():
    return official_date(timezone.now())


@pytest.fixture
def decision():
    return states.a_decision_in_force()


def fresh(page):
    return DecisionPage.objects.get(pk=page.pk)


def shown(client, page, **query):
    return client.get(page.url, query).content.decode()


def test_a_repealed_decision_stays_at_its_address_with_its_banner(client, decision, today):
    later = factories.a_decision(effective_on=today)
    earlier = states.superseded(decision, later, Supersession.REPEALED)
    answer = client.get(earlier.url)
    text = answer.content.decode()
    assert answer.status_code == HTTPStatus.OK
    assert answer.context["validity"] is Validity.REPEALED
    assert f'<a href="{later.url}">{later.title}</a>' in text
    assert "Repealed from" in text
    assert "This decision repeals an earlier one:" in shown(client, later)
    assert f'<a href="{earlier.url}">' in shown(client, later)


def test_asked_as_of_the_day_before_it_is_in_force(client, decision, today):
    earlier = states.superseded(
        decision, factories.a_decision(effective_on=today), Supersession.REPEALED
    )
    yesterday = today - timedelta(days=1)
    answer = client.get(earlier.url, {"on": yesterday.isoformat()})
    text = answer.content.decode()
    assert answer.context["validity"] is Validity.IN_FORCE
    assert "You see how things stood on" in text
    assert f'<a href="{earlier.url}">Back to today</a>' in text
    assert "It will be repealed from" in text
    assert f'<link rel="canonical" href="{earlier.full_url}">' in text
    assert '<meta name="robots" content="noindex, follow">' in text
    assert "noindex" not in shown(client, earlier)


@pytest.mark.parametrize("day", ["morgen", "2026-02-30", "0000-01-01", "9999-12-31", "1900-01-01"])
@pytest.mark.parametrize("where", ["page", "list", "redline"])
def test_what_is_no_day_gets_a_sentence(client, decision, day, where):
    address = {
        "page": decision.url,
        "list": factories.the_decision_index().url,
        "redline": f"{decision.url}redline/",
    }[where]
    answer = client.get(address, {"on": day})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert answer.context["as_of"].error


def test_before_its_publication_the_page_says_that_it_was_not_public(client, decision):
    day = decision.published_on - timedelta(days=1)
    assert "On that day it was not published yet" in shown(client, decision, on=day.isoformat())


def test_a_suspended_decision_says_since_when_by_whom_and_why(client, decision, today):
    suspension = states.suspended(decision)
    text = shown(client, decision)
    assert fresh(decision).validity(on=today) is Validity.SUSPENDED
    assert "Suspended since" in text
    assert "Suspended by 澜川市人民政府. Reason: 汛期需要临时调整。" in text
    services.resume(
        suspension=suspension, resumed_on=today, by=factories.a_publisher(), at=timezone.now()
    )
    assert fresh(decision).validity(on=today) is Validity.IN_FORCE
    events = [event.what for event in client.get(decision.url).context["history"]]
    assert events == ["Signed", "Made public", "Takes effect", "Suspended", "Carried out again"]


def test_what_is_not_in_force_is_not_suspended(today):
    coming = factories.a_decision()
    with pytest.raises(Refused, match="not in force"):
        states.suspended(coming)
    with pytest.raises(Refused, match="not public"):
        states.suspended(factories.a_draft_decision())
    in_force = states.a_decision_in_force()
    first = states.suspended(in_force)
    with pytest.raises(Refused, match="already"):
        states.suspended(in_force, from_on=today)
    who_and_when = {"by": factories.a_publisher(), "at": timezone.now()}
    with pytest.raises(Refused, match="only after"):
        services.resume(suspension=first, resumed_on=first.from_on, **who_and_when)
    services.resume(suspension=first, resumed_on=today + timedelta(days=9), **who_and_when)
    with pytest.raises(Refused, match="on record already"):
        services.resume(suspension=first, resumed_on=today, **who_and_when)
    with pytest.raises(Refused, match="already"):
        states.suspended(in_force, from_on=today)


def test_the_list_shows_what_is_in_force_and_counts_the_rest(client, decision, today):
    coming = factories.a_decision()
    suspended = states.a_decision_in_force()
    states.suspended(suspended)
    index = factories.the_decision_index()
    answer = client.get(index.url)
    assert [one.pk for one in answer.context["decisions"]] == [decision.pk]
    counts = {one.value: one.count for one in answer.context["filters"]}
    assert counts == {"in_force": 1, "not_yet_effective": 1, "suspended": 1, "all": 3}
    everything = client.get(index.url, {"validity": "all"}).context["decisions"]
    assert {one.pk for one in everything} == {decision.pk, coming.pk, suspended.pk}


def test_the_list_of_another_day_is_that_of_then(client, decision, today):
    earlier = states.superseded(
        decision, factories.a_decision(effective_on=today), Supersession.REPEALED
    )
    index = factories.the_decision_index()
    now = client.get(index.url, {"validity": "repealed"}).context["decisions"]
    assert [one.pk for one in now] == [earlier.pk]
    query = {"on": (today - timedelta(days=1)).isoformat(), "validity": "in_force"}
    answer = client.get(index.url, query)
    assert [one.pk for one in answer.context["decisions"]] == [earlier.pk]
    assert "You see how things stood on" in answer.content.decode()
    assert all(f"on={query['on']}" in one.query for one in answer.context["filters"])


def test_an_unknown_state_gets_a_sentence(client, decision):
    answer = client.get(factories.the_decision_index().url, {"validity": "sacred"})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "There is no such state of a decision." in answer.content.decode()
    assert [one.pk for one in answer.context["decisions"]] == [decision.pk]


def test_the_list_costs_the_same_for_1_and_4_decisions_with_all_their_acts(client, today):
    index = factories.the_decision_index()
    states.suspended(states.a_decision_in_force())
    few, _ = statements(client, f"{index.url}?validity=all")
    for _ in range(2):
        states.suspended(states.a_decision_in_force())
    cleanup = states.a_draft_cleanup()
    states.with_outcome(cleanup, CleanupOutcome.REPEAL)
    states.published_cleanup(cleanup)
    later = factories.a_decision()
    states.superseded(states.a_decision_in_force(), later, Supersession.AMENDED)
    many, _ = statements(client, f"{index.url}?validity=all")
    assert len(few) == len(many) <= MOST_STATEMENTS, "\n".join(many)


def test_a_decision_with_every_act_costs_no_more_than_any_page(client, decision, today):
    suspension = states.suspended(decision)
    services.resume(
        suspension=suspension, resumed_on=today, by=factories.a_publisher(), at=timezone.now()
    )
    cleanup = states.a_draft_cleanup()
    states.with_outcome(cleanup, CleanupOutcome.KEEP)
    states.published_cleanup(cleanup)
    later = factories.a_decision(effective_on=today)
    states.superseded(decision, later, Supersession.REPEALED)
    for address in (decision.url, f"{decision.url}redline/", later.url, f"{later.url}redline/"):
        asked, _ = statements(client, address)
        assert len(asked) <= MOST_STATEMENTS, "\n".join(asked)


def test_with_acts_leaves_nothing_to_ask_for(decision, today):
    states.suspended(decision)
    states.a_decision_in_force()
    read = list(DecisionPage.objects.with_acts().without_text().order_by("pk"))
    with CaptureQueriesContext(connection) as asked:
        found = [one.validity(on=today) for one in read]
    assert found == [Validity.SUSPENDED, Validity.IN_FORCE]
    assert len(asked) == 0
    assert found == [one.validity(on=today) for one in DecisionPage.objects.order_by("pk")]


def test_the_story_of_the_matter_tells_what_became_of_its_decision(client):
    page = states.a_decision_in_force()
    suspension = states.suspended(page)
    assert suspension.reason in shown(client, page.item)
