"""What an uploaded file is by its content, and each way to hide something in one."""

import io
import struct
import zipfile
import zlib
from contextlib import suppress

import docx
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter

from portal.core.uploads import MOST_BYTES, Kind, UploadRefused, checked
from portal.core.uploads import pdf as pdf_check
from portal.core.uploads.names import MOST_CHARACTERS, clean_name
from portal.core.uploads.word import check_word, without_authors
from tests.factories.drafts import saved
from tests.factories.files import (
    MAIN,
    a_pdf,
    a_picture,
    a_png_that_says,
    a_relation,
    a_word_document,
    a_zip,
    an_upload,
)

GOOD = {
    "a.pdf": a_pdf(),
    "packed.pdf": a_pdf(packed=True),
    "opens-at-a-page.pdf": a_pdf(b"/OpenAction[3 0 R/XYZ null null 0]"),
    "a.docx": a_word_document(
        relations=a_relation("hyperlink", "https://example.com", outside=True)
    ),
    "a.jpg": a_picture(),
    "A.JPEG": a_picture(),
    "a.png": a_picture("PNG"),
}


def refusal(name: str, content: bytes) -> str:
    with translation.override("en"), pytest.raises(UploadRefused) as refused:
        checked(an_upload(name, content))
    return str(refused.value)


@pytest.mark.parametrize("name", GOOD)
def test_an_ordinary_file_is_taken_as_it_is(name):
    file = checked(an_upload(name, GOOD[name]))
    assert file.content == GOOD[name]
    assert file.size == len(GOOD[name])
    assert len(file.sha256) == 64
    assert file.kind == Kind({"jpeg": "jpg"}.get(ending := name.lower()[-4:].strip("."), ending))


def test_a_protected_but_readable_pdf_is_taken():
    """Offices forbid printing or changing with an owner's password; everyone can read on."""
    file = checked(an_upload("a.pdf", with_password("", "owner")))
    assert file.kind is Kind.PDF


def with_password(user: str, owner: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(a_pdf())))
    writer.encrypt(user, owner, algorithm="AES-256")
    place = io.BytesIO()
    writer.write(place)
    return place.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("nothing.pdf", b"", "is empty"),
        ("setup.pdf", b"MZ\x90\x00" + bytes(500), "is neither"),
        ("page.pdf", b"<html><script>alert(1)</script>", "is neither"),
        ("anim.png", b"GIF89a" + bytes(100), "is neither"),
        ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old Office file"),
        ("photo.png", a_picture(), "of the type JPG"),
        ("photo.pdf", a_picture("PNG"), "of the type PNG"),
        ("paper.docx", a_pdf(), "of the type PDF"),
        ("paper", a_pdf(), "of the type PDF"),
        ("paper.pdf.exe", a_pdf(), "of the type PDF"),
        ("paper.pdf", a_word_document(), "of the type DOCX"),
        ("big.pdf", a_pdf() + bytes(MOST_BYTES), "is larger than 10 MB"),
    ],
)
def test_content_decides_what_a_file_is_and_its_ending_must_agree(name, content, says):
    assert says in refusal(name, content)
    assert f"“{name}”" in refusal(name, content)


def test_exactly_the_most_is_taken():
    room = MOST_BYTES - len(a_pdf(b"", b"()"))
    full = a_pdf(b"", b"(" + b"x" * room + b")")
    full = a_pdf(b"", b"(" + b"x" * (room - (len(full) - MOST_BYTES)) + b")")
    assert len(full) == MOST_BYTES
    assert checked(an_upload("a.pdf", full)).size == MOST_BYTES


