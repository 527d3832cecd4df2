"""The adoption matrix: each issue, its outcome and how many opinions it answers.

The admin's matrix, the public table and every export are made from `matrix_of`, so that none of
them can say something else than the others.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from consultations.lifecycle import Outcome
from consultations.models.figures import Figures, figures_of
from consultations.models.issue import Issue
from consultations.models.opinion import OpinionPoint
from portal.core.blocks import Article

if TYPE_CHECKING:
    from consultations.models.consultation import ConsultationPage


@dataclass(frozen=True)
class MatrixRow:
    """One issue as the public table has it.

    Attributes:
        issue: with its answer, as far as that is final.
        article: the article it is about or that changes; None for the whole draft.
        count: opinions that count and say it in one point or more.

    """

    issue: Issue
    article: Article | None
    count: int

    @property
    def outcome(self) -> Outcome | None:
        """The outcome of its final answer, None while there is none."""
        return Outcome(self.issue.outcome) if self.issue.outcome else None


@dataclass(frozen=True)
class Matrix:
    """The answers of one consultation.

    Attributes:
        rows: one for each issue that an opinion which counts is grouped under, by number. An
            opinion with several points stands in several rows, so their counts may sum to more
            than `totals.opinions`.
        totals: the figures, each opinion counted once.

    """

    rows: tuple[MatrixRow, ...]
    totals: Figures


@dataclass(frozen=True)
class Missing:
    """What still keeps the adoption summary from being published.

    Attributes:
        issues: those in the matrix without a final answer, by number.
        points: the first points of opinions that count which stand under no issue.
        ungrouped: how many such points there are.

    """

    issues: tuple[Issue, ...]
    points: tuple[OpinionPoint, ...]
    ungrouped: int

    def __bool__(self) -> bool:
        """Tell whether anything is missing."""
        return bool(self.issues or self.ungrouped)


def matrix_of(consultation: "ConsultationPage") -> Matrix:
    """Return the matrix of a consultation in five queries, however many opinions there are."""
    articles = {article.id: article for article in consultation.articles}
    issues = (
        Issue.objects.filter(consultation=consultation.pk)
        .spoken_to()
        .annotate(opinion_count=Count("points__opinion", distinct=True))
        .order_by("number")
    )
    rows = tuple(
        MatrixRow(issue, articles.get(issue.article_id), issue.opinion_count) for issue in issues
    )
    return Matrix(rows, figures_of(consultation.pk))


def missing_of(consultation_id: int, *, most: int) -> Missing:
    """Return what is missing in a consultation, with the first `most` points under no issue."""
    issues = Issue.objects.filter(consultation=consultation_id, outcome="").spoken_to()
    points = OpinionPoint.objects.that_count().filter(
        opinion__consultation_id=consultation_id, issue__isnull=True
    )
    first = points.select_related("opinion").order_by("opinion_id", "place", "pk")[:most]
    return Missing(tuple(issues.distinct().order_by("number")), tuple(first), points.count())
