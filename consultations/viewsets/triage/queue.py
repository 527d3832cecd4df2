"""The opinions that a clerk reads, oldest first, found by their place in an index.

The queue is one stream an index for each round and display state. Each stream tells where its
share of a page ends; the page is read up to the nearest of these ends. So page 10,000 costs what
page 1 does, whatever the number of opinions before, behind or beside it.

What is asked of other tables is asked as a scalar, one opinion after the other: a join PostgreSQL
would begin at the first opinion there is, however deep the page lies. `make scale` counts it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django_comments.models import Comment
from wagtail.models import Site

from consultations.lifecycle import Display, Intake, opening_instant
from consultations.models import Opinion, OpinionPoint
from consultations.querysets import OpinionQuerySet, counts
from portal.core.workdays import IsWorkday, last_day_due_before

PAGE = 30
MOST_COUNTED = 999
MOST_COUNTED_OF_MANY = 99
# Beyond, the opinions of other units are passed over row by row.
MOST_STREAMS = 300
COUNTING = "counting"
NOBODY = "nobody"
_COUNTED = "counted_"


@dataclass(frozen=True)
class Filters:
    """What the queue is asked for; None and the empty string leave it open.

    Attributes:
        rounds: primary keys of the rounds, all in scope; None for every round there is.
        displays: display states.
        intake: an `Intake` or `COUNTING`.
        article_id: of the article; None for any, the empty string for the whole draft.
        stance: of a point, on that article if there is one.
        channel: a `Channel`.
        assignee: primary key of a clerk, `NOBODY`, or None.
        came_before: only what came before this instant, and waits still.
        at: now, where `intake` is asked for.

    """

    rounds: frozenset[int] | None = None
    displays: frozenset[str] = frozenset({Display.PENDING})
    intake: str = COUNTING
    article_id: str | None = None
    stance: str = ""
    channel: str = ""
    assignee: int | str | None = None
    came_before: datetime | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class QueuePage:
    """One page.

    Attributes:
        ids: primary keys of its opinions, oldest first.
        has_before: whether older ones come before.
        has_after: whether newer ones come behind.

    """

    ids: tuple[int, ...] = ()
    has_before: bool = False
    has_after: bool = False


class CountUpTo(Subquery):
    """How many rows a query that ends somewhere has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


@dataclass(frozen=True)
class Queue:
    """A question to the opinions, asked page by page."""

    filters: Filters
    counted: Counter[str] = field(default_factory=Counter, init=False)

    def page(
        self, *, after: int | None = None, before: int | None = None, size: int = PAGE
    ) -> QueuePage:
        """Return the page behind an opinion, or before it, or the first.

        Args:
            after: primary key that the page begins behind.
            before: primary key that the page ends before.
            size: most opinions of a page.

        """
        if before is not None:
            found = self._ids(size + 1, before=before)
            more = len(found) > size
            return QueuePage(tuple(reversed(found[:size])), has_before=more, has_after=True)
        found = self._ids(size + 1, after=after)
        more = len(found) > size
        return QueuePage(tuple(found[:size]), has_before=after is not None, has_after=more)

    def first(self, most: int) -> list[int]:
        """Return the primary keys of the first opinions."""
        return self._ids(most)

    def next_after(self, opinion: int) -> int | None:
        """Return the opinion that comes behind one, else the one before it, else None."""
        found = self._ids(1, after=opinion) or self._ids(1, before=opinion)
        return found[0] if found else None

    @property
    def most_counted(self) -> int:
        """How far opinions are counted: less far where that is asked of many rounds."""
        rounds = self.filters.rounds
        return MOST_COUNTED if rounds is not None and len(rounds) == 1 else MOST_COUNTED_OF_MANY

    def _progress(self) -> dict[str, Subquery]:
        """Return how many that count are in each display state, as scalars."""
        # The order is that of the index, so that counting ends where it may.
        order = ("pk",) if self.filters.rounds is None else ("consultation_id", "pk")
        return {
            f"{_COUNTED}{display}": CountUpTo(
                _within(Filters(rounds=self.filters.rounds, displays=frozenset({display})))
                .order_by(*order)
                .values("pk")[: self.most_counted + 1]
            )
            for display in Display.values
        }

    def _ids(self, size: int, *, after: int | None = None, before: int | None = None) -> list[int]:
        """Return the keys next to a place, nearest first."""
        if self.filters.rounds is not None and not self.filters.rounds:
            return []
        backwards = before is not None
        order = "-pk" if backwards else "pk"
        place = Q()
        if after is not None:
            place = Q(pk__gt=after)
        elif before is not None:
            place = Q(pk__lt=before)
        asked = self._ends(place, order, size)
        if not self.counted:
            asked |= self._progress()
        told = _scalars(asked) if asked else {}
        for name in [name for name in told if name.startswith(_COUNTED)]:
            is_read = name != f"{_COUNTED}{Display.PENDING}"
            self.counted["read" if is_read else "waiting"] += told.pop(name) or 0
        ends = [end for end in told.values() if end is not None]
        if ends:
            place &= Q(pk__gte=max(ends)) if backwards else Q(pk__lte=min(ends))
        rows = _within(self.filters).filter(place).order_by(order)
        return list(rows.values_list("pk", flat=True)[:size])

    def _ends(self, place: Q, order: str, size: int) -> dict[str, Subquery]:
        """Return where a page of each stream would end; nothing where there is one stream."""
        streams = list(_streams(self.filters))
        if not 1 < len(streams) <= MOST_STREAMS:
            return {}
        return {
            f"end_{number}": Subquery(
                _within(one).filter(place).order_by(order).values("pk")[size - 1 : size]
            )
            for number, one in enumerate(streams)
        }


