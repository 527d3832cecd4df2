"""Receipt numbers: short, random, safe to read over the telephone; pure, no database.

ZJ-2026-7K4M-9Q2X: the year, seven random characters of an alphabet without 0, O, 1 and I, and a
check character that catches every single wrong character and nearly every swap of neighbours.
"""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RANDOM_CHARACTERS = 7
PREFIX = "ZJ"
# Odd weights are units modulo 32, so no single error goes unseen; neighbours differ by 2, so a
# swap is unseen only for characters 16 places apart.
_WEIGHTS = (1, 3, 5, 7, 9, 11, 13)
_SHAPE = re.compile(rf"{PREFIX}-(\d{{4}})-([{ALPHABET}]{{4}})-([{ALPHABET}]{{4}})")


def check_character(year: int, body: str) -> str:
    """Return the check character of a year and seven characters."""
    total = year + sum(
        weight * ALPHABET.index(one) for weight, one in zip(_WEIGHTS, body, strict=True)
    )
    return ALPHABET[total % len(ALPHABET)]


def new_receipt_no(year: int) -> str:
    """Return a fresh random receipt number; the caller makes sure it is not taken."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    whole = body + check_character(year, body)
    return f"{PREFIX}-{year}-{whole[:4]}-{whole[4:]}"


def normalised(text: str) -> str | None:
    """Return the receipt number a person typed in canonical form, or None if it is not one.

    Case, spaces and hyphens do not matter.
    """
    bare = re.sub(r"[\s\-—–－]", "", text.upper())
    match = _SHAPE.fullmatch(f"{bare[:2]}-{bare[2:6]}-{bare[6:10]}-{bare[10:]}")
    if match is None:
        return None
    year, whole = int(match[1]), match[2] + match[3]
    if check_character(year, whole[:-1]) != whole[-1]:
        return None
    return match[0]
