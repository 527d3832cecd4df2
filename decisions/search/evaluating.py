"""Putting a judged set of questions to the archive as readers do, and to a plain match, too."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from decisions.models import ArchiveDossier, DecisionPage
from decisions.search import index
from decisions.search.archive import nearest, search_archive, suggestion
from decisions.search.connection import breaker
from decisions.search.criteria import BadQuestionError, Criteria, read
from decisions.search.engine import is_configured
from decisions.search.judging import CUT, Judged, Score, ndcg, reciprocal_rank
from decisions.search.results import Hit, Mode, Results

Ranked = Sequence[int]

ATTEMPTS = 5


class UnknownMatterError(ValueError):
    """A judged set names what the archive does not hold, or holds twice; the message says what."""


class EngineLostError(RuntimeError):
    """Elasticsearch stopped answering in the middle, so the figures would mix two searches."""


@dataclass(frozen=True)
class Evaluation:
    """What every question came to, and which copy answered them all."""

    scores: tuple[Score, ...]
    mode: Mode


def evaluate(judged: Iterable[Judged], *, at: datetime) -> Evaluation:
    """Ask every question of a judged set as a reader does who follows a suggestion offered.

    A suggestion counts wherever it is offered, also where the words themselves did better.

    Raises:
        UnknownMatterError: a matter of the set is not in the archive.
        EngineLostError: Elasticsearch did not answer one of the questions.

    """
    names = _names()
    graded = [(one, _grades(names, one)) for one in judged]
    reader = _Reader(at)
    if not is_configured():
        return Evaluation(
            tuple(_score(one, grades, reader) for one, grades in graded), Mode.DATABASE
        )
    with index.writer(index.PATIENCE_FOR_MANY) as client:

        def plain(query: str) -> Ranked:
            """Answer as the analyser alone would: the same index, the title among the body."""
            answer = client.search(
                index=index.DOSSIERS.read_alias, query={"match": {"body": query}}, size=CUT
            )
            return [int(hit["_id"]) for hit in answer["hits"]["hits"]]

        scores = tuple(_score(one, grades, reader, plain) for one, grades in graded)
    return Evaluation(scores, Mode.ENGINE)


def _names() -> Mapping[str, set[int]]:
    """Return the public matters by title and by the index number of their decision."""
    titles = list(ArchiveDossier.objects.values_list("title", "pk"))
    decisions = DecisionPage.objects.live().of_matters(pk for _, pk in titles).exclude(index_no="")
    found: dict[str, set[int]] = {}
    for name, item_id in (*titles, *decisions.values_list("index_no", "item_id")):
        found.setdefault(name, set()).add(item_id)
    return found


def _grades(names: Mapping[str, set[int]], one: Judged) -> dict[int, int]:
    grades = {}
    for name, grade in one.grades.items():
        found = names.get(name, set())
        if len(found) != 1:
            how = "several matters" if found else "no public matter"
            raise UnknownMatterError(f"Question {one.id}: “{name}” is the name of {how}.")
        grades[next(iter(found))] = grade
    return grades


class _Reader:
    """Somebody who types a question and follows a suggestion, if one is offered."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def ask(self, query: str) -> tuple[Ranked, int]:
        """Return the matters the reader ends at, and how many clicks that took.

        Where nothing was found the page names those that come nearest.
        """
        try:
            criteria = read({"q": [query]})
        except BadQuestionError:
            return [], 0
        results = self._search(criteria)
        words = suggestion(criteria, results, at=self._at)
        if not words:
            return _ranked(results.hits or nearest(criteria, results, at=self._at)), 0
        return _ranked(self._search(replace(criteria, text=words)).hits), 1

    def _search(self, criteria: Criteria) -> Results:
        """Return the answer.

        Raises:
            EngineLostError: the database answered for the engine.

        """
        # The order is judged, not the speed: a busy engine may be asked again.
        for _ in range(ATTEMPTS):
            results = search_archive(criteria, at=self._at)
            if results.mode is not Mode.DEGRADED:
                return results
            breaker.reset()
        raise EngineLostError(f"Elasticsearch did not answer: {criteria.text}")


def _ranked(hits: Iterable[Hit]) -> Ranked:
    return [hit.item_id for hit in hits]


def _score(
    one: Judged,
    grades: Mapping[int, int],
    reader: _Reader,
    plain: Callable[[str], Ranked] | None = None,
) -> Score:
    ranked, clicks = reader.ask(one.query)
    return Score(
        judged=one,
        ndcg=ndcg(ranked, grades),
        reciprocal_rank=reciprocal_rank(ranked, grades),
        baseline=ndcg(plain(one.query), grades) if plain else None,
        twin=ndcg(reader.ask(one.twin)[0], grades) if one.twin else None,
        clicks=clicks,
    )
