"""Links of the archive page, each an address that changes or carries on the question; pure."""

from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _

from decisions.search.criteria import LAST_PAGE, PAGE_SIZE, Criteria, Sort
from decisions.search.question import DateField

# Pages named on each side of the current one.
NEIGHBOURS = 2


@dataclass(frozen=True)
class Link:
    """A link that changes the question: `url` keeps everything else of it."""

    label: str
    url: str
    is_current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class DateSpan:
    """The two inputs for one of the days of a matter; `chip` takes the span away again."""

    label: str
    from_name: str
    to_name: str
    first: str
    last: str
    chip: Link | None


@dataclass(frozen=True)
class Paging:
    """The way through the pages: `links` with None for a gap; "" where there is no further.

    `listed` is how many results they list where that is not all, else 0.
    """

    links: tuple[Link | None, ...] = ()
    previous_url: str = ""
    next_url: str = ""
    listed: int = 0


def sort_links(criteria: Criteria) -> list[Link]:
    """Return a link for each order that the results can have: without words nothing ranks them."""
    labels = {
        Sort.RELEVANCE: _("By relevance"),
        Sort.DATE: _("By date"),
        Sort.OPINIONS: _("By number of opinions"),
    }
    return [
        Link(label, criteria.sorted_by(sort).query_string(), sort is criteria.order)
        for sort, label in labels.items()
        if criteria.sorted_by(sort).order is sort
    ]


def date_spans(criteria: Criteria) -> list[DateSpan]:
    """Return the spans that can be asked for, with what was."""
    labels = {
        DateField.OPENS: _("Consultation begins"),
        DateField.CLOSES: _("Consultation ends"),
        DateField.DECIDED: _("Decision is published"),
        DateField.EFFECTIVE: _("In force from"),
    }
    asked = dict(criteria.days)
    spans = []
    for field, label in labels.items():
        days = asked.get(field, (None, None))
        first, last = (day.isoformat() if day else "" for day in days)
        span = _("%(field)s: %(first)s to %(last)s") % {
            "field": label,
            "first": first or "…",
            "last": last or "…",
        }
        chip = Link(span, criteria.without_days(field).query_string(), is_current=True)
        name = field.value.removesuffix("_on")
        spans.append(
            DateSpan(label, f"{name}_from", f"{name}_to", first, last, chip if any(days) else None)
        )
    return spans


def paging(criteria: Criteria, total: int) -> Paging:
    """Return links to the first, the last and the neighbouring pages."""
    last = min(ceil(total / PAGE_SIZE), LAST_PAGE)
    if last <= 1:
        return Paging()
    near = range(criteria.page - NEIGHBOURS, criteria.page + NEIGHBOURS + 1)
    numbers = sorted({1, last, *(number for number in near if 1 <= number <= last)})
    links: list[Link | None] = []
    for before, number in zip([0, *numbers], numbers, strict=False):
        if number - before > 1:
            links.append(None)
        links.append(Link(str(number), _page_url(criteria, number, last), number == criteria.page))
    return Paging(
        links=tuple(links),
        previous_url=_page_url(criteria, criteria.page - 1, last),
        next_url=_page_url(criteria, criteria.page + 1, last),
        listed=last * PAGE_SIZE if total > last * PAGE_SIZE else 0,
    )


def _page_url(criteria: Criteria, number: int, last: int) -> str:
    return criteria.on_page(number).query_string() if 1 <= number <= last else ""
