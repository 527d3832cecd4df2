"""More exact words that the hits of a page hold, as 征地补偿 for 补偿; pure.

They come from what the page prints, so each finds something and none tells what is not public.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

import rjieba

from decisions.search.analysis import fold
from decisions.search.question import Node, Words
from decisions.search.results import Hit
from decisions.search.text import plain

# A word of one character stands in too many others, a sentence in none.
ASKED_SIGNS = range(2, 9)
MOST_TERMS = 3
# Few matters are sooner read than narrowed down.
FEWEST_HITS = 3
# What the dictionary calls a name or quality of things; with a verb before it a word is no term.
_NAMING = ("n", "nz", "vn", "b", "j")


@dataclass(frozen=True)
class _Placed:
    """Where a word stands in a text, and what kind of word the dictionary calls it."""

    start: int
    end: int
    kind: str

    @property
    def names(self) -> bool:
        """Tell whether with the word beside it, it makes a term."""
        return self.end - self.start > 1 and self.kind in _NAMING

    def holds(self, start: int, end: int) -> bool:
        """Tell whether a place in the text lies within this word."""
        return self.start <= start and end <= self.end


def narrower_terms(question: Node | None, hits: Iterable[Hit]) -> tuple[str, ...]:
    """Return the longer terms around the one word asked for, those of the most hits first."""
    asked = fold(question.text).strip() if isinstance(question, Words) else ""
    if len(asked) not in ASKED_SIGNS or not asked.isalpha() or asked.isascii():
        return ()
    terms = [set(_terms_of(hit, asked)) for hit in hits]
    if len(terms) < FEWEST_HITS:
        return ()
    # The order in which they were met decides between equals, so the same page says the same.
    found = Counter(term for of_hit in terms for term in sorted(of_hit))
    return tuple(term for term, _hits in found.most_common(MOST_TERMS))


def _terms_of(hit: Hit, asked: str) -> Iterator[str]:
    for segments in (hit.title, hit.summary, *(passage.segments for passage in hit.passages)):
        yield from _terms_in(plain(segments), asked)


def _terms_in(text: str, asked: str) -> Iterator[str]:
    """Yield each word that holds the asked one, and the asked one with a naming word beside it."""
    folded = fold(text)
    tagged = rjieba.tag(folded, False) if asked in folded else []
    ends = accumulate((len(word) for word, _kind in tagged), initial=0)
    placed = [
        _Placed(*place, kind) for place, (_word, kind) in zip(pairwise(ends), tagged, strict=True)
    ]
    before = {word.end: word.start for word in placed if word.names}
    after = {word.start: word.end for word in placed if word.names}
    starts, stops = {word.start for word in placed}, {word.end for word in placed}
    for match in re.finditer(re.escape(asked), folded):
        start, end = match.span()
        if start in starts and end in stops:
            if start in before:
                yield text[before[start] : end]
            if end in after:
                yield text[start : after[end]]
        else:
            yield from (text[one.start : one.end] for one in placed if one.holds(start, end))
