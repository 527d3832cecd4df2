"""The hearings whose notice is public, as their matters' pages print them, read for many at once.

Who takes part is on those pages, too, and not here: the list of names is for readers of the page.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from consultations.lifecycle import official_date
from consultations.models import Hearing
from decisions.models import UnitKind
from decisions.search.documents import UnitSource


def announced_hearings(item_ids: Iterable[int]) -> dict[int, list[Hearing]]:
    """Return the announced hearings of matters, first to last, by the matter's primary key."""
    found: dict[int, list[Hearing]] = defaultdict(list)
    for one in Hearing.objects.announced().filter(item__in=list(item_ids)):
        found[one.item_id].append(one)
    return found


def hearing_units(hearings: Iterable[Hearing], address: str) -> Iterator[UnitSource]:
    """Yield each hearing with all that is said of it.

    Args:
        hearings: announced ones of one matter.
        address: of the matter's page.

    """
    for one in hearings:
        parts = (
            *(one.subject, one.conclusion, one.cancelled_reason),
            *(one.selection_method, one.place, one.chair),
        )
        yield UnitSource(
            key=f"h{one.pk}",
            kind=UnitKind.HEARING.value,
            ordinal=0,
            label="",
            url=f"{address}#{one.anchor}",
            text="\n".join(part for part in parts if part),
        )


def told_on(hearing: Hearing) -> Iterator[date | None]:
    """Yield the days on which something of a hearing was published: notice, list, result."""
    yield hearing.notice_on
    yield hearing.participants_on
    yield official_date(hearing.concluded_at) if hearing.concluded_at else None
