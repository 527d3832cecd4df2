"""What Wagtail's workflow records say about the release of a page; nothing of it is kept twice."""

from datetime import datetime
from typing import Any

from wagtail.models import Page, Task, TaskState, WorkflowState

from portal.core.disclosure import Disclosure
from portal.core.release.content import ReviewedContent, digest_of


def approvals(review: WorkflowState, digest: str) -> list[TaskState]:
    """Return the approvals that a review holds for exactly this content, oldest first."""
    approved = (
        review.task_states.filter(status=TaskState.STATUS_APPROVED)
        .select_related("revision")
        .order_by("finished_at", "pk")
    )
    digests: dict[int, str] = {}
    found = []
    for state in approved:
        if state.revision_id not in digests:
            digests[state.revision_id] = digest_of(state.revision.as_object())
        if digests[state.revision_id] == digest:
            found.append(state)
    return found


def next_step(review: WorkflowState, digest: str) -> Task | None:
    """Return the first step of a review that has not approved this content, None at the end."""
    done = {state.task_id for state in approvals(review, digest)}
    return next((task for task in review.workflow.tasks if task.pk not in done), None)


def _secrecy_is_checked(state: Any) -> bool:
    """Tell whether an approval states that everyone may have the page."""
    return (
        getattr(state, "secrecy_checked", False)
        and getattr(state, "disclosure", "") == Disclosure.ACTIVE
    )


def _released_since(page: Page) -> datetime | None:
    """Return when the first step of the review saw this content, None unless all have passed it.

    The newest review decides: one that was asked for later takes an earlier approval back.
    """
    review = page.workflow_states.order_by("created_at", "pk").last()
    if review is None or review.status != WorkflowState.STATUS_APPROVED:
        return None
    digest = digest_of(page)
    found = approvals(review, digest)
    done = {state.task_id for state in found}
    if not done or any(task.pk not in done for task in review.workflow.tasks):
        return None
    if not any(_secrecy_is_checked(state.specific) for state in found):
        return None
    first: datetime | None = found[0].finished_at
    return first


def _stood_so(page: Page, at: datetime) -> bool:
    """Tell whether a page held its present content at an instant."""
    revision = page.revisions.filter(created_at__lte=at).order_by("created_at", "pk").last()
    return revision is not None and digest_of(revision.as_object()) == digest_of(page)


def is_released(page: Page) -> bool:
    """Tell whether the release review has passed for exactly what this object holds (CON-7).

    Pages that are published along are covered while they are as they were when the review began
    to approve, or by a review of their own.
    """
    since = _released_since(page)
    if since is None or not isinstance(page, ReviewedContent):
        return since is not None
    return not page.changed_beside(since) and all(
        _stood_so(one, since) or _released_since(one) is not None for one in page.released_with()
    )
