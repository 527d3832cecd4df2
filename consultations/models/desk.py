"""What the desk reads: points under no issue, those that say the same in one bundle.

Two texts say the same when nothing is left between them but blanks, punctuation and the width of
letters. It is compared in one pass over the points of a filter, `MOST_COMPARED` at most.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from consultations.lifecycle import Stance
from consultations.models.consultation import ConsultationPage
from consultations.models.opinion import OpinionPoint
from consultations.querysets import OpinionPointQuerySet

MOST_COMPARED = 5000
BUNDLES_PER_PAGE = 30
WHOLE = "whole"


@dataclass(frozen=True)
class PointFilter:
    """Which points under no issue are looked at.

    Attributes:
        article: the id of an article, `WHOLE` for the whole draft, the empty string for any.
        stance: a stance or the empty string.
        words: what the text contains.

    """

    article: str = ""
    stance: str = ""
    words: str = ""

    def points(self, consultation: ConsultationPage) -> OpinionPointQuerySet:
        """Return the points of a consultation that it leaves, the oldest opinion first."""
        points: OpinionPointQuerySet = OpinionPoint.objects.that_count().filter(
            opinion__consultation=consultation, issue__isnull=True
        )
        if self.article:
            points = points.filter(article_id="" if self.article == WHOLE else self.article)
        if self.stance in Stance.values:
            points = points.filter(stance=self.stance)
        if self.words.strip():
            points = points.filter(text__icontains=self.words.strip())
        return points.order_by("opinion_id", "place", "pk")


@dataclass(frozen=True)
class Bundle:
    """Points that say the same.

    Attributes:
        ids: of all of them, the oldest first.
        first: the oldest, with its opinion; read for the bundles of one page only.

    """

    ids: tuple[int, ...]
    first: OpinionPoint

    @property
    def value(self) -> str:
        """What its box on the screen sends."""
        return ".".join(str(pk) for pk in self.ids)

    @property
    def others(self) -> int:
        """How many say the same beside the first."""
        return len(self.ids) - 1


@dataclass(frozen=True)
class PageOfBundles:
    """One page of them.

    Attributes:
        bundles: on this page.
        points: how many points the filter leaves.
        number: of this page, from 1.
        pages: how many there are.

    """

    bundles: tuple[Bundle, ...]
    points: int
    number: int
    pages: int


def same_words(text: str) -> str:
    """Return what of a text decides whether another says the same: letters and digits alone."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum()) or folded


def bundles_of(texts: Iterable[tuple[int, str]]) -> list[tuple[int, ...]]:
    """Return the ids of points that say the same together, in the order of the first of each."""
    alike: dict[str, list[int]] = {}
    for pk, text in texts:
        alike.setdefault(same_words(text), []).append(pk)
    return [tuple(ids) for ids in alike.values()]


def page_of_bundles(points: OpinionPointQuerySet, *, number: int) -> PageOfBundles:
    """Return one page of bundles in two or three queries, however many points there are.

    Args:
        points: in their order.
        number: of the page, from 1; the last one where there are fewer.

    """
    texts = list(points.values_list("pk", "text")[:MOST_COMPARED])
    bundles = bundles_of(texts)
    count = len(texts) if len(texts) < MOST_COMPARED else points.count()
    pages = max(1, -(-len(bundles) // BUNDLES_PER_PAGE))
    number = min(max(number, 1), pages)
    here = bundles[(number - 1) * BUNDLES_PER_PAGE : number * BUNDLES_PER_PAGE]
    firsts = OpinionPoint.objects.select_related("opinion").in_bulk([ids[0] for ids in here])
    read = tuple(Bundle(ids, firsts[ids[0]]) for ids in here if ids[0] in firsts)
    return PageOfBundles(read, count, number, pages)
