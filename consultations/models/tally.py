"""How many opinions of a round the public can reach, by article and stance; kept by services.

A page that counted them anew would slow down with every opinion; see docs/adr/0005.
"""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

ANY = "*"
WHOLE_DRAFT = ""
NEWEST_ON_PAGE = 5
NEWEST_PER_ARTICLE = 3


def key_of(article_id: str = ANY, stance: str = ANY) -> str:
    """Return the key under which opinions on an article with a stance are counted."""
    return f"{article_id}:{stance}"


def keys_of(said: Iterable[tuple[str, str]]) -> set[str]:
    """Return every key under which one opinion is counted, once under each.

    Args:
        said: article and stance of its points; of both the empty string means none.

    """
    keys = {key_of()}
    for article_id, stance in said:
        keys.add(key_of(article_id))
        if stance:
            keys |= {key_of(article_id, stance), key_of(stance=stance)}
    return keys


class OpinionTally(models.Model):
    """What the public list of one round holds, true at every commit.

    Attributes:
        counts: opinions under each key of `key_of`.
        newest: ids of points, newest first: under an article those it shows, under `ANY` all
            points of the newest opinions.

    """

    consultation = models.OneToOneField(
        "consultations.ConsultationPage",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="tally",
    )
    counts = models.JSONField(default=dict)
    newest = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["OpinionTally"]] = models.Manager()

    def __str__(self) -> str:
        """Return how many opinions are shown."""
        return f"{self.count()}"

    @classmethod
    def of(cls, consultation_id: int) -> "OpinionTally":
        """Return the tally of a round, an empty one while nothing has been shown."""
        kept = cls.objects.filter(pk=consultation_id).first()
        return kept or cls(pk=consultation_id)

    def count(self, article_id: str = ANY, stance: str = ANY) -> int:
        """Return how many opinions are shown that hold a stance on an article in one point."""
        counted: int = self.counts.get(key_of(article_id, stance), 0)
        return counted

    def articles(self) -> set[str]:
        """Return the ids of the articles that shown opinions speak to."""
        return {key.rpartition(":")[0] for key in self.counts} - {ANY, WHOLE_DRAFT}

    def add(self, keys: Iterable[str], number: int) -> None:
        """Count `number` more, or with a negative number fewer, under each key."""
        for key in keys:
            left = self.counts.get(key, 0) + number
            if left:
                self.counts[key] = left
            else:
                self.counts.pop(key, None)

    def newest_points(self) -> list[int]:
        """Return the ids of all points that the consultation page shows."""
        return sorted({pk for ids in self.newest.values() for pk in ids})
