"""The release review: who passes it, what it asks, and that nobody goes round it (CON-7)."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry, TaskState, Workflow, WorkflowState

from consultations import services
from consultations.models import ConsultationPage
from decisions import services as decision_services
from portal.accounts.roles import Role, sync_roles
from portal.core.findings import Refused
from portal.core.models import ReleaseTask, ReleaseTaskState
from portal.core.release.content import digest_of
from portal.core.release.record import is_released
from portal.core.release.steps import NAME
from tests import factories
from tests.factories import review as reviews
from tests.integration.page_forms import form_data, publish_unreviewed, said

pytestmark = pytest.mark.django_db

PHONE = "13812345678"


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


def at_the_secrecy_check(page):
    review = reviews.submitted(page)
    reviews.approved(review)
    reviews.approved(review)
    review.refresh_from_db()
    assert review.current_task_state.task.specific.checks_secrecy
    return review


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
    review = at_the_secrecy_check(page)
    with pytest.raises(PermissionDenied):
        reviews.approved(review, **changes)
    review.refresh_from_db()
    assert review.status == WorkflowState.STATUS_IN_PROGRESS
    assert not is_released(fresh(page))


def test_an_empty_statement_is_refused():
    review = at_the_secrecy_check(factories.a_draft_round())
    task, state = review.current_task_state.task.specific, review.current_task_state.specific
    with pytest.raises(PermissionDenied):
        task.on_action(state, reviews.a_secrecy_reviewer(), "approve")


def test_what_was_stated_is_kept_and_logged_by_kind_only():
    page = factories.a_draft_round(background=f"<p>联系 {PHONE} 或 w@example.com</p>")
    review = at_the_secrecy_check(page)
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
    review = at_the_secrecy_check(page)
    reviews.approved(review, disclosure="on_request", disclosure_reason="过程性信息")
    review.refresh_from_db()
    assert review.status == WorkflowState.STATUS_APPROVED
    assert refused(services.open_round, fresh(page)) == {"CON-7"}


def test_the_screen_shows_each_place_and_keeps_what_was_entered():
    page = factories.a_draft_round(background=f"<p>联系 {PHONE}</p>")
    at_the_secrecy_check(page)
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
    review = at_the_secrecy_check(page)
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


# For exactly this content


def test_a_changed_draft_needs_a_new_review():
    page = factories.a_draft_round()
    reviews.released(page)
    page.summary = "改了一句话"
    assert refused(services.open_round, page) == {"CON-7"}
    reviews.released(page)
    open_now(page)


def test_saving_without_a_change_keeps_the_review():
    page = factories.a_draft_round()
    reviews.released(page)
    client = signed_in(factories.an_editor())
    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form_data(fresh(page)))
    assert is_released(fresh(page))


@pytest.mark.parametrize("end", ["cancelled", "needs_changes", "in_progress"])
def test_a_later_review_takes_the_earlier_approval_back(end):
    page = factories.a_draft_round()
    reviews.released(page)
    review = reviews.submitted(page)
    if end == "cancelled":
        review.cancel(user=factories.an_editor())
    elif end == "needs_changes":
        state = review.current_task_state.specific
        state.task.specific.on_action(
            state, reviews.a_second_editor(page), "reject", comment="不妥"
        )
    review.refresh_from_db()
    assert review.status == end
    assert refused(services.open_round, fresh(page)) == {"CON-7"}


def test_a_catalogue_covers_its_entries_as_they_were():
    page = factories.a_draft_catalogue()
    entry = factories.a_draft_matter(page)
    page.refresh_from_db()
    reviews.released(page)
    assert is_released(fresh(page))

    entry.legal_basis = "消防法"
    entry.save()
    entry.save_revision()
    assert not is_released(fresh(page))
    reviews.released(entry)
    assert is_released(fresh(page)), "by a review of its own"

    factories.a_draft_matter(page, number=2)
    assert not is_released(fresh(page)), "one added after the review"


def test_ids_and_marks_of_the_editor_do_not_change_the_content():
    page = factories.a_draft_round()
    before = digest_of(page)
    texts = [article.text for article in page.articles]
    page.draft = page.draft.stream_block.to_python(factories.articles(*texts))
    page.notice = page.notice.replace("<p>", '<p data-block-key="abc12">')
    assert digest_of(page) == before
    page.draft = page.draft.stream_block.to_python(factories.articles(*texts, "再加一条。"))
    assert digest_of(page) != before


# Nobody goes round it


@pytest.mark.parametrize("person", [factories.a_publisher, factories.a_superuser])
def test_the_publish_button_says_what_is_missing(person):
    page = factories.a_draft_round()
    response = publish_unreviewed(signed_in(person()), page)
    assert "CON-7" in said(response)
    assert not fresh(page).live
    edit = signed_in(person()).get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert "CON-7" in edit.content.decode()


def test_each_of_the_five_acts_waits_for_the_review():
    catalogue = factories.a_draft_catalogue(2027)
    factories.a_draft_matter(catalogue)
    catalogue.refresh_from_db()
    assert refused(services.publish_catalogue, catalogue) == {"CON-7"}
    summary = factories.a_draft_summary()
    assert refused(services.publish_feedback, summary) == {"CON-7"}
    assert "CON-7" in refused(
        services.publish_item, factories.a_draft_matter(summary.consultation.item.catalogue)
    )
    decision = factories.a_draft_decision()
    assert refused(decision_services.publish_decision, decision) == {"CON-7"}


@pytest.mark.parametrize("person", [factories.a_publisher, factories.a_superuser])
@pytest.mark.parametrize(
    "sent",
    [
        {"action-workflow-action": "true", "workflow-action-name": "approve"},
        {
            "action-workflow-action": "true",
            "workflow-action-name": "approve",
            "workflow-action-extra-data": '{"secrecy_checked": true, "disclosure": "active"}',
        },
        {
            "action-workflow-action": "true",
            "workflow-action-name": "approve",
            "workflow-action-extra-data": "nonsense",
        },
        {"action-publish": "on"},
    ],
)
def test_no_request_to_the_editor_approves_or_publishes_during_the_review(person, sent):
    page = factories.a_draft_round()
    review = at_the_secrecy_check(page)
    before = digest_of(fresh(page))
    client = signed_in(person())
    data = form_data(fresh(page), summary="趁机改动") | sent
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    assert digest_of(fresh(page)) == before
    assert not fresh(page).live
    review.refresh_from_db()
    assert review.status == WorkflowState.STATUS_IN_PROGRESS


@pytest.mark.parametrize("person", [factories.a_superuser, reviews.a_secrecy_reviewer])
def test_wagtails_own_dialog_does_not_approve_the_secrecy_check(person):
    page = factories.a_draft_round()
    review = at_the_secrecy_check(page)
    client = signed_in(person())
    path = reverse(
        "wagtailadmin_pages:workflow_action",
        args=[page.pk, "approve", review.current_task_state_id],
    )
    client.post(path, {"secrecy_checked": "on", "disclosure": "active", "comment": ""})
    review.refresh_from_db()
    assert review.status == WorkflowState.STATUS_IN_PROGRESS


def test_a_workflow_that_is_finished_by_force_releases_nothing():
    page = factories.a_draft_round()
    review = reviews.submitted(page)
    review.finish(user=factories.a_superuser())
    assert refused(services.open_round, fresh(page)) == {"CON-7"}


def test_steps_approved_past_the_form_release_nothing():
    page = factories.a_draft_round()
    review = reviews.submitted(page)
    for _step in range(3):
        review.refresh_from_db()
        review.current_task_state.specific.approve(user=factories.a_superuser())
    review.refresh_from_db()
    assert review.status == WorkflowState.STATUS_APPROVED
    assert refused(services.open_round, fresh(page)) == {"CON-7"}


def test_scheduled_publishing_releases_nothing():
    page = factories.a_draft_round()
    page.go_live_at = timezone.now() + timedelta(minutes=1)
    data = form_data(page) | {
        "action-publish": "on",
        "go_live_at": (timezone.now() - timedelta(minutes=1)).isoformat(),
    }
    signed_in(factories.a_superuser()).post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), data
    )
    call_command("publish_scheduled")
    assert not ConsultationPage.objects.get(pk=page.pk).live


@pytest.mark.parametrize("person", [factories.a_publisher, factories.a_superuser])
def test_neither_bulk_nor_the_api_publishes(person):
    page = factories.a_draft_round()
    client = signed_in(person())
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{bulk}?id={page.pk}&next=/admin/pages/")
    client.post(reverse("wagtailadmin_api:pages:action", args=[page.pk, "publish"]))
    assert not ConsultationPage.objects.get(pk=page.pk).live


def test_nobody_changes_the_steps():
    client = signed_in(factories.a_superuser())
    workflow = factories.the_home_page().get_workflow()
    last = workflow.tasks.last()
    client.post(reverse("wagtailadmin_workflows:add"), {"name": "短一些"})
    client.post(reverse("wagtailadmin_workflows:disable", args=[workflow.pk]))
    client.post(reverse("wagtailadmin_workflows:disable_task", args=[last.pk]))
    client.post(reverse("wagtailadmin_workflows:edit_task", args=[last.pk]), {"name": "改名"})
    assert not Workflow.objects.filter(name="短一些").exists()
    workflow.refresh_from_db()
    last.refresh_from_db()
    assert workflow.active
    assert last.active
    assert last.specific.checks_secrecy
    assert factories.the_home_page().get_workflow() == workflow


def test_the_steps_are_put_back_after_each_migration():
    ReleaseTask.objects.filter(checks_secrecy=True).update(checks_secrecy=False, active=False)
    Workflow.objects.update(active=False)
    sync_roles()
    sync_roles()
    workflow = Workflow.objects.get(name=NAME)
    tasks = [task.specific for task in workflow.tasks]
    assert workflow.active
    assert [task.checks_secrecy for task in tasks] == [False, False, True]
    assert [task.groups.get().name for task in tasks] == [
        "unit_editor",
        "portal_publisher",
        "release_reviewer",
    ]
    assert factories.the_home_page().get_workflow() == workflow


def test_whoever_acts_next_is_led_to_the_review_from_the_editor():
    page = factories.a_draft_catalogue()
    factories.a_draft_matter(page)
    page.refresh_from_db()
    review = reviews.submitted(page, factories.a_publisher())
    for person in (
        reviews.a_second_publisher(),
        factories.a_publisher(),
        reviews.a_secrecy_reviewer(),
    ):
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        assert f'href="{url(page)}"' in signed_in(person).get(edit).content.decode()
        reviews.approved(review, person)
