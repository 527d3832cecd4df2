"""Office documents: nothing that runs or is fetched from elsewhere, no more than is bearable.

The limits of the archive are asked before anything is unpacked (ASVS 5.2.3).
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from portal.core.uploads.refusal import (
    ACTIVE,
    DAMAGED,
    EMBEDDED,
    PROTECTED,
    TOO_FULL,
    UNKNOWN,
    Unfit,
)

MOST_ENTRIES = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_RATIO = 100
# Only lists of parts are read as XML, and those are short.
MOST_XML = 2 * 1024 * 1024

_TYPES = "[Content_Types].xml"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_EMBEDDINGS = "word/embeddings/"
_ENTRY = b"PK\x01\x02"
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_CHUNK = 64 * 1024

# Within content types, and the last words of the types of relationships (ECMA-376 part 1;
# MS-OFFMACRO).
_ACTIVE_TYPES = ("macroenabled", "vbaproject", "vbadata", "activex")
_OLE = "oleobject"
_ACTIVE_RELATIONS = frozenset({"activexcontrolbinary", "control", "vbaproject", "wordvbadata"})
_EMBEDDED_RELATIONS = frozenset(
    {
        *("afchunk", "attachedtemplate", "frame", "oleobject", "package", "subdocument"),
        *("mailmergeheadersource", "mailmergesource", "recipientdata"),
        *("connections", "externallink", "querytable"),
    }
)
_LINK = "hyperlink"

# What the readers of archives and of XML raise when a file is not as it should be.
_STUMBLES = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError),
    *(ParseError, DefusedXmlException, ValueError, KeyError),
)


def check_word(content: bytes) -> None:
    """Look through a Word document.

    Raises:
        Unfit: as `check_package` says.

    """
    check_package(content, main=_MAIN)


def check_package(content: bytes, *, main: str) -> None:
    """Look through a document of Office Open XML (ECMA-376).

    Args:
        content: the archive.
        main: the content type of its main part, which says what kind of document it is.

    Raises:
        Unfit: it is damaged or of another kind, has a password, would become too large, runs or
            embeds something, or fetches a part from elsewhere.

    """
    # Opening an archive reads its whole directory, and ten megabytes hold 200 000 entries.
    if content.count(_ENTRY) > MOST_ENTRIES:
        raise Unfit(TOO_FULL)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive, len(content))
            _check_types(archive, main)
            _check_relationships(archive)
            _unpack(archive)
    except _STUMBLES as error:
        raise Unfit(DAMAGED) from error


def _check_archive(archive: zipfile.ZipFile, size: int) -> None:
    """Judge the archive by its directory alone."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * size:
        raise Unfit(TOO_FULL)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Unfit(PROTECTED)
    names = [entry.filename.casefold() for entry in entries]
    # Entries that share their bytes add up to more than the file; what stands before the first
    # one or in the comment may be another file.
    starts_late = min((entry.header_offset for entry in entries), default=1) > 0
    if packed > size or len(set(names)) != len(names) or archive.comment or starts_late:
        raise Unfit(DAMAGED)
    for entry in entries:
        if entry.compress_type not in _METHODS or not _is_plain(entry.orig_filename):
            raise Unfit(DAMAGED)


def _is_plain(name: str) -> bool:
    """Tell whether a name stays below the folder it is unpacked in."""
    parts = name.split("/")
    return not ({"", ".", ".."} & set(parts[:-1]) or parts[-1] in {".", ".."}) and not any(
        sign in name for sign in ("\\", ":", "\x00")
    )


def _check_types(archive: zipfile.ZipFile, main: str) -> None:
    """Ask the document what its parts are (ECMA-376 part 2, 7.2.3)."""
    types = [part.get("ContentType", "").casefold() for part in _elements(archive, _TYPES)]
    names = [name.casefold() for name in archive.namelist()]
    if any(sign in one for one in (*types, *names) for sign in _ACTIVE_TYPES):
        raise Unfit(ACTIVE)
    if any(_OLE in one for one in types) or any(one.startswith(_EMBEDDINGS) for one in names):
        raise Unfit(EMBEDDED)
    if types.count(main) != 1:
        raise Unfit(UNKNOWN)


def _check_relationships(archive: zipfile.ZipFile) -> None:
    """Ask each part what it belongs together with; only a hyperlink may lead outside."""
    for name in archive.namelist():
        if not name.casefold().endswith(".rels"):
            continue
        for relation in _elements(archive, name):
            kind = relation.get("Type", "").casefold().rpartition("/")[2]
            if kind in _ACTIVE_RELATIONS:
                raise Unfit(ACTIVE)
            outside = relation.get("TargetMode", "").casefold() == "external"
            if kind in _EMBEDDED_RELATIONS or (outside and kind != _LINK):
                raise Unfit(EMBEDDED)


def _elements(archive: zipfile.ZipFile, name: str) -> Iterator[Element]:
    """Yield the elements below the root of a short part."""
    if archive.getinfo(name).file_size > MOST_XML:
        raise Unfit(TOO_FULL)
    yield from ElementTree.fromstring(archive.read(name), forbid_dtd=True)


def _unpack(archive: zipfile.ZipFile) -> None:
    """Read everything once, a little at a time: sizes and checksums have to be as promised."""
    for entry in archive.infolist():
        with archive.open(entry) as part:
            while part.read(_CHUNK):
                pass
