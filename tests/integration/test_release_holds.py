"""A passed review holds for exactly what was read, and nobody goes round it."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow, WorkflowState

from consultations import services
from consultations.models import ConsultationPage
from decisions import services as decision_services
from portal.accounts.roles import sync_roles
from portal.core.models import ReleaseTask
from portal.core.release.content import digest_of
from portal.core.release.record import is_released
from portal.core.release.steps import NAME
from tests import factories
from tests.factories import review as reviews
from tests.integration.page_forms import form_data, publish_unreviewed, said
from tests.integration.reviewing import fresh, open_now, refused, signed_in, url

pytestmark = pytest.mark.django_db


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
    review = reviews.at_the_secrecy_check(page)
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
    review = reviews.at_the_secrecy_check(page)
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
