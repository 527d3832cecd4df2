"""What reads one Word document, in a process of its own: its bytes in, clean HTML out as JSON.

The answer says too what the document shows and the HTML does not. Nothing is answered about a
document that cannot be read.
"""

import html
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import defusedxml
import mammoth
import nh3
from defusedxml import ElementTree

_TYPES = "[Content_Types].xml"
_MAIN = "wordprocessingml.document.main+xml"
# Bytes of the main part: twenty times a long code, and no more than can be read within the limits.
MOST_BODY = 24 * 1024 * 1024
# What somebody who opens the file finds of how it was written, and a printed page does not show.
TRACES = ("comments", "changes", "hidden")
# Parts besides the main one in which people write (ECMA-376 part 1, 17).
_STORIES = frozenset({"comments", "endnotes", "footnotes", "ftr", "hdr"})
_COMMENTS = frozenset({"comment", "commentReference"})
_CHANGES = frozenset(
    {
        *("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"),
        *("rPrChange", "pPrChange", "sectPrChange", "numberingChange", "tblGridChange"),
        *("tblPrChange", "tblPrExChange", "trPrChange", "tcPrChange"),
    }
)
_OFF = frozenset({"0", "false", "off"})
_TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "br", "strong", "ol", "ul", "li", "img"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


def answer(content: bytes) -> bytes:
    """Return what is in a document.

    That is `html`, `unread` (characters), `deletions` and `comments` (whether there are any in the
    text), and `traces`: which of `TRACES` are anywhere in the file.
    """
    # The parser that mammoth takes lets entities grow.
    defusedxml.defuse_stdlib()
    try:
        read = _read(content)
    except Exception:  # noqa: BLE001 - whatever it stumbles over, the document cannot be read
        return b""
    return json.dumps(read).encode("ascii")


def _read(content: bytes) -> dict[str, object]:
    body, others = _stories(content)
    converted = mammoth.convert_to_html(
        io.BytesIO(content),
        convert_image=mammoth.images.img_element(lambda image: {}),
        include_embedded_style_map=False,
    )
    clean = nh3.clean(converted.value, tags=_TAGS, attributes={"li": {"id"}}, link_rel=None)
    taken = Counter(html.unescape(re.sub("<[^>]*>", "", clean)))
    elements = [(_name(element), element.text or "") for element in _shown(body)]
    names = {name for name, _text in elements}
    missing = Counter("".join(text for name, text in elements if name == "t")) - taken
    return {
        "html": clean,
        "unread": sum(count for sign, count in missing.items() if not sign.isspace()),
        "deletions": "del" in names,
        "comments": "commentReference" in names,
        "traces": _traces([body, *others]),
    }


def _stories(content: bytes) -> tuple[Element, list[Element]]:
    """Return the main part and the others that hold text.

    The list of parts names the main one (ECMA-376 part 2, 7.2.3); the others lie beside it.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        types = ElementTree.fromstring(archive.read(_TYPES), forbid_dtd=True)
        main = next(
            part.get("PartName", "").lstrip("/")
            for part in types
            if part.get("ContentType", "").endswith(_MAIN)
        )
        folder = main.rpartition("/")[0]
        beside = [
            name
            for name in archive.namelist()
            if name != main and name.rpartition("/")[0] == folder and name.endswith(".xml")
        ]
        read = [_part(archive, name) for name in (main, *beside)]
    return read[0], [one for one in read[1:] if _name(one) in _STORIES]


def _part(archive: zipfile.ZipFile, name: str) -> Element:
    if archive.getinfo(name).file_size > MOST_BODY:
        raise ValueError(name)
    part: Element = ElementTree.fromstring(archive.read(name))
    return part


def _traces(stories: list[Element]) -> list[str]:
    found = set()
    for element in (one for story in stories for one in story.iter()):
        name = _name(element)
        if name in _COMMENTS:
            found.add("comments")
        elif name in _CHANGES:
            found.add("changes")
        elif name == "r" and _is_hidden(element):
            found.add("hidden")
    return [one for one in TRACES if one in found]


def _is_hidden(run: Element) -> bool:
    """Tell whether a run of text is there and not shown; marks of an index are such, too."""
    marks = [one for part in run if _name(part) == "rPr" for one in part if _name(one) == "vanish"]
    is_on = any(_OFF.isdisjoint(mark.attrib.values()) for mark in marks)
    return is_on and any(_name(part) == "t" and (part.text or "").strip() for part in run)


def _shown(root: Element) -> Iterator[Element]:
    """Yield the elements; of two ways to draw the same thing only the second."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        parts = list(element)
        if any(_name(part) == "Fallback" for part in parts):
            parts = [part for part in parts if _name(part) != "Choice"]
        waiting.extend(parts)


def _name(element: Element) -> str:
    """Return what an element is called in whichever edition of the standard."""
    return str(element.tag).rpartition("}")[2]
