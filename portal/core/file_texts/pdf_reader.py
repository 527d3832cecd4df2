"""What takes the words out of one PDF, in a process of its own: its bytes in, JSON out.

The answer holds `pages`, a text for each from the first on, `cut`, whether some are missing, and
`remarks`, whether somebody has written on them.
Nothing is answered about a file that is damaged or has a password.
"""

import io
import json
import re
import time
import unicodedata

from pypdf import PageObject, PdfReader

MOST_PAGES = 1_000
MOST_CHARACTERS = 400_000
MOST_ON_PAGE = 20_000
# Of the processor; less than the process is given, so that a long file is read as far as it goes.
MOST_SECONDS = 7.0

# Annotations with which people write on a page (ISO 32000-1, 12.5.6); links, fields and seals are
# none.
_REMARKS = frozenset(
    {
        *("/Text", "/FreeText", "/Popup", "/Caret", "/Ink", "/Redact", "/Sound"),
        *("/Highlight", "/Underline", "/Squiggly", "/StrikeOut"),
        *("/Line", "/Square", "/Circle", "/Polygon", "/PolyLine"),
    }
)

# Fonts map 文 to look-alikes: radicals and compatibility signs.
_LOOK_ALIKE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def answer(content: bytes) -> bytes:
    """Return the words of a PDF."""
    try:
        reader = PdfReader(io.BytesIO(content))
        count = len(reader.pages)
    except Exception:  # noqa: BLE001 - whatever it stumbles over, the file cannot be read
        return b""
    pages: list[str] = []
    left, is_cut, has_remarks = MOST_CHARACTERS, count > MOST_PAGES, False
    until = time.process_time() + MOST_SECONDS
    for number in range(min(count, MOST_PAGES)):
        if left <= 0 or time.process_time() > until:
            is_cut = True
            break
        try:
            page = reader.pages[number]
            has_remarks |= _has_remarks(page)
            text = plain(page.extract_text())
        except Exception:  # noqa: BLE001 - the other pages may be as they should be
            text, is_cut = "", True
        most = min(left, MOST_ON_PAGE)
        is_cut |= len(text) > most
        pages.append(text[:most])
        left -= len(text)
    return json.dumps({"pages": pages, "cut": is_cut, "remarks": has_remarks}).encode("ascii")


def _has_remarks(page: PageObject) -> bool:
    return any(one.get_object().get("/Subtype") in _REMARKS for one in page.annotations or ())


def plain(text: str) -> str:
    """Return text that can be stored, a line for each that is printed."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    printable = _UNPRINTABLE.sub("", whole.replace("\r", "\n"))
    return _LOOK_ALIKE.sub(lambda sign: unicodedata.normalize("NFKC", sign[0]), printable).strip()
