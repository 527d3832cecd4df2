"""Pictures: whole, of a bearable size, and ending where the picture ends."""

import io
import re
from collections.abc import Iterator

from PIL import Image

from portal.core.uploads.kinds import PNG_SIGNATURE, Kind
from portal.core.uploads.refusal import DAMAGED, DISGUISED, TOO_MANY_PIXELS, Unfit

MOST_MILLION_PIXELS = 50
MOST_PIXELS = MOST_MILLION_PIXELS * 1_000_000

_FORMATS = {Kind.JPG: "JPEG", Kind.PNG: "PNG"}
# Start of frame: every marker from C0 to CF but those of tables and arithmetic conditioning.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_END = 0xD9
# A stuffed zero, TEM and the restarts belong to a scan's data, a fill byte to the marker after it.
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")


def checked_picture(content: bytes, kind: Kind) -> bytes:
    """Return the picture itself, without what a camera wrote after it.

    Phones append films and depth maps to their JPGs; nobody means to send those. After a PNG
    nothing is ever normal.

    Raises:
        Unfit: it is damaged, has too many pixels, or something else follows it.

    """
    if kind is Kind.PNG:
        width, height, end = _png(content)
        if end != len(content):
            raise Unfit(DISGUISED)
    else:
        width, height, end = _jpg(content)
    if not width * height:
        raise Unfit(DAMAGED)
    if width * height > MOST_PIXELS:
        raise Unfit(TOO_MANY_PIXELS, most=MOST_MILLION_PIXELS)
    picture = content[:end]
    try:
        with Image.open(io.BytesIO(picture), formats=[_FORMATS[kind]]) as image:
            image.verify()
    # Pillow lets whatever its parsers stumble over come out, of any type.
    except Exception as error:
        raise Unfit(DAMAGED) from error
    return picture


def _png(content: bytes) -> tuple[int, int, int]:
    """Return width, height and where the last chunk ends (PNG, W3C, 5.3)."""
    place, name = len(PNG_SIGNATURE), b""
    if not content.startswith(b"IHDR", place + 4):
        raise Unfit(DAMAGED)
    while name != b"IEND":
        length = int.from_bytes(content[place : place + 4], "big")
        name = content[place + 4 : place + 8]
        place += 12 + length
        if place > len(content):
            raise Unfit(DAMAGED)
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    return width, height, place


def _jpg(content: bytes) -> tuple[int, int, int]:
    """Return width, height and where the end marker ends (ITU-T T.81, annex B)."""
    width = height = 0
    for marker, start, end in _segments(content):
        if marker in _FRAMES:
            height, width = (
                int.from_bytes(content[at : at + 2], "big") for at in (start + 3, start + 5)
            )
        if marker == _END:
            return width, height, end
    raise Unfit(DAMAGED)


def _segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield each marker with where its segment, from the length on, begins and ends."""
    place = len(b"\xff\xd8")
    while found := _MARKER.search(content, place):
        marker, start = content[found.end() - 1], found.end()
        size = int.from_bytes(content[start : start + 2], "big")
        place = start if marker == _END else start + max(2, size)
        if place > len(content):
            return
        yield marker, start, place
