"""Keeping the public list of a round: which points stand in it, how many opinions it holds.

Every verb that changes what the public sees calls `relist` in its own transaction.
"""

from collections import Counter

from django.db import transaction

from consultations.models import Opinion, OpinionPoint, OpinionTally
from consultations.models.tally import (
    ANY,
    NEWEST_ON_PAGE,
    NEWEST_PER_ARTICLE,
    WHOLE_DRAFT,
    keys_of,
)


def locked_tally(consultation_id: int) -> OpinionTally:
    """Return the tally of a round, kept from other moderators until the transaction ends.

    A verb takes this lock before the opinion's own: in one order, nobody waits in a circle.
    """
    tallies = OpinionTally.objects.select_for_update()
    tally, _created = tallies.get_or_create(pk=consultation_id)
    return tally


def relist(opinion: Opinion, *, is_shown: bool, tally: OpinionTally) -> None:
    """Put an opinion into the public list or take it out.

    Args:
        opinion: one whose `display` is written in this transaction.
        is_shown: whether the public sees it from now on.
        tally: of its round, locked.

    """
    points = OpinionPoint.objects.filter(opinion=opinion)
    said = list(points.values_list("article_id", "stance", "shown_in"))
    was_shown = any(shown_in for _article, _stance, shown_in in said)
    if is_shown == was_shown:
        return
    points.update(shown_in=tally.pk if is_shown else None)
    keys = keys_of((article_id, stance) for article_id, stance, _shown in said)
    tally.add(keys, 1 if is_shown else -1)
    _find_newest(tally, {article_id for article_id, _stance, _shown in said})
    tally.save()


def _find_newest(tally: OpinionTally, articles: set[str]) -> None:
    """Read anew which points the consultation page shows, under these articles and in all."""
    for article_id in articles - {WHOLE_DRAFT}:
        points = OpinionPoint.objects.in_list(tally.pk, article_id)
        newest = points.order_by("-opinion_id", "-pk").values_list("pk", flat=True)
        tally.newest[article_id] = list(newest[:NEWEST_PER_ARTICLE])
        if not tally.newest[article_id]:
            del tally.newest[article_id]
    newest = OpinionPoint.objects.in_list(tally.pk).of_newest_opinions(NEWEST_ON_PAGE)
    tally.newest[ANY] = list(newest.values_list("pk", flat=True))


@transaction.atomic
def recount(*, consultation_id: int) -> bool:
    """Make the list and the tally of a round anew from its opinions; slow where there are many.

    Returns:
        Whether anything had been wrong.

    """
    tally = locked_tally(consultation_id)
    before = (tally.counts, tally.newest)
    shown = Opinion.norel_objects.filter(consultation_id=consultation_id).shown().order_by()
    points = OpinionPoint.objects.filter(opinion__in=shown.values("pk"))
    moved = points.filter(shown_in__isnull=True).update(shown_in=consultation_id)
    listed = OpinionPoint.objects.filter(shown_in=consultation_id)
    moved += listed.exclude(opinion__in=shown.values("pk")).update(shown_in=None)
    said: dict[int, list[tuple[str, str]]] = {}
    for pk, article_id, stance in listed.values_list("opinion_id", "article_id", "stance"):
        said.setdefault(pk, []).append((article_id, stance))
    counts = Counter(key for one in said.values() for key in keys_of(one))
    tally.counts, tally.newest = dict(counts), {}
    _find_newest(tally, {article_id for one in said.values() for article_id, _stance in one})
    tally.save()
    return bool(moved) or before != (tally.counts, tally.newest)
