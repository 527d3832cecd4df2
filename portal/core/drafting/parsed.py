"""What was recognised in a draft, in its order."""

from dataclasses import dataclass, field
from enum import StrEnum


class Part(StrEnum):
    """What a piece of a draft is."""

    ARTICLE = "article"
    CONTINUED = "continued"
    """What follows a table within the same article, whose number it carries."""
    TABLE = "table"
    NOTE = "note"
    PREAMBLE = "preamble"
    CONTENTS = "contents"
    ANNEX = "annex"
    OTHER = "other"
    """Not understood; a warning says so."""


@dataclass
class ParsedArticle:
    """One article, or a piece that is none.

    Attributes:
        number: as printed, like 第十条之一 or 附件2; empty for what has none.
        heading_path: the headings above it as printed, outermost first.
        text: paragraphs 款 and items 项 are lines; cells of a table stand between “|”.
        kind: what it is.

    """

    number: str
    heading_path: tuple[str, ...]
    text: str
    kind: Part


@dataclass
class ParsedDraft:
    """A draft in pieces.

    Attributes:
        articles: the pieces.
        warnings: sentences about what has to be compared with the original.
        traces: what its file tells of how it was written, in words, like comments.

    """

    articles: list[ParsedArticle] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)

    def only(self, kind: Part) -> list[ParsedArticle]:
        """Return the pieces of one kind."""
        return [piece for piece in self.articles if piece.kind is kind]
