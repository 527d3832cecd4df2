"""What readers are offered where nothing was found; every link leads to something."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count

from consultations.models.topic import Topic
from decisions.models import ArchiveDossier
from decisions.search.analysis import key_words, terms_of
from decisions.search.archive import how_many
from decisions.search.criteria import Criteria
from decisions.search.question import Words
from decisions.search.results import Results
from decisions.views.links import Link
from portal.core.remembered import remembered

MOST_WORDS = 3
MOST_TOPICS = 6


@dataclass(frozen=True)
class WaysOut:
    """Links to ask less: without filters, for one word alone, for a whole topic."""

    without_filters: Link | None
    fewer_words: tuple[Link, ...]
    topics: tuple[Link, ...]


def ways_out(criteria: Criteria, results: Results, *, at: datetime) -> WaysOut | None:
    """Return what to try instead of a question that found nothing; None if it found something."""
    if results.total:
        return None
    wider = criteria.without_facets()
    found = how_many(wider, at=at, like=results) if wider != criteria.on_page(1) else 0
    return WaysOut(
        without_filters=Link("", wider.query_string(), count=found) if found else None,
        fewer_words=() if found else _fewer_words(wider, results, at=at),
        topics=tuple(
            Link(str(Topic(topic).label), Criteria(topic=(Topic(topic),)).query_string(), count=n)
            for topic, n in remembered("archive-topics", _largest_topics)
        ),
    )


def _fewer_words(criteria: Criteria, results: Results, *, at: datetime) -> tuple[Link, ...]:
    """Return links for the longest of some plain words, each by itself."""
    words = terms_of(key_words(criteria.text))
    if len(words) < 2 or not isinstance(criteria.question, Words):  # noqa: PLR2004
        return ()
    longest = sorted(words, key=len, reverse=True)[:MOST_WORDS]
    alone = [replace(criteria, text=word) for word in longest]
    counted = [(one, how_many(one, at=at, like=results)) for one in alone]
    return tuple(Link(one.text, one.query_string(), count=n) for one, n in counted if n)


def _largest_topics() -> list[tuple[str, int]]:
    """Return the topics with the most public matters, and how many they have."""
    topics = ArchiveDossier.objects.exclude(topic="").order_by().values_list("topic")
    return list(topics.annotate(number=Count("pk")).order_by("-number", "topic")[:MOST_TOPICS])
