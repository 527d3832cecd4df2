"""The release review: who passes it and what the secrecy check asks (CON-7)."""

from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import PageLogEntry, TaskState, WorkflowState

from consultations import services
from portal.accounts.roles import Role
from portal.core.models import ReleaseTaskState
from portal.core.release.record import is_released
from tests import factories
from tests.factories import review as reviews
from tests.integration.reviewing import fresh, open_now, refused, signed_in, url

pytestmark = pytest.mark.django_db

PHONE = "13812345678"


# Who passes it


def test_three_people_pass_a_page_and_nothing_is_published():
    page = factories.a_draft_round()
    review = reviews.submitted(page)

    for _step in range(3):
        assert not is_released(fresh(page))
        reviews.approved(review)

    review.refresh_from_db()
    assert review.status == WorkflowState.STATUS_APPROVED
    assert is_released(fresh(page))
    assert not fresh(page).live
    people = {state.finished_by for state in review.task_states.all()}
    assert len(people) == 3
    assert review.requested_by not in people
    open_now(fresh(page))
    assert fresh(page).live


def test_the_short_way_of_the_other_tests_leaves_the_records_of_a_passed_review():
    def records(page):
        review = WorkflowState.objects.for_instance(page).get()
        same = ("task", "status", "secrecy_checked", "disclosure", "disclosure_reason", "patterns")
        states = ReleaseTaskState.objects.filter(workflow_state=review).order_by("pk")
        assert {state.revision for state in states} == {page.get_latest_revision()}
        return review.workflow, review.status, list(states.values(*same))

    walked, released = factories.a_draft_round(), factories.a_draft_round(round=2)
    reviews.walked(walked)
    reviews.released(released)
    assert records(walked) == records(released)
    assert is_released(fresh(walked))
    assert is_released(fresh(released))


def test_who_asked_for_the_review_does_not_approve_the_first_step():
    review = reviews.submitted(factories.a_draft_round(), factories.an_editor())
    with pytest.raises(PermissionDenied):
        reviews.approved(review, factories.an_editor())


def test_nobody_approves_two_steps_of_one_review():
    page = factories.a_draft_round()
    everything = factories.a_member_of_staff(
        Role.UNIT_EDITOR, Role.PORTAL_PUBLISHER, Role.RELEASE_REVIEWER, username="everything"
    )
    review = reviews.submitted(page)
    reviews.approved(review, everything)
    with pytest.raises(PermissionDenied):
        reviews.approved(review, everything)


@pytest.mark.parametrize(
    "person",
    [
        factories.a_superuser,
        factories.a_clerk,
        factories.a_legal_reviewer,
        factories.a_publisher,
        reviews.a_secrecy_reviewer,
    ],
)
def test_others_do_not_approve_the_step_of_the_unit(person):
    review = reviews.submitted(factories.a_draft_round())
    with pytest.raises(PermissionDenied):
        reviews.approved(review, person())
    assert not review.task_states.filter(status=TaskState.STATUS_APPROVED).exists()


def test_another_unit_does_not_approve():
    review = reviews.submitted(factories.a_draft_round())
    other = factories.a_unit("市水务局", "水务局")
    stranger = factories.a_member_of_staff(Role.UNIT_EDITOR, username="stranger", unit=other)
    with pytest.raises(PermissionDenied):
        reviews.approved(review, stranger)
    assert signed_in(stranger).get(url(review.content_object)).status_code == HTTPStatus.NOT_FOUND


def test_a_catalogue_that_no_unit_drafts_is_read_by_two_of_the_office():
    page = factories.a_draft_catalogue()
    factories.a_draft_matter(page)
    page.refresh_from_db()
    review = reviews.submitted(page, factories.a_publisher())
    with pytest.raises(PermissionDenied):
        reviews.approved(review, factories.a_publisher())
    reviews.approved(review, reviews.a_second_publisher())
    with pytest.raises(PermissionDenied):
        reviews.approved(review, reviews.a_second_publisher())


def test_a_step_of_another_page_is_not_approved_through_this_one():
    ours, theirs = factories.a_draft_round(), factories.a_draft_round(factories.a_matter(number=2))
    other = factories.a_unit("市水务局", "水务局")
    theirs.item.lead_unit = other
    theirs.item.save()
    review = reviews.submitted(theirs)
    reviews.submitted(ours, factories.a_publisher())
    path = reverse(
        "wagtailadmin_pages:workflow_action",
        args=[ours.pk, "approve", review.current_task_state_id],
    )
    signed_in(reviews.a_second_editor(ours)).post(path)
    review.refresh_from_db()
    assert review.current_task_state.status == TaskState.STATUS_IN_PROGRESS


