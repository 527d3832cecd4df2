"""The kinds of files that are taken, told by their first bytes and never by what a sender says."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a file is; the value is its ending."""

    PDF = "pdf", _("PDF")
    DOCX = "docx", _("Word document")
    JPG = "jpg", _("JPG picture")
    PNG = "png", _("PNG picture")


# What a browser is told; never a type that it would run or draw as a page.
CONTENT_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.JPG: "image/jpeg",
    Kind.PNG: "image/png",
}
ENDINGS = {
    Kind.PDF: frozenset({"pdf"}),
    Kind.DOCX: frozenset({"docx"}),
    Kind.JPG: frozenset({"jpg", "jpeg"}),
    Kind.PNG: frozenset({"png"}),
}
# For the file chooser of a browser.
ACCEPT = ".pdf,.docx,.jpg,.jpeg,.png"

PDF_SIGNATURE = b"%PDF-"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPG_SIGNATURE = b"\xff\xd8\xff"
ZIP_SIGNATURE = b"PK\x03\x04"
_SIGNATURES = {
    PDF_SIGNATURE: Kind.PDF,
    ZIP_SIGNATURE: Kind.DOCX,
    JPG_SIGNATURE: Kind.JPG,
    PNG_SIGNATURE: Kind.PNG,
}


def kind_by(content: bytes) -> Kind | None:
    """Return the kind that the first bytes claim, or None for all others."""
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            return kind
    return None