def _streams(filters: Filters) -> Iterable[Filters]:
    """Yield the parts of a question that an index answers in the order of the keys."""
    rounds = [None] if filters.rounds is None else [frozenset({pk}) for pk in filters.rounds]
    for one in rounds:
        for display in filters.displays:
            yield replace(filters, rounds=one, displays=frozenset({display}))


def _scalars(asked: dict[str, Subquery]) -> dict[str, int | None]:
    """Return the values of scalar subqueries, asked in one statement."""
    # Beside a row of whatever there is: they do not depend on it.
    row = Site.objects.order_by().annotate(**asked).values(*asked).first()
    return dict(row or {})


def _within(filters: Filters) -> QuerySet[Opinion]:
    """Return the opinions that a question is about, in no order."""
    found: OpinionQuerySet = Opinion.norel_objects.order_by()
    if filters.rounds is not None:
        found = found.filter(consultation__in=sorted(filters.rounds))
    found = found.filter(display__in=sorted(filters.displays))
    if filters.intake == COUNTING:
        found = found.filter(counts())
    elif filters.intake and filters.at is not None:
        found = found.in_intake(Intake(filters.intake), at=filters.at)
    if filters.channel:
        found = found.filter(channel=filters.channel)
    if filters.assignee == NOBODY:
        found = found.filter(assignee__isnull=True)
    elif filters.assignee is not None:
        found = found.filter(assignee=filters.assignee)
    if filters.came_before is not None:
        sent = Comment.objects.filter(pk=OuterRef("pk")).order_by().values("submit_date")
        found = found.annotate(since=Coalesce("confirmed_at", Subquery(sent))).filter(
            display=Display.PENDING, since__lt=filters.came_before
        )
    return _about(found, filters)


def _about(found: QuerySet[Opinion], filters: Filters) -> QuerySet[Opinion]:
    """Keep the opinions with a point on the article, of the stance."""
    if filters.article_id is None and not filters.stance:
        return found
    points = OpinionPoint.objects.filter(opinion=OuterRef("pk")).order_by()
    if filters.article_id is not None:
        points = points.filter(article_id=filters.article_id)
    if filters.stance:
        points = points.filter(stance=filters.stance)
    return found.annotate(point=Subquery(points.values("pk")[:1])).filter(point__isnull=False)


def late_since(today: date, workdays: int, is_workday: IsWorkday) -> datetime:
    """Return the instant such that what came before it waits longer than it may (OPI-5).

    Args:
        today: official date.
        workdays: how many working days an opinion may wait.
        is_workday: the calendar.

    """
    last_day = last_day_due_before(today, workdays, is_workday)
    return opening_instant(last_day + timedelta(days=1))
