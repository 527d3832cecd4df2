"""Chinese numerals as regulations print them."""

_DIGITS = "零一二三四五六七八九"
_UNITS = ((1000, "千"), (100, "百"), (10, "十"))
LARGEST = 9999
_VALUES = {
    **{digit: value for value, digit in enumerate(_DIGITS)},
    **{digit: value for value, digit in enumerate("０１２３４５６７８９")},
    **{digit: value for value, digit in enumerate("0123456789")},
    "〇": 0,
    "○": 0,
    "两": 2,
}
_TENS = {name: unit for unit, name in _UNITS}
# 九千九百九十九 has seven signs; a careless hand writes a few more.
LONGEST = 12
NUMERALS = "".join((*_VALUES, *_TENS))


def chinese_numeral(number: int) -> str:
    """Return a number from 0 to 9,999 in Chinese, like 一百零五.

    Raises:
        ValueError: the number is outside that range.

    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not between 0 and {LARGEST}")
    if number < 10:
        return _DIGITS[number]
    text, rest, gap = "", number, False
    for unit, name in _UNITS:
        digit, rest = divmod(rest, unit)
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + name
            gap = False
        elif text:
            gap = True
    if rest:
        text += ("零" if gap else "") + _DIGITS[rest]
    return text.removeprefix("一") if text.startswith("一十") else text


def numeral_value(text: str) -> int | None:
    """Return the number that Chinese numerals or digits of either width stand for.

    Blanks between them do not count. None for anything else and for numbers above 9,999.
    """
    signs = [sign for sign in text if not sign.isspace()]
    if not signs or len(signs) > LONGEST or not set(signs) <= set(NUMERALS):
        return None
    if not set(signs) & set(_TENS):
        # 一〇五 and 105: digit after digit.
        value = int("".join(str(_VALUES[sign]) for sign in signs))
        return value if value <= LARGEST else None
    total, digit = 0, 0
    for place, sign in enumerate(signs):
        if sign in _TENS:
            total += (digit if place and digit else 1) * _TENS[sign]
            digit = 0
        else:
            digit = _VALUES[sign]
    value = total + digit
    return value if value <= LARGEST else None
