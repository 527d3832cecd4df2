"""One uploaded file: what it is by its content, and whether it may be kept; no database, no disk.

Anything a stranger can send may enter. What leaves is a PDF, a Word document or a picture and
nothing else at the same time, or one sentence that says what to do.
"""

from portal.core.uploads.checking import MOST_BYTES, MOST_MEGABYTES, Checked, checked
from portal.core.uploads.kinds import ACCEPT, CONTENT_TYPES, Kind
from portal.core.uploads.names import shown_name
from portal.core.uploads.refusal import UploadRefused

__all__ = [
    "ACCEPT",
    "CONTENT_TYPES",
    "MOST_BYTES",
    "MOST_MEGABYTES",
    "Checked",
    "Kind",
    "UploadRefused",
    "checked",
    "shown_name",
]
