"""Public answers of this app that are not plain pages: the archive."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from consultations.lifecycle import Stage
from consultations.models import DecisionCategory
from consultations.models.topic import Topic
from decisions.models import ArchivePage
from decisions.search.archive import search_archive
from decisions.search.criteria import (
    DATES,
    FACETS,
    LAST_PAGE,
    PAGE_SIZE,
    BadQuestionError,
    Criteria,
    NoSuchPageError,
    Sort,
    read,
)
from decisions.search.question import DateField
from decisions.search.results import Mode, Results
from portal.accounts.models import Unit

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
class Facet:
    """One group of filters; `is_active` when something in it is chosen."""

    name: str
    label: str
    links: tuple[Link, ...]

    @property
    def is_active(self) -> bool:
        """Tell whether one of its values is chosen."""
        return any(link.is_current for link in self.links)


@dataclass(frozen=True)
class DateSpan:
    """The two inputs for one of the days of a matter; `chip` takes the span away again."""

    label: str
    from_name: str
    to_name: str
    first: str
    last: str
    chip: Link | None


def _dates(criteria: Criteria) -> list[DateSpan]:
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


@require_safe
def archive(request: HttpRequest, page: ArchivePage) -> TemplateResponse:
    """Search the archive; the address holds the whole question.

    Context of `decisions/archive_page.html`, besides that of any page:
        q: the words asked for. error: a sentence when the address cannot be answered, else "";
        marked: the words as segments, the place of the trouble marked, where there is one.
        total: number of dossiers found; None with an error.
        hits: `Hit`s of this page; in each `title`, `summary` and the passages' `segments` are
            segments with `text` and `is_match` (put those in <mark>).
        facets: `Facet`s with `links` (label, count, url that toggles it, is_current).
        chips: one `Link` for each chosen filter; its url removes it. clear_url removes them all.
        kept: (name, value) pairs the search form carries on as hidden inputs; kept_of_dates: those
        of the form with the days, whose `dates` are `DateSpan`s, open with `has_days`.
        sort_links: `Link`s for both orders. pages: `Link`s, or None for a gap; previous_url and
        next_url are "" at the ends. mode: which copy answered; mode_label says it in words.
        notice: a sentence when Elasticsearch is configured and did not answer, else "".
    """
    context = page.get_context(request)
    try:
        criteria = read(dict(request.GET.lists()))
        results = search_archive(criteria, at=timezone.now())
        _require_page(criteria, results)
    except BadQuestionError as error:
        context["marked"] = error.marked
        return _refuse(request, context, str(error), HTTPStatus.BAD_REQUEST)
    except NoSuchPageError as error:
        return _refuse(request, context, str(error), HTTPStatus.NOT_FOUND)
    context |= _question(criteria) | _answer(criteria, results)
    response = TemplateResponse(request, page.get_template(request), context)
    response.headers["X-Search-Mode"] = results.mode.value
    if results.mode is Mode.DEGRADED:
        # A shared cache would go on telling of a failure that is over.
        add_never_cache_headers(response)
    return response


def _require_page(criteria: Criteria, results: Results) -> None:
    """Refuse a page behind the last one.

    Raises:
        NoSuchPageError: there are fewer results.

    """
    if criteria.page > 1 and criteria.first >= results.total:
        raise NoSuchPageError(_("There are fewer results than that: this page does not exist."))


def _refuse(
    request: HttpRequest, context: dict[str, Any], error: str, status: HTTPStatus
) -> TemplateResponse:
    """Show the page with a sentence instead of results, and the words kept where they can be."""
    words = request.GET.get("q", "").replace("\x00", "")
    context |= _question(Criteria()) | {"q": words, "error": error, "total": None, "hits": ()}
    context |= {"facets": (), "chips": (), "pages": (), "mode": "", "mode_label": "", "notice": ""}
    return TemplateResponse(request, "decisions/archive_page.html", context, status=status)


def _question(criteria: Criteria) -> dict[str, Any]:
    sorts = {Sort.RELEVANCE: _("By relevance"), Sort.DATE: _("By date")}
    kept = criteria.pairs()
    if criteria.sort is not Sort.RELEVANCE:
        kept.append(("sort", criteria.sort.value))
    return {
        "q": criteria.text,
        "error": "",
        "kept": kept,
        "kept_of_dates": [("q", criteria.text)] * bool(criteria.text)
        + [pair for pair in kept if pair[0] not in DATES],
        "dates": _dates(criteria),
        "has_days": bool(criteria.days),
        "clear_url": criteria.without_facets().query_string(),
        "sort_links": [
            Link(label, criteria.sorted_by(sort).query_string(), sort is criteria.sort)
            for sort, label in sorts.items()
        ],
    }


def _answer(criteria: Criteria, results: Results) -> dict[str, Any]:
    facets = _facets(criteria, results.counts)
    last = min(ceil(results.total / PAGE_SIZE), LAST_PAGE)
    return {
        "total": results.total,
        "hits": results.hits,
        "facets": facets,
        "chips": [
            *(link for facet in facets for link in facet.links if link.is_current),
            *(span.chip for span in _dates(criteria) if span.chip),
        ],
        "pages": _pages(criteria, last),
        "previous_url": _page_url(criteria, criteria.page - 1, last),
        "next_url": _page_url(criteria, criteria.page + 1, last),
        "mode": results.mode,
        "mode_label": _mode_label(results.mode),
        "notice": _notice(results.mode),
    }


def _mode_label(mode: Mode) -> str:
    if mode is Mode.ENGINE:
        return _("Answered by the full search (Elasticsearch)")
    return _("Answered by the basic search (database)")


def _notice(mode: Mode) -> str:
    if mode is not Mode.DEGRADED:
        return ""
    return _(
        "This is the basic search: the full search is not available at the moment. "
        "Results may be fewer and in another order."
    )


def _facets(criteria: Criteria, counts: Mapping[str, Mapping[Any, int]]) -> list[Facet]:
    """Return the filters, chosen values among them even where nothing is left to count."""
    titles = {
        "year": _("Year"),
        "stage": _("Stage"),
        "unit": _("Drafting unit"),
        "topic": _("Topic"),
        "category": _("Category"),
    }
    facets = []
    for name in FACETS:
        counted = dict.fromkeys(criteria.chosen(name), 0) | dict(counts[name])
        labels = _LABELS[name](counted)
        links = tuple(
            Link(
                label=label,
                url=criteria.toggled(name, value).query_string(),
                is_current=value in criteria.chosen(name),
                count=counted[value],
            )
            for value, label in labels.items()
        )
        facets.append(Facet(name, titles[name], links))
    return facets


def _year_labels(counted: Mapping[int, int]) -> dict[int, str]:
    """Name the years, latest first."""
    return {
        # Translators: a year as a filter; Chinese adds 年.
        year: pgettext("archive", "%(year)s") % {"year": year}
        for year in sorted(counted, reverse=True)
    }


def _stage_labels(counted: Mapping[str, int]) -> dict[str, str]:
    """Name the stages in the order of the procedure."""
    return {stage.value: str(stage.label) for stage in Stage if stage in counted}


def _unit_labels(counted: Mapping[str, int]) -> dict[str, str]:
    """Name the units, the busiest first."""
    names = dict(Unit.objects.filter(code__in=counted).values_list("code", "name"))
    busiest = sorted(counted, key=lambda code: (-counted[code], code))
    return {code: names.get(code, code) for code in busiest}


def _topic_labels(counted: Mapping[str, int]) -> dict[str, str]:
    """Name the topics in the order of the State Council's classes."""
    return {topic.value: str(topic.label) for topic in Topic if topic.value in counted}


def _category_labels(counted: Mapping[int, int]) -> dict[int, str]:
    """Name the categories in the order of the law."""
    categories = DecisionCategory.objects.filter(number__in=counted)
    names = dict(categories.values_list("number", "name"))
    return {number: names.get(number, str(number)) for number in sorted(counted)}


_LABELS: dict[str, Any] = {
    "year": _year_labels,
    "stage": _stage_labels,
    "unit": _unit_labels,
    "topic": _topic_labels,
    "category": _category_labels,
}


def _page_url(criteria: Criteria, number: int, last: int) -> str:
    return criteria.on_page(number).query_string() if 1 <= number <= last else ""


def _pages(criteria: Criteria, last: int) -> list[Link | None]:
    """Return links to the first, the last and the neighbouring pages; None marks a gap."""
    if last <= 1:
        return []
    near = range(criteria.page - NEIGHBOURS, criteria.page + NEIGHBOURS + 1)
    numbers = sorted({1, last, *(number for number in near if 1 <= number <= last)})
    links: list[Link | None] = []
    for before, number in zip([0, *numbers], numbers, strict=False):
        if number - before > 1:
            links.append(None)
        links.append(Link(str(number), _page_url(criteria, number, last), number == criteria.page))
    return links
