"""What somebody has written so far, as it was typed: the words that go from step to step; pure.

Anything a person can type may enter, right or wrong; the forms judge it, here it only is not lost.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from consultations.lifecycle import LONGEST_OPINION

MOST_POINTS = 20
# Characters of a whole draft that are kept between steps; beyond it only the page holds the text.
MOST_KEPT = 4 * LONGEST_OPINION

POINT_FIELDS = ("article", "stance", "text")
ABOUT_FIELDS = ("kind", "name", "region", "email", "no_email", "publicity")

Words = Mapping[str, str]


@dataclass(frozen=True)
class Written:
    """An opinion between the steps of the form.

    Attributes:
        form_key: of the form that was first shown; with the words it makes a sending unique.
        points: what was typed in the first step, one mapping of `POINT_FIELDS` each.
        about: what was typed in the second step, by `ABOUT_FIELDS`; empty before it.

    """

    form_key: uuid.UUID
    points: tuple[Words, ...] = field(default_factory=lambda: (a_point(),))
    about: Words = field(default_factory=dict)

    @property
    def submission_key(self) -> uuid.UUID:
        """Return what makes a sending unique: the form and the words.

        A form sent twice gives one opinion; other words from an old page give another one.
        """
        return uuid.uuid5(self.form_key, json.dumps([dict(one) for one in self.points]))

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was typed yet."""
        return not self.about and not any(one["text"] or one["stance"] for one in self.points)

    @property
    def text(self) -> str:
        """Return all that was said, to be given back where it cannot be sent."""
        return "\n\n".join(one["text"] for one in self.points if one["text"])

    def with_points(self, points: Sequence[Words]) -> Self:
        """Return it with other points; at least one, at most as many as are taken."""
        return replace(self, points=tuple(points[:MOST_POINTS]) or (a_point(),))

    def speaking_to(self, article_id: str) -> Self:
        """Return it with a point on this article: the last one if that is still empty."""
        if any(one["article"] == article_id for one in self.points):
            return self
        *earlier, last = self.points
        if not last["text"] and not last["stance"]:
            return replace(self, points=(*earlier, a_point(article_id)))
        return self.with_points([*self.points, a_point(article_id)])

    def without_point(self, number: str) -> Self:
        """Return it without the point of this number, counted from zero."""
        return self.with_points([one for n, one in enumerate(self.points) if str(n) != number])

    def to_json(self) -> str:
        """Return it as text, for a row or a hidden field."""
        points = [dict(one) for one in self.points]
        kept = {"form_key": str(self.form_key), "points": points, "about": dict(self.about)}
        return json.dumps(kept, ensure_ascii=False)


def a_point(article_id: str = "") -> dict[str, str]:
    """Return a point about which nothing was typed yet."""
    return {"article": article_id, "stance": "", "text": ""}


def written_from(text: str) -> Written | None:
    """Read what `to_json` wrote, from wherever it comes; None for anything else."""
    try:
        kept = json.loads(text)
        form_key = uuid.UUID(kept["form_key"])
        points = [_words(one, POINT_FIELDS) for one in kept["points"]]
        about = _words(kept["about"], ABOUT_FIELDS) if kept["about"] else {}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return Written(form_key, about=about).with_points(points)


def _words(kept: Mapping[str, object], names: Sequence[str]) -> dict[str, str]:
    """Return the strings under these names, the empty one where there is none."""
    words = {name: kept.get(name, "") for name in names}
    return {name: word if isinstance(word, str) else "" for name, word in words.items()}
