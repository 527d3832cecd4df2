"""Verbs of moderators: show an opinion, show it with parts removed, withhold it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from consultations.lifecycle import Display, WithheldReason
from consultations.models import Opinion
from consultations.services.listing import locked_tally, relist
from portal.core.findings import Finding, Level, Refused
from portal.core.outbox import enqueue
from portal.core.versions import require_seen

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def publish_opinion(
    *,
    opinion: Opinion,
    redacted_content: str = "",
    seen: int | None = None,
    by: "User",
    at: datetime,
) -> None:
    """Show an opinion, or with `redacted_content` show that text in its place.

    Args:
        opinion: one that counts.
        redacted_content: what is shown for the author's words, if they are not.
        seen: the version that was decided on.
        by: who decides.
        at: when.

    Raises:
        Refused: it is not confirmed, or its author wishes not to be shown.
        Overtaken: somebody else has decided since.

    """
    if not opinion.counts(at=at):
        raise _refuse(_("This opinion has not been confirmed yet."))
    tally = locked_tally(opinion.consultation_id)
    row = _locked(opinion)
    if row.display == Display.AUTHOR_PRIVATE:
        raise _refuse(_("The author does not wish this opinion to be shown."))
    require_seen(seen, row.version)
    redacted = redacted_content.strip()
    _display(
        opinion,
        Display.PUBLISHED_REDACTED if redacted else Display.PUBLISHED,
        redacted_content=redacted,
    )
    relist(opinion, is_shown=True, tally=tally)
    log(opinion, "consultations.publish_opinion", user=by, data={"redacted": bool(redacted)})
    _tell_author(opinion, at=at)


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
        raise _refuse(_("The author does not wish this opinion to be shown; it is not shown."))
    require_seen(seen, row.version)
    _display(opinion, Display.WITHHELD, withheld_reason=reason)
    relist(opinion, is_shown=False, tally=tally)
    log(opinion, "consultations.withhold_opinion", user=by, data={"reason": str(reason)})
    _tell_author(opinion, at=at)


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
        "is_public": display in {Display.PUBLISHED, Display.PUBLISHED_REDACTED},
    }
    Opinion.objects.filter(pk=opinion.pk).update(version=F("version") + 1, **values)
    for name, value in values.items():
        setattr(opinion, name, value)


def _refuse(message: str) -> Refused:
    return Refused([Finding("OPI-3", Level.BLOCK, message, "PIPL art. 25")])
