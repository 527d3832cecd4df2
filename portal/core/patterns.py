"""Personal data that has a shape of its own, found in plain text; pure, knows no database.

It proposes and never decides: a person confirms what stays, or takes it out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PatternKind(TextChoices):
    """What was found."""

    ID_NUMBER = "id_number", _("identity card number")
    BANK_CARD = "bank_card", _("bank card number")
    MOBILE = "mobile", _("mobile telephone number")
    LANDLINE = "landline", _("landline telephone number")
    EMAIL = "email", _("e-mail address")
    COORDINATES = "coordinates", _("coordinates")


@dataclass(frozen=True)
class Found:
    """One place in a text.

    Attributes:
        kind: what stands there.
        start: index of its first character.
        end: index after its last character.

    """

    kind: PatternKind
    start: int
    end: int


# ！ to ～ as keyboards of Chinese input write them; one character stays one character.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CARD_LENGTHS = range(16, 20)
_NO_DIGIT_BEFORE = r"(?<![0-9])(?<![0-9]\.)"
_NO_DIGIT_AFTER = r"(?![0-9]|\.[0-9])"
_PART = r"\s?[0-9]{1,2}(?:\.[0-9]+)?\s?"
_ANGLE = rf"[0-9]{{1,3}}\s?[°度]{_PART}[′'分](?:{_PART}[″\"秒])?"
_DEGREES = r"-?[0-9]{1,3}\.[0-9]{4,10}"
_MOST_LATITUDE, _MOST_LONGITUDE = 90, 180


def _is_id_number(text: str) -> bool:
    """Tell whether birthday and check character hold (GB 11643-1999)."""
    digits = re.sub(r"[ -]", "", text).upper()
    try:
        date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11] == digits[17]


def _is_card_number(text: str) -> bool:
    """Tell whether length and check digit hold (ISO/IEC 7812-1, Luhn)."""
    digits = [int(one) for one in re.sub(r"[ -]", "", text)]
    if len(digits) not in _CARD_LENGTHS or len(set(digits)) == 1:
        return False
    doubled = [sum(divmod(2 * one, 10)) for one in digits[-2::-2]]
    return (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def _is_place(text: str) -> bool:
    """Tell whether two decimal numbers are a longitude and a latitude, in either order."""
    one, other = sorted(abs(float(number)) for number in re.findall(r"-?[0-9]+\.[0-9]+", text))
    return one <= _MOST_LATITUDE and other <= _MOST_LONGITUDE


def _always(_text: str) -> bool:
    return True


# In the order in which they claim a place: what holds a check digit goes first.
_SHAPES: tuple[tuple[PatternKind, re.Pattern[str], Callable[[str], bool]], ...] = tuple(
    (kind, re.compile(shape), holds)
    for kind, shape, holds in (
        (
            PatternKind.ID_NUMBER,
            rf"{_NO_DIGIT_BEFORE}[1-9][0-9]{{5}}[ -]?(?:19|20)[0-9]{{6}}[ -]?[0-9]{{3}}[0-9Xx]"
            r"(?![0-9A-Za-z])",
            _is_id_number,
        ),
        (
            PatternKind.BANK_CARD,
            rf"{_NO_DIGIT_BEFORE}[3-69]"
            r"(?:[0-9]{15,18}|[0-9]{3}(?:[ -][0-9]{4}){3}(?:[ -]?[0-9]{1,3})?)(?![0-9A-Za-z])",
            _is_card_number,
        ),
        (
            PatternKind.MOBILE,
            rf"{_NO_DIGIT_BEFORE}(?:\+?86[ -]?)?1[3-9][0-9]"
            rf"(?:[0-9]{{8}}|[ -][0-9]{{4}}[ -][0-9]{{4}}){_NO_DIGIT_AFTER}",
            _always,
        ),
        (
            PatternKind.LANDLINE,
            rf"{_NO_DIGIT_BEFORE}(?:\+86[ -]?)?(?:\(0[0-9]{{2,3}}\) ?|0[0-9]{{2,3}}[ -])"
            rf"[0-9]{{7,8}}(?:[ -]?(?:转|-)[0-9]{{1,5}})?{_NO_DIGIT_AFTER}",
            _always,
        ),
        (
            PatternKind.EMAIL,
            r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])",
            _always,
        ),
        (
            PatternKind.COORDINATES,
            rf"{_NO_DIGIT_BEFORE}{_DEGREES}°?\s?[NSEW]?\s?[,，、;；/ ]\s?"
            rf"(?:东经|西经|北纬|南纬)?{_DEGREES}(?![0-9.])",
            _is_place,
        ),
        (PatternKind.COORDINATES, rf"{_NO_DIGIT_BEFORE}{_ANGLE}", _always),
    )
)


def found(text: str) -> list[Found]:
    """Return the places of a text where personal data of a known shape stands, in order.

    Identity and card numbers are found when their check digit holds, so that a document number
    of the same length is none. No two places overlap.

    Args:
        text: plain text; the indices count its characters.

    """
    narrow = text.translate(_NARROW)
    taken = bytearray(len(narrow))  # one mark a character: a long text may hold very many places
    places = []
    for kind, shape, holds in _SHAPES:
        for match in shape.finditer(narrow):
            start, end = match.span()
            if holds(match[0]) and not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                places.append(Found(kind, start, end))
    return sorted(places, key=lambda one: one.start)
