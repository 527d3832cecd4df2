"""The draft that somebody named on the command line."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from portal.core.drafting import ParsedDraft, read_draft
from portal.core.uploads import MOST_BYTES, UploadRefused


def draft_in(file: Path) -> ParsedDraft:
    """Read a draft as if it had been uploaded.

    Raises:
        CommandError: with the sentence for whoever named the file.

    """
    try:
        return read_draft(_opened(file))
    except UploadRefused as refused:
        raise CommandError(str(refused)) from refused


def _opened(file: Path) -> SimpleUploadedFile:
    """Read no more of a file than tells that it is too large."""
    try:
        with file.open("rb") as content:
            return SimpleUploadedFile(file.name, content.read(MOST_BYTES + 1))
    except OSError as error:
        raise CommandError(_("“%(name)s” cannot be opened.") % {"name": file.name}) from error