ZIP = a_zip({"a.txt": "hidden"})
PAGE = b"<!-- --><SCRIPT>alert(1)</SCRIPT>"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gifar.jpg", a_picture() + ZIP),
        ("gifar.png", a_picture("PNG") + ZIP),
        ("gifar.pdf", a_pdf(tail=ZIP)),
        ("page.jpg", a_picture() + PAGE),
        ("page.png", a_picture("PNG").replace(b"IEND", b"IEND" + PAGE)),
        ("page.pdf", a_pdf(tail=PAGE)),
        ("head.pdf", b"%PDF-1.7\n<html>" + a_pdf()),
        ("tail.png", a_picture("PNG") + b"x"),
        ("script.jpg", b"\xff\xd8\xff\xe0/*" + bytes(0x2F2A) + a_picture()[2:]),
        ("paper.jpg", a_picture()[:2] + b"\xff\xfe\x00\x0a%PDF-1.7" + a_picture()[2:]),
        ("paper.docx", a_zip({"%PDF-1.7": "x", "[Content_Types].xml": "<Types/>"})),
        ("svg.png", a_picture("PNG") + b"<svg onload=alert(1)>"),
    ],
)
def test_a_file_that_is_two_files_is_refused(name, content):
    assert "holds a second file" in refusal(name, content)


def test_what_a_phone_writes_after_a_photo_is_not_kept():
    photo = a_picture()
    film = b"\x00\x00\x00\x18ftypmp42" + bytes(200)
    assert checked(an_upload("a.jpg", photo + film)).content == photo
    assert checked(an_upload("a.jpg", photo + a_picture())).content == photo


def test_the_marks_in_a_preview_do_not_end_a_photo():
    """Cameras put a small JPG with its own end into the first segment."""
    place = io.BytesIO()
    preview = b"Exif\x00\x00" + a_picture(size=(8, 8))
    Image.new("RGB", (60, 40)).save(place, "JPEG", exif=preview, progressive=True)
    assert checked(an_upload("a.jpg", place.getvalue())).content == place.getvalue()


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.docx", "a.pdf", "packed.pdf"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_file_that_is_cut_off_is_damaged(name, part):
    whole = GOOD[name]
    assert "is damaged" in refusal(name, whole[: int(len(whole) * part)])


@pytest.mark.parametrize("width", [0, 2**31 - 1, 60_000])
def test_a_picture_of_too_many_pixels_is_refused_unopened(width):
    said = refusal("bomb.png", a_png_that_says(width, 60_000))
    assert ("is damaged" if width == 0 else "more than 50 million pixels") in said


def test_a_jpg_of_too_many_pixels_is_refused_unopened():
    photo = a_picture()
    frame = photo.index(b"\xff\xc0") + 5
    bomb = photo[:frame] + struct.pack(">HH", 65_000, 65_000) + photo[frame + 4 :]
    assert "more than 50 million pixels" in refusal("bomb.jpg", bomb)


def test_a_picture_with_a_wrong_checksum_is_damaged():
    picture = bytearray(a_picture("PNG"))
    picture[29] ^= 0xFF
    assert "is damaged" in refusal("a.png", bytes(picture))


ACTION = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("catalogue", "objects", "says"),
    [
        (b"/OpenAction" + ACTION, [], "macros or scripts"),
        (b"/OpenAction 4 0 R", [ACTION], "macros or scripts"),
        (b"/OpenAction 4 0 R", [b"<</S/J#61vaScript/#4aS(1)>>"], "macros or scripts"),
        (b"/OpenAction 4 0 R", [b"<</S 5 0 R/F(x)>>", b"/Launch"], "macros or scripts"),
        (b"/Names<</JavaScript<</Names[(a)4 0 R]>>>>", [ACTION], "macros or scripts"),
        (b"/AcroForm<</XFA(x)>>", [], "macros or scripts"),
        (b"/OpenAction<</S/GoTo/Next[4 0 R]>>", [ACTION], "macros or scripts"),
        (b"/Names<</EmbeddedFiles<</Names[]>>>>", [], "holds other files"),
        (b"/AF[4 0 R]", [b"<</Type/Filespec/EF<</F 5 0 R>>>>", b"<<>>"], "holds other files"),
        (b"/A[4 0 R]", [b"<</Subtype/RichMedia>>"], "holds other files"),
    ],
)
def test_a_pdf_that_runs_or_embeds_something_is_refused(packed, catalogue, objects, says):
    assert says in refusal("a.pdf", a_pdf(catalogue, *objects, packed=packed))


