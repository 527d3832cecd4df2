"""The printed lines of a PDF as paragraphs again."""

import re
from collections.abc import Iterable, Iterator

from portal.core.drafting.lines import Line, seen
from portal.core.drafting.marks import annex_of, article_mark, heading_of

# What a printed page carries besides its text: its number, alone on a line.
_PAGE_NUMBER = re.compile(r"[-—–－·\s]*(第\s*)?\d{1,4}(\s*页)?([-—–－·\s]*|\s*/\s*\d{1,4})")
# Where a paragraph, an item or a heading begins: 一、 （一） 1. 第…条 附件.
_BEGINNING = re.compile(
    r"([（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十]+、|\d+[.．、])"
)
_ENDING = "。；：！？;:!?"


def unwrapped(pages: Iterable[str]) -> str:
    """Return the text with a line for each paragraph, as far as punctuation tells where one ends.

    A printed line that ends in the middle of a sentence goes on with the next, on the next page
    too; lines much shorter than the printed width end a paragraph without a mark, like titles.
    """
    lines = [line for page in pages for line in _printed(page)]
    width = max((len(line) for line in lines), default=0)
    paragraphs: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on and not _begins(line):
            paragraphs[-1] += _joined(paragraphs[-1], line)
        else:
            paragraphs.append(line)
        # A line that is filled, less what a sign of another width may cost, was broken to fit.
        goes_on = line[-1] not in _ENDING and len(line) >= width - 3
    return "\n".join(paragraphs)


def _printed(page: str) -> Iterator[str]:
    for raw in page.splitlines():
        line = seen(raw)
        if line and not _PAGE_NUMBER.fullmatch(line):
            yield line


def _begins(line: str) -> bool:
    """Tell whether a paragraph begins here although the line before it does not end."""
    mark = article_mark(line)
    is_article = mark is not None and mark.rest[:1].isspace()
    one = Line(line)
    return bool(_BEGINNING.match(line) or is_article or heading_of(one) or annex_of(one))


def _joined(before: str, line: str) -> str:
    """Put a blank between words of Latin letters only."""
    both = before[-1:] + line[:1]
    return f" {line}" if both.isascii() and both.isalnum() else line
