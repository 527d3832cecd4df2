"""Document numbers in the forms that people write them in."""

_DIGITS = "〇一二三四五六七八九"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_BRACKETS = (
    "〔〕",
    "[]",
    "［］",
    "【】",
    "()",
    "（）",
    "﹝﹞",
    "〖〗",
    "「」",
    "《》",
    "〈〉",
    "  ",
)


def spellings(agency: str, year: int, number: int) -> list[str]:
    """Return one number in 24 forms; `number` is below 100."""
    in_digits = "".join(_DIGITS[int(digit)] for digit in str(year))
    return [
        *(f"{agency}{left}{year}{right}{number}号" for left, right in _BRACKETS),
        f"{agency}〔{year}〕{number}号".translate(_FULL_WIDTH),
        f"{' '.join(agency)} 〔 {year} 〕 {number} 号",
        f"{agency}〔{in_digits}〕{number}号",
        f"{agency}〔{in_digits.replace('〇', '○')}〕{number}号",
        f"{agency}〔{in_digits.replace('〇', '零')}〕{_read_aloud(number)}号",
        f"{agency}〔{year}〕{number:03}号",
        f"{agency}〔{year}〕第{number}号",
        f"{agency}〔{year}〕第{number:03}號",
        f"{agency}〔{year}〕{number}",
        f"{agency}〔{year}年〕{number}号",
        f"{agency}{year}年第{number}号",
        f"\u3000{agency}〔{year}〕{number}号\u00a0",
    ]


def _read_aloud(number: int) -> str:
    tens, ones = divmod(number, 10)
    before = _DIGITS[tens] * (tens > 1) + "十" * (tens > 0)
    return before + (_DIGITS[ones] if ones else "")
