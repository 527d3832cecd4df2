"""Which articles of the new text are which of the old one.

By id where ids survive, then by what they say; the number alone says nothing, since every article
behind an inserted one gets another. What nobody recognises again is inserted or deleted; what two
articles share with one is a split or a merger.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log
from unicodedata import normalize

# Shares of common pairs of signs, weighed. Between versions of State Council regulations, articles
# that were reworded share 0.24 to 0.96, different articles 0.21 at most when each has found its
# best partner (tests/unit/test_redline_real.py).
ALIKE = 0.22
# An article that stands nearly whole in a much longer one counts as alike, but less.
WITHIN = 0.4
# An article took over a part of another when so much of the other stands there and nowhere else.
TAKEN_OVER = 0.2
# What being at the other end of the text costs: between two that are alike the nearer wins.
DISTANCE = 0.05


class Kind(StrEnum):
    """What became of an article, or of several that belong together."""

    SAME = "same"
    RENUMBERED = "renumbered"
    CHANGED = "changed"
    SPLIT = "split"
    MERGED = "merged"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True)
class Unit:
    """An article as it is compared.

    Attributes:
        number: its place, counted from 1.
        text: without its printed number.
        id: the same in both texts when it is known to be the same article; may be empty.
        label: the number as printed.

    """

    number: int
    text: str
    id: str = ""
    label: str = ""


@dataclass(frozen=True)
class Aligned:
    """Articles that belong together, by their places counted from 1.

    Attributes:
        old: in the old text; empty for what was inserted.
        new: in the new text; empty for what was deleted.
        kind: what became of them.
        is_moved: whether others that stood before them now stand behind, or the reverse.

    """

    old: tuple[int, ...]
    new: tuple[int, ...]
    kind: Kind
    is_moved: bool = False


def aligned(old: Sequence[Unit], new: Sequence[Unit]) -> list[Aligned]:
    """Return each article of both texts once, in the order of the new text.

    What was deleted stands behind what stood before it.
    """
    texts = _Texts(old, new)
    partner = _partners(old, new, texts)
    moved = _moved(partner)
    groups = _groups(old, new, partner, texts)
    return [
        Aligned(
            old=tuple(one + 1 for one in sorted(group.old)),
            new=tuple(one + 1 for one in sorted(group.new)),
            kind=group.kind(old, new),
            is_moved=bool(group.new) and not moved.isdisjoint(group.old),
        )
        for group in _in_order(groups, moved)
    ]


class _Texts:
    """The pairs of signs of each article, each weighed by how few articles have it."""

    def __init__(self, old: Sequence[Unit], new: Sequence[Unit]) -> None:
        self.old = [_pairs(unit.text) for unit in old]
        self.new = [_pairs(unit.text) for unit in new]
        named: dict[str, int] = defaultdict(int)
        for pairs in (*self.old, *self.new):
            for pair in pairs:
                named[pair] += 1
        most = len(self.old) + len(self.new) + 1
        self._weight = {pair: log(most / times) for pair, times in named.items()}
        self.old_weight = [self.weigh(pairs) for pairs in self.old]
        self.new_weight = [self.weigh(pairs) for pairs in self.new]

    def weigh(self, pairs: Iterable[str]) -> float:
        """Return the weight of some pairs of signs."""
        return sum(self._weight[pair] for pair in pairs)

    def common(self) -> dict[tuple[int, int], float]:
        """Return the weight of what each two articles share, for those that share something."""
        where: dict[str, list[int]] = defaultdict(list)
        for place, pairs in enumerate(self.new):
            for pair in pairs:
                where[pair].append(place)
        shared: dict[tuple[int, int], float] = defaultdict(float)
        for place, pairs in enumerate(self.old):
            for pair in pairs:
                weight = self._weight[pair]
                for there in where.get(pair, ()):
                    shared[place, there] += weight
        return shared


def _partners(old: Sequence[Unit], new: Sequence[Unit], texts: _Texts) -> dict[int, int]:
    """Return the index of the new article for the index of each old one that is still there."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    ways: tuple[Iterable[tuple[int, int]], ...] = (
        _same_ids(old, new),
        _equals(old, new),
        _alike(texts, len(old), len(new)),
    )
    for pairs in ways:
        for here, there in pairs:
            if here not in found and there not in taken:
                found[here] = there
                taken.add(there)
    return found


def _alike(texts: _Texts, olds: int, news: int) -> list[tuple[int, int]]:
    """Return the articles that say much the same, those that are most alike first."""
    found = []
    for (here, there), weight in texts.common().items():
        mine, theirs = texts.old_weight[here], texts.new_weight[there]
        share = max(2 * weight / (mine + theirs), WITHIN * weight / min(mine, theirs))
        if share >= ALIKE:
            found.append((DISTANCE * abs(here / olds - there / news) - share, here, there))
    return [(here, there) for _share, here, there in sorted(found)]


