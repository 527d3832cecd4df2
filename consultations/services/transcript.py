"""Verbs on transcripts: a second person compares what was typed in with the original.

Whoever typed the words that stand now may not be the one who checks them, corrections included.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from consultations.compliance.offline import (
    ON_PAPER,
    transcript_is_due,
    transcript_unchecked,
)
from consultations.lifecycle import SHOWN
from consultations.models import Opinion, OpinionAttachment, OpinionPoint
from consultations.models.opinion import as_written
from consultations.services.opinion import Point, check_points
from portal.core.findings import Finding, Level, Refused
from portal.core.versions import require_seen

if TYPE_CHECKING:
    from portal.accounts.models import User


def waiting_transcripts(opinions: QuerySet[Opinion]) -> QuerySet[Opinion]:
    """Return those of these opinions whose transcript is to be checked; twin of `is_due`."""
    scans = OpinionAttachment.objects.filter(opinion=OuterRef("pk"))
    return opinions.filter(
        Q(channel__in=ON_PAPER) | Exists(scans),
        entered_by__isnull=False,
        checked_at__isnull=True,
        erased_at__isnull=True,
    )


def is_due(opinion: Opinion) -> bool:
    """Tell whether a second person still has to check the transcript of an opinion."""
    is_entered = opinion.entered_by_id is not None and opinion.erased_at is None
    return transcript_is_due(
        channel=opinion.channel,
        is_entered=is_entered,
        # Asked only where the answer matters: moderators pass here with every opinion.
        has_original=is_entered
        and opinion.channel not in ON_PAPER
        and opinion.attachments.exists(),
        is_checked=opinion.checked_at is not None,
    )


def require_checked_transcript(opinion: Opinion) -> None:
    """Let an opinion pass whose transcript is checked, or that has none (OPI-7).

    Raises:
        Refused: a second person has not compared it with the original.

    """
    if is_due(opinion):
        raise Refused([transcript_unchecked()])


@transaction.atomic
def check_transcript(
    *, opinion: Opinion, seen: int | None = None, by: "User", at: datetime
) -> None:
    """Put on record that a second person found the transcript to be what the original says.

    Raises:
        Refused: `by` typed it in, or it needs no check any more.
        Overtaken: somebody else has corrected or checked it since.

    """
    row = _due_row(opinion, seen)
    if row.entered_by_id == by.pk:
        raise _refuse(_("You typed these words yourself; somebody else compares them."))
    Opinion.objects.filter(pk=row.pk).update(checked_by=by, checked_at=at, version=F("version") + 1)
    log(row, "consultations.check_transcript", user=by, data={"entered_by": row.entered_by_id})


@transaction.atomic
def correct_transcript(
    *,
    opinion: Opinion,
    texts: Mapping[int, str],
    seen: int | None = None,
    by: "User",
    at: datetime,
) -> None:
    """Put the words of the original in place of what was typed wrongly, before the check.

    From then on `by` is the one who typed it in, and somebody else checks.

    Args:
        opinion: one whose transcript is to be checked.
        texts: the new text of points, by primary key.
        seen: the version that was read.
        by: who corrects.
        at: when.

    Raises:
        Refused: nothing was changed, it needs no check any more, or is shown already.
        Overtaken: somebody else has corrected or checked it since.
        OpinionRefused: a text is empty or too long.

    """
    row = _due_row(opinion, seen)
    if row.display in SHOWN:
        raise _refuse(_("The opinion is shown already; its text stays as it is."))
    points = list(OpinionPoint.objects.filter(opinion=row.pk).order_by("place", "pk"))
    before = _digest(points)
    changed = [one for one in points if texts.get(one.pk, one.text) != one.text]
    if not changed:
        raise _refuse(_("Nothing was changed."))
    for point in changed:
        point.text = texts[point.pk]
    check_points(
        row.consultation,
        tuple(Point(point.text, point.article_id, point.stance) for point in points),
    )
    OpinionPoint.objects.bulk_update(changed, ["text"])
    Opinion.objects.filter(pk=row.pk).update(
        comment="\n\n".join(point.text for point in as_written(points)),
        entered_by=by,
        version=F("version") + 1,
    )
    log(
        row,
        "consultations.correct_transcript",
        user=by,
        data={
            "points": [point.pk for point in changed],
            "before": {"sha256": before, "entered_by": row.entered_by_id},
            "after": {"sha256": _digest(points), "entered_by": by.pk},
        },
    )


def _due_row(opinion: Opinion, seen: int | None) -> Opinion:
    """Return the row as it is now, kept from others, if its transcript is to be checked."""
    row: Opinion = Opinion.norel_objects.select_for_update().get(pk=opinion.pk)
    require_seen(seen, row.version)
    if not is_due(row):
        raise _refuse(_("This transcript has been checked already, or there is none to check."))
    return row


def _digest(points: list[OpinionPoint]) -> str:
    """Return what a text can be recognised by, since a log keeps no text."""
    return sha256("\n\n".join(point.text for point in points).encode()).hexdigest()


def _refuse(message: str) -> Refused:
    return Refused([Finding("OPI-7", Level.BLOCK, message, "713 art. 33")])
