"""A comparison as data that can be kept, and a name for the pair of texts that it is about."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from decisions.redline.alignment import Aligned, Kind, Unit
from decisions.redline.comparison import Comparison, Row
from decisions.redline.words import Mark, Piece

# Counted up when comparing comes to other results, so that what was kept is computed anew.
EDITION = 1


def digest_of(old: Sequence[Unit], new: Sequence[Unit]) -> str:
    """Return a name of 64 signs for a pair of texts; other texts have another."""
    texts = [[(one.id, one.label, one.text) for one in side] for side in (old, new)]
    return sha256(repr((EDITION, texts)).encode()).hexdigest()


def as_data(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the rows of a comparison as what JSON can hold; the inverse of `from_data`."""
    return [
        {
            "old": list(row.aligned.old),
            "new": list(row.aligned.new),
            "kind": row.aligned.kind.value,
            "moved": row.aligned.is_moved,
            "words": [[one.mark.value, one.text] for one in row.pieces],
        }
        for row in comparison.rows
    ]


def from_data(
    rows: Sequence[dict[str, Any]], old: Sequence[Unit], new: Sequence[Unit]
) -> Comparison:
    """Return the comparison of these texts that was kept."""
    return Comparison(
        tuple(
            Row(
                Aligned(tuple(row["old"]), tuple(row["new"]), Kind(row["kind"]), row["moved"]),
                tuple(old[number - 1] for number in row["old"]),
                tuple(new[number - 1] for number in row["new"]),
                tuple(Piece(Mark(mark), text) for mark, text in row["words"]),
            )
            for row in rows
        )
    )
