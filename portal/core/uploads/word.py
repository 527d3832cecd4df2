"""Office documents: nothing that runs or is fetched from elsewhere, no more than is bearable."""

import io
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from portal.core.uploads.archive import STUMBLES, ArchiveLimits, opened_archive
from portal.core.uploads.refusal import ACTIVE, DAMAGED, EMBEDDED, TOO_FULL, UNKNOWN, Unfit

LIMITS = ArchiveLimits(entries=2_000, unpacked=100 * 1024 * 1024)
# Only lists of parts are read as XML, and those are short.
MOST_XML = 2 * 1024 * 1024

_TYPES = "[Content_Types].xml"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_EMBEDDINGS = "word/embeddings/"
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
# Where programs note who wrote a document, by the ends of content types, and each without a note.
_EMPTY_NOTES = {
    "core-properties+xml": (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties"/>'
    ),
    "extended-properties+xml": (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        'extended-properties"/>'
    ),
    "custom-properties+xml": (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        'custom-properties"/>'
    ),
    "people+xml": (
        '<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"/>'
    ),
}

# What the readers of archives and of XML raise when a file is not as it should be.
_STUMBLES = (*STUMBLES, ParseError, DefusedXmlException)


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
    try:
        with opened_archive(content, LIMITS) as archive:
            _check_entries(archive)
            _check_types(archive, main)
            _check_relationships(archive)
            _unpack(archive)
    except _STUMBLES as error:
        raise Unfit(DAMAGED) from error


def without_authors(content: bytes) -> bytes:
    """Return a Word document that was looked through without its program's notes on who wrote it.

    Where there are none, it comes back byte for byte.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        emptied = dict(_emptied(archive))
        if not emptied:
            return content
        place = io.BytesIO()
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as written:
            for entry in archive.infolist():
                part = emptied.get(entry.filename.casefold()) or archive.read(entry)
                # An entry of its own, whose time does not tell when somebody sat over it.
                written.writestr(zipfile.ZipInfo(entry.filename), part, zipfile.ZIP_DEFLATED)
    return place.getvalue()


def _emptied(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the parts that note who wrote a document, by name, and what takes their place."""
    for part in _elements(archive, _TYPES):
        kind = part.get("ContentType", "").casefold()
        for ending, empty in _EMPTY_NOTES.items():
            if part.get("PartName") and kind.endswith(ending):
                yield part.get("PartName", "").lstrip("/").casefold(), empty


def _check_entries(archive: zipfile.ZipFile) -> None:
    """Judge the entries by their names and places."""
    entries = archive.infolist()
    names = [entry.filename.casefold() for entry in entries]
    # What stands before the first one or in the comment may be another file.
    starts_late = min((entry.header_offset for entry in entries), default=1) > 0
    is_plain = all(_is_plain(entry.orig_filename) for entry in entries)
    if len(set(names)) != len(names) or archive.comment or starts_late or not is_plain:
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