def test_words_about_scripts_are_no_scripts():
    words = a_pdf(b"/A 4 0 R", b"<</S/URI/URI(https://example.com/JavaScript/Launch)/T(/JS)>>")
    assert checked(an_upload("a.pdf", words)).kind is Kind.PDF


def test_a_pdf_with_a_password_is_refused():
    assert "has a password" in refusal("a.pdf", with_password("secret", "owner"))


def test_a_pdf_that_would_fill_the_memory_is_refused():
    layer = bytes(300_000_000)
    bomb = zlib.compress(layer, 9)
    del layer
    table = b"5 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(
        bomb
    )
    content = b"%PDF-1.7\n" + table + bomb + b"\nendstream\nendobj\n"
    rows = zlib.compress(struct.pack(">BIB", 0, 0, 0) + struct.pack(">BIB", 2, 5, 0))
    place = len(content)
    content += (
        b"6 0 obj\n<</Type/XRef/Size 2/W[1 4 1]/Index[0 2]/Root 1 0 R/Filter/FlateDecode"
        b"/Length %d>>\nstream\n" % len(rows)
    )
    content += rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % place
    said = refusal("bomb.pdf", content)
    assert "is too complicated" in said or "is damaged" in said


def test_a_pdf_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(pdf_check, "MOST_SECONDS", 0.001)
    assert "is too complicated" in refusal("a.pdf", a_pdf())


def test_a_circle_in_a_pdf_has_an_end():
    circle = a_pdf(b"/A 4 0 R", b"<</Next 5 0 R/Self 4 0 R>>", b"[4 0 R 5 0 R 99 0 R]")
    assert checked(an_upload("a.pdf", circle)).kind is Kind.PDF


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (a_word_document(main=MAIN.replace("main+xml", "x")), "is neither"),
        (a_zip({"a.txt": "a"}), "is damaged"),
        (a_word_document({"word/vbaProject.bin": b"macro"}), "macros or scripts"),
        (
            a_word_document(main="application/vnd.ms-word.document.macroEnabled.main+xml"),
            "macros or scripts",
        ),
        (
            a_word_document(
                types='<Override PartName="/word/x.bin" '
                'ContentType="application/vnd.ms-office.vbaProject"/>'
            ),
            "macros or scripts",
        ),
        (a_word_document({"word/activeX/activeX1.xml": "<x/>"}), "macros or scripts"),
        (a_word_document(relations=a_relation("control", "x.xml")), "macros or scripts"),
        (a_word_document({"word/embeddings/oleObject1.bin": b"x"}), "holds other files"),
        (a_word_document(relations=a_relation("oleObject", "x.bin")), "holds other files"),
        (a_word_document(relations=a_relation("aFChunk", "x.html")), "holds other files"),
        (
            a_word_document(
                relations=a_relation("attachedTemplate", "http://x/t.dotm", outside=True)
            ),
            "holds other files",
        ),
        (
            a_word_document(relations=a_relation("image", "http://x/1.png", outside=True)),
            "holds other files",
        ),
        (a_word_document({"../../etc/cron.d/x": "x"}), "is damaged"),
        (a_word_document({"/etc/x": "x"}), "is damaged"),
        (a_word_document({"word/..\\..\\x": "x"}), "is damaged"),
        (a_word_document({"C:/x": "x"}), "is damaged"),
        (ZIP + a_word_document(), "is damaged"),
        (
            a_word_document(types='<!DOCTYPE x [<!ENTITY a "b">]>'),
            "is damaged",
        ),
        (
            a_zip(
                {
                    "[Content_Types].xml": '<!DOCTYPE T [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
                    "<T>&x;</T>"
                }
            ),
            "is damaged",
        ),
        (a_word_document({f"word/{n}.xml": "" for n in range(2_000)}), "far too large"),
        (a_word_document({"word/big.xml": bytes(20_000_000)}), "far too large"),
    ],
)
def test_a_word_document_that_is_more_than_text_is_refused(content, says):
    assert says in refusal("a.docx", content)


def test_a_word_document_with_a_password_is_refused():
    content = bytearray(a_word_document())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    assert "has a password" in refusal("a.docx", bytes(content))


