"""What was done to a text, one edit after the other, for those who do not see marks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from decisions.redline.words import Mark, Piece


@dataclass(frozen=True)
class Edit:
    """Words that were replaced, put in (`old` is empty) or taken out (`new` is empty)."""

    old: str
    new: str


def edits(pieces: Iterable[Piece]) -> Iterator[Edit]:
    """Yield the edits in their order; words taken out and put in at one place are one edit."""
    gone = ""
    for piece in pieces:
        if piece.mark is Mark.DELETED:
            gone = piece.text
            continue
        if piece.mark is Mark.INSERTED:
            yield Edit(gone, piece.text)
        elif gone:
            yield Edit(gone, "")
        gone = ""
    if gone:
        yield Edit(gone, "")
