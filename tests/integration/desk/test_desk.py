"""The dashboard of the unit: what is due, what waits, what the rules find; in scope and cheap."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from consultations import services
from consultations.lifecycle import Outcome
from consultations.models import ConsultationPage, DecisionItemPage, Issue
from consultations.watch import matter_findings
from decisions import services as decision_services
from decisions.lifecycle import ReviewKind, ReviewResult
from home.desk.deadlines import Kind, due_items
from home.desk.overview import Desk
from home.desk.watch import watch
from portal.accounts.roles import Role
from tests import factories
from tests.factories.people import a_member_of_staff, a_unit
from tests.integration.statements import statements

pytestmark = pytest.mark.django_db

OTHER = {"name": "市交通运输局", "short_name": "交通局"}
# Of these Wagtail asks two thirds for its menus, permissions and reviews.
MOST_STATEMENTS = 40


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def everything(at=None):
    return watch(DecisionItemPage.objects.all(), at=at or timezone.now())


def due(at=None):
    return {(one.kind, one.is_late) for one in due_items(everything(at))}


def home_of(user):
    answer = signed_in(user).get(reverse("wagtailadmin_home"))
    assert answer.status_code == 200
    return answer.content.decode()


def closing_in(days):
    page = factories.an_open_round()
    closes_on = timezone.localdate() + timedelta(days=days)
    ConsultationPage.objects.filter(pk=page.pk).update(closes_on=closes_on)
    return page


@pytest.mark.parametrize(("days", "is_said"), [(4, False), (3, True), (0, True)])
def test_a_round_is_said_to_close_three_days_before(days, is_said):
    closing_in(days)
    assert ((Kind.CLOSING, False) in due()) is is_said


def test_a_summary_is_said_to_be_due_three_working_days_before_and_then_late():
    page = factories.a_closed_round()
    today = timezone.now()
    seen = {}
    for day in range(60):
        found = [
            one
            for one in due_items(everything(today + timedelta(days=day)))
            if one.kind is Kind.FEEDBACK
        ]
        for one in found:
            seen.setdefault(one.is_late, one)
            assert one.page == page.pk
    assert seen[False].workdays == 3
    assert seen[True].workdays in {0, -1}  # it may be the Saturday after
    assert seen[False].due_on == seen[True].due_on == page.feedback_due_on


def test_a_day_over_a_year_without_a_notice_is_marked_as_an_estimate():
    page = factories.a_closed_round()
    closes_on = timezone.localdate().replace(year=2027, month=3, day=1)
    ConsultationPage.objects.filter(pk=page.pk).update(closes_on=closes_on)
    at = timezone.now().replace(year=2027, month=6)
    [one] = [one for one in due_items(everything(at)) if one.kind is Kind.FEEDBACK]
    assert one.is_estimate


def test_opinions_that_nobody_read_in_time_are_late():
    page = factories.an_open_round()
    factories.an_opinion(page)
    assert (Kind.MODERATION, True) not in due()
    later = timezone.now() + timedelta(days=12)
    watched = everything(later)
    assert (Kind.MODERATION, True) in {(one.kind, one.is_late) for one in due_items(watched)}
    [matter] = watched.matters
    assert (matter.rounds[0].waiting, matter.rounds[0].waiting_too_long) == (1, 1)


def test_a_review_that_takes_long_and_a_decision_not_published_are_late():
    at = timezone.now()
    item = factories.a_summary().consultation.item
    decision_services.record_review(
        item=item,
        kind=ReviewKind.LEGALITY,
        result=ReviewResult.PENDING,
        sent_on=timezone.localdate(),
        by=factories.a_publisher(),
        at=at,
    )
    assert (Kind.REVIEW, True) not in due(at)
    assert (Kind.REVIEW, True) in due(at + timedelta(days=30))


def test_answers_with_a_day_are_due_and_belong_to_whoever_was_asked():
    issue = factories.an_issue()
    clerk = factories.a_clerk()
    Issue.objects.filter(pk=issue.pk).update(
        assignee=clerk, due_on=timezone.localdate() - timedelta(days=1)
    )
    [one] = [one for one in due_items(everything()) if one.kind is Kind.ANSWER]
    assert (one.is_late, one.assignee, one.issue) == (True, clerk.pk, issue.pk)


def test_many_matters_at_once_are_told_the_same_as_one_by_one():
    factories.a_decision()
    factories.an_opinion(factories.an_open_round(item=factories.a_matter(slug="42", number=42)))
    factories.a_closed_round(item=factories.a_matter(slug="41", number=41))
    for days in (0, 30, 400):
        at = timezone.now() + timedelta(days=days)
        watched = everything(at)
        assert watched.matters
        for matter in watched.matters:
            item = DecisionItemPage.objects.get(pk=matter.pk)
            assert matter.findings(watched.limits, at=at) == matter_findings(item, at=at)


def test_the_home_page_shows_what_is_late_in_words():
    page = factories.an_open_round()
    factories.an_opinion(page)
    closes_on = timezone.localdate() - timedelta(days=90)
    ConsultationPage.objects.filter(pk=page.pk).update(
        opens_on=closes_on - timedelta(days=31), closes_on=closes_on
    )
    text = home_of(factories.an_editor())
    assert page.title in text
    assert "FEE-1" in text
    assert 'id="desk-triage-section"' in text


def test_an_empty_desk_says_so():
    text = home_of(factories.an_editor())
    for panel in ("desk-due", "desk-triage", "desk-drafts", "desk-compliance"):
        assert f'id="{panel}-section"' in text
    assert text.count("desk-empty") == 4


def test_a_matter_of_another_unit_is_on_nobody_elses_desk():
    page = factories.an_open_round(
        item=factories.a_matter(
            lead_unit=a_unit(**OTHER), title="公交票价调整方案", slug="88", number=88
        ),
        title="公交票价听取意见",
    )
    factories.an_opinion(page)
    closes_on = timezone.localdate() + timedelta(days=1)
    ConsultationPage.objects.filter(pk=page.pk).update(closes_on=closes_on)
    ours = home_of(factories.an_editor())
    theirs = home_of(
        a_member_of_staff(Role.UNIT_EDITOR, username="their-editor", unit=a_unit(**OTHER))
    )
    assert "公交票价听取意见" not in ours
    assert "公交票价听取意见" in theirs
    assert "公交票价听取意见" in home_of(factories.a_publisher())


def test_only_the_disclosure_office_sees_the_machinery():
    assert 'id="desk-machinery-section"' in home_of(factories.a_publisher())
    assert 'id="desk-machinery-section"' not in home_of(factories.an_editor())
    text = home_of(a_member_of_staff(Role.RELEASE_REVIEWER))
    assert "desk-due" not in text


def filled_with(matters, *, start=100):
    """As many matters, each with a round that is late."""
    first = ConsultationPage.objects.first() or factories.a_closed_round()
    parent = first.item.get_parent().specific
    closes_on = timezone.localdate() - timedelta(days=90)
    for number in range(start, start + matters):
        item = parent.add_child(
            instance=DecisionItemPage(
                title=f"事项{number}",
                slug=str(number),
                number=number,
                lead_unit=a_unit(),
                stage="consulting",
                planned_by=closes_on,
            )
        )
        item.add_child(
            instance=ConsultationPage(
                title=f"征求意见{number}",
                slug="consultation-1",
                opens_on=closes_on - timedelta(days=31),
                closes_on=closes_on,
            )
        )


def test_all_matters_of_a_desk_are_read_in_a_dozen_statements():
    filled_with(30)
    user = factories.an_editor()
    with CaptureQueriesContext(connection) as asked:
        desk = Desk(user, at=timezone.now())
        assert len(desk.warned) == 30
        assert desk.due
    assert len(asked) <= 15, [one["sql"][:90] for one in asked]


@pytest.mark.parametrize("who", [factories.an_editor, factories.a_publisher, factories.a_clerk])
def test_the_home_page_costs_the_same_with_few_and_many_matters(who):
    filled_with(20)
    client = signed_in(who())
    few, _ = statements(client, reverse("wagtailadmin_home"))
    filled_with(60, start=200)
    many, _ = statements(client, reverse("wagtailadmin_home"))
    assert len(many) <= len(few) <= MOST_STATEMENTS, "\n".join(many)


def test_the_compliance_of_the_unit_is_listed_narrowed_down_and_exported():
    filled_with(2)
    client = signed_in(factories.an_editor())
    url = reverse("compliance_report")
    text = client.get(url).content.decode()
    for expected in ("FEE-1", "CAT-5", "713 art. 18", "征求意见100"):
        assert expected in text
    assert "FEE-1</span>" not in client.get(url, {"rule": "CAT-5"}).content.decode()
    assert len(client.get(url, {"rule": "CAT-5"}).context["rows"]) == 2
    assert not client.get(url, {"level": "show"}).context["rows"]
    elsewhere = a_unit(**OTHER)
    refused = client.get(url, {"unit": elsewhere.pk})
    assert not refused.context["form"].is_valid()
    book = client.get(url, {"export": "xlsx"})
    path = b"".join(book.streaming_content)

    rows = list(load_workbook(io.BytesIO(path)).active.iter_rows(values_only=True))
    assert len(rows) == 1 + len(client.get(url).context["rows"])


@pytest.mark.parametrize("name", ["compliance_report", "deadlines_report", "figures_report"])
def test_reports_of_matters_are_for_those_who_work_on_matters(name):
    for who in (
        factories.an_editor,
        factories.a_clerk,
        factories.a_publisher,
        factories.a_legal_reviewer,
    ):
        assert signed_in(who()).get(reverse(name)).status_code == 200
    secrecy = signed_in(a_member_of_staff(Role.RELEASE_REVIEWER))
    assert secrecy.get(reverse(name)).status_code == 302


def test_the_list_of_deadlines_leads_to_where_something_is_done():
    page = closing_in(1)
    services.close_ended_rounds(at=timezone.now())
    text = signed_in(factories.an_editor()).get(reverse("deadlines_report")).content.decode()
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in text


def test_who_moderates_is_led_to_the_queue_and_everybody_else_to_the_list():
    consultation = factories.an_opinion().consultation
    queue = f"{reverse('triage')}?consultation={consultation.pk}"
    listed = reverse("wagtailsnippets_consultations_opinion:list")
    clerks, others = home_of(factories.a_clerk()), home_of(factories.an_editor())
    assert queue in clerks
    assert reverse("triage") not in others
    assert f"{listed}?display=pending&amp;consultation={consultation.pk}" in others


def test_a_draft_of_an_answer_leads_to_where_it_is_read():
    issue = factories.an_issue()
    at = timezone.now()
    services.draft_answer(
        issue=issue, outcome=Outcome.ADOPTED, reason="已改。", by=factories.an_editor(), at=at
    )
    assert reverse("wagtailsnippets_consultations_issue:review", args=[issue.pk]) in home_of(
        factories.a_clerk()
    )
