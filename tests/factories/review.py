"""The release review of a page, passed by the people and the workflow that real ones pass."""

from django.utils import timezone
from wagtail.models import Page, TaskState, WorkflowState

from consultations.models import DecisionItemPage
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.core.disclosure import Disclosure
from portal.core.models import ReleaseTask, ReleaseTaskState
from portal.core.pages import BasePage
from portal.core.release.content import text_of
from portal.core.release.record import is_released
from portal.core.release.statement import SecrecyForm
from tests.factories.people import a_member_of_staff, a_publisher, an_editor


def a_secrecy_reviewer() -> User:
    """Someone who checks that nothing secret goes out."""
    return a_member_of_staff(Role.RELEASE_REVIEWER)


def a_second_publisher() -> User:
    """Another member of the disclosure office."""
    return a_member_of_staff(Role.PORTAL_PUBLISHER, username="second-publisher")


def a_second_editor(page: Page | None = None) -> User:
    """Someone in the unit that drafts a page, who reads what a colleague wrote."""
    item = page and DecisionItemPage.objects.ancestor_of(page, inclusive=True).first()
    unit = item.lead_unit if item else None
    name = f"second-editor-{unit.pk}" if unit else "second-editor"
    return a_member_of_staff(Role.UNIT_EDITOR, username=name, unit=unit)


def submitted(page: BasePage, by: User | None = None) -> WorkflowState:
    """Ask for the review of what a page object holds; an entry without a draft gets one."""
    _revise(page)
    return page.get_workflow().start(page, by or an_editor())


def _revise(page: BasePage) -> None:
    """Keep what a page object holds as the revision that is reviewed."""
    for one in (page, *page.released_with()):
        if one is page or one.latest_revision_id is None:
            one.save_revision(log_action=False, clean=False)


def statement(task: ReleaseTask, page: BasePage, **changes: object) -> dict[str, object]:
    """What is stated at a step when all is well."""
    if not task.checks_secrecy:
        return {}
    form = task.form_for("approve", page.get_latest_revision_as_object())
    return {
        "secrecy_checked": True,
        "disclosure": Disclosure.ACTIVE.value,
        "confirmed": [str(number) for number in range(len(form.places))],
        "seen": form.fields["seen"].initial,
        **changes,
    }


def approved(review: WorkflowState, by: User | None = None, **changes: object) -> None:
    """Approve the present step of a review by somebody who may."""
    review.refresh_from_db()
    state = review.current_task_state.specific
    task, page = state.task.specific, review.content_object
    people = [a_second_editor, lambda _page: a_second_publisher(), lambda _page: a_publisher()]
    people.append(lambda _page: a_secrecy_reviewer())
    if by is None:
        everyone = (person(page) for person in people)
        by = next(person for person in everyone if task.is_open_to(person, page, review))
    task.on_action(state, by, "approve", **statement(task, page, **changes))


def at_the_secrecy_check(page: BasePage) -> WorkflowState:
    """Pass the steps before the secrecy check."""
    review = submitted(page)
    approved(review)
    approved(review)
    review.refresh_from_db()
    assert review.current_task_state.task.specific.checks_secrecy
    return review


def walked(page: BasePage) -> WorkflowState:
    """Pass the review for what a page object holds, step by step, as people do."""
    review = submitted(page)
    while review.is_active:
        approved(review)
        review.refresh_from_db()
    return review


def released(page: BasePage) -> None:
    """Leave the records of a passed review for what a page object holds, unless it has one.

    They are those that `walked` leaves; walking takes as long as most of what a test is about.
    """
    if is_released(page):
        return
    for review in WorkflowState.objects.active().for_instance(page):
        review.cancel()
    _revise(page)
    workflow = page.get_workflow()
    review = WorkflowState.objects.create(
        base_content_type=page.get_base_content_type(),
        content_type=page.get_content_type(),
        object_id=str(page.pk),
        workflow=workflow,
        status=WorkflowState.STATUS_APPROVED,
        requested_by=an_editor(),
    )
    found = SecrecyForm(text=text_of(page.get_latest_revision_as_object())).kinds()
    for task in workflow.tasks.specific():
        ReleaseTaskState.objects.create(
            workflow_state=review,
            revision=page.latest_revision,
            task=task,
            status=TaskState.STATUS_APPROVED,
            finished_by=a_secrecy_reviewer(),
            finished_at=timezone.now(),
            secrecy_checked=task.checks_secrecy,
            disclosure=Disclosure.ACTIVE if task.checks_secrecy else "",
            patterns=found if task.checks_secrecy else [],
        )
