"""Passages of a text that the public does not see, and the text that is left; pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from consultations.lifecycle import RedactionReason

HIDDEN = "〔已隐去〕"


@dataclass(frozen=True)
class Passage:
    """`text[start:end]` and why it is hidden.

    Attributes:
        start: index of its first character.
        end: index after its last character.
        reason: why.

    """

    start: int
    end: int
    reason: RedactionReason = RedactionReason.PERSONAL_INFO

    def fits(self, text: str) -> bool:
        """Tell whether it is a part of `text`."""
        return 0 <= self.start < self.end <= len(text)


def merged(passages: Iterable[Passage]) -> list[Passage]:
    """Return passages in order, those that overlap or touch as one, for the first one's reason."""
    found: list[Passage] = []
    for one in sorted(passages, key=lambda one: (one.start, one.end)):
        if found and one.start <= found[-1].end:
            last = found[-1]
            found[-1] = Passage(last.start, max(last.end, one.end), last.reason)
        else:
            found.append(one)
    return found


def without(text: str, passages: Iterable[Passage]) -> str:
    """Return `text` with `HIDDEN` in the place of each passage and nothing else changed."""
    parts = []
    done = 0
    for one in merged(passages):
        parts += [text[done : one.start], HIDDEN]
        done = one.end
    return "".join([*parts, text[done:]])


def leaves_words(text: str, passages: Iterable[Passage]) -> bool:
    """Tell whether anything but marks and punctuation is left to read."""
    return any(character.isalnum() for character in without(text, passages).replace(HIDDEN, ""))


def places_of(words: str, text: str) -> list[tuple[int, int]]:
    """Return every place where `words` stands in `text`, none overlapping another."""
    return [one.span() for one in re.finditer(re.escape(words), text)] if words else []
