"""Verbs of moderators on one opinion: show it, withhold it, give it to a clerk."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from consultations.compliance.display import ShownFacts
from consultations.compliance.offline import transcript_unchecked
from consultations.lifecycle import SHOWN, Act, Display, WithheldReason
from consultations.models import Opinion
from consultations.models.redaction import Redaction
from consultations.passages import Passage, without
from consultations.services.listing import locked_tally, relist
from consultations.services.transcript import is_due
from portal.core.findings import Finding, Level, Refused, findings
from portal.core.limits import Limits
from portal.core.outbox import enqueue
from portal.core.versions import require_seen

if TYPE_CHECKING:
    from portal.accounts.models import User

# No rule on what may be shown has a threshold.
_LIMITS = Limits()


@transaction.atomic
def publish_opinion(
    *,
    opinion: Opinion,
    not_personal: Collection[Passage] = (),
    seen: int | None = None,
    by: "User",
    at: datetime,
) -> None:
    """Show an opinion as it was written.

    Args:
        opinion: one that counts.
        not_personal: places that look like personal data and, as `by` confirms, are none, such as
            the number of an office.
        seen: the version that was decided on.
        by: who decides.
        at: when.

    Raises:
        Refused: it is not confirmed, its author wishes not to be shown, its transcript is not
            checked (OPI-7), or what it says may not be shown (OPI-3, OPI-4, OPI-6).
        Overtaken: somebody else has decided since.

    """
    show(opinion, (), not_personal, seen=seen, by=by, at=at)


def show(
    opinion: Opinion,
    hidden: Collection[Passage],
    not_personal: Collection[Passage],
    *,
    seen: int | None,
    by: "User",
    at: datetime,
) -> None:
    """Show an opinion without its `hidden` passages; for verbs, inside their transaction."""
    tally = locked_tally(opinion.consultation_id)
    row = _locked(opinion)
    require_seen(seen, row.version)
    against = why_not_shown(row, hidden, not_personal, waits_for_check=is_due(row), at=at)
    if against:
        raise Refused(against)
    text = str(row.comment)
    Redaction.objects.filter(opinion=row.pk).delete()
    Redaction.objects.bulk_create(
        Redaction(
            opinion_id=row.pk,
            start=one.start,
            end=one.end,
            reason=one.reason,
            made_by=by,
            made_at=at,
        )
        for one in hidden
    )
    _display(
        opinion,
        Display.PUBLISHED_REDACTED if hidden else Display.PUBLISHED,
        redacted_content=without(text, hidden) if hidden else "",
    )
    relist(opinion, is_shown=True, tally=tally)
    log(
        opinion,
        "consultations.publish_opinion",
        user=by,
        data={
            "before": {"display": row.display},
            "after": {"display": opinion.display, "hidden": [str(one.reason) for one in hidden]},
            "not_personal": [[one.start, one.end] for one in not_personal],
        },
    )
    _tell_author(opinion, at=at)


def why_not_shown(
    opinion: Opinion,
    hidden: Collection[Passage] = (),
    not_personal: Collection[Passage] = (),
    *,
    waits_for_check: bool,
    at: datetime,
) -> list[Finding]:
    """Return why an opinion may not be shown without its `hidden` passages.

    Args:
        opinion: read under a lock, where it is about to be shown.
        hidden: passages of its text.
        not_personal: places that look like personal data and are none.
        waits_for_check: whether its transcript still has to be checked.
        at: when.

    """
    if not opinion.counts(at=at):
        return refusal(_("This opinion has not been confirmed yet.")).findings
    if opinion.display == Display.AUTHOR_PRIVATE:
        return refusal(_("The author does not wish this opinion to be shown.")).findings
    if opinion.erased_at is not None:
        return refusal(_("The author had this opinion erased; there is nothing to show.")).findings
    if waits_for_check:
        return [transcript_unchecked()]
    facts = ShownFacts(
        text=without(str(opinion.comment), [*hidden, *not_personal]),
        author_name=opinion.author_name,
        name_consent=opinion.name_consent,
        withheld_reason=opinion.withheld_reason,
    )
    return findings(Act.SHOW_OPINION, facts, _LIMITS)


@transaction.atomic
def withhold_opinion(
    *,
    opinion: Opinion,
    reason: WithheldReason,
    seen: int | None = None,
    by: "User",
    at: datetime,
) -> None:
    """Do not show an opinion, for one of the published reasons; it still counts.

    Args:
        opinion: any that came in.
        reason: why; its author is told.
        seen: the version that was decided on.
        by: who decides.
        at: when.

    Raises:
        Refused: its author wishes not to be shown, and that wish stays on record.
        Overtaken: somebody else has decided since.

    """
    tally = locked_tally(opinion.consultation_id)
    row = _locked(opinion)
    if row.display == Display.AUTHOR_PRIVATE:
        raise refusal(_("The author does not wish this opinion to be shown; it is not shown."))
    require_seen(seen, row.version)
    Redaction.objects.filter(opinion=row.pk).delete()
    _display(opinion, Display.WITHHELD, withheld_reason=reason)
    relist(opinion, is_shown=False, tally=tally)
    log(
        opinion,
        "consultations.withhold_opinion",
        user=by,
        data={
            "reason": str(reason),
            "before": {"display": row.display, "reason": row.withheld_reason},
            "after": {"display": opinion.display, "reason": str(reason)},
        },
    )
    _tell_author(opinion, at=at)


@transaction.atomic
def assign_opinion(
    *,
    opinion: Opinion,
    assignee: "User | None",
    seen: int | None = None,
    by: "User",
    at: datetime,
) -> None:
    """Give an opinion to a clerk to read.

    Args:
        opinion: any that came in.
        assignee: who reads it; None takes it back.
        seen: the version that was decided on.
        by: who gives it.
        at: when.

    Raises:
        Refused: this person does not read opinions, or not those of this consultation.
        Overtaken: somebody else has acted on it since.

    """
    row = _locked(opinion)
    require_seen(seen, row.version)
    if assignee is not None and not may_read(assignee, [row.pk]):
        raise refuse_clerk()
    Opinion.norel_objects.filter(pk=row.pk).update(assignee=assignee, version=F("version") + 1)
    log(
        opinion,
        "consultations.assign_opinion",
        user=by,
        data={
            "before": {"assignee": row.assignee_id},
            "after": {"assignee": assignee.pk if assignee else None},
        },
    )
    opinion.refresh_from_db()


def may_read(clerk: "User", opinions: Collection[int]) -> bool:
    """Tell whether somebody may moderate all of these opinions, given by primary key."""
    if not clerk.is_active or not clerk.has_perm("consultations.change_opinion"):
        return False
    own = Opinion.norel_objects.in_scope_of(clerk).filter(pk__in=opinions)
    return bool(own.count() == len(set(opinions)))


def refuse_clerk() -> Refused:
    """Return the refusal for somebody who may not moderate an opinion."""
    return refusal(_("This person does not read the opinions of this consultation."))


def _locked(opinion: Opinion) -> Opinion:
    """Return the row as it is now, kept from others until the transaction ends.

    Its author may have taken it back, or a colleague decided, since the page was opened.
    """
    row: Opinion = Opinion.norel_objects.select_for_update().get(pk=opinion.pk)
    return row


def _tell_author(opinion: Opinion, *, at: datetime) -> None:
    """Promise a mail about what became of it, if there is an address to send it to."""
    if opinion.author_email:
        enqueue("opinion.moderated", at=at, opinion=opinion.pk)


def _display(
    opinion: Opinion, display: Display, *, redacted_content: str = "", withheld_reason: str = ""
) -> None:
    """Write the display state past the comment framework's save, which has side effects."""
    values = {
        "display": display,
        "redacted_content": redacted_content,
        "withheld_reason": withheld_reason,
        "is_public": display in SHOWN,
    }
    Opinion.objects.filter(pk=opinion.pk).update(version=F("version") + 1, **values)
    for name, value in values.items():
        setattr(opinion, name, value)


def refusal(message: str) -> Refused:
    """Return a refusal to show or to change who reads."""
    return Refused([Finding("OPI-3", Level.BLOCK, message, "PIPL art. 25")])
