"""Matters that are like another: their titles share words that few titles have.

Read from the database's copy alone, so it is the same with and without the engine, and no page
ever waits for that.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from math import log
from operator import or_
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Sum, When

from consultations.similar import SimilarMatter
from decisions.models import ArchiveDossier
from decisions.search.analysis import words_of
from portal.core.remembered import remembered

MOST_SIMILAR = 3
# Words of a title that are compared, and matters that are: the newest with one of the rarest.
MOST_WORDS = 16
RAREST_WORDS = 6
MOST_COMPARED = 200
# Of what the words of a title weigh, a like one has a quarter at least; the same topic adds some.
LEAST_SHARE = 0.25
SHARE_OF_TOPIC = 0.1
# Seconds for which the answer is kept; what is taken down is left out at once all the same.
SECONDS = 300


def similar_matters(item_id: int, *, at: datetime) -> tuple[SimilarMatter, ...]:
    """Return up to three public matters like one, the likest first."""
    ids = remembered(f"similar:{item_id}", lambda: _likest(item_id), seconds=SECONDS)
    found = ArchiveDossier.objects.listed().in_bulk(ids) if ids else {}
    return tuple(
        SimilarMatter(
            title=one.title,
            url=one.url,
            stage=one.standing(at=at),
            year=one.year,
        )
        for one in (found[pk] for pk in ids if pk in found)
    )


def _likest(item_id: int) -> tuple[int, ...]:
    own = ArchiveDossier.objects.filter(pk=item_id).values_list("title_folded", "topic").first()
    if own is None:
        return ()
    title, topic = own
    weights = _weights(_words(title))
    if not weights:
        return ()
    rarest = sorted(weights, key=lambda word: -weights[word])[:RAREST_WORDS]
    shared = reduce(or_, (Q(title_folded__contains=word) for word in rarest))
    others = ArchiveDossier.objects.filter(shared).exclude(pk=item_id).order_by("-latest_on", "-pk")
    whole = sum(weights.values())
    shares = {
        pk: sum(weight for word, weight in weights.items() if word in other) / whole
        + SHARE_OF_TOPIC * (topic == its_topic != "")
        for pk, other, its_topic in others.values_list("pk", "title_folded", "topic")[
            :MOST_COMPARED
        ]
    }
    like = (pk for pk, share in shares.items() if share >= LEAST_SHARE)
    return tuple(sorted(like, key=lambda pk: -shares[pk])[:MOST_SIMILAR])


def _words(title: str) -> list[str]:
    """Return the different words of a folded title; one character alone says too little."""
    words = (word for word in words_of(title) if len(word) > 1 and word.isalnum())
    return list(dict.fromkeys(words))[:MOST_WORDS]


def _weights(words: Iterable[str]) -> dict[str, float]:
    """Return how much each word tells matters apart; what all titles have weighs nothing.

    The square lets a rare word outweigh several that every other title has, like 管理办法.
    """
    asked = list(words)
    numbers: dict[str, Any] = ArchiveDossier.objects.aggregate(
        titles=Count("pk"),
        **{
            f"word_{place}": Sum(
                Case(When(title_folded__contains=word, then=1), default=0),
                output_field=IntegerField(),
            )
            for place, word in enumerate(asked)
        },
    )
    weighed = {
        word: log(numbers["titles"] / number) ** 2
        for place, word in enumerate(asked)
        if (number := numbers[f"word_{place}"])
    }
    return {word: weight for word, weight in weighed.items() if weight}
