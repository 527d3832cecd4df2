"""What a line is by its looks: article, heading, annex, entry of a list of contents.

One line at a time enters, with what came before it where that decides.
"""

import re
from dataclasses import dataclass

from portal.core.drafting.lines import Form, Line
from portal.core.numerals import NUMERALS, numeral_value

# Marks stand in short lines; longer ones are not searched for them, whatever they begin with.
LONGEST_MARK = 200
LONGEST_HEADING = 40
LONGEST_STYLED_HEADING = 100
LONGEST_ENTRY = 30
LONGEST_TITLE = 20

_N = rf"[{NUMERALS}](?:\s*[{NUMERALS}])*"
_SUB = r"(?:\s*之\s*(?P<sub>[一二三四五六七八九十]+)(?!般|些|定|旦|律|切|直))?"
_ARTICLE = re.compile(rf"(?P<mark>第\s*(?P<n>{_N})\s*条{_SUB})(?P<rest>.*)", re.DOTALL)
_HEADING = re.compile(
    rf"(?P<mark>第\s*(?P<n>{_N})\s*(?P<level>编|分编|章|节)"
    r"(?:\s*之\s*[一二三四五六七八九十]+)?)(?P<rest>.*)",
    re.DOTALL,
)
LEVELS = ("编", "分编", "章", "节")
_ARTICLE_BELOW = re.compile(rf"\s第\s*{_N}\s*条\s")
_KNOWN = re.compile(r"(总|分|附|罚)\s*则")
_CONTENTS = re.compile(r"目\s*[录次]")
_PAGE = re.compile(r"(?:\t|\.{2,}|…+|·{2,}|．{2,}|—{2,}| {3,})[\s\-—]*[0-9０-９]+[\s\-—]*$")
_ANNEX = re.compile(
    rf"(?P<mark>附\s*[件表录图]\s*(?:{_N}|[A-Za-z])?)\s*(?:[：:.．、\s]|$)"
    rf"|(?P<short>附)\s*[：:]|(?P<titled>附\s*[件表录图]\s*{_N})(?![的所中]|规定)[^。；;，,]*$"
)

_OTHER_PLACE = rf"第\s*[（(]?\s*{_N}\s*[）)]?\s*[款项条目编章节]"
# What goes on like this names an article and does not begin one.
_NEVER_BEGINS = re.compile(
    rf"[，,。．；;）)》」』”’！!？?]|{_OTHER_PLACE}|(?:[、至到和与及或~～—－-]|或者|以及)\s*{_OTHER_PLACE}"
)
_SELDOM_BEGINS = re.compile(
    rf"的|及(?!时)|或|等|作为|规定|所[称列述指规]|中[的“，,关增规删第]|修改|删去|改为|增加|之"
    rf"|以[上下内外前后]|[（(]\s*{_N}\s*[）)]"
)
_SEPARATES = re.compile(r"\s|$|[：:、【〔\[（(]")
# A title ends with none of these.
_GOES_ON = frozenset("。；;：:，,、")
_SENTENCE_ENDS = frozenset('。；！？：.;!?:”"’』」》）)…—】〕]')


@dataclass(frozen=True)
class Place:
    """The number of an article: 第十条之一 is 10 and 1."""

    number: int = 0
    sub: int = 0

    def is_followed_by(self, other: "Place") -> bool:
        """Tell whether another one is the next."""
        if other.sub:
            return other.number == self.number and other.sub == self.sub + 1
        return other.number == self.number + 1


@dataclass(frozen=True)
class Mark:
    """The mark of an article and what the line says behind it."""

    printed: str
    place: Place
    rest: str


@dataclass(frozen=True)
class Heading:
    """A heading: its level is one of `LEVELS`, its number 0 if it has none."""

    level: str
    number: int
    printed: str
    has_title: bool = True


def plain(text: str) -> str:
    """Return a text with single blanks."""
    return " ".join(text.split())


def close(text: str) -> str:
    """Return a text without blanks, to compare it."""
    return "".join(text.split())


def ends_sentence(text: str) -> bool:
    """Tell whether a line could be the last of a paragraph."""
    return not text or text[-1] in _SENTENCE_ENDS


def article_mark(text: str) -> Mark | None:
    """Return the mark that a line begins with, whether or not an article begins there."""
    found = _ARTICLE.match(text)
    number = numeral_value(found["n"]) if found else None
    if found is None or not number:
        return None
    sub = numeral_value(found["sub"] or "") or 0
    return Mark(close(found["mark"]), Place(number, sub), found["rest"])


def begins_article(line: Line, mark: Mark, before: Place, *, ended: bool) -> bool:
    """Tell an article from a line that only names one, like 第三条的规定.

    Args:
        line: the whole line.
        mark: what it begins with.
        before: the last article.
        ended: whether the line before could be the end of a paragraph.

    """
    if _NEVER_BEGINS.match(mark.rest.lstrip()):
        return False
    if line.level or close(line.bold) == mark.printed:
        return True
    is_next = before.is_followed_by(mark.place)
    is_apart = _SEPARATES.match(mark.rest) is not None
    if _SELDOM_BEGINS.match(mark.rest):
        return is_apart and is_next and ended
    return ended or (is_apart and is_next)


def heading_of(line: Line) -> Heading | None:
    """Return the heading that a line is."""
    text = plain(line.text)
    longest = LONGEST_STYLED_HEADING if line.level else LONGEST_HEADING
    if len(text) > longest:
        return None
    if _KNOWN.fullmatch(text):
        return Heading("章", 0, text)
    found = _HEADING.fullmatch(text)
    number = numeral_value(found["n"]) if found else None
    if found is None or number is None:
        return None
    title = found["rest"].strip()
    if _ARTICLE_BELOW.search(title):
        return None
    if title and (title[-1] in _GOES_ON or _is_reference(found["rest"])):
        return None
    return Heading(found["level"], number, text, has_title=bool(title))


def apart(line: Line) -> list[Line]:
    """Return a line as two if an article begins in it behind a heading."""
    found = _ARTICLE_BELOW.search(line.text, 0, LONGEST_MARK)
    if found is None or line.form is not Form.TEXT:
        return [line]
    first = Line(line.text[: found.start()].strip(), line.level, line.bold)
    if heading_of(first) is None:
        return [line]
    return [first, Line(line.text[found.start() :].strip(), is_listed=line.is_listed)]


def _is_reference(rest: str) -> bool:
    named = _NEVER_BEGINS.match(rest.lstrip())
    return bool(named) or bool(_SELDOM_BEGINS.match(rest) and not rest[:1].isspace())


def is_title(line: Line) -> bool:
    """Tell whether a line may be the title that stands below 第一章."""
    return len(line.text) <= LONGEST_TITLE and line.text[-1] not in _GOES_ON


def annex_of(line: Line) -> str:
    """Return the mark of the annex that a line begins, like 附件2; the empty string for none."""
    found = _ANNEX.match(line.text) if len(line.text) <= LONGEST_STYLED_HEADING else None
    return close(found["mark"] or found["short"] or found["titled"]) if found else ""


def is_contents_title(line: Line) -> bool:
    """Tell whether a list of contents follows."""
    return _CONTENTS.fullmatch(line.text) is not None


def has_page_number(line: Line) -> bool:
    """Tell whether a line ends like one of a list of contents."""
    return len(line.text) <= LONGEST_MARK and _PAGE.search(line.text) is not None


def without_page_number(line: Line) -> Line:
    """Return the line that an entry of a list of contents leads to."""
    return Line(_PAGE.sub("", line.text).strip()) if len(line.text) <= LONGEST_MARK else line
