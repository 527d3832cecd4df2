"""A ZIP archive, judged before anything of it is unpacked (ASVS 5.2.3)."""

import io
import zipfile
import zlib
from dataclasses import dataclass

from portal.core.uploads.refusal import DAMAGED, PROTECTED, TOO_FULL, Unfit

_ENTRY = b"PK\x01\x02"
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1

# What reading an archive raises when it is not as it should be.
STUMBLES = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError),
    *(ValueError, KeyError),
)


@dataclass(frozen=True)
class ArchiveLimits:
    """What is bearable.

    Attributes:
        entries: how many there may be.
        unpacked: bytes of all of them together.
        ratio: of the bytes unpacked to those of the archive.

    """

    entries: int
    unpacked: int
    ratio: int = 100


def opened_archive(content: bytes, limits: ArchiveLimits) -> zipfile.ZipFile:
    """Open an archive and judge it by its directory alone.

    Raises:
        Unfit: it is damaged, has a password, holds too much, or has entries that share their bytes.

    """
    # Opening it reads its whole directory, and ten megabytes hold 200 000 entries. Those of an
    # archive that lies in this one as it is are counted too.
    if content.count(_ENTRY) > limits.entries:
        raise Unfit(TOO_FULL)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except STUMBLES as error:
        raise Unfit(DAMAGED) from error
    entries, size = archive.infolist(), len(content)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked or unpacked > limits.ratio * size:
        raise Unfit(TOO_FULL)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Unfit(PROTECTED)
    is_shared = sum(entry.compress_size for entry in entries) > size
    if is_shared or any(entry.compress_type not in _METHODS for entry in entries):
        raise Unfit(DAMAGED)
    return archive
