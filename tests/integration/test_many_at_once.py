"""Verbs on many opinions at once: what they do, what they leave out, how often they ask."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from consultations import services
from consultations.lifecycle import Display, WithheldReason
from consultations.models import Issue, Opinion, OpinionPoint
from portal.accounts.roles import Role
from portal.core.findings import Refused
from tests import factories
from tests.factories.crowd import a_crowd

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]

FEW = 10
# Two of them promise that the archive will follow.
MOST_STATEMENTS = 14


@pytest.fixture
def clerk(client):
    user = factories.a_clerk()
    client.force_login(user)
    return user


@pytest.fixture
def page():
    return factories.an_open_round()


def fresh(opinion):
    return Opinion.objects.get(pk=opinion.pk)


def test_the_page_before_says_how_many_and_the_act_says_what_was_left_out(client, clerk, page):
    good = [factories.an_opinion(page) for _ in range(3)]
    phone = [factories.an_opinion(page, text="电话13812345678。") for _ in range(2)]
    address = reverse("triage_many") + f"?verb=publish&all=1&consultation={page.pk}"
    before = client.get(address)
    assert before.context["count"] == 5
    answer = client.post(address, {"expected": 5}, follow=True)
    assert {fresh(one).display for one in good} == {Display.PUBLISHED}
    assert {fresh(one).display for one in phone} == {Display.PENDING}
    told = [str(one) for one in answer.context["messages"]]
    assert len(told) == 2
    assert all(one.receipt_no in told[0] for one in phone)
    assert not services.recount(consultation_id=page.pk)


def test_another_number_than_announced_is_announced_anew(client, clerk, page):
    opinions = [factories.an_opinion(page) for _ in range(2)]
    address = reverse("triage_many") + "?verb=withhold&all=1"
    data = {"expected": 1, "reason": WithheldReason.OFF_TOPIC}
    answer = client.post(address, data)
    assert answer.status_code == HTTPStatus.OK
    assert {fresh(one).display for one in opinions} == {Display.PENDING}
    again = answer.context["form"]["expected"].value()
    client.post(address, data | {"expected": again})
    assert {fresh(one).withheld_reason for one in opinions} == {WithheldReason.OFF_TOPIC}


def test_those_ticked_are_given_to_a_clerk_or_grouped(client, clerk, page):
    one, two, three = (factories.an_opinion(page) for _ in range(3))
    ticked = f"&id={one.pk}&id={two.pk}"
    client.post(
        reverse("triage_many") + f"?verb=assign{ticked}", {"expected": 2, "assignee": clerk.pk}
    )
    assert [fresh(x).assignee_id for x in (one, two, three)] == [clerk.pk, clerk.pk, None]
    client.post(reverse("triage_many") + f"?verb=group{ticked}", {"expected": 2, "title": "期限"})
    issue = Issue.objects.get(title="期限")
    assert {point.opinion_id for point in issue.points.all()} == {one.pk, two.pk}


def test_an_unknown_verb_is_not_found(client, clerk):
    assert client.get(reverse("triage_many") + "?verb=erase").status_code == HTTPStatus.NOT_FOUND


def test_the_tally_is_exact_after_many_were_shown_and_withheld(page):
    clerk, at = factories.a_clerk(), timezone.now()
    other = factories.an_open_round(factories.a_matter(number=2))
    ids = [factories.an_opinion(page if n % 2 else other, article=n % 4).pk for n in range(12)]
    assert services.publish_opinions(opinions=ids, by=clerk, at=at).done == 12
    for one in (page, other):
        assert not services.recount(consultation_id=one.pk)
    services.withhold_opinions(opinions=ids[6:], reason=WithheldReason.ABUSE, by=clerk, at=at)
    for one in (page, other):
        assert not services.recount(consultation_id=one.pk)
    logged = ModelLogEntry.objects.filter(action="consultations.publish_opinion")
    assert logged.count() == 12


def test_a_hidden_passage_is_not_shown_again_by_an_act_on_many(page):
    opinion = factories.an_opinion(page)
    factories.hide(opinion, "老小区")
    outcome = services.publish_opinions(
        opinions=[opinion.pk], by=factories.a_clerk(), at=timezone.now()
    )
    assert outcome.done == 0
    assert fresh(opinion).display == Display.PUBLISHED_REDACTED


def acts(page):
    """The verbs, each as a function of keys; a second page gives those that need one."""
    who = {"by": factories.a_clerk(), "at": timezone.now()}
    colleague = factories.a_member_of_staff(Role.OPINION_MODERATOR, username="limin")
    issue = factories.an_issue(page)
    grouped = {"consultation_id": page.pk, **who}
    return {
        "publish": lambda ids: services.publish_opinions(opinions=ids, **who),
        "withhold": lambda ids: services.withhold_opinions(
            opinions=ids, reason=WithheldReason.ABUSE, **who
        ),
        "assign": lambda ids: services.assign_opinions(opinions=ids, assignee=colleague, **who),
        "group": lambda ids: services.group_opinions(opinions=ids, issue=issue, **grouped),
        "group anew": lambda ids: services.group_opinions(opinions=ids, title="期限", **grouped),
    }


@pytest.mark.parametrize("verb", ["publish", "withhold", "assign", "group", "group anew"])
def test_a_verb_on_500_opinions_asks_as_often_as_on_ten(page, verb):
    # SQLite takes fewer values in one statement than one log entry for each of 500 needs.
    many = 500 if connection.vendor == "postgresql" else 80
    act: Callable[[list[int]], object] = acts(page)[verb]

    def statements(count):
        before = set(page.opinions.values_list("pk", flat=True))
        a_crowd(page, count, display=Display.PENDING)
        ids = sorted(set(page.opinions.values_list("pk", flat=True)) - before)
        assert len(ids) == count
        with CaptureQueriesContext(connection) as caught:
            act(ids)
        return [one["sql"][:150] for one in caught.captured_queries]

    statements(2)
    few, more = statements(FEW), statements(many)
    assert len(few) == len(more) <= MOST_STATEMENTS, "\n".join(more)


def test_opinions_of_another_consultation_are_not_grouped(page):
    other = factories.an_opinion(factories.an_open_round(factories.a_matter(number=2)))
    own = factories.an_opinion(page)
    who = {"by": factories.a_clerk(), "at": timezone.now()}
    issue = factories.an_issue(page)
    for wrong in (
        {"consultation_id": page.pk, "issue": issue},
        {"consultation_id": page.pk, "title": "期限"},
        {"consultation_id": other.consultation_id, "issue": issue},
    ):
        with pytest.raises(Refused):
            services.group_opinions(opinions=[own.pk, other.pk], **wrong, **who)
    assert Issue.objects.count() == 1
    assert not OpinionPoint.objects.filter(issue__isnull=False).exists()


def test_grouping_many_says_where_they_were_before(page):
    one, two = factories.an_opinion(page), factories.an_opinion(page)
    first = factories.an_issue(page)
    who = {"by": factories.a_clerk(), "at": timezone.now()}
    services.assign(points=one.points.all(), issue=first, **who)
    version = Issue.objects.get(pk=first.pk).version

    new = services.group_opinions(
        opinions=[one.pk, two.pk], consultation_id=page.pk, title="期限", **who
    )

    assert {one.points.get().issue, two.points.get().issue} == {new}
    assert Issue.objects.get(pk=first.pk).version == version + 1
    logged = ModelLogEntry.objects.filter(action="consultations.assign", object_id=str(new.pk))
    assert [entry.data["before"]["issues"] for entry in logged] == [[first.pk, None]]
