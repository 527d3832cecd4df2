"""Two texts side by side: the aligned articles, each with its marked words."""

from collections.abc import Sequence
from dataclasses import dataclass

from decisions.redline.alignment import Aligned, Kind, Unit, aligned
from decisions.redline.words import Mark, Piece, differences

UNTOUCHED = frozenset({Kind.SAME, Kind.RENUMBERED})


@dataclass(frozen=True)
class Row:
    """Articles that belong together, and what changed in their words.

    Attributes:
        aligned: which articles they are.
        old: them in the old text.
        new: them in the new text.
        pieces: the texts of `old` and of `new`, each joined by line feeds, as marked words.

    """

    aligned: Aligned
    old: tuple[Unit, ...]
    new: tuple[Unit, ...]
    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        """Whether a word was put in or taken out."""
        return self.aligned.kind not in UNTOUCHED

    @property
    def inserted(self) -> int:
        """Places at which words were put in."""
        return sum(one.mark is Mark.INSERTED for one in self.pieces)

    @property
    def deleted(self) -> int:
        """Places at which words were taken out."""
        return sum(one.mark is Mark.DELETED for one in self.pieces)


@dataclass(frozen=True)
class Comparison:
    """What changed between two texts."""

    rows: tuple[Row, ...]

    @property
    def changed(self) -> tuple[Row, ...]:
        """The rows in which a word was put in or taken out."""
        return tuple(row for row in self.rows if row.is_changed)


def compared(old: Sequence[Unit], new: Sequence[Unit]) -> Comparison:
    """Compare two texts; numbers of articles count from 1 in each."""
    return Comparison(tuple(_row(one, old, new) for one in aligned(old, new)))


def _row(one: Aligned, old: Sequence[Unit], new: Sequence[Unit]) -> Row:
    here = tuple(old[number - 1] for number in one.old)
    there = tuple(new[number - 1] for number in one.new)
    pieces = differences(_text(here), _text(there))
    return Row(one, here, there, tuple(pieces))


def _text(units: Sequence[Unit]) -> str:
    return "\n".join(unit.text for unit in units)
