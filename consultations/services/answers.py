"""Verbs on the answer to an issue: one drafts it, another reads it, then it becomes final.

What is drafted is never public and counts nowhere: a draft lives beside its issue, and an issue
has an outcome only while its answer is final. Which act may follow which is
`lifecycle.ANSWER_TRANSITIONS`.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from consultations.compliance.opinion import reason_is_missing
from consultations.lifecycle import ANSWER_TRANSITIONS, AnswerState, Outcome
from consultations.models import AnswerDraft, Issue
from consultations.services.grouping import (
    hold_issue,
    hold_unreported,
    refuse,
    require_article,
)
from portal.core.versions import require_seen

if TYPE_CHECKING:
    from portal.accounts.models import User

_NOT_NOW = {
    AnswerState.REVIEWED: gettext_lazy(
        "Only an answer that is drafted and not read yet can be passed."
    ),
    AnswerState.FINAL: gettext_lazy("Only an answer that a second person has read becomes final."),
}


@transaction.atomic
def draft_answer(
    *,
    issue: Issue,
    outcome: Outcome,
    reason: str,
    change: str = "",
    article_id: str | None = None,
    seen: int | None = None,
    by: "User",
    at: datetime,
) -> None:
    """Draft the answer to an issue, or draft it anew; a second person has to read it then.

    A final answer that is drafted anew is final no more: it counts nowhere until it is so again.

    Args:
        issue: the issue.
        outcome: what becomes of it.
        reason: why; published. Required for all but full adoption and noting.
        change: what changes in the draft, in one sentence; published.
        article_id: the article that changes; None keeps what is recorded.
        seen: the version of the issue that the answer was written for.
        by: who drafts it.
        at: when.

    Raises:
        Refused: the reason is missing, the article is not one of this draft, the issue was merged,
            or the summary is public.
        Overtaken: somebody else has acted on the issue since.

    """
    page = hold_unreported(issue.consultation_id)
    row = _moved_to(AnswerState.DRAFT, issue, seen=seen)
    if reason_is_missing(outcome, reason):
        raise refuse(
            _("“%(outcome)s” needs a reason; it is published.") % {"outcome": outcome.label}
        )
    if article_id is None:
        article_id = row.draft.article_id if _draft_of(row) else row.article_id
    require_article(page, article_id)
    _log(row, "consultations.draft_answer", AnswerState.DRAFT, outcome, by=by)
    AnswerDraft.objects.update_or_create(
        issue=row,
        defaults={
            "outcome": outcome,
            "reason": reason.strip(),
            "change": change.strip(),
            "article_id": article_id,
            "drafted_by": by,
            "drafted_at": at,
            "reviewed_by": None,
            "reviewed_at": None,
        },
    )
    _write(row, outcome="", reason="", change="", answered_at=None)
    issue.refresh_from_db()


@transaction.atomic
def review_answer(*, issue: Issue, seen: int | None = None, by: "User", at: datetime) -> None:
    """Pass the draft of an answer that somebody else wrote.

    Raises:
        Refused: there is no draft that waits for it, whoever drafted it would pass it alone, or
            the summary is public.
        Overtaken: somebody else has acted on the issue since `seen`.

    """
    hold_unreported(issue.consultation_id)
    row = _moved_to(AnswerState.REVIEWED, issue, seen=seen)
    draft = row.draft
    if draft.drafted_by_id == by.pk:
        raise refuse(_("You drafted this answer, so somebody else has to read it."))
    AnswerDraft.objects.filter(pk=draft.pk).update(reviewed_by=by, reviewed_at=at)
    _log(row, "consultations.review_answer", AnswerState.REVIEWED, Outcome(draft.outcome), by=by)
    _write(row)
    issue.refresh_from_db()


@transaction.atomic
def finalise_answer(*, issue: Issue, seen: int | None = None, by: "User", at: datetime) -> None:
    """Make an answer that was read final: from now on it counts for every opinion grouped there.

    Raises:
        Refused: nobody has read it yet, or the summary is public.
        Overtaken: somebody else has acted on the issue since `seen`.

    """
    page = hold_unreported(issue.consultation_id)
    row = _moved_to(AnswerState.FINAL, issue, seen=seen)
    draft = row.draft
    require_article(page, draft.article_id)
    _log(row, "consultations.finalise_answer", AnswerState.FINAL, Outcome(draft.outcome), by=by)
    _write(
        row,
        outcome=draft.outcome,
        reason=draft.reason,
        change=draft.change,
        article_id=draft.article_id,
        answered_at=at,
    )
    draft.delete()
    issue.refresh_from_db()


def _draft_of(row: Issue) -> AnswerDraft | None:
    return getattr(row, "draft", None)


def _moved_to(state: AnswerState, issue: Issue, *, seen: int | None) -> Issue:
    """Return the issue, locked, if its answer may come to `state` from where it is now."""
    row = hold_issue(issue)
    require_seen(seen, row.version)
    if state not in ANSWER_TRANSITIONS[row.answer_state]:
        raise refuse(str(_NOT_NOW[state]))
    return row


def _write(row: Issue, **values: object) -> None:
    Issue.objects.filter(pk=row.pk).update(version=row.version + 1, **values)


def _log(row: Issue, action: str, state: AnswerState, outcome: Outcome, *, by: "User") -> None:
    draft = _draft_of(row)
    before = draft.outcome if draft else row.outcome
    log(
        row,
        action,
        user=by,
        data={
            "outcome": str(outcome),
            "before": {"state": str(row.answer_state), "outcome": before},
            "after": {"state": str(state), "outcome": str(outcome)},
        },
    )
