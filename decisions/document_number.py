"""Document numbers 发文字号 as people write them, and the one form that is printed; pure."""

import re
from dataclasses import dataclass
from unicodedata import normalize

from portal.core.numerals import NUMERALS, numeral_value

EXAMPLE = "澜政示〔2026〕9号"

_BRACKETS = str.maketrans(dict.fromkeys("〔〕﹝﹞【】［］（）〖〗「」『』《》〈〉[](){}", " "))
_EARLIEST, _LATEST = 1900, 2099
_LONGEST_NUMBER = 6
_NUMERAL = f"[{re.escape(NUMERALS)}]"
_FORM = re.compile(
    r"(?P<agency>[^\W\d_](?:\s?[^\W\d_]){0,19}?)\s*"
    rf"(?P<year>(?:19|20)\d\d|{_NUMERAL}{{4}})\s*年?\s*第?\s*"
    rf"(?P<number>\d{{1,{_LONGEST_NUMBER}}}|{_NUMERAL}{{1,8}})\s*[号號]?"
)


@dataclass(frozen=True)
class DocumentNumber:
    """The number of an official document.

    Attributes:
        agency: the short name of the issuing organ and the kind of document, like 澜政示.
        year: in which it was issued.
        number: counted within that year.

    """

    agency: str
    year: int
    number: int

    def __str__(self) -> str:
        """Return it as printed: hexagonal brackets, no 第 and no leading zero (GB/T 9704-2012)."""
        return f"{self.agency}〔{self.year}〕{self.number}号"

    @property
    def key(self) -> str:
        """The form in which two spellings are compared."""
        return f"{self.agency}|{self.year}|{self.number}"


def read_document_number(text: str) -> DocumentNumber | None:
    """Return the document number that a text is, in any spelling; None when it is none.

    Brackets of every kind or none, widths, blanks, 年, 第, 号 or 號, leading zeros, and years and
    numbers in Chinese numerals are the same number.
    """
    found = _FORM.fullmatch(normalize("NFKC", text.translate(_BRACKETS)).strip())
    if found is None:
        return None
    year, number = numeral_value(found["year"]), _counted(found["number"])
    if year is None or not _EARLIEST <= year <= _LATEST or not number:
        return None
    return DocumentNumber("".join(found["agency"].split()), year, number)


def _counted(text: str) -> int | None:
    return int(text) if text.isdecimal() else numeral_value(text)
