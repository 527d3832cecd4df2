"""The one way through which an uploaded file comes in."""

import hashlib
import io
import zipfile
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile

from portal.core.uploads.kinds import ENDINGS, PDF_SIGNATURE, Kind, kind_by
from portal.core.uploads.names import clean_name, ending_of, shown_name
from portal.core.uploads.pdf import check_pdf
from portal.core.uploads.pictures import checked_picture
from portal.core.uploads.refusal import (
    DISGUISED,
    EMPTY,
    OLD_WORD,
    OTHER_ENDING,
    TOO_LARGE,
    UNKNOWN,
    Unfit,
)
from portal.core.uploads.word import check_word

MOST_MEGABYTES = 10
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024

# The container of Word before 2007, and of any Office file with a password (MS-CFB 2.2).
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What would make a browser or a server take a file for a page or a program.
_PAGES = (b"<html", b"<script", b"<!doctype html", b"<?php", b"<svg")
# A picture that is a script at the same time: its first segment is as long as “/*” says.
_SCRIPT = b"\xff\xd8\xff\xe0/*"
# Readers look for a PDF's beginning this far (ISO 32000-1, annex H.3).
_PDF_WITHIN = 1024


@dataclass(frozen=True)
class Checked:
    """A file that may be kept.

    Attributes:
        kind: what it is by its content.
        name: fit to be shown and saved; personal data.
        content: the bytes to keep.

    """

    kind: Kind
    name: str
    content: bytes

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """The digest of its bytes, in hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()


def checked(upload: UploadedFile) -> Checked:
    """Look through an uploaded file.

    Raises:
        UploadRefused: with the sentence for its sender.

    """
    name = upload.name or ""
    try:
        kind, content = looked_through(upload)
    except Unfit as unfit:
        raise unfit.about(shown_name(name)) from unfit
    return Checked(kind, clean_name(name, kind.value), content)


def looked_through(upload: UploadedFile) -> tuple[Kind, bytes]:
    """Return what a file is and which of its bytes are kept.

    Raises:
        Unfit: for a caller that says in its own words what its sender can do.

    """
    if not upload.size:
        raise Unfit(EMPTY)
    if upload.size > MOST_BYTES:
        raise Unfit(TOO_LARGE, most=MOST_MEGABYTES)
    upload.seek(0)
    content = upload.read()
    kind = kind_by(content)
    if kind is None:
        raise Unfit(OLD_WORD if content.startswith(_COMPOUND_FILE) else UNKNOWN)
    if ending_of(upload.name or "") not in ENDINGS[kind]:
        raise Unfit(OTHER_ENDING, kind=kind.name)
    if _is_something_else_too(content, kind):
        raise Unfit(DISGUISED)
    if kind is Kind.PDF:
        check_pdf(content)
    elif kind is Kind.DOCX:
        check_word(content)
    else:
        content = checked_picture(content, kind)
    return kind, content


def _is_something_else_too(content: bytes, kind: Kind) -> bool:
    """Tell whether a file could be taken for a page, a script, an archive or a PDF as well."""
    if kind is Kind.DOCX:
        # Its parts may be stored as they are, so only the beginning tells.
        return PDF_SIGNATURE in content[:_PDF_WITHIN] or _has_page(content[:_PDF_WITHIN])
    if content.startswith(_SCRIPT) or zipfile.is_zipfile(io.BytesIO(content)):
        return True
    if kind is not Kind.PDF and PDF_SIGNATURE in content[:_PDF_WITHIN]:
        return True
    return _has_page(content)


def _has_page(content: bytes) -> bool:
    small = content.lower()
    return any(page in small for page in _PAGES)
