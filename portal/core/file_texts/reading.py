"""From the bytes of an attached file to its words, or to the honest word that there are none."""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.confined import confined

# By the clock; the process has less of the processor.
MOST_SECONDS = 20
MOST_BYTES = 20 * 1024 * 1024

_READERS = {ending: Path(__file__).with_name(f"{ending}_reader.py") for ending in ("pdf", "docx")}

# Chinese signs, between which the end of a line is no space.
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_WRAPPED = re.compile(rf"(?<=[{_WIDE}])[ \t]*\n[ \t]*(?=[{_WIDE}])")


class TextState(models.TextChoices):
    """How much of the words in a file could be taken out; each says it to the readers of a page."""

    WHOLE = "whole", ""
    CUT = "cut", _("Very long or partly unreadable: only part of it can be searched.")
    NONE = (
        "none",
        _("This file has pictures of pages only, without text: its words cannot be searched."),
    )
    UNREADABLE = "unreadable", _("Its words could not be read: they cannot be searched.")


@dataclass(frozen=True)
class Words:
    """What is in a file.

    Attributes:
        pages: a text for each page of a PDF, for each piece of a Word document.
        state: how much of it that is.
        has_remarks: whether somebody has written on the pages of a PDF.

    """

    pages: tuple[str, ...]
    state: TextState
    has_remarks: bool = False


def has_words(ending: str) -> bool:
    """Tell whether words are taken out of files with such a name."""
    return ending.lower() in _READERS


def read_words(content: bytes, *, ending: str) -> Words:
    """Take the words out of a file, in a process that has little of everything.

    Args:
        content: the file.
        ending: of its name, `pdf` or `docx`, in any case.

    """
    if ending.lower() != "pdf":
        return _read(content, ending.lower())
    printed = printed_pages(content)
    return replace(printed, pages=tuple(_WRAPPED.sub("", page) for page in printed.pages))


def printed_pages(content: bytes) -> Words:
    """Take the words out of a PDF as `read_words` does, but with the lines as they are printed."""
    return _read(content, "pdf")


def _read(content: bytes, ending: str) -> Words:
    if not content or len(content) > MOST_BYTES:
        return Words((), TextState.UNREADABLE)
    answer = confined(_READERS[ending], content, seconds=MOST_SECONDS)
    if not answer:
        return Words((), TextState.UNREADABLE)
    read = json.loads(answer)
    pages = tuple(read["pages"])
    if any(page.strip() for page in pages):
        state = TextState.CUT if read["cut"] else TextState.WHOLE
        return Words(pages, state, read.get("remarks", False))
    return Words((), TextState.UNREADABLE if read["cut"] else TextState.NONE)
