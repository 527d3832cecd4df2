"""Files as people send them, and as attackers do; all made here, none is stored."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

TYPES = "application/vnd.openxmlformats-officedocument"
MAIN = f"{TYPES}.wordprocessingml.document.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def an_upload(name: str = "方案.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    """A file as a browser sends it; a good PDF unless given."""
    return SimpleUploadedFile(name, a_pdf() if content is None else content)


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    """A small picture."""
    place = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(place, kind)
    return place.getvalue()


def a_png_that_says(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds hardly anything."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
            (b"IDAT", zlib.compress(b"\x00")),
            (b"IEND", b""),
        )
    )


def a_pdf(
    catalogue: bytes = b"", *objects: bytes, packed: bool = False, tail: bytes = b""
) -> bytes:
    """A PDF of one page.

    Args:
        catalogue: further entries of its root.
        objects: further objects, numbered from 4.
        packed: whether all objects lie compressed in an object stream.
        tail: what follows the end.

    """
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R" + catalogue + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        *objects,
    ]
    return (_packed(bodies) if packed else _plain(bodies)) + tail


def a_pdf_that_says(*pages: str) -> bytes:
    """A PDF with a text layer: each page's lines in a font of all signs of the basic plane."""
    count = len(pages)
    kids = b" ".join(b"%d 0 R" % (6 + 2 * place) for place in range(count))
    maps = (
        b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapType 2 def\n"
        b"1 begincodespacerange<0000><ffff>endcodespacerange\n"
        b"1 beginbfrange<0000><ffff><0000>endbfrange\nendcmap end end"
    )
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % count,
        b"<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H"
        b"/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Song"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        b"<</Length %d>>stream\n" % len(maps) + maps + b"\nendstream",
    ]
    for place, text in enumerate(pages):
        lines = b" T* ".join(
            b"<" + line.encode("utf-16-be").hex().encode() + b">Tj" for line in text.split("\n")
        )
        words = b"BT /F 12 Tf 14 TL 50 800 Td " + lines + b" ET"
        bodies += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R" % (7 + 2 * place)
            + b"/Resources<</Font<</F 3 0 R>>>>>>",
            b"<</Length %d>>stream\n" % len(words) + words + b"\nendstream",
        ]
    return _plain(bodies)


def a_pdf_bomb() -> bytes:
    """A PDF of one page whose content becomes two hundred times as long once it is unpacked."""
    packed = zlib.compress(b"BT (a) Tj ET " * 20_000_000, 1)
    return _plain(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font"
            b"<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
            b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream",
        ]
    )


def _plain(bodies: list[bytes]) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\n" % (len(bodies) + 1)
    return out + head + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(out)


def _packed(bodies: list[bytes]) -> bytes:
    count, pairs, place = len(bodies), b"", 0
    for number, body in enumerate(bodies, start=1):
        pairs += b"%d %d " % (number, place)
        place += len(body) + 1
    data = zlib.compress(pairs + b"\n".join(bodies))
    out = b"%PDF-1.7\n"
    holder, holder_place = count + 1, len(out)
    out += b"%d 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>\nstream\n" % (
        *(holder, count, len(pairs)),
        len(data),
    )
    out += data + b"\nendstream\nendobj\n"
    table_place = len(out)
    rows = [(0, 0, 255), *((2, holder, n) for n in range(count))]
    rows += [(1, holder_place, 0), (1, table_place, 0)]
    table = zlib.compress(b"".join(struct.pack(">BIB", *row) for row in rows))
    out += (
        b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 1]/Root 1 0 R/Filter/FlateDecode"
        b"/Length %d>>\nstream\n" % (holder + 1, holder + 2, len(table))
    )
    return out + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table_place


def a_word_document(
    parts: dict[str, bytes | str] | None = None,
    *,
    types: str = "",
    main: str = MAIN,
    relations: str = "",
) -> bytes:
    """A Word document.

    Args:
        parts: further parts by name.
        types: further elements of the list of content types.
        main: what its main part says it is.
        relations: what the main part belongs together with.

    """
    all_parts = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/>{types}</Types>'
        ),
        "_rels/.rels": _relations(a_relation("officeDocument", "word/document.xml")),
        "word/document.xml": "<w:document><w:body>意见</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(relations),
        **(parts or {}),
    }
    return a_zip(all_parts)


def a_relation(kind: str, target: str, *, outside: bool = False) -> str:
    """One element of a list of relationships."""
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/>'


def _relations(elements: str) -> str:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{elements}</Relationships>'


def a_zip(parts: dict[str, bytes | str]) -> bytes:
    """An archive of these parts."""
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return place.getvalue()
