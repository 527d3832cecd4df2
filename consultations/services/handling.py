"""Verbs on issues: open, group points under them, merge, split, give one to somebody."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from consultations.lifecycle import official_date
from consultations.models import AnswerDraft, ConsultationPage, Issue, OpinionPoint
from consultations.services.grouping import (
    hold_issue,
    hold_unreported,
    refuse,
    require_article,
)
from portal.core.findings import Refused
from portal.core.many_logs import log_many
from portal.core.versions import Overtaken, require_seen

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def open_issue(
    *, consultation: ConsultationPage, title: str, article_id: str = "", by: "User", at: datetime
) -> Issue:
    """Open the next issue of a consultation.

    Raises:
        Refused: `article_id` is not an article of this draft, or the summary is public.

    """
    page = hold_unreported(consultation.pk)
    require_article(page, article_id)
    return _opened(page, title, article_id, by=by, at=at)


def _opened(
    page: ConsultationPage,
    title: str,
    article_id: str,
    *,
    by: "User",
    at: datetime,
    split_from: Issue | None = None,
) -> Issue:
    """Write the next issue of a consultation, which is locked."""
    if not title.strip():
        raise refuse(_("Say in a few words what the issue is."))
    last = Issue.objects.filter(consultation=page).aggregate(last=Max("number"))["last"]
    issue = Issue.objects.create(
        consultation=page, number=(last or 0) + 1, title=title.strip(), article_id=article_id
    )
    data = {
        "before": {},
        "after": {"issue": issue.pk, "number": issue.number, "article": article_id},
        "split_from": split_from.pk if split_from else None,
    }
    log_many([(issue, data)], "consultations.open_issue", user=by, at=at)
    return issue


@transaction.atomic
def assign(
    *,
    points: Iterable[OpinionPoint],
    issue: Issue,
    seen: Mapping[int, int | None] | None = None,
    by: "User",
    at: datetime,
) -> None:
    """Group points under an issue; a point already elsewhere is moved.

    Args:
        points: of the issue's consultation.
        issue: where they go; what it answers, it answers for them, too.
        seen: for each point by its id the issue it was shown under, None for none.
        by: who groups them.
        at: when.

    Raises:
        Refused: a point belongs to another consultation, the issue was merged, or the summary is
            public.
        Overtaken: somebody has moved, cut or joined one of them since.

    """
    hold_unreported(issue.consultation_id)
    row = hold_issue(issue)
    _move([point.pk for point in points], row, seen=seen, by=by, at=at)
    issue.refresh_from_db()


@transaction.atomic
def group_opinions(
    *,
    opinions: Collection[int],
    consultation_id: int,
    issue: Issue | None = None,
    title: str = "",
    by: "User",
    at: datetime,
) -> Issue:
    """Group all points of many opinions: as many statements for 5,000 as for five.

    Args:
        opinions: primary keys, all of the consultation.
        consultation_id: the consultation.
        issue: where they go; None for a new issue.
        title: of the new issue.
        by: who groups them.
        at: when.

    Returns:
        The issue.

    Raises:
        Refused: as for `open_issue` and `assign`.

    """
    page = hold_unreported(consultation_id)
    row = hold_issue(issue) if issue else _opened(page, title, "", by=by, at=at)
    points = OpinionPoint.objects.filter(opinion__in=opinions).order_by()
    found = list(points.values_list("pk", "issue_id", "opinion__consultation_id"))
    if {row.consultation_id} | {of for _pk, _issue, of in found} != {page.pk}:
        raise _of_another_consultation()
    _write(row, {pk: before for pk, before, _of in found}, by=by, at=at)
    return row


def _move(
    ids: list[int], to: Issue, *, seen: Mapping[int, int | None] | None, by: "User", at: datetime
) -> None:
    """Move points to an issue; its consultation and the issue itself are locked."""
    own = OpinionPoint.objects.filter(pk__in=ids, opinion__consultation_id=to.consultation_id)
    now = dict(own.order_by().values_list("pk", "issue_id"))
    if seen is not None and any(pk not in now or now[pk] != seen[pk] for pk in ids):
        raise Overtaken
    if len(now) != len(set(ids)):
        raise _of_another_consultation()
    _write(to, now, by=by, at=at)


def _write(to: Issue, now: Mapping[int, int | None], *, by: "User", at: datetime) -> None:
    """Write which issue points are under from now on, and put on record where they were."""
    OpinionPoint.objects.filter(pk__in=list(now)).update(issue=to)
    left = {issue for issue in now.values() if issue is not None}
    Issue.objects.filter(pk__in=left | {to.pk}).update(version=F("version") + 1)
    data = {
        "points": sorted(now),
        "before": {"issues": [now[pk] for pk in sorted(now)]},
        "after": {"issue": to.pk},
    }
    log_many([(to, data)], "consultations.assign", user=by, at=at)


def _of_another_consultation() -> Refused:
    return refuse(_("An opinion can only be grouped under an issue of its own consultation."))


@transaction.atomic
def split_issue(
    *,
    issue: Issue,
    points: Iterable[OpinionPoint],
    title: str,
    article_id: str = "",
    seen: int | None = None,
    by: "User",
    at: datetime,
) -> Issue:
    """Take some points of an issue out into a new one, which has no answer yet.

    Raises:
        Refused: none of its points is chosen or one is not its own, or as for `open_issue`.
        Overtaken: somebody has acted on the issue since `seen`.

    """
    page = hold_unreported(issue.consultation_id)
    row = hold_issue(issue)
    require_seen(seen, row.version)
    require_article(page, article_id)
    ids = [point.pk for point in points]
    own = OpinionPoint.objects.filter(pk__in=ids, issue=row).count()
    if not ids or own != len(ids):
        raise refuse(_("Choose the points of this issue that the new one is about."))
    new = _opened(page, title, article_id, by=by, at=at, split_from=row)
    _move(ids, new, seen=None, by=by, at=at)
    new.refresh_from_db()
    issue.refresh_from_db()
    return new


@transaction.atomic
def merge_issues(
    *, issue: Issue, into: Issue, seen: int | None = None, by: "User", at: datetime
) -> None:
    """Let one issue be part of another: its points move, it stays for its history only.

    Args:
        issue: the one that ends; what was drafted for it is gone.
        into: the one that goes on, with its own answer.
        seen: the version of `issue` that was shown.
        by: who merges them.
        at: when.

    Raises:
        Refused: they are one and the same or of two consultations, one was merged before, or the
            summary is public.
        Overtaken: somebody has acted on `issue` since.

    """
    hold_unreported(issue.consultation_id)
    if issue.pk == into.pk or issue.consultation_id != into.consultation_id:
        raise refuse(_("Choose another issue of the same consultation."))
    held = {one.pk: hold_issue(one) for one in sorted((issue, into), key=lambda one: one.pk)}
    row, target = held[issue.pk], held[into.pk]
    require_seen(seen, row.version)
    ids = list(row.points.order_by("pk").values_list("pk", flat=True))
    if ids:
        _move(ids, target, seen=None, by=by, at=at)
    AnswerDraft.objects.filter(issue=row).delete()
    rows = Issue.objects.filter(pk=row.pk)
    rows.update(merged_into=target, version=F("version") + 1)
    log(
        row,
        "consultations.merge_issue",
        user=by,
        data={
            "before": {"merged_into": None, "state": str(row.answer_state)},
            "after": {"merged_into": target.pk},
        },
    )
    issue.refresh_from_db()
    into.refresh_from_db()


@transaction.atomic
def assign_issue(
    *,
    issue: Issue,
    assignee: "User | None",
    due_on: date | None = None,
    seen: int | None = None,
    by: "User",
    at: datetime,
) -> None:
    """Give an issue to somebody to answer, with the day by which it is due.

    Args:
        issue: the issue.
        assignee: who answers it; None takes it back.
        due_on: the last day, official time; None for no such day.
        seen: the version of the issue that was shown.
        by: who gives it.
        at: when.

    Raises:
        Refused: the person may not answer issues or not this one, the day is over, the issue was
            merged, or the summary is public.
        Overtaken: somebody has acted on the issue since.

    """
    hold_unreported(issue.consultation_id)
    row = hold_issue(issue)
    require_seen(seen, row.version)
    if assignee is not None and not may_answer(assignee, row):
        raise refuse(_("This person does not answer issues of this consultation."))
    if due_on is not None and due_on != row.due_on and due_on < official_date(at):
        raise refuse(_("The day by which it is due is over already."))
    rows = Issue.objects.filter(pk=row.pk)
    rows.update(assignee=assignee, due_on=due_on, version=F("version") + 1)
    log(
        row,
        "consultations.assign_issue",
        user=by,
        data={
            "before": {"assignee": row.assignee_id, "due_on": row.due_on},
            "after": {"assignee": assignee.pk if assignee else None, "due_on": due_on},
        },
    )
    issue.refresh_from_db()


def may_answer(person: "User", issue: Issue) -> bool:
    """Tell whether somebody may answer an issue: the right to, within their scope."""
    return (
        person.has_perm("consultations.change_issue")
        and Issue.objects.in_scope_of(person).filter(pk=issue.pk).exists()
    )
