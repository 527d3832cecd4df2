"""The press: HTML into PDF/UA by WeasyPrint. Only `papers` may enter, and loads it when it can.

Nothing is ever fetched: WeasyPrint asks the one fetcher here for every address that a paper or its
stylesheets name, and it knows our static files alone.
"""

from email.message import EmailMessage
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME = "own:"
# PDF/UA-1 (ISO 14289-1): tagged, with language and title, so that it can be read aloud.
VARIANT = "pdf/ua-1"


class AddressRefused(ValueError):
    """An address in a paper that names none of our static files."""


class OwnFiles(URLFetcher):
    """Finds `own:css/paper.css` among the static files; opens no file or connection else."""

    def __init__(self) -> None:
        """Leave no protocol that the base class could open."""
        super().__init__(allowed_protocols=(), allow_redirects=False)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return the static file that an address names.

        Raises:
            AddressRefused: it is no address of ours, or there is no such file.
            SuspiciousFileOperation: it points out of the folders of static files.

        """
        path = finders.find(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
        if not path:
            raise AddressRefused(url)
        found = EmailMessage()
        found["Content-Type"] = guess_type(path)[0] or "application/octet-stream"
        return URLFetcherResponse(url, Path(path).read_bytes(), found)


def pressed(html: str) -> bytes:
    """Return a whole HTML document as a PDF."""
    pdf: bytes = HTML(string=html, url_fetcher=OwnFiles()).write_pdf(pdf_variant=VARIANT)
    return pdf
