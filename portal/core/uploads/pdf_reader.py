"""What looks through one PDF, in a process of its own: its bytes in, one word out.

It walks what can be reached from the document's root, inside compressed objects too, and says
`fine`, `active`, `embedded`, `protected` or `damaged`; nothing if the memory does not suffice.
"""

import io
from collections.abc import Iterable

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, PdfObject

# Actions and annotations that run or open something (ISO 32000-1, 12.6.4, 12.5.6), and entries
# that only such things have. /OpenAction is not among them: word processors write one to say at
# which page to open, and what it may not do is found by its own type.
_TYPE_KEYS = frozenset({"/S", "/Type", "/Subtype"})
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA"})
_ACTIVE_TYPES = frozenset({"/JavaScript", "/Launch", "/ImportData", "/Rendition"})
_EMBEDDED_KEYS = frozenset({"/EmbeddedFiles", "/EF"})
_EMBEDDED_TYPES = frozenset({"/EmbeddedFile", "/FileAttachment", "/RichMedia", "/Movie", "/GoToE"})


def answer(content: bytes) -> bytes:
    """Return the word for a PDF."""
    return _verdict_on(content).encode("ascii")


def _verdict_on(content: bytes) -> str:
    try:
        reader = PdfReader(io.BytesIO(content))
        if not reader.pages:
            return "damaged"
        return _walk(reader.trailer)
    except FileNotDecryptedError:
        return "protected"
    except (MemoryError, RecursionError):
        return ""
    except Exception:  # noqa: BLE001 - whatever it stumbles over, another reader may read otherwise
        return "damaged"


def _walk(start: PdfObject) -> str:
    """Look at everything reachable once."""
    seen: set[int] = set()
    waiting: list[PdfObject | None] = [start]
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if one.idnum in seen:
                continue
            seen.add(one.idnum)
            one = one.get_object()
        if isinstance(one, DictionaryObject):
            word = _judged(one)
            if word:
                return word
            waiting.extend(one.values())
        elif isinstance(one, ArrayObject):
            waiting.extend(one)
    return "fine"


def _judged(entries: DictionaryObject) -> str:
    """Return the word for a dictionary that runs or embeds something, else the empty string."""
    keys = entries.keys()
    types = {str(entries[key]) for key in _TYPE_KEYS & keys}
    if types & _ACTIVE_TYPES or _has_any(entries, _ACTIVE_KEYS & keys):
        return "active"
    if types & _EMBEDDED_TYPES or _has_any(entries, _EMBEDDED_KEYS & keys):
        return "embedded"
    return ""


def _has_any(entries: DictionaryObject, keys: Iterable[str]) -> bool:
    """Tell whether one of these entries is there; null is as good as absent."""
    return any(not isinstance(entries[key], NullObject) for key in keys)
