"""What changed between two versions of a text, article by article and word by word; pure.

Articles enter with their ids and numbers; pairs of articles and marked words leave. Nothing here
knows pages, the database or how a difference is shown.
"""

from decisions.redline.alignment import Aligned, Kind, Unit, aligned
from decisions.redline.comparison import Comparison, Row, compared
from decisions.redline.edits import Edit, edits
from decisions.redline.stored import as_data, digest_of, from_data
from decisions.redline.words import Mark, Piece, after, before, differences

__all__ = [
    "Aligned",
    "Comparison",
    "Edit",
    "Kind",
    "Mark",
    "Piece",
    "Row",
    "Unit",
    "after",
    "aligned",
    "as_data",
    "before",
    "compared",
    "differences",
    "digest_of",
    "edits",
    "from_data",
]