def _same_ids(old: Sequence[Unit], new: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """Yield the articles that kept their id."""
    places = {unit.id: place for place, unit in enumerate(new) if unit.id}
    for here, unit in enumerate(old):
        if unit.id in places:
            yield here, places[unit.id]


def _equals(old: Sequence[Unit], new: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """Yield the articles that say the same, first with first."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for place in reversed(range(len(new))):
        waiting[_said(new[place].text)].append(place)
    for place, unit in enumerate(old):
        same = waiting[_said(unit.text)]
        if same:
            yield place, same.pop()


@dataclass
class _Group:
    """Articles that belong together, by index."""

    old: list[int]
    new: list[int]

    def kind(self, old: Sequence[Unit], new: Sequence[Unit]) -> Kind:
        """Return what became of them."""
        if not self.new:
            return Kind.DELETED
        if not self.old:
            return Kind.INSERTED
        if len(self.new) > 1:
            return Kind.SPLIT
        if len(self.old) > 1:
            return Kind.MERGED
        here, there = old[self.old[0]], new[self.new[0]]
        if _said(here.text) != _said(there.text):
            return Kind.CHANGED
        return Kind.SAME if here.number == there.number else Kind.RENUMBERED


def _groups(
    old: Sequence[Unit], new: Sequence[Unit], partner: dict[int, int], texts: _Texts
) -> list[_Group]:
    """Return the pairs with the parts that were split off or merged, and each that is left."""
    pairs = {here: _Group([here], [there]) for here, there in partner.items()}
    pair_of_new = {pair.new[0]: pair for pair in pairs.values()}
    left_old = [here for here in range(len(old)) if here not in pairs]
    left_new = [there for there in range(len(new)) if there not in pair_of_new]
    split_off = _taken_over(left_new, texts.new, texts.old, partner, texts)
    merged = _taken_over(
        left_old, texts.old, texts.new, {there: here for here, there in partner.items()}, texts
    )
    for there, here in split_off.items():
        pairs[here].new.append(there)
    for here, there in merged.items():
        # An article that was split as well keeps its pair: nobody could read such a knot.
        if len(pair_of_new[there].new) == 1:
            pair_of_new[there].old.append(here)
    kept = {here for pair in pairs.values() for here in pair.old}
    return [
        *pairs.values(),
        *(_Group([here], []) for here in left_old if here not in kept),
        *(_Group([], [there]) for there in left_new if there not in split_off),
    ]


def _taken_over(
    parts: Iterable[int],
    of_parts: Sequence[set[str]],
    of_wholes: Sequence[set[str]],
    partner: dict[int, int],
    texts: _Texts,
) -> dict[int, int]:
    """Return the whole that each part was taken from, for those that were.

    Args:
        parts: indexes of articles without a partner.
        of_parts: the pairs of signs of the text in which they stand.
        of_wholes: those of the other text.
        partner: for the index of each whole, the index of its partner beside the parts.
        texts: which weighs.

    """
    lost = {whole: of_wholes[whole] - of_parts[there] for whole, there in partner.items()}
    found = {}
    for part in parts:
        shares = [
            (texts.weigh(gone & of_parts[part]) / size, -whole)
            for whole, gone in lost.items()
            if gone and (size := texts.weigh(of_wholes[whole]))
        ]
        share, whole = max(shares, default=(0.0, 0))
        if share >= TAKEN_OVER:
            found[part] = -whole
    return found


def _moved(partner: dict[int, int]) -> set[int]:
    """Return the old places outside the longest run that kept its order."""
    places = sorted(partner)
    best: list[tuple[int, int | None]] = []  # length of the longest run that ends here, its last
    for at, here in enumerate(places):
        behind = [(best[one][0], one) for one in range(at) if partner[places[one]] < partner[here]]
        length, last = max(behind, default=(0, None), key=lambda one: one[0])
        best.append((length + 1, last))
    at_last = max(range(len(best)), key=lambda one: best[one][0], default=None)
    kept = set()
    while at_last is not None:
        kept.add(places[at_last])
        at_last = best[at_last][1]
    return set(places) - kept


def _in_order(groups: Iterable[_Group], moved: set[int]) -> list[_Group]:
    """Order by the new text; what was deleted follows what stood before it in the old one."""
    found = list(groups)
    new_place = {here: min(group.new) for group in found if group.new for here in group.old}
    standing = sorted(here for here in new_place if here not in moved)

    def place(group: _Group) -> tuple[int, int]:
        if group.new:
            return min(group.new), -1
        above = bisect_left(standing, group.old[0])
        return (new_place[standing[above - 1]] if above else -1), group.old[0]

    return sorted(found, key=place)


def _said(text: str) -> str:
    """Return a text without blanks and widths of signs, which carry no meaning in Chinese law."""
    return "".join(normalize("NFKC", text).split())


def _pairs(text: str) -> set[str]:
    """Return the pairs of signs of a text, punctuation left out."""
    signs = "".join(sign for sign in text if sign.isalnum())
    return {signs[place : place + 2] for place in range(len(signs) - 1)} or {signs or text}
