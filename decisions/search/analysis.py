"""How text is made comparable: one form for every script, width and bracket; pure.

The same rules serve the engine (as character filters) and the database copy (`fold`). All of them
put one character in the place of one, so a position in folded text is the position in the original.
"""

import re
from functools import cache

from elasticsearch_dsl import analyzer, char_filter
from opencc import OpenCC

from decisions.document_number import read_document_number

# Ideographs of the basic plane; rarer ones take two UTF-16 units, which the engine counts as two.
_HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
_BRACKETS = "〔〕﹝﹞【】［］（）〖〗「」『』《》〈〉[]()"
_SPACES = "\u3000\u00a0"
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_WIDTH_DISTANCE = 0xFEE0

_WORD = re.compile(r"\w+")


@cache
def simplified() -> dict[str, str]:
    """Return the single characters 繁 that one other character 简 stands for, from OpenCC."""
    characters = [chr(code) for first, end in _HAN_BLOCKS for code in range(first, end)]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = {
        old: new
        for old, new in zip(characters, converted, strict=True)
        if old != new and len(new) == 1 and new.isalpha() and ord(new) < 0x10000  # noqa: PLR2004
    }
    return {old: pairs.get(new, new) for old, new in pairs.items()}


@cache
def half_width() -> dict[str, str]:
    """Return full-width forms with their half-width ones; brackets become blanks."""
    forms = {chr(code): chr(code - _WIDTH_DISTANCE) for code in _FULL_WIDTH}
    return forms | dict.fromkeys(_BRACKETS + _SPACES, " ")


@cache
def _folding() -> dict[int, str]:
    return str.maketrans(half_width() | simplified())


def fold(text: str) -> str:
    """Return text in the form both copies compare, with every character in its place."""
    folded = text.translate(_folding())
    lowered = folded.lower()
    if len(lowered) == len(folded):
        return lowered
    # A few letters (İ) grow in lower case; leaving them keeps positions.
    return "".join(low if len(low := one.lower()) == 1 else one for one in folded)


def terms_of(text: str) -> tuple[str, ...]:
    """Return the words a question asks for, folded, each once, punctuation left out."""
    return tuple(dict.fromkeys(_WORD.findall(fold(text))))


def canonical_document_no(text: str) -> str:
    """Return agency|year|number of a document number in any spelling, or the empty string.

    澜政示〔2026〕3号, 瀾政示[2026]第003號 and 澜政示（２０２６）3号 are the same number.
    """
    number = read_document_number(fold(text))
    return number.key if number else ""


def _rule(old: str, new: str) -> str:
    """Write a mapping rule; escapes, because a rule is trimmed and a backslash is special."""
    return f"\\u{ord(old):04x} => \\u{ord(new):04x}"


HAN_FOLD = char_filter(
    "han_fold", "mapping", mappings=[_rule(*pair) for pair in sorted(simplified().items())]
)
WIDTH_PUNCT = char_filter(
    "width_punct", "mapping", mappings=[_rule(*pair) for pair in sorted(half_width().items())]
)

# Finds any run of characters wherever words begin: 电动自行车 is 电动 动自 自行 行车.
ZH = analyzer(
    "zh",
    tokenizer="standard",
    char_filter=[HAN_FOLD, WIDTH_PUNCT],
    filter=["cjk_width", "lowercase", "cjk_bigram"],
)
# Single characters: exact phrases, and questions of one character.
ZH_UNI = analyzer(
    "zh_uni",
    tokenizer="standard",
    char_filter=[HAN_FOLD, WIDTH_PUNCT],
    filter=["cjk_width", "lowercase"],
)
