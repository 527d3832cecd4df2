"""How good an order of results is, by what people judged beforehand; pure.

Sources: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS
20(4), 2002 (nDCG; as in trec_eval the gain is the grade and the discount log2 of rank + 1);
Voorhees, TREC-8, 1999 (reciprocal rank); Efron and Tibshirani, "An Introduction to the
Bootstrap", 1993, chapter 13 (the percentile interval).
"""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from statistics import fmean
from typing import Any

CUT = 10
GRADES = range(4)
RESAMPLES = 2000
SEED = 713
CONFIDENCE = 0.95
_REQUIRED = {"id", "class", "query", "relevant"}
_OPTIONAL = {"twin"}


class UnusableError(ValueError):
    """A line of a judged set that cannot be used; the message names the line and the trouble."""


@dataclass(frozen=True)
class Judged:
    """One question and what people think of the answers.

    Attributes:
        id: a name of its own.
        kind: its class, like 繁体.
        query: the words as a reader types them.
        grades: name of a matter → grade, 1 touches it, 2 speaks of it, 3 is what was looked for;
            what is not named has grade 0.
        twin: the same question in plain words, or empty.

    """

    id: str
    kind: str
    query: str
    grades: Mapping[str, int]
    twin: str = ""


def read_judged(lines: Iterable[str]) -> tuple[Judged, ...]:
    """Read a judged set, one JSON object a line; blank lines are passed over.

    Raises:
        UnusableError: a line is no such object, or its id came before.

    """
    read: dict[str, Judged] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            one = _judged(json.loads(line))
        except ValueError as error:
            raise UnusableError(f"Line {number}: {error}") from error
        if one.id in read:
            raise UnusableError(f"Line {number}: the id {one.id} came before.")
        read[one.id] = one
    return tuple(read.values())


def _judged(told: Any) -> Judged:
    """Return what an object tells.

    Raises:
        ValueError: it tells something else, or not enough.

    """
    if not isinstance(told, dict) or not _REQUIRED <= set(told) <= _REQUIRED | _OPTIONAL:
        raise ValueError("it needs id, class, query and relevant, and may have twin.")
    grades = told.pop("relevant")
    if not all(isinstance(text, str) and text.strip() for text in told.values()):
        raise ValueError("id, class, query and twin are texts that are not empty.")
    if not isinstance(grades, dict) or not grades:
        raise ValueError("relevant names at least one matter with its grade.")
    if not all(type(grade) is int and grade in GRADES for grade in grades.values()):
        raise ValueError("a grade is 0, 1, 2 or 3.")
    if not any(grades.values()):
        raise ValueError("no matter has a grade above 0.")
    return Judged(told["id"], told["class"], told["query"], grades, told.get("twin", ""))


def _gain(grades: Iterable[int]) -> float:
    return sum(grade / log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def ndcg(ranked: Sequence[Any], grades: Mapping[Any, int]) -> float:
    """Return the gain of the first ten results by that of the best possible ten, 0 to 1.

    Args:
        ranked: the results, best first.
        grades: grade by result, at least one above 0; what is not named has grade 0.

    """
    best = sorted(grades.values(), reverse=True)[:CUT]
    return _gain(grades.get(one, 0) for one in ranked[:CUT]) / _gain(best)


def reciprocal_rank(ranked: Sequence[Any], grades: Mapping[Any, int]) -> float:
    """Return 1 by the rank of the first result with a grade above 0 among ten, or 0."""
    ranks = (rank for rank, one in enumerate(ranked[:CUT], start=1) if grades.get(one, 0))
    return 1 / next(ranks, float("inf"))


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return between what the mean lies with 95 % confidence: a bootstrap, the same every time."""
    chance = random.Random(SEED)  # noqa: S311  not a secret
    means = sorted(fmean(chance.choices(values, k=len(values))) for _ in range(RESAMPLES))
    tail = int((1 - CONFIDENCE) / 2 * RESAMPLES)
    return means[tail], means[-1 - tail]


@dataclass(frozen=True)
class Score:
    """What one question came to.

    Attributes:
        judged: the question.
        ndcg: of what the archive answered.
        reciprocal_rank: of the same.
        baseline: nDCG of the plain match, None where there is no engine.
        twin: nDCG of the plain twin, None without one.
        clicks: suggestions a reader had to follow to get there, 0 or 1.

    """

    judged: Judged
    ndcg: float
    reciprocal_rank: float
    baseline: float | None
    twin: float | None
    clicks: int


@dataclass(frozen=True)
class Summary:
    """What several questions came to.

    Attributes:
        kind: their class, or what they are together.
        questions: how many.
        ndcg: mean nDCG@10.
        low, high: the 95 % interval of that mean.
        mrr: mean reciprocal rank.
        baseline: mean nDCG@10 of the plain match, None where there is no engine.
        behind_twins: how much better the plain twins did on average, None without twins.
        clicks: suggestions followed.

    """

    kind: str
    questions: int
    ndcg: float
    low: float
    high: float
    mrr: float
    baseline: float | None
    behind_twins: float | None
    clicks: int

    @property
    def over_baseline(self) -> float | None:
        """The mean by that of the baseline."""
        return self.ndcg / self.baseline if self.baseline else None


def summarised(kind: str, scores: Sequence[Score]) -> Summary:
    """Return what these questions came to together."""
    low, high = interval([one.ndcg for one in scores])
    baselines = [one.baseline for one in scores if one.baseline is not None]
    behind = [one.twin - one.ndcg for one in scores if one.twin is not None]
    return Summary(
        kind=kind,
        questions=len(scores),
        ndcg=fmean(one.ndcg for one in scores),
        low=low,
        high=high,
        mrr=fmean(one.reciprocal_rank for one in scores),
        baseline=fmean(baselines) if baselines else None,
        behind_twins=fmean(behind) if behind else None,
        clicks=sum(one.clicks for one in scores),
    )


def by_class(scores: Iterable[Score]) -> list[Summary]:
    """Return one summary for each class, in the order of the set."""
    classes: dict[str, list[Score]] = {}
    for one in scores:
        classes.setdefault(one.judged.kind, []).append(one)
    return [summarised(kind, group) for kind, group in classes.items()]


@dataclass(frozen=True)
class Goals:
    """What an evaluation has to reach; None asks for nothing.

    Attributes:
        mean: least mean nDCG@10.
        each_class: least mean of each class.
        over_baseline: least ratio of the mean to that of the baseline.
        behind_twins: most that a class may be behind its plain twins on average.

    """

    mean: float | None = None
    each_class: float | None = None
    over_baseline: float | None = None
    behind_twins: float | None = None

    def missed(self, whole: Summary, classes: Iterable[Summary]) -> list[str]:
        """Return one sentence for each goal that was missed."""
        found = []
        if self.mean is not None and whole.ndcg < self.mean:
            found.append(f"The mean is {whole.ndcg:.3f}, below {self.mean:g}.")
        if self.over_baseline is not None:
            ratio = whole.over_baseline
            if ratio is None:
                found.append("There is no baseline to compare with.")
            elif ratio < self.over_baseline:
                found.append(
                    f"The baseline is exceeded {ratio:.2f} times, not {self.over_baseline:g}."
                )
        for one in classes:
            if self.each_class is not None and one.ndcg < self.each_class:
                found.append(f"{one.kind} is {one.ndcg:.3f}, below {self.each_class:g}.")
            behind = one.behind_twins
            if self.behind_twins is not None and behind is not None and behind > self.behind_twins:
                found.append(f"{one.kind} is {behind:.3f} behind its plain twins.")
        return found
