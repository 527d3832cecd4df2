"""The verbs of moderators on many opinions: as many statements for 5,000 as for five."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _
from django_comments.models import Comment

from consultations.lifecycle import SHOWN, Display, WithheldReason
from consultations.models import Opinion, OpinionTally
from consultations.services.display import may_read, refuse_clerk, why_not_shown
from consultations.services.listing import locked_tallies, make_tallies, relist_many
from consultations.services.transcript import waiting_transcripts
from portal.core.findings import Finding
from portal.core.many_logs import log_many
from portal.core.outbox import enqueue_many

if TYPE_CHECKING:
    from portal.accounts.models import User

MOST_AT_ONCE = 5_000


@dataclass
class Outcome:
    """What became of many opinions.

    Attributes:
        done: how many were acted on.
        refused: receipt numbers of the others, under the sentence that says why.

    """

    done: int = 0
    refused: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, opinion: Opinion, why: str) -> None:
        """Put on record why one was left out."""
        self.refused.setdefault(why, []).append(opinion.receipt_no)


class _TallyMissing(Exception):
    """Nothing was ever shown in one of the rounds; nothing was written."""


Judge = Callable[[Opinion], str | None]
Data = Callable[[Opinion], dict[str, Any]]


def publish_opinions(*, opinions: Collection[int], by: "User", at: datetime) -> Outcome:
    """Show many opinions as they were written, all that the rules allow to be shown.

    Args:
        opinions: primary keys, at most `MOST_AT_ONCE`.
        by: who decides.
        at: when.

    """

    def judge(opinion: Opinion) -> str | None:
        if opinion.display == Display.PUBLISHED:
            return _("It is shown already.")
        if opinion.display == Display.PUBLISHED_REDACTED:
            return _("Passages of it are hidden; open it to show them again.")
        against = why_not_shown(opinion, waits_for_check=opinion.waits_for_check, at=at)
        return _sentence(against[0]) if against else None

    def data(opinion: Opinion) -> dict[str, Any]:
        after = {"display": str(Display.PUBLISHED)}
        return {"before": {"display": opinion.display}, "after": after, "together": True}

    return _display_many(
        opinions, judge, Display.PUBLISHED, "consultations.publish_opinion", data, by=by, at=at
    )


def withhold_opinions(
    *, opinions: Collection[int], reason: WithheldReason, by: "User", at: datetime
) -> Outcome:
    """Withhold many opinions for one reason; they still count.

    Args:
        opinions: primary keys, at most `MOST_AT_ONCE`.
        reason: why; their authors are told.
        by: who decides.
        at: when.

    """

    def judge(opinion: Opinion) -> str | None:
        if opinion.display == Display.AUTHOR_PRIVATE:
            return _("The author does not wish this opinion to be shown; it is not shown.")
        if opinion.display == Display.WITHHELD and opinion.withheld_reason == reason:
            return _("It is withheld for this reason already.")
        return None

    def data(opinion: Opinion) -> dict[str, Any]:
        return {
            "reason": str(reason),
            "before": {"display": opinion.display, "reason": opinion.withheld_reason},
            "after": {"display": str(Display.WITHHELD), "reason": str(reason)},
            "together": True,
        }

    return _display_many(
        opinions,
        judge,
        Display.WITHHELD,
        "consultations.withhold_opinion",
        data,
        withheld_reason=reason,
        by=by,
        at=at,
    )


@transaction.atomic
def assign_opinions(
    *, opinions: Collection[int], assignee: "User | None", by: "User", at: datetime
) -> Outcome:
    """Give many opinions to a clerk to read, or take them back.

    Args:
        opinions: primary keys, at most `MOST_AT_ONCE`.
        assignee: who reads them; None for nobody.
        by: who gives them.
        at: when.

    Raises:
        Refused: this person does not read opinions, or not all of these.

    """
    if assignee is not None and not may_read(assignee, opinions):
        raise refuse_clerk()
    after = assignee.pk if assignee else None
    outcome = Outcome()
    done = []
    rows = Opinion.norel_objects.select_for_update().filter(pk__in=opinions).order_by("pk")
    for row in rows.only("receipt_no", "assignee"):
        if row.assignee_id == after:
            outcome.refuse(row, _("It is with this person already."))
        else:
            done.append(row)
    chosen = Opinion.norel_objects.filter(pk__in=[row.pk for row in done])
    outcome.done = chosen.update(assignee=assignee, version=F("version") + 1)
    log_many(
        (
            (row, {"before": {"assignee": row.assignee_id}, "after": {"assignee": after}})
            for row in done
        ),
        "consultations.assign_opinion",
        user=by,
        at=at,
    )
    return outcome


def _display_many(opinions: Collection[int], *args: Any, **kwargs: Any) -> Outcome:
    """Write a display state for many; rounds without a tally get one first."""
    try:
        return _displayed(opinions, *args, **kwargs)
    except _TallyMissing:
        # Made outside: who waited here with opinions locked could wait in a circle.
        make_tallies(opinions)
        return _displayed(opinions, *args, **kwargs)


@transaction.atomic
def _displayed(
    opinions: Collection[int],
    judge: Judge,
    display: Display,
    action: str,
    data: Data,
    *,
    withheld_reason: str = "",
    by: "User",
    at: datetime,
) -> Outcome:
    tallies = locked_tallies(opinions)
    outcome = Outcome()
    done = _judged(opinions, judge, outcome, tallies)
    ids = [row.pk for row in done]
    if not ids:
        return outcome
    outcome.done = Opinion.norel_objects.filter(pk__in=ids).update(
        display=display,
        redacted_content="",
        withheld_reason=withheld_reason,
        version=F("version") + 1,
    )
    Comment.objects.filter(pk__in=ids).update(is_public=display in SHOWN)
    relist_many(
        {row.pk: row.consultation_id for row in done},
        is_shown=display in SHOWN,
        tallies=tallies,
    )
    log_many(((row, data(row)) for row in done), action, user=by, at=at)
    told = ({"opinion": row.pk} for row in done if row.author_email)
    enqueue_many("opinion.moderated", told, at=at)
    return outcome


def _judged(
    opinions: Collection[int], judge: Judge, outcome: Outcome, tallies: dict[int, OpinionTally]
) -> list[Opinion]:
    """Return, locked, those that the verb is for; the others go into the outcome."""
    waiting = waiting_transcripts(Opinion.norel_objects.filter(pk=OuterRef("pk")).order_by())
    rows = Opinion.norel_objects.select_for_update().filter(pk__in=opinions).order_by("pk")
    done = []
    for row in rows.annotate(waits_for_check=Exists(waiting)):
        if row.consultation_id not in tallies:
            raise _TallyMissing
        why = judge(row)
        if why is None:
            done.append(row)
        else:
            outcome.refuse(row, why)
    return done


def _sentence(finding: Finding) -> str:
    return _("%(message)s (%(rule)s, %(source)s)") % {
        "message": finding.message,
        "rule": finding.id,
        "source": finding.source,
    }
