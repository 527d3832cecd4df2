"""The name of an uploaded file, as it may be shown and saved again anywhere."""

import unicodedata

from django.utils.translation import gettext

MOST_CHARACTERS = 100
# What Windows refuses in a name, and quotes that end a header's.
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*;', "_"))


def clean_name(name: str, ending: str) -> str:
    """Return a name without path, control, invisible or direction characters, with this ending.

    Args:
        name: as it was sent.
        ending: what the content says, without the dot; it takes the place of the one sent.

    """
    last = name.replace("\\", "/").rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    seen = "".join(one for one in unicodedata.normalize("NFC", stem) if _is_seen(one))
    stem = " ".join(seen.translate(_FORBIDDEN).split()).strip(". ")
    stem = stem[: MOST_CHARACTERS - len(ending) - 1].strip(". ")
    return f"{stem or gettext('Attachment')}.{ending}"


def shown_name(name: str) -> str:
    """Return a name fit for a sentence, whatever it ends in."""
    stem, _dot, ending = name.rpartition(".")
    return clean_name(name, ending_of(name)) if stem and ending else clean_name(f"{name}.", "")[:-1]


def ending_of(name: str) -> str:
    """Return what a name says its content is, in small letters; the empty string if nothing."""
    stem, _dot, ending = name.rpartition(".")
    seen = "".join(one for one in ending if one.isalnum()).lower()
    return seen[:10] if stem else ""


def _is_seen(one: str) -> bool:
    """Tell whether a character is a letter, a mark, a number, a sign or a plain space."""
    return one == " " or unicodedata.category(one)[0] in "LMNPS"
