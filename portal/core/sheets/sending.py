"""A table, or any other file made on the spot, as something to save."""

import hashlib
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/jsonl; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
CHUNK = 64 * 1024


def download(content: Iterable[str] | Iterable[bytes], *, name: str) -> StreamingHttpResponse:
    """Return a file as something to save, sent while it is made and kept nowhere on the way.

    Args:
        content: what `write_xlsx` or `write_csv` yields.
        name: under which it is saved; its ending says what it is.

    Raises:
        KeyError: nothing is known of such an ending.

    """
    response = public_download(content, name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def public_download(
    content: Iterable[str] | Iterable[bytes], *, name: str
) -> StreamingHttpResponse:
    """Return a public file as something to save, sent while it is made; it may be shared as pages.

    Raises:
        KeyError: nothing is known of such an ending.

    """
    response = StreamingHttpResponse(content, content_type=CONTENT_TYPES[name.rpartition(".")[2]])
    for header, value in _headers(name).items():
        response.headers[header] = value
    response.headers["X-Robots-Tag"] = "noindex"
    return response


class Spooled:
    """A file that was made whole before any of it is sent, so that its digest is known.

    It lies in a temporary file, gone once it is sent or nobody wants it any more.

    Attributes:
        size: in bytes.
        sha256: its digest.

    """

    def __init__(self, content: Iterable[str] | Iterable[bytes]) -> None:
        """Make it."""
        digest = hashlib.sha256()
        place: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed once it is sent
        try:
            for piece in content:
                raw = piece.encode() if isinstance(piece, str) else piece
                digest.update(raw)
                place.write(raw)
        except BaseException:
            place.close()
            raise
        self.size = place.tell()
        place.seek(0)
        self._place = place
        self.sha256 = digest.hexdigest()

    def __iter__(self) -> Iterator[bytes]:
        """Yield it once, a piece at a time."""
        while piece := self._place.read(CHUNK):
            yield piece

    def close(self) -> None:
        """Remove it; a response does so when it ends."""
        self._place.close()


def saved_as(content: bytes, *, name: str) -> HttpResponse:
    """Return a public file as something to save; it may be shared as pages are.

    Raises:
        KeyError: nothing is known of such an ending.

    """
    ending = name.rpartition(".")[2]
    return HttpResponse(content, content_type=CONTENT_TYPES[ending], headers=_headers(name))


def _headers(name: str) -> dict[str, str]:
    """Return what makes a browser save a file and never draw it as a page of this site."""
    as_a_file = content_disposition_header(as_attachment=True, filename=name)
    return {
        "Content-Disposition": as_a_file or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
