"""Drafts that were written elsewhere: a file or a pasted text in, articles and doubts out.

What strangers made is read only in a process with limits; recognising is pure, and knows neither
pages nor the database.
"""

from portal.core.drafting.parsed import ParsedArticle, ParsedDraft, Part
from portal.core.drafting.parsing import parse_html, parse_markdown, parse_text
from portal.core.drafting.reading import ACCEPT, MOST_CHARACTERS, read_draft
from portal.core.drafting.stream import Placed, placed

__all__ = [
    "ACCEPT",
    "MOST_CHARACTERS",
    "ParsedArticle",
    "ParsedDraft",
    "Part",
    "Placed",
    "parse_html",
    "parse_markdown",
    "parse_text",
    "placed",
    "read_draft",
]
