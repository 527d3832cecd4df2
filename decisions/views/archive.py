"""The page of results: one question to the archive, answered."""

from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.encoding import uri_to_iri
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations.lifecycle import official_date
from decisions.models import ArchivePage
from decisions.search.archive import nearest, search_archive, suggestion
from decisions.search.criteria import (
    DATES,
    FACETS,
    BadQuestionError,
    Criteria,
    NoSuchPageError,
    Sort,
    read,
    readable,
)
from decisions.search.narrowing import narrower_terms
from decisions.search.results import Mode, Results
from decisions.search.telling import tell_mode
from decisions.views.facets import Facet, facets_of, held
from decisions.views.links import Link, Paging, date_spans, paging, sort_links
from decisions.views.no_hits import ways_out
from decisions.views.trend import trend_of
from portal.core.feeds import page_address
from portal.core.throttle import Act, limited

# The forms in which everything found can be taken home, by their part of the address.
FILES = (("csv", "CSV"), ("xlsx", "XLSX"), ("jsonl", "JSON Lines"))


@require_safe
@limited(Act.ARCHIVE_QUESTION)
def archive(request: HttpRequest, page: ArchivePage) -> TemplateResponse:
    """Search the archive; the address holds the whole question.

    Context of `decisions/archive_page.html`, besides that of any page:
        q: the words asked for. error: a sentence when the address cannot be answered, else "";
        marked: the words as segments, the place of the trouble marked, where there is one; faulty:
        the names of the inputs in which the trouble is.
        query: the question as an address writes it, from its first page, which the feed, the
        alert and everything to take home are asked with; "" when nothing is asked.
        canonical: the lasting address of this page, the same for the same question, and the same
        in words; seen_on: the day on which it answers. is_asked: whether anything is asked at all.
        total: number of dossiers found; None with an error. held: which material they hold, in
        words; "" when that is known already.
        hits: `Hit`s of this page; in each `title`, `summary` and the passages' `segments` are
            segments with `text` and `is_match` (put those in <mark>).
        facets: `Facet`s with `links` (label, count, url that toggles it, is_current).
        chips: one `Link` for each chosen filter; its url removes it. clear_url removes them all.
        kept: (name, value) pairs the search form carries on as hidden inputs; kept_of_dates: those
        of the form with the days, whose `dates` are `DateSpan`s, open with `has_days`.
        other_ways: what else was searched for. narrower: `Link`s to longer terms around the word.
        suggestion: a `Link` to words that may be meant, or None. ways_out: a `WaysOut` where
        nothing was found, else None; nearest: then the `Hit`s that hold some of the words.
        sort_links: `Link`s for the orders. paging: a `Paging`. trend: a `Trend` or None.
        files: in which everything found can be had, each a part of the address and its name.
        mode: which copy answered; mode_label says it in words.
        notice: a sentence when Elasticsearch is configured and did not answer, else "".
    """
    context = page.get_context(request)
    at = timezone.now()
    try:
        criteria = read(dict(request.GET.lists()))
        results = search_archive(criteria, at=at)
        _require_page(criteria, results)
    except BadQuestionError as error:
        return refused(request, page, error)
    except NoSuchPageError as error:
        return _refused(request, context, str(error), HTTPStatus.NOT_FOUND)
    context |= _question(criteria) | _answer(criteria, results)
    words = suggestion(criteria, results, at=at)
    context["suggestion"] = _asking(criteria, words) if words else None
    context["nearest"] = nearest(criteria, results, at=at)
    context["ways_out"] = ways_out(criteria, results, at=at)
    canonical = f"{page_address(page)}{criteria.query_string().removesuffix('?')}"
    context |= {"canonical": canonical, "canonical_in_words": uri_to_iri(canonical)}
    context["seen_on"] = official_date(at)
    response = TemplateResponse(request, page.get_template(request), context)
    tell_mode(response, results.mode)
    return response


def refused(request: HttpRequest, page: ArchivePage, error: BadQuestionError) -> TemplateResponse:
    """Show why a question cannot be read, wherever it was put."""
    context = page.get_context(request) | {"marked": error.marked, "faulty": error.names}
    return _refused(request, context, str(error), HTTPStatus.BAD_REQUEST)


def _require_page(criteria: Criteria, results: Results) -> None:
    """Refuse a page behind the last one.

    Raises:
        NoSuchPageError: there are fewer results.

    """
    if criteria.page > 1 and criteria.first >= results.total:
        raise NoSuchPageError(_("There are fewer results than that: this page does not exist."))


def _refused(
    request: HttpRequest, context: dict[str, Any], error: str, status: HTTPStatus
) -> TemplateResponse:
    """Show the page with a sentence instead of results, and all that was asked kept beside it."""
    criteria = readable(dict(request.GET.lists()))
    given = {name: request.GET.get(name, "").replace("\x00", "") for name in ("q", *DATES)}
    facets = facets_of(criteria, {name: {} for name in FACETS})
    context |= _question(criteria, words=given["q"]) | {"error": error, "is_asked": True}
    context["has_days"] = any(given[name] for name in DATES)
    context["dates"] = [
        replace(span, first=given[span.from_name], last=given[span.to_name])
        for span in date_spans(criteria)
    ]
    context |= {"total": None, "hits": (), "facets": (), "chips": _chips(criteria, facets)}
    context |= {"paging": Paging(), "trend": None, "mode": "", "mode_label": "", "notice": ""}
    return TemplateResponse(request, "decisions/archive_page.html", context, status=status)


def _question(criteria: Criteria, *, words: str = "") -> dict[str, Any]:
    """Return what was asked; `words` in place of those that could not be read."""
    words = words or criteria.text
    kept = criteria.pairs()
    if criteria.sort is not Sort.RELEVANCE:
        kept.append(("sort", criteria.sort.value))
    return {
        "q": words,
        "error": "",
        "query": criteria.on_page(1).query_string().removesuffix("?"),
        "is_asked": criteria != Criteria(),
        "kept": kept,
        "kept_of_dates": [("q", words)] * bool(words)
        + [pair for pair in kept if pair[0] not in DATES],
        "dates": date_spans(criteria),
        "has_days": bool(criteria.days),
        "clear_url": criteria.without_facets().query_string(),
        "sort_links": sort_links(criteria),
    }


def _answer(criteria: Criteria, results: Results) -> dict[str, Any]:
    facets = facets_of(criteria, results.counts)
    return {
        "total": results.total,
        "held": held(criteria, results.counts),
        "hits": results.hits,
        "facets": facets,
        "chips": _chips(criteria, facets),
        "other_ways": results.other_ways,
        "narrower": [
            _asking(criteria, term) for term in narrower_terms(criteria.question, results.hits)
        ],
        "paging": paging(criteria, results.total),
        "trend": trend_of(criteria, results.counts["year"]),
        "files": FILES,
        "mode": results.mode,
        "mode_label": _mode_label(results.mode),
        "notice": _notice(results.mode),
    }


def _chips(criteria: Criteria, facets: Iterable[Facet]) -> list[Link]:
    return [
        *(link for facet in facets for link in facet.links if link.is_current),
        *(span.chip for span in date_spans(criteria) if span.chip),
    ]


def _asking(criteria: Criteria, words: str) -> Link:
    """Return a link that asks for other words with the same filters."""
    return Link(words, replace(criteria, text=words, page=1).query_string())


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
