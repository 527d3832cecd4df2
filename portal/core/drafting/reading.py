"""From a file that somebody chose to a draft in pieces, or one sentence that says what to do."""

import codecs
import json
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.confined import confined
from portal.core.drafting import doubts
from portal.core.drafting.parsed import ParsedDraft
from portal.core.drafting.parsing import parse_html, parse_markdown, parse_text
from portal.core.uploads.checking import MOST_BYTES, MOST_MEGABYTES, looked_through
from portal.core.uploads.kinds import Kind
from portal.core.uploads.names import ending_of, shown_name
from portal.core.uploads.refusal import (
    ACTIVE,
    DISGUISED,
    EMBEDDED,
    EMPTY,
    OLD_WORD,
    TOO_FULL,
    TOO_LARGE,
    UNKNOWN,
    Unfit,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# For the file chooser of a browser.
ACCEPT = ".docx,.txt,.md"
# The longest code in force has some 110 000; as many as these take two seconds at worst.
MOST_CHARACTERS = 300_000
MOST_SECONDS = 20

_READER = Path(__file__).with_name("docx_reader.py")
_TEXTS = {"txt": parse_text, "md": parse_markdown}
# Byte order marks, and what texts are written in that have none.
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ENCODINGS = ("utf-8-sig", "gb18030")

_NO_DRAFT = _(
    "“%(name)s” is neither a Word document (docx) nor a text (txt, md). Save it as docx and choose "
    "that."
)
_OLD = _(
    "“%(name)s” is an old Office file or has a password. Save it as docx, without a password, and "
    "choose that."
)
_NO_TEXT = _("“%(name)s” is no text. Save it as docx and choose that.")
_TOO_LARGE = _("“%(name)s” is larger than %(most)s MB. Remove its pictures and choose it again.")
_TOO_LONG = _(
    "“%(name)s” has more than %(most)s characters. Divide it, and import one part after the other."
)
_ACTIVE = _(
    "“%(name)s” holds macros or scripts, which we do not take. Save it as docx without macros and "
    "choose that."
)
_EMBEDDED = _(
    "“%(name)s” holds other files or fetches parts from elsewhere. Copy its text into a new "
    "document and choose that."
)
_STRANGE = _(
    "“%(name)s” is too large or too complicated inside to be read. Copy its text into a new "
    "document and choose that."
)

_TRACES = {
    "comments": pgettext_lazy("Word", "comments"),
    "changes": _("tracked changes"),
    "hidden": _("hidden text"),
}

# Our own words where those for attachments would send somebody to the wrong place.
_INSTEAD = (
    *((UNKNOWN, _NO_DRAFT), (OLD_WORD, _OLD), (TOO_LARGE, _TOO_LARGE), (ACTIVE, _ACTIVE)),
    *((EMBEDDED, _EMBEDDED), (DISGUISED, _EMBEDDED), (TOO_FULL, _STRANGE)),
)


def read_draft(upload: UploadedFile) -> ParsedDraft:
    """Recognise the draft in a Word document, a plain text or a Markdown file.

    Raises:
        UploadRefused: with the sentence for its sender.

    """
    name = upload.name or ""
    try:
        return _from_text(upload) if ending_of(name) in _TEXTS else _from_word(upload)
    except Unfit as unfit:
        raise Unfit(_ours(unfit), **unfit.numbers).about(shown_name(name)) from unfit


def _ours(unfit: Unfit) -> "_StrPromise":
    return next((ours for theirs, ours in _INSTEAD if unfit.sentence is theirs), unfit.sentence)


def _from_word(upload: UploadedFile) -> ParsedDraft:
    kind, content = looked_through(upload)
    if kind is not Kind.DOCX:
        raise Unfit(_NO_DRAFT)
    answer = confined(_READER, content, seconds=MOST_SECONDS)
    if not answer:
        raise Unfit(_STRANGE)
    read = json.loads(answer)
    draft = parse_html(_bearable(read["html"]))
    if read["unread"]:
        draft.warnings.append(doubts.unread(read["unread"]))
    if read["deletions"]:
        draft.warnings.append(doubts.deletions())
    if read["comments"]:
        draft.warnings.append(doubts.comments())
    draft.traces = [str(_TRACES[one]) for one in read["traces"]]
    return draft


def _from_text(upload: UploadedFile) -> ParsedDraft:
    if not upload.size:
        raise Unfit(EMPTY)
    if upload.size > MOST_BYTES:
        raise Unfit(_TOO_LARGE, most=MOST_MEGABYTES)
    upload.seek(0)
    text = _bearable(_decoded(upload.read()))
    return _TEXTS[ending_of(upload.name or "")](text)


def _decoded(content: bytes) -> str:
    encodings = next(
        ((name,) for mark, name in _MARKS.items() if content.startswith(mark)), _ENCODINGS
    )
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unfit(_NO_TEXT)


def _bearable(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise Unfit(_TOO_LONG, most=MOST_CHARACTERS)
    return text
