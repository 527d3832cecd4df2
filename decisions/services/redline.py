"""Verbs on what a decision changed: keep the comparison, record why."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from consultations.models import ConsultationPage, Issue
from decisions.models import ChangeCause, DecisionPage, StoredRedline
from decisions.models.changes import ADOPTED, changes_of, units_of
from decisions.redline import as_data, compared, digest_of
from portal.core.blocks import Article
from portal.core.findings import Finding, Level, Refused

if TYPE_CHECKING:
    from portal.accounts.models import User


def keep_redline(*, page: DecisionPage, at: datetime) -> None:
    """Compare a decision with its draft and keep the result, once for each pair of texts."""
    draft = page.item.rounds().last()
    if draft is not None:
        _keep(draft.articles, page.articles, at=at)


def keep_draft_changes(*, page: ConsultationPage, at: datetime) -> None:
    """Compare the draft of a round with that of the round before, and keep the result."""
    if page.round_before is not None:
        _keep(page.round_before.articles, page.articles, at=at)


def _keep(earlier: Iterable[Article], later: Iterable[Article], *, at: datetime) -> None:
    old, new = units_of(earlier), units_of(later)
    digest = digest_of(old, new)
    if not StoredRedline.objects.filter(digest=digest).exists():
        StoredRedline.objects.get_or_create(
            digest=digest, defaults={"rows": as_data(compared(old, new)), "made_at": at}
        )


@transaction.atomic
def explain_change(
    *,
    page: DecisionPage,
    article_id: str,
    issues: Iterable[Issue] = (),
    own_reason: str = "",
    by: "User",
    at: datetime,
) -> None:
    """Record why an article of a decision is not as it was in the draft, in place of before.

    Args:
        page: the decision.
        article_id: its article, or one of the draft that is gone.
        issues: those that caused the change, of rounds of the same matter.
        own_reason: why the organ changed it of its own motion 依职权; public.
        by: who records it.
        at: when.

    Raises:
        Refused: the article is in neither text, or an issue is of another matter.

    """
    if article_id not in _articles_of(page):
        raise _unexplained(_("This article is neither in the draft nor in the decision."))
    chosen = list(issues)
    own = Issue.objects.filter(
        pk__in=[issue.pk for issue in chosen],
        consultation__in=page.item.rounds(),
        outcome__in=ADOPTED,
    )
    if own.count() != len(chosen):
        raise _unexplained(_("Only adopted issues of this matter cause a change."))
    ChangeCause.objects.filter(decision=page, article_id=article_id).delete()
    ChangeCause.objects.bulk_create(
        [ChangeCause(decision=page, article_id=article_id, issue=issue) for issue in chosen]
    )
    if own_reason.strip():
        ChangeCause.objects.create(decision=page, article_id=article_id, reason=own_reason.strip())
    log(
        page,
        "decisions.explain_change",
        user=by,
        data={"article": article_id, "issues": [issue.pk for issue in chosen]},
    )


def _articles_of(page: DecisionPage) -> set[str]:
    """Return the ids of the articles of a decision and of its draft."""
    changes = changes_of(page)
    rows = changes.rows if changes else ()
    return {unit.id for one in rows for unit in (*one.row.old, *one.row.new)}


def _unexplained(message: str) -> Refused:
    return Refused([Finding("DEC-3", Level.BLOCK, message, "713 art. 32")])
