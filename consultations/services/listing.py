"""Keeping the public list of a round: which points stand in it, how many opinions it holds.

Every verb that changes what the public sees calls `relist` in its own transaction; who follows the
list is told from here.
"""

from collections import Counter
from collections.abc import Collection

from django.db import transaction
from django.db.models import BigIntegerField, ExpressionWrapper, F, OuterRef, Subquery

from consultations.models import Opinion, OpinionPoint, OpinionTally
from consultations.models.tally import (
    ANY,
    NEWEST_ON_PAGE,
    NEWEST_PER_ARTICLE,
    WHOLE_DRAFT,
    keys_of,
)
from consultations.telling import words_changed

LISTS_AT_ONCE = 100
# Compared as a number: a foreign key would not be compared with expressions.
_OPINION = ExpressionWrapper(F("opinion_id"), output_field=BigIntegerField())

# Point, opinion, round, article, whether it continues the point before.
Row = tuple[int, int, int, str, bool]


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
    if is_shown or was_shown:
        words_changed(tally.pk)
    if is_shown == was_shown:
        return
    points.update(shown_in=tally.pk if is_shown else None)
    keys = keys_of((article_id, stance) for article_id, stance, _shown in said)
    tally.add(keys, 1 if is_shown else -1)
    _find_newest(tally, {article_id for article_id, _stance, _shown in said})
    tally.save()


def locked_tallies(opinions: Collection[int]) -> dict[int, OpinionTally]:
    """Return the tallies of the rounds of these opinions, locked in the order of their keys.

    A round in which nothing has been shown may have none; see `make_tallies`.
    """
    rounds = Opinion.norel_objects.filter(pk__in=opinions).order_by().values("consultation_id")
    tallies = OpinionTally.objects.select_for_update().filter(pk__in=rounds).order_by("pk")
    return {tally.pk: tally for tally in tallies}


def make_tallies(opinions: Collection[int]) -> None:
    """Give each round of these opinions a tally, where it has none."""
    rounds = Opinion.norel_objects.filter(pk__in=opinions).order_by()
    wanted = rounds.values_list("consultation_id", flat=True).distinct()
    OpinionTally.objects.bulk_create([OpinionTally(pk=pk) for pk in wanted], ignore_conflicts=True)


def relist_many(
    opinions: dict[int, int], *, is_shown: bool, tallies: dict[int, OpinionTally]
) -> None:
    """Put many opinions into the public lists or take them out, in four statements.

    Args:
        opinions: round of each, by primary key; their `display` is written in this transaction.
        is_shown: whether the public sees them from now on.
        tallies: of these rounds, locked.

    """
    points = OpinionPoint.objects.filter(opinion__in=list(opinions))
    said: dict[int, list[tuple[str, str]]] = {}
    for pk, article_id, stance, shown_in in points.order_by().values_list(
        "opinion_id", "article_id", "stance", "shown_in"
    ):
        if is_shown != (shown_in is not None):
            said.setdefault(pk, []).append((article_id, stance))
    if not said:
        return
    round_of = Opinion.norel_objects.filter(pk=OuterRef("opinion")).values("consultation_id")
    moved = OpinionPoint.objects.filter(opinion__in=list(said))
    moved.update(shown_in=Subquery(round_of) if is_shown else None)
    articles: dict[int, set[str]] = {}
    for pk, one in said.items():
        tallies[opinions[pk]].add(keys_of(one), 1 if is_shown else -1)
        articles.setdefault(opinions[pk], set()).update(article for article, _stance in one)
    words_changed(*articles)
    changed = [tallies[pk] for pk in articles]
    _find_newest_of({tallies[pk]: found for pk, found in articles.items()})
    OpinionTally.objects.bulk_update(changed, ["counts", "newest"])


def _find_newest(tally: OpinionTally, articles: set[str]) -> None:
    """Read anew which points the consultation page shows, under these articles and in all."""
    _find_newest_of({tally: articles})


def _find_newest_of(articles: dict[OpinionTally, set[str]]) -> None:
    """Read anew which points several pages show, in one statement for a draft of usual length.

    Each opinion that is among the newest is found by its place in the index of its list, so that
    it costs the same however long the list is.
    """
    lists = [
        (tally, article_id)
        for tally, found in articles.items()
        for article_id in (ANY, *sorted(found - {WHOLE_DRAFT}))
    ]
    for start in range(0, len(lists), LISTS_AT_ONCE):
        part = lists[start : start + LISTS_AT_ONCE]
        newest = [one for tally, article_id in part for one in _newest_opinions(tally, article_id)]
        points = OpinionPoint.objects.annotate(of=_OPINION).filter(
            of__in=newest, shown_in__in={tally.pk for tally, _article in part}
        )
        rows = list(
            points.order_by("-opinion_id", "place", "pk").values_list(
                "pk", "opinion_id", "shown_in_id", "article_id", "continues"
            )
        )
        for tally, article_id in part:
            own = [row for row in rows if row[2] == tally.pk]
            tally.newest[article_id] = (
                _first_opinions(own, NEWEST_ON_PAGE)
                if article_id == ANY
                else _first_points([row for row in own if row[3] == article_id])
            )
            if not tally.newest[article_id] and article_id != ANY:
                del tally.newest[article_id]


def _newest_opinions(tally: OpinionTally, article_id: str) -> list[Subquery]:
    """Return the newest opinions of a list, each as a scalar of the database."""
    most = NEWEST_ON_PAGE if article_id == ANY else NEWEST_PER_ARTICLE
    points = OpinionPoint.objects.in_list(tally.pk, None if article_id == ANY else article_id)
    opinions = points.values("opinion_id").distinct()
    return [Subquery(opinions[place : place + 1]) for place in range(most)]


def _first_opinions(rows: list[Row], most: int) -> list[int]:
    """Return the points of the first opinions of these rows."""
    first = list(dict.fromkeys(row[1] for row in rows))[:most]
    return [row[0] for row in rows if row[1] in first]


def _first_points(rows: list[Row]) -> list[int]:
    """Return the first points of these rows, with all parts of those that are split."""
    newest: list[int] = []
    whole = 0
    for pk, _opinion, _round, _article, continues in rows:
        whole += not continues
        if whole > NEWEST_PER_ARTICLE:
            break
        newest.append(pk)
    return newest


def relist_parts(opinion: Opinion, *, tally: OpinionTally) -> None:
    """Let the list follow the points of an opinion, which were cut or joined; no figure changes.

    Args:
        opinion: one whose points are written in this transaction, their `shown_in` with them.
        tally: of its round, locked.

    """
    points = OpinionPoint.objects.filter(opinion=opinion, shown_in__isnull=False)
    articles = set(points.values_list("article_id", flat=True))
    if articles:
        _find_newest(tally, articles)
        tally.save()
        words_changed(tally.pk)


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
    rows = listed.order_by().values_list("opinion_id", "article_id", "stance")
    for pk, article_id, stance in rows:
        said.setdefault(pk, []).append((article_id, stance))
    counts = Counter(key for one in said.values() for key in keys_of(one))
    tally.counts, tally.newest = dict(counts), {}
    _find_newest(tally, {article_id for one in said.values() for article_id, _stance in one})
    tally.save()
    if moved:
        words_changed(consultation_id)
    return bool(moved) or before != (tally.counts, tally.newest)
