"""Verbs on the points of an opinion: staff cut one that says two things, and join it again.

The author's own text (`Opinion.comment`) is never touched, and the public reads a point that was
cut as one: only its answers are two.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from consultations.models import Issue, Opinion, OpinionPoint, OpinionTally
from consultations.services.grouping import hold_unreported, refuse
from consultations.services.listing import locked_tally, relist_parts
from portal.core.versions import Overtaken, require_seen

if TYPE_CHECKING:
    from portal.accounts.models import User

MOST_PARTS = 20


@transaction.atomic
def split_point(
    *,
    point: OpinionPoint,
    parts: Sequence[str],
    seen: int | None = None,
    by: "User",
    at: datetime,
) -> list[OpinionPoint]:
    """Cut a point into two or more, which stay under its issue until they are grouped anew.

    Args:
        point: what says several things.
        parts: its text in pieces, to the last character.
        seen: the version of the opinion that was shown.
        by: who cuts it.
        at: when.

    Returns:
        The points that it is now, in order; the first is the one it was.

    Raises:
        Refused: a piece is empty, the pieces are not its text, or the summary is public.
        Overtaken: somebody has acted on the opinion since.

    """
    opinion, points, tally = _held(point, seen=seen)
    row = points[_place_of(point, points)]
    _require_parts(row, parts)
    before = [one.pk for one in points]
    row.text = parts[0]
    rest = [
        OpinionPoint(
            opinion=opinion,
            article_id=row.article_id,
            stance=row.stance,
            text=text,
            continues=True,
            issue_id=row.issue_id,
            shown_in_id=row.shown_in_id,
        )
        for text in parts[1:]
    ]
    place = points.index(row) + 1
    _write(opinion, [*points[:place], *rest, *points[place:]], tally, touched=row)
    _log(opinion, "consultations.split_point", before, by=by)
    point.refresh_from_db()
    return [row, *rest]


@transaction.atomic
def join_points(
    *, point: OpinionPoint, seen: int | None = None, by: "User", at: datetime
) -> OpinionPoint:
    """Join a point that was cut off again to the one before it, under whose issue it comes.

    Args:
        point: one that continues another.
        seen: the version of the opinion that was shown.
        by: who joins them.
        at: when.

    Returns:
        The point that both are now.

    Raises:
        Refused: its author began it as a point of its own, or the summary is public.
        Overtaken: somebody has acted on the opinion since.

    """
    opinion, points, tally = _held(point, seen=seen)
    place = _place_of(point, points)
    row = points[place]
    if not row.continues:
        raise refuse(_("Its author wrote this as a point of its own; it stays one."))
    before = [one.pk for one in points]
    whole = points[place - 1]
    whole.text += row.text
    _renew_issues({row.issue_id} - {whole.issue_id})
    row.delete()
    _write(opinion, [*points[:place], *points[place + 1 :]], tally, touched=whole)
    _log(opinion, "consultations.join_points", before, by=by)
    return whole


def _held(
    point: OpinionPoint, *, seen: int | None
) -> tuple[Opinion, list[OpinionPoint], OpinionTally]:
    """Return the opinion of a point, its points in order and the tally of its round; locked."""
    opinion = Opinion.norel_objects.get(pk=point.opinion_id)
    hold_unreported(opinion.consultation_id)
    tally = locked_tally(opinion.consultation_id)
    opinion = Opinion.norel_objects.select_for_update().get(pk=opinion.pk)
    require_seen(seen, opinion.version)
    return opinion, list(opinion.points.order_by("place", "pk")), tally


def _place_of(point: OpinionPoint, points: list[OpinionPoint]) -> int:
    """Return where a point stands; a colleague may have joined it to another."""
    for place, one in enumerate(points):
        if one.pk == point.pk:
            return place
    raise Overtaken


def _require_parts(point: OpinionPoint, parts: Sequence[str]) -> None:
    if not 2 <= len(parts) <= MOST_PARTS:  # noqa: PLR2004 - one piece is no cut
        raise refuse(_("Cut the text into two to %(most)s pieces.") % {"most": MOST_PARTS})
    if not all(part.strip() for part in parts):
        raise refuse(_("Each piece needs some words."))
    if "".join(parts) != point.text:
        raise refuse(_("The pieces have to be the author's text, nothing added, nothing left out."))


def _renew_issues(issues: set[int | None]) -> None:
    """Tell those who have one of these issues open that what it covers has changed."""
    own = Issue.objects.filter(pk__in={pk for pk in issues if pk is not None})
    own.update(version=F("version") + 1)


def _write(
    opinion: Opinion,
    points: list[OpinionPoint],
    tally: OpinionTally,
    *,
    touched: OpinionPoint,
) -> None:
    """Write the points of an opinion in their order, and the text of the one that was touched."""
    _renew_issues({touched.issue_id})
    for place, one in enumerate(points):
        is_new, moved = one.pk is None, one.place != place
        one.place = place
        if is_new or moved or one is touched:
            one.save()
    relist_parts(opinion, tally=tally)
    Opinion.norel_objects.filter(pk=opinion.pk).update(version=F("version") + 1)


def _log(opinion: Opinion, action: str, before: list[int], *, by: "User") -> None:
    now = opinion.points.order_by("place", "pk").values_list("pk", flat=True)
    data = {"before": {"points": before}, "after": {"points": list(now)}}
    log(opinion, action, user=by, data=data)
