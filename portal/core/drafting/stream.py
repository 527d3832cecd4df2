"""A recognised draft as the value of an `ArticlesBlock`, with the ids of the draft before it."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from portal.core.blocks import Article
from portal.core.drafting.alignment import Candidate, partners
from portal.core.drafting.lines import Line
from portal.core.drafting.marks import article_mark, heading_of
from portal.core.drafting.parsed import ParsedArticle, ParsedDraft, Part
from portal.core.numerals import LARGEST, chinese_numeral

# What an `ArticleBlock` and a `HeadingBlock` hold.
LONGEST_LABEL = 20
LONGEST_HEADING = 100


@dataclass(frozen=True)
class Placed:
    """Where the pieces of a draft went.

    Attributes:
        blocks: the raw value of a StreamField of `ArticlesBlock`.
        left_over: what has no place there: title and preamble, contents, notes without a place.
        kept: how many articles have the id of one of the draft before.
        places: how many articles stand before each piece that is left over.

    """

    blocks: list[dict[str, Any]]
    left_over: list[ParsedArticle]
    kept: int
    places: list[int]


@dataclass
class _Unit:
    """What becomes one article block."""

    number: str
    path: tuple[str, ...]
    lines: list[str]

    @property
    def text(self) -> str:
        return "\n".join(line for line in self.lines if line)


def placed(draft: ParsedDraft, earlier: Iterable[Article] = ()) -> Placed:
    """Return the blocks of a draft; an article that only moved or changed a little keeps its id.

    Args:
        draft: as it was recognised.
        earlier: the articles of the draft that it takes the place of.

    """
    units, left_over, places = _units(draft.articles)
    before = list(earlier)
    ids = partners(
        [Candidate(one.id, _normal(one.label), one.text) for one in before],
        [Candidate(str(place), _normal(one.number), one.text) for place, one in enumerate(units)],
    )
    blocks = list(_blocks(units, {new: old for old, new in ids.items()}))
    return Placed(blocks, left_over, kept=len(ids), places=places)


def _normal(number: str) -> str:
    """Return a number so that 第3条 is 第三条."""
    mark = article_mark(number)
    return f"{mark.place.number}-{mark.place.sub}" if mark else number


def _units(
    pieces: Sequence[ParsedArticle],
) -> tuple[list[_Unit], list[ParsedArticle], list[int]]:
    """Put tables, and what follows them, into the article they stand in."""
    units: list[_Unit] = []
    left_over: list[ParsedArticle] = []
    places: list[int] = []
    for piece in pieces:
        last = units[-1] if units else None
        if _begins_block(piece, last):
            units.append(_Unit(piece.number, piece.heading_path, [piece.text]))
        elif last is not None and _goes_on(piece, last):
            last.lines.append(piece.text)
        elif piece.kind is not Part.NOTE or not _put_note(piece, units):
            left_over.append(piece)
            places.append(len(units))
    return units, left_over, places


def _begins_block(piece: ParsedArticle, last: _Unit | None) -> bool:
    if piece.kind is Part.ANNEX:
        return last is None or last.number != piece.number
    return piece.kind is Part.ARTICLE


def _goes_on(piece: ParsedArticle, last: _Unit) -> bool:
    if piece.kind in {Part.CONTINUED, Part.ANNEX}:
        return True
    return piece.kind is Part.TABLE and piece.heading_path == last.path


def _put_note(note: ParsedArticle, units: list[_Unit]) -> bool:
    """Put a note below the text that names it."""
    mark = note.text.partition("]")[0] + "]"
    for unit in units:
        if any(mark in line for line in unit.lines):
            unit.lines.append(note.text)
            return True
    return False


def _blocks(units: list[_Unit], ids: dict[str, str]) -> Iterator[dict[str, Any]]:
    path: tuple[str, ...] = ()
    for place, unit in enumerate(units):
        for heading in _new_headings(path, unit.path):
            yield _block("heading", heading)
        path = unit.path
        # Without a label the block counts for itself, and goes on counting when one is put in.
        label = "" if unit.number == _counted(place + 1) else unit.number[:LONGEST_LABEL]
        yield _block("article", {"label": label, "text": unit.text}, ids.get(str(place)))


def _new_headings(before: tuple[str, ...], now: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Yield the headings from the first that changes on."""
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    for place, words in enumerate(now[same:], start=same):
        level = "section" if _is_section(words, place) else "chapter"
        yield {"level": level, "text": words[:LONGEST_HEADING]}


def _is_section(words: str, place: int) -> bool:
    """Tell 节 from 章 and 编; what has no number is a section below something else."""
    heading = heading_of(Line(words, level=1))
    return heading.level == "节" if heading else place > 0


def _counted(number: int) -> str:
    """Return what a block without a label prints at this place."""
    return f"第{chinese_numeral(number)}条" if number <= LARGEST else ""


def _block(kind: str, value: dict[str, str], block_id: str | None = None) -> dict[str, Any]:
    return {"type": kind, "id": block_id or str(uuid.uuid4()), "value": value}
