"""PDFs: looked through by a process of their own, which may be slow or full only so far.

A PDF can be made to keep its reader busy for hours. The reading process has little time and
memory, holds nothing of ours, and says one word.
"""

from pathlib import Path

from portal.core.confined import confined
from portal.core.uploads.refusal import (
    ACTIVE,
    DAMAGED,
    EMBEDDED,
    PROTECTED,
    TOO_COMPLICATED,
    Unfit,
)

MOST_SECONDS = 20
# A PDF ends with this mark; readers look for it in the last kilobyte (ISO 32000-1, annex H.3).
_END, _END_WITHIN = b"%%EOF", 1024
_READER = Path(__file__).with_name("pdf_reader.py")
_FAULTS = {"active": ACTIVE, "embedded": EMBEDDED, "protected": PROTECTED, "damaged": DAMAGED}


def check_pdf(content: bytes) -> None:
    """Look through a PDF.

    Raises:
        Unfit: it is damaged, has a password, runs or embeds something, or takes too long.

    """
    if _END not in content[-_END_WITHIN:]:
        raise Unfit(DAMAGED)
    said = confined(_READER, content, seconds=MOST_SECONDS).decode("ascii", "replace")
    if said != "fine":
        raise Unfit(_FAULTS.get(said, TOO_COMPLICATED))
