"""The release review of the demo's pages, passed by its accounts before each publication."""

from typing import Any

from consultations.models import CataloguePage
from decisions.models import CleanupPage
from home.demo.hands import Stagehands
from portal.accounts.models import User
from portal.core.disclosure import Disclosure
from portal.core.pages import BasePage


def release(page: BasePage, hands: Stagehands) -> None:
    """Submit what a page holds to the review and let three people approve it.

    A unit's page is submitted by its editor and read first by the unit's head; a catalogue or a
    clean-up, which no unit drafts, comes from the disclosure office and is read first by its head.
    """
    for one in (page, *page.released_with()):
        one.save_revision(user=hands.editor, log_action=False, clean=False)
    is_of_office = isinstance(page, (CataloguePage, CleanupPage))
    asking, head = (
        (hands.publisher, hands.office_head) if is_of_office else (hands.editor, hands.unit_head)
    )
    review = page.get_workflow().start(page, asking)
    for person in (head, hands.publisher, hands.secrecy):
        state = review.current_task_state.specific
        task = state.task.specific
        # What somebody may do is read once for each user object, and new matters came since.
        task.on_action(state, User.objects.get(pk=person.pk), "approve", **_statement(task, page))
        review.refresh_from_db()


def _statement(task: Any, page: BasePage) -> dict[str, Any]:
    """Return what is stated at a step; the telephone numbers in these texts are offices'."""
    if not task.checks_secrecy:
        return {}
    form = task.form_for("approve", page.get_latest_revision_as_object())
    return {
        "secrecy_checked": True,
        "disclosure": Disclosure.ACTIVE.value,
        "confirmed": [str(number) for number in range(len(form.places))],
        "seen": form.fields["seen"].initial,
    }
