"""Entries as a ZIP that anyone can check: the same bytes for the same entries, with digests.

It grows in a temporary file: one entry is in memory at a time, and of a long one only a piece.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from tempfile import TemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MANIFEST = "SHA256SUMS"
CHUNK = 64 * 1024
# The first instant that a ZIP can name: when a file was packed says nothing about it.
NO_TIME = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16


@dataclass(frozen=True)
class Entry:
    """One file of a package.

    Attributes:
        name: its path inside, in ASCII.
        content: its bytes, in pieces.
        title: what it is, for people.
        address: where it is public; empty for what only the package has.

    """

    name: str
    content: Iterable[bytes]
    title: str = ""
    address: str = ""


@dataclass(frozen=True)
class Packed:
    """What was packed of an entry."""

    name: str
    title: str
    address: str
    size: int
    sha256: str


@dataclass
class Package:
    """A ZIP that grows in a temporary file.

    Attributes:
        packed: what is in it, in its order.

    """

    packed: list[Packed] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin it."""
        self._place = TemporaryFile()  # noqa: SIM115 - closed once it is read
        self._zip = ZipFile(self._place, "w", ZIP_DEFLATED)

    def add(self, entry: Entry) -> Packed:
        """Pack one entry."""
        digest, size = sha256(), 0
        with self._zip.open(undated(entry.name), "w", force_zip64=False) as target:
            for piece in entry.content:
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        done = Packed(entry.name, entry.title, entry.address, size, digest.hexdigest())
        self.packed.append(done)
        return done

    def finished(self) -> Iterator[bytes]:
        """Add the digests and yield the whole, once, a piece at a time."""
        lines = "".join(
            f"{one.sha256}  {one.name}\n" for one in sorted(self.packed, key=lambda one: one.name)
        )
        with self._place:
            self._zip.writestr(undated(MANIFEST), lines.encode())
            self._zip.close()
            self._place.seek(0)
            while piece := self._place.read(CHUNK):
                yield piece


def undated(name: str) -> ZipInfo:
    """Return the head of an entry that says nothing of when and where it was made."""
    info = ZipInfo(name, NO_TIME)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = _PLAIN_FILE
    info.create_system = 3  # Unix, wherever it is made
    return info
