"""Verbs on issues: open one, group points under it, answer it."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from consultations.compliance.opinion import reason_is_missing
from consultations.lifecycle import Outcome
from consultations.models import ConsultationPage, Issue, OpinionPoint
from portal.core.findings import Finding, Level, Refused
from portal.core.versions import require_seen

if TYPE_CHECKING:
    from portal.accounts.models import User


def _refuse(message: str) -> Refused:
    return Refused([Finding("OPI-1", Level.BLOCK, message, "713 art. 18")])


def _require_unreported(consultation: ConsultationPage) -> None:
    """Raise Refused once the adoption summary is public: it does not change without a word."""
    if consultation.has_public_report():
        raise _refuse(_("The adoption summary is public; its answers can no longer be changed."))


@transaction.atomic
def open_issue(
    *, consultation: ConsultationPage, title: str, article_id: str = "", by: "User", at: datetime
) -> Issue:
    """Open the next issue of a consultation.

    Raises:
        Refused: `article_id` is not an article of this draft, or the summary is public.

    """
    _require_unreported(consultation)
    _require_article(consultation, article_id)
    ConsultationPage.objects.select_for_update().get(pk=consultation.pk)
    last = Issue.objects.filter(consultation=consultation).aggregate(last=Max("number"))["last"]
    issue = Issue.objects.create(
        consultation=consultation, number=(last or 0) + 1, title=title, article_id=article_id
    )
    log(issue, "consultations.open_issue", user=by)
    return issue


@transaction.atomic
def assign(*, points: Iterable[OpinionPoint], issue: Issue, by: "User", at: datetime) -> None:
    """Group points under an issue; a point already elsewhere is moved.

    Raises:
        Refused: a point belongs to another consultation, or the summary is public.

    """
    _require_unreported(issue.consultation)
    ids = [point.pk for point in points]
    own = OpinionPoint.objects.filter(pk__in=ids, opinion__consultation_id=issue.consultation_id)
    if own.count() != len(ids):
        raise _refuse(_("An opinion can only be grouped under an issue of its own consultation."))
    own.update(issue=issue)
    log(issue, "consultations.assign", user=by, data={"points": ids})


@transaction.atomic
def answer(
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
    """Give an issue its outcome, and through it every opinion grouped there (OPI-1).

    Args:
        issue: the issue.
        outcome: what becomes of it.
        reason: why; published. Required for all but full adoption and noting.
        change: what changes in the draft, in one sentence; published.
        article_id: the article that changes; None keeps what is recorded.
        seen: the version of the issue that the answer was written for.
        by: who answers.
        at: when.

    Raises:
        Refused: the reason is missing, the article is not one of this draft, or the summary is
            public.
        Overtaken: somebody else has answered it since.

    """
    _require_unreported(issue.consultation)
    row = Issue.objects.select_for_update().get(pk=issue.pk)
    require_seen(seen, row.version)
    if reason_is_missing(outcome, reason):
        raise _refuse(
            _("“%(outcome)s” needs a reason; it is published.") % {"outcome": outcome.label}
        )
    if article_id is not None:
        _require_article(issue.consultation, article_id)
        issue.article_id = article_id
    issue.outcome, issue.reason, issue.change = outcome, reason.strip(), change.strip()
    issue.answered_at, issue.version = at, row.version + 1
    issue.save()
    log(issue, "consultations.answer", user=by, data={"outcome": str(outcome)})


def _require_article(consultation: ConsultationPage, article_id: str) -> None:
    if article_id and article_id not in {article.id for article in consultation.articles}:
        raise _refuse(_("This article is not part of the draft."))