def test_a_directory_of_very_many_entries_is_not_even_opened(monkeypatch):
    content = a_word_document()
    entry = content[content.index(b"PK\x01\x02") : content.index(b"PK\x05\x06")]
    monkeypatch.delattr(zipfile, "ZipFile")
    assert "far too large" in refusal("a.docx", content + entry * 2_000)


def test_a_size_that_is_a_lie_is_found_out():
    """A directory may promise little and the part hold much."""
    content = bytearray(a_word_document({"word/big.xml": b"x" * 5_000}))
    at = content.rindex(b"PK\x01\x02")
    assert struct.unpack_from("<I", content, at + 24) == (5_000,)
    struct.pack_into("<I", content, at + 24, 10)
    assert "is damaged" in refusal("a.docx", bytes(content))


def test_parts_that_share_their_bytes_are_refused():
    """Each entry of such a bomb points at the same packed bytes."""
    kernel = bytes(range(256)) * 2_000
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/0.xml", kernel)
        twin = archive.infolist()[0]
        for n in range(1, 20):
            info = zipfile.ZipInfo(f"word/{n}.xml")
            info.file_size = info.compress_size = twin.file_size
            info.CRC, info.header_offset = twin.CRC, twin.header_offset
            archive.filelist.append(info)
            archive.NameToInfo[info.filename] = info
    assert "is damaged" in refusal("a.docx", place.getvalue())


@pytest.mark.parametrize(
    ("sent", "clean"),
    [
        ("方案.pdf", "方案.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\王\\意见 书.PDF", "意见 书.pdf"),
        (".htaccess.pdf", "htaccess.pdf"),
        ("...pdf", "Attachment.pdf"),
        ("照片\u202egpj.exe.pdf", "照片gpj.exe.pdf"),
        ("a\x00b\r\nc\u200b\u2028d.pdf", "abcd.pdf"),
        ('<img src=x onerror="a">.pdf', "_img src=x onerror=_a__.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ("\ud800.pdf", "Attachment.pdf"),
        ("👍 好.jpeg", "👍 好.pdf"),
    ],
)
def test_a_name_is_cleaned(sent, clean):
    with translation.override("en"):
        assert clean_name(sent, "pdf") == clean


@pytest.mark.parametrize("one", ["x", "长", "👍", "é"])
def test_a_name_has_an_end(one):
    name = clean_name(one * 50_000 + ".pdf", "pdf")
    assert len(name) == MOST_CHARACTERS
    assert name.endswith(f"{one}.pdf")


def test_a_hostile_name_is_shown_clean_in_the_sentence():
    said = refusal("\u202e<script>alert(1)</script>" + "长" * 50_000 + ".pdf", b"x")
    assert "\u202e" not in said
    assert "<" not in said
    assert len(said) < 300


@given(
    name=st.sampled_from(["a.docx", "a.jpg", "a.png"]),
    places=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), max_size=4),
    end=st.floats(0.2, 1),
)
def test_whatever_is_sent_is_taken_or_refused_with_a_sentence(name, places, end):
    content = bytearray(GOOD[name])
    for place, piece in places:
        at = int(place * (len(content) - len(piece)))
        content[at : at + len(piece)] = piece
    with suppress(UploadRefused):
        checked(an_upload(name, bytes(content[: int(end * len(content))])))


def test_a_word_document_is_kept_without_who_wrote_it():
    document = docx.Document()
    document.add_paragraph("第一条 甲。")
    document.core_properties.author = "张三 13800000000"
    content = saved(document)
    kept = without_authors(content)
    check_word(kept)
    assert [one.text for one in docx.Document(io.BytesIO(kept)).paragraphs] == ["第一条 甲。"]
    assert docx.Document(io.BytesIO(kept)).core_properties.author == ""
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        changed = {name for name in archive.namelist() if archive.read(name) != parts[name]}
    assert changed == {"docProps/core.xml", "docProps/app.xml"}
    assert not any("张三".encode() in part for part in parts.values())


def test_where_nobody_is_named_a_word_document_is_kept_byte_for_byte():
    content = a_word_document()
    assert without_authors(content) == content
