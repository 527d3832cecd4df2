"""How Chinese text sounds, without tones, and what letters typed for it can mean; pure.

`spoken_form` and `initials` keep one token for each character, so that a place among the tokens is
a place in the text.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, product

from pypinyin import lazy_pinyin

from decisions.search.analysis import fold, fold_width

LONGEST_TYPED = 40
MOST_READINGS = 8
# Fewer letters than that begin too many words.
FEWEST_INITIALS = 3
SILENT = "_"

Reading = tuple[str, ...]

_TYPED = re.compile(r"[a-z]+(?:[ '’]+[a-z]+)*", re.ASCII)
_PAUSE = re.compile(r"[ '’]+")
_LONGEST_SYLLABLE = 6
# Typed for ü where that is clear.
_ALIASES = {"lue": "lve", "nue": "nve"}
_COMMON = (range(0xB0, 0xD8), range(0xA1, 0xFF))


def syllables(text: str) -> Reading:
    """Return the sound of each character in its word; digits and letters stand for themselves."""
    return _in_words(fold(text))


def _in_words(signs: str) -> Reading:
    heard = _heard(signs)
    # A reading of two syllables for one sign would move all places behind it.
    return heard if len(heard) == len(signs) else _one_by_one(signs)


def _one_by_one(signs: str) -> Reading:
    return tuple(_heard(sign)[0] for sign in signs)


def _heard(signs: str) -> Reading:
    return tuple(lazy_pinyin(signs, errors=_unspoken))  # type: ignore[arg-type] # lists are taken


def _unspoken(signs: str) -> list[str]:
    return [sign if sign.isascii() and sign.isalnum() else SILENT for sign in signs]


def spoken_form(text: str) -> str:
    """Return the sounds of a text between blanks, a line for each way to read it.

    The first line has every character as its word is read, another as it is read alone: 银行 is
    yin hang and yin xing, so that who cuts a word elsewhere finds it, too. One that is folded into
    another is also read as it is written: 乾安 is qian an and gan an.
    """
    as_written = _in_words(fold_width(text))
    readings = dict.fromkeys((syllables(text), as_written, _one_by_one(fold(text))))
    return "\n".join(f" {' '.join(reading)} " for reading in readings)


def initials(text: str) -> str:
    """Return the first letter of every sound of a text, a line for each way to read it."""
    lines = spoken_form(text).split("\n")
    return "\n".join(dict.fromkeys("".join(one[0] for one in line.split()) for line in lines))


def typed_letters(text: str) -> str:
    """Return the letters of a text that could be typed for Chinese, or the empty string."""
    folded = fold(text).strip()
    is_typed = len(folded) <= LONGEST_TYPED and _TYPED.fullmatch(folded)
    return _PAUSE.sub(" ", folded) if is_typed else ""


def readings(letters: str) -> tuple[Reading, ...]:
    """Return the ways to cut typed letters into two syllables or more, a few at most."""
    by_part = [list(islice(_cut(part), MOST_READINGS)) for part in letters.split()]
    whole = (tuple(one for part in parts for one in part) for parts in product(*by_part))
    return tuple(islice((one for one in whole if len(one) > 1), MOST_READINGS))


def _cut(letters: str) -> Iterator[Reading]:
    if not letters:
        yield ()
        return
    for end in range(min(_LONGEST_SYLLABLE, len(letters)), 0, -1):
        head = _ALIASES.get(letters[:end], letters[:end])
        if head in known_syllables() and _can_be_cut(letters[end:]):
            for rest in _cut(letters[end:]):
                yield (head, *rest)


def _can_be_cut(letters: str) -> bool:
    """Tell whether letters are syllables from beginning to end, in one walk."""
    reached = {0}
    for at in range(len(letters)):
        if at in reached:
            reached |= {
                end
                for end in range(at + 1, min(at + _LONGEST_SYLLABLE, len(letters)) + 1)
                if _ALIASES.get(letters[at:end], letters[at:end]) in known_syllables()
            }
    return len(letters) in reached


@cache
def known_syllables() -> frozenset[str]:
    """Return every syllable of the 3,755 commonest characters (GB/T 2312, first level)."""
    rows, cells = _COMMON
    coded = (bytes((row, cell)).decode("gb2312", "ignore") for row in rows for cell in cells)
    heard = {lazy_pinyin(sign)[0] for sign in coded if sign}
    return frozenset(one for one in heard if set(one) & set("aeiouv"))


def places_of_sounds(form: str, reading: Reading) -> set[tuple[int, int]]:
    """Return from where to where a text sounds like this, given its `spoken_form`."""
    wanted = f" {' '.join(reading)} "
    starts = (
        line.count(" ", 0, at) for line in form.split("\n") for at in _occurrences(line, wanted)
    )
    return {(start, start + len(reading)) for start in starts}


def places_of_initials(form: str, letters: str) -> set[tuple[int, int]]:
    """Return from where to where the words of a text begin so, given its `initials`."""
    starts = (at for line in form.split("\n") for at in _occurrences(line, letters))
    return {(start, start + len(letters)) for start in starts}


def _occurrences(line: str, wanted: str) -> Iterator[int]:
    at = line.find(wanted)
    while at >= 0:
        yield at
        at = line.find(wanted, at + 1)
