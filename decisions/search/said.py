"""What was said of public rounds and what came of it, read for many rounds in four queries.

Only what the public sees of an opinion may enter: its text as shown, never who gave it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter, itemgetter

from django.db.models import Count

from consultations.compliance.opinion import outcome_of_opinion
from consultations.lifecycle import ADOPTED
from consultations.models import (
    ConsultationPage,
    FeedbackReportPage,
    Issue,
    Opinion,
    OpinionPoint,
)
from consultations.models.opinion import as_written, place_in_list
from decisions.models import UnitKind
from decisions.search.documents import UnitSource

# Rows read from the database at a time.
CHUNK = 2_000


def opinion_units(rounds: Iterable[ConsultationPage]) -> dict[int, list[UnitSource]]:
    """Return the opinions in the public lists of these rounds, by the round's primary key."""
    by_id = {one.pk: one for one in rounds}
    list_urls = {pk: one.list_url for pk, one in by_id.items()}
    points = (
        OpinionPoint.objects.filter(shown_in__in=by_id).as_passages().iterator(chunk_size=CHUNK)
    )
    found: dict[int, list[UnitSource]] = defaultdict(list)
    for opinion_id, said in groupby(points, key=attrgetter("opinion_id")):
        whole = as_written(said)
        page = by_id[whole[0].shown_in_id]
        url = place_in_list(list_urls[page.pk], opinion_id)
        found[page.pk] += _passages(whole, page.article_labels, url)
    return found


def _passages(
    points: list[OpinionPoint], labels: Mapping[str, str], url: str
) -> Iterator[UnitSource]:
    """Yield what one opinion says of each article; a redacted text stands for all of it."""
    if points[0].opinion.is_redacted:
        said = [(f"o{points[0].opinion_id}", "", points[0].shown_text)]
    else:
        said = [
            (f"o{one.opinion_id}-{one.pk}", labels.get(one.article_id, ""), one.shown_text)
            for one in points
        ]
    for key, label, text in said:
        if text.strip():
            yield UnitSource(key, UnitKind.OPINION.value, 0, label, url, text)


def answer_units(
    reported: Mapping[int, FeedbackReportPage], rounds: Iterable[ConsultationPage]
) -> dict[int, list[UnitSource]]:
    """Return the issues with their answers as public adoption summaries have them, by round.

    Args:
        reported: the public summary of each round that has one, by the round's primary key.
        rounds: these rounds and others.

    """
    labels = {one.pk: one.article_labels for one in rounds if one.pk in reported}
    addresses = {pk: report.url or "" for pk, report in reported.items()}
    issues = Issue.objects.filter(consultation__in=reported).exclude(outcome="").spoken_to()
    found: dict[int, list[UnitSource]] = defaultdict(list)
    for issue in issues.distinct().order_by("number"):
        parts = (issue.title, issue.reason, issue.change)
        found[issue.consultation_id].append(
            UnitSource(
                key=f"i{issue.pk}",
                kind=UnitKind.ANSWER.value,
                ordinal=issue.number,
                label=labels[issue.consultation_id].get(issue.article_id, ""),
                url=f"{addresses[issue.consultation_id]}#issue-{issue.number}",
                text="\n".join(part for part in parts if part),
                outcome=issue.outcome,
            )
        )
    return found


def opinion_counts(rounds: Iterable[int]) -> dict[int, int]:
    """Return how many opinions on each of these rounds count."""
    counting = Opinion.norel_objects.filter(consultation__in=list(rounds)).that_count()
    rows = counting.order_by().values_list("consultation_id").annotate(n=Count("pk"))
    return dict(rows)


def adopted_counts(reported: Iterable[int]) -> Counter[int]:
    """Return how many opinions on each of these rounds were adopted wholly or partly."""
    points = OpinionPoint.objects.that_count().filter(opinion__consultation__in=list(reported))
    rows = points.order_by("opinion_id").values_list(
        "opinion_id", "opinion__consultation_id", "issue__outcome"
    )
    adopted = Counter[int]()
    for _opinion_id, said in groupby(rows.iterator(chunk_size=CHUNK), key=itemgetter(0)):
        met = [(round_id, outcome or "") for _opinion, round_id, outcome in said]
        adopted[met[0][0]] += outcome_of_opinion([outcome for _round, outcome in met]) in ADOPTED
    return adopted