# What the secrecy check asks


@pytest.mark.parametrize(
    "changes",
    [
        {"secrecy_checked": False},
        {"disclosure": ""},
        {"disclosure": "everyone"},
        {"disclosure": "on_request", "disclosure_reason": " "},
        {"disclosure": "none"},
        {"confirmed": []},
        {"confirmed": ["0", "0"]},
        {"confirmed": "0"},
        {"seen": ""},
    ],
)
def test_the_secrecy_check_is_enforced_whatever_is_sent(changes):
    page = factories.a_draft_round(background=f"<p>联系 {PHONE} 或 w@example.com</p>")
    review = reviews.at_the_secrecy_check(page)
    with pytest.raises(PermissionDenied):
        reviews.approved(review, **changes)
    review.refresh_from_db()
    assert review.status == WorkflowState.STATUS_IN_PROGRESS
    assert not is_released(fresh(page))


def test_an_empty_statement_is_refused():
    review = reviews.at_the_secrecy_check(factories.a_draft_round())
    task, state = review.current_task_state.task.specific, review.current_task_state.specific
    with pytest.raises(PermissionDenied):
        task.on_action(state, reviews.a_secrecy_reviewer(), "approve")


def test_what_was_stated_is_kept_and_logged_by_kind_only():
    page = factories.a_draft_round(background=f"<p>联系 {PHONE} 或 w@example.com</p>")
    review = reviews.at_the_secrecy_check(page)
    reviews.approved(review)

    state = ReleaseTaskState.objects.get(workflow_state=review, task__name="保密审查")
    assert (state.secrecy_checked, state.disclosure) == (True, "active")
    assert {"kind": "mobile", "count": 1} in state.patterns
    assert {"kind": "email", "count": 1} in state.patterns
    logged = PageLogEntry.objects.filter(page=page.pk, action="release.approve")
    assert logged.count() == 3
    last = logged.get(user=reviews.a_secrecy_reviewer())
    assert last.data["patterns"] == state.patterns
    assert PHONE not in str(last.data)


def test_a_page_that_is_not_for_everyone_is_not_published():
    page = factories.a_draft_round()
    review = reviews.at_the_secrecy_check(page)
    reviews.approved(review, disclosure="on_request", disclosure_reason="过程性信息")
    review.refresh_from_db()
    assert review.status == WorkflowState.STATUS_APPROVED
    assert refused(services.open_round, fresh(page)) == {"CON-7"}


def test_the_screen_shows_each_place_and_keeps_what_was_entered():
    page = factories.a_draft_round(background=f"<p>联系 {PHONE}</p>")
    reviews.at_the_secrecy_check(page)
    client = signed_in(reviews.a_secrecy_reviewer())
    shown = client.get(url(page))
    assert PHONE in shown.content.decode()
    seen = shown.context["form"].fields["seen"].initial

    response = client.post(url(page), {"disclosure": "none", "comment": "看过了", "seen": seen})
    assert response.status_code == HTTPStatus.OK
    errors = response.context["form"].errors
    assert set(errors) == {"secrecy_checked", "confirmed", "disclosure_reason"}
    assert "看过了" in response.content.decode()

    places = range(len(response.context["form"].places))
    client.post(
        url(page),
        {
            "secrecy_checked": "on",
            "disclosure": "active",
            "confirmed": [str(number) for number in places],
            "seen": seen,
        },
    )
    assert is_released(fresh(page))


def test_sending_back_needs_a_word_and_opens_the_page_again():
    page = factories.a_draft_round()
    review = reviews.submitted(page)
    client = signed_in(reviews.a_second_editor(page))
    assert "comment" in client.post(url(page), {"action": "reject"}).context["form"].errors

    client.post(url(page), {"action": "reject", "comment": "期限写错了"})
    review.refresh_from_db()
    assert review.status == WorkflowState.STATUS_NEEDS_CHANGES
    assert fresh(page).get_lock() is None


def test_steps_before_a_change_are_gone_through_again():
    page = factories.a_draft_round()
    review = reviews.at_the_secrecy_check(page)
    task = review.current_task_state.task.specific
    task.on_action(
        review.current_task_state.specific,
        reviews.a_secrecy_reviewer(),
        "reject",
        comment="删去",
    )
    page.background = "<p>改过的背景。</p>"
    page.save_revision()
    review.refresh_from_db()
    review.resume(factories.an_editor())
    review.refresh_from_db()
    assert review.current_task_state.task.name == "承办单位复核"
    for _step in range(3):
        reviews.approved(review)
    assert is_released(fresh(page))
