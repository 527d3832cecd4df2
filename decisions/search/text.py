"""Marked text as segments that match or do not, so that no HTML is ever built by hand."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from decisions.search.analysis import fold, pattern_of

# Private-use characters the engine puts around what matched; they are taken out of indexed text.
MARK = "\ue000"
UNMARK = "\ue001"
_MARKS = str.maketrans("", "", MARK + UNMARK)

LONGEST_FRAGMENT = 160
BEFORE_MATCH = 40
ELLIPSIS = "…"


@dataclass(frozen=True)
class Segment:
    """A piece of text and whether it matched."""

    text: str
    is_match: bool = False


Segments = tuple[Segment, ...]


def without_marks(text: str) -> str:
    """Return text that cannot be mistaken for a marked one."""
    return text.translate(_MARKS)


def plain(segments: Iterable[Segment]) -> str:
    """Return the text of segments."""
    return "".join(segment.text for segment in segments)


def _joined(pieces: Iterable[Segment]) -> Iterator[Segment]:
    """Join neighbours of one kind and drop empty pieces: pairs of characters match one by one."""
    text, is_match = "", False
    for piece in pieces:
        if piece.text and piece.is_match != is_match:
            if text:
                yield Segment(text, is_match)
            text, is_match = "", piece.is_match
        text += piece.text
    if text:
        yield Segment(text, is_match)


def _pieces(marked: str) -> Iterator[Segment]:
    head, *parts = marked.split(MARK)
    yield Segment(head)
    for part in parts:
        inside, _, after = part.partition(UNMARK)
        yield Segment(inside, is_match=True)
        yield Segment(after)


def read_marks(marked: str) -> Segments:
    """Turn the engine's marked text into segments."""
    return tuple(_joined(_pieces(marked)))


@lru_cache(maxsize=2_048)
def _finder(term: str) -> re.Pattern[str]:
    return re.compile(pattern_of(term))


def _spans(text: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    """Return where folded `text` holds a term, merged and in order."""
    found = [one.span() for term in terms for one in _finder(term).finditer(text)]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def mark(text: str, terms: Iterable[str]) -> Segments:
    """Mark every folded term in a text."""
    pieces, at = [], 0
    for start, end in _spans(fold(text), terms):
        pieces += [Segment(text[at:start]), Segment(text[start:end], is_match=True)]
        at = end
    return tuple(_joined([*pieces, Segment(text[at:])]))


def mark_parts(text: str, terms: Iterable[str], phrases: Iterable[str] = ()) -> Segments:
    """Mark every folded term in a text; of one that it does not hold, the pairs of signs it does.

    The engine finds a text by such pairs, too. Phrases are marked as a whole or not at all.
    """
    folded = fold(text)
    parts = [part for term in terms for part in _parts(term, folded)]
    return mark(text, [*parts, *phrases])


def _parts(term: str, folded: str) -> Iterator[str]:
    if term in folded:
        yield term
    else:
        yield from (pair for pair in map("".join, pairwise(term)) if not pair.isascii())


def excerpt(text: str, terms: tuple[str, ...]) -> Segments:
    """Return the part of a text around its first match, marked, with dots where it was cut."""
    spans = _spans(fold(text), terms)
    first = spans[0][0] if spans else 0
    start = 0 if len(text) <= LONGEST_FRAGMENT else max(0, first - BEFORE_MATCH)
    end = start + LONGEST_FRAGMENT
    cut = f"{ELLIPSIS if start else ''}{text[start:end]}{ELLIPSIS if end < len(text) else ''}"
    return mark(cut, terms)
