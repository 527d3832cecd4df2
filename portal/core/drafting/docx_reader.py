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
_TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "br", "strong", "ol", "ul", "li", "img"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


def answer(content: bytes) -> bytes:
    """Return `html`, `unread` (characters), `deletions` and `comments` (whether there are any)."""
    # The parser that mammoth takes lets entities grow.
    defusedxml.defuse_stdlib()
    try:
        read = _read(content)
    except Exception:  # noqa: BLE001 - whatever it stumbles over, the document cannot be read
        return b""
    return json.dumps(read).encode("ascii")


def _read(content: bytes) -> dict[str, object]:
    body = _body(content)
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
    }


def _body(content: bytes) -> Element:
    """Return the main part, which the list of parts names (ECMA-376 part 2, 7.2.3)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        types = ElementTree.fromstring(archive.read(_TYPES), forbid_dtd=True)
        main = next(
            part.get("PartName", "").lstrip("/")
            for part in types
            if part.get("ContentType", "").endswith(_MAIN)
        )
        if archive.getinfo(main).file_size > MOST_BODY:
            raise ValueError(main)
        body: Element = ElementTree.fromstring(archive.read(main))
    return body


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
