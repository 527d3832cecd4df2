"""The words that were taken out of a text and the words that were put in.

A lawyer marks words, not signs: 五万元 becomes 二万元, not 五 becomes 二. The words are those of a
dictionary; where one word only grew, as 部门 to 主管部门, what was added is marked and no more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

import rjieba


class Mark(StrEnum):
    """What became of a piece of text."""

    KEPT = "="
    DELETED = "-"
    INSERTED = "+"


@dataclass(frozen=True)
class Piece:
    """A run of text that shares one fate."""

    mark: Mark
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """Return both texts as one sequence of pieces; neighbours differ in their mark.

    Kept and deleted pieces together are the old text, kept and inserted ones the new.
    """
    return list(_joined(_refined(_raw(_words(old), _words(new)))))


def before(pieces: Iterable[Piece]) -> str:
    """Return the old text that pieces were made from."""
    return "".join(one.text for one in pieces if one.mark is not Mark.INSERTED)


def after(pieces: Iterable[Piece]) -> str:
    """Return the new text that pieces were made from."""
    return "".join(one.text for one in pieces if one.mark is not Mark.DELETED)


def _words(text: str) -> list[str]:
    """Cut a text into words; joined they are the text."""
    words: list[str] = rjieba.cut(text, False)
    # The cutter is another's: what it would swallow, as a stray surrogate, is compared by signs.
    return words if "".join(words) == text else list(text)


def _raw(old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Mark.KEPT, "".join(old[i:i_end]))
            continue
        if i_end > i:
            yield Piece(Mark.DELETED, "".join(old[i:i_end]))
        if j_end > j:
            yield Piece(Mark.INSERTED, "".join(new[j:j_end]))


def _refined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Where a word only grew or shrank, mark what came or went and nothing else."""
    held: Piece | None = None
    for piece in pieces:
        if held is not None and piece.mark is Mark.INSERTED:
            yield from _grown(held.text, piece.text)
            held = None
            continue
        if held is not None:
            yield held
            held = None
        if piece.mark is Mark.DELETED:
            held = piece
        else:
            yield piece
    if held is not None:
        yield held


def _grown(old: str, new: str) -> Iterator[Piece]:
    """Yield a replaced run; as a pure insertion or deletion when one text lies in the other."""
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if head + tail < shorter:
        yield Piece(Mark.DELETED, old)
        yield Piece(Mark.INSERTED, new)
        return
    yield Piece(Mark.KEPT, old[:head])
    yield Piece(Mark.DELETED, old[head : len(old) - tail])
    yield Piece(Mark.INSERTED, new[head : len(new) - tail])
    yield Piece(Mark.KEPT, old[len(old) - tail :])


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Put neighbours of one mark together and leave empty ones out."""
    held: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if held is not None and held.mark is piece.mark:
            held = Piece(held.mark, held.text + piece.text)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held
