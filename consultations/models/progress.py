"""How far the answering of consultations has come, by person; counted, never stored."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q

from consultations.models.issue import Issue
from consultations.models.opinion import OpinionPoint
from portal.accounts.models import User


@dataclass(frozen=True)
class Share:
    """What one person has to answer.

    Attributes:
        person: who; None for issues that nobody was given.
        points: points under their issues.
        answered: those with a final answer.
        overdue: their issues that had to be answered by a day before today and are not.

    """

    person: User | None
    points: int
    answered: int
    overdue: int


@dataclass(frozen=True)
class Progress:
    """How far the answers to one consultation have come; points of opinions that count.

    Attributes:
        points: all of them.
        answered: those with a final answer.
        ungrouped: those under no issue yet.
        overdue: issues past their due day without a final answer.
        shares: by person, the one with most left to answer first.

    """

    points: int = 0
    answered: int = 0
    ungrouped: int = 0
    overdue: int = 0
    shares: tuple[Share, ...] = field(default=())

    @property
    def left(self) -> int:
        """Points without a final answer."""
        return self.points - self.answered

    @property
    def percent(self) -> int:
        """Answered points of all, in whole percent, rounded down: 100 means all of them."""
        return 100 * self.answered // self.points if self.points else 100


def progress_of(consultation_ids: Collection[int], *, on: date) -> dict[int, Progress]:
    """Return the progress of each of these consultations, in three queries for all of them.

    Args:
        consultation_ids: primary keys.
        on: today, in official time; an issue is overdue from the day after its due day.

    """
    counted: dict[int, dict[int | None, list[int]]] = defaultdict(dict)
    ungrouped: dict[int, int] = {}
    points = OpinionPoint.objects.that_count().filter(opinion__consultation__in=consultation_ids)
    rows = (
        points.order_by()
        .values_list("opinion__consultation_id", "issue__assignee_id")
        .annotate(
            all=Count("pk"),
            answered=Count("pk", filter=Q(issue__isnull=False) & ~Q(issue__outcome="")),
            ungrouped=Count("pk", filter=Q(issue__isnull=True)),
        )
    )
    for consultation, person, number, answered, without in rows:
        counted[consultation][person] = [number - without, answered, 0]
        ungrouped[consultation] = ungrouped.get(consultation, 0) + without
    late = Issue.objects.overdue(on=on).filter(consultation__in=consultation_ids)
    overdue = late.order_by().values_list("consultation_id", "assignee_id").annotate(n=Count("pk"))
    for consultation, person, number in overdue:
        counted[consultation].setdefault(person, [0, 0, 0])[2] = number
    people = User.objects.in_bulk(
        {person for shares in counted.values() for person in shares if person is not None}
    )
    return {
        pk: _progress(counted.get(pk, {}), ungrouped.get(pk, 0), people) for pk in consultation_ids
    }


def _progress(
    counted: dict[int | None, list[int]], ungrouped: int, people: dict[int, User]
) -> Progress:
    shares = [
        Share(people[person] if person is not None else None, *numbers)
        for person, numbers in counted.items()
        if any(numbers)
    ]
    return Progress(
        points=sum(one.points for one in shares) + ungrouped,
        answered=sum(one.answered for one in shares),
        ungrouped=ungrouped,
        overdue=sum(one.overdue for one in shares),
        shares=tuple(sorted(shares, key=lambda one: one.answered - one.points)),
    )
