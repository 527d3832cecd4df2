"""Which article of a newer draft is which of the older one: by what they say, then by number."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Shares of common pairs of signs. Between versions of State Council regulations, articles that were
# reworded share 0.6 to 0.98, rewritten ones of the same number 0.38 to 0.44; different articles
# of one regulation mostly less than 0.5, and then each finds a better partner first.
SAME = 0.5
SAME_NUMBER = 0.35
# Comparing each with each takes a second for a thousand by a thousand; beyond, numbers decide.
MOST_PAIRS = 1_000_000


@dataclass(frozen=True)
class Candidate:
    """An article of one of the drafts: an id, the number as printed, the text."""

    id: str
    number: str
    text: str


def partners(old: Sequence[Candidate], new: Sequence[Candidate]) -> dict[str, str]:
    """Return the id of the newer article for the id of each older one that is still there."""
    found: dict[str, str] = {}
    old_left, new_left = _pair_equals(old, new, found)
    pairs = sorted(
        _alike(old_left, new_left),
        key=lambda pair: (-round(pair[0], 3), pair[1].number != pair[2].number, pair[3]),
    )
    taken: set[str] = set()
    for share, older, newer, _distance in pairs:
        enough = SAME_NUMBER if older.number == newer.number else SAME
        if share >= enough and older.id not in found and newer.id not in taken:
            found[older.id] = newer.id
            taken.add(newer.id)
    return found


def _pair_equals(
    old: Sequence[Candidate], new: Sequence[Candidate], found: dict[str, str]
) -> tuple[list[Candidate], list[Candidate]]:
    """Pair what says the same, in order, and return the rest."""
    waiting: dict[str, list[Candidate]] = defaultdict(list)
    for older in reversed(old):
        waiting[_signs(older.text)].append(older)
    left = []
    for newer in new:
        same = waiting[_signs(newer.text)]
        if same:
            found[same.pop().id] = newer.id
        else:
            left.append(newer)
    return [older for older in old if older.id not in found], left


def _alike(
    old: Sequence[Candidate], new: Sequence[Candidate]
) -> Iterable[tuple[float, Candidate, Candidate, int]]:
    """Yield each pair that may be one article: share, older, newer, places between them."""
    pairs_of_new = [_pairs(newer.text) for newer in new]
    by_number: dict[str, list[int]] = defaultdict(list)
    for place, newer in enumerate(new):
        by_number[newer.number].append(place)
    is_bearable = len(old) * len(new) <= MOST_PAIRS
    for place, older in enumerate(old):
        mine = _pairs(older.text)
        for there in range(len(new)) if is_bearable else by_number[older.number][:1]:
            share = _share(mine, pairs_of_new[there])
            if share >= SAME_NUMBER:
                yield share, older, new[there], abs(place - there)


def _share(mine: set[str], theirs: set[str]) -> float:
    """Return Dice's coefficient of two sets of pairs."""
    size = len(mine) + len(theirs)
    if 2 * min(len(mine), len(theirs)) < SAME_NUMBER * size:
        return 0.0
    return 2 * len(mine & theirs) / size


def _signs(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def _pairs(text: str) -> set[str]:
    signs = _signs(text)
    return {signs[place : place + 2] for place in range(len(signs) - 1)} or {signs}
