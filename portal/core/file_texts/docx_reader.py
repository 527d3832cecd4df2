"""What takes the words out of one Word document, in a process of its own: its bytes in, JSON out.

The answer holds `pages`, pieces of some paragraphs each, for a document has no pages before it is
printed, and `cut`, whether words are missing. What was deleted in it is not among them. Nothing is
answered about a file that cannot be read.
"""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.oxml.ns import qn

MOST_CHARACTERS = 400_000
# A piece ends with the paragraph that makes it so long.
LONG_ENOUGH = 600
MOST_IN_PIECE = 20_000

# What older programs draw in the place of a box: its words once more.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def answer(content: bytes) -> bytes:
    """Return the words of a document."""
    try:
        body = Document(io.BytesIO(content)).element.body
        pieces = list(_pieces(body))
    except Exception:  # noqa: BLE001 - whatever it stumbles over, the file cannot be read
        return b""
    taken: list[str] = []
    left = MOST_CHARACTERS
    for piece in pieces:
        if left <= 0:
            break
        taken.append(piece[: min(left, MOST_IN_PIECE)])
        left -= len(piece)
    is_cut = sum(map(len, taken)) < sum(map(len, pieces))
    return json.dumps({"pages": taken, "cut": is_cut}).encode("ascii")


def _pieces(body: Any) -> Iterator[str]:
    piece: list[str] = []
    for paragraph in body.iter(qn("w:p")):
        if any(paragraph.iterancestors(_FALLBACK)):
            continue
        text = _UNPRINTABLE.sub("", _text(paragraph)).strip()
        if not text:
            continue
        piece.append(text)
        if sum(map(len, piece)) >= LONG_ENOUGH:
            yield "\n".join(piece)
            piece = []
    if piece:
        yield "\n".join(piece)


def _text(paragraph: Any) -> str:
    """Return the words of a paragraph but not of those within it, which come on their own."""
    signs = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n"}
    inner, others = {qn("w:p"), _FALLBACK}, []
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if element.tag in inner:
            continue
        others.append(
            (element.text or "") if element.tag == qn("w:t") else signs.get(element.tag, "")
        )
        waiting.extend(reversed(element))
    return "".join(others)
