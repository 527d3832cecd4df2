"""From lines to a draft in pieces: nothing is lost, nothing invented, doubts are said."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.drafting import doubts
from portal.core.drafting.contents import Contents
from portal.core.drafting.lines import (
    Form,
    Line,
    lines_of_html,
    lines_of_markdown,
    lines_of_text,
)
from portal.core.drafting.marks import (
    LEVELS,
    LONGEST_HEADING,
    Heading,
    Mark,
    Place,
    annex_of,
    apart,
    article_mark,
    begins_article,
    ends_sentence,
    heading_of,
    is_title,
    plain,
)
from portal.core.drafting.parsed import ParsedArticle, ParsedDraft, Part

_NOTHING = Place()
_ARTICLE_TEXT = frozenset({Part.ARTICLE, Part.CONTINUED})


def parse_text(text: str) -> ParsedDraft:
    """Recognise a draft in plain text."""
    return parse(lines_of_text(text))


def parse_markdown(text: str) -> ParsedDraft:
    """Recognise a draft in Markdown."""
    return parse(lines_of_markdown(text))


def parse_html(html: str) -> ParsedDraft:
    """Recognise a draft in clean HTML: paragraphs, headings, lists and tables."""
    return parse(lines_of_html(html))


def parse(lines: Sequence[Line]) -> ParsedDraft:
    """Recognise the articles, headings, annexes and other pieces of a draft."""
    single = [part for line in lines for part in apart(line)]
    parser = _Parser(single)
    for line in single:
        parser.take(line)
    return parser.finished()


@dataclass
class _Piece:
    """A piece that may get further lines."""

    number: str
    path: tuple[str, ...]
    kind: Part
    lines: list[str]


class _Parser:
    """Where in the draft the last line was, and what came of it so far."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._contents = Contents(lines)
        self._pieces: list[_Piece] = []
        self._warnings: list[str] = []
        # The headings that hold here, those of them with nothing below yet, and the levels that
        # the styles of numbered headings stand for.
        self._path: dict[str, str] = {}
        self._waiting: list[str] = []
        self._styles: dict[int, str] = {}
        self._chapters: dict[str, int] = {}
        self._untitled = False
        # The last article, and whether no heading came since.
        self._before, self._printed, self._in_article = _NOTHING, "", False
        self._met: set[Place] = set()
        self._annex = ""
        self._listed = self._pictures = 0

    def take(self, line: Line) -> None:
        """Put the next line where it belongs."""
        self._listed += line.is_listed
        if line.form is Form.PICTURE:
            self._pictures += 1
        elif line.form is Form.TABLE:
            self._begin(Part.TABLE, line.text, number=self._annex)
        elif line.form is Form.NOTE:
            self._pieces.append(_Piece("", (), Part.NOTE, [line.text]))
        elif not self._annex and self._contents.holds(line, has_begun=self._has_begun):
            self._add(Part.CONTENTS, plain(line.text))
        elif not (self._is_article(line) or self._is_heading(line) or self._is_annex(line)):
            self._add(self._kind_of_text(), plain(line.text))

    @property
    def _has_begun(self) -> bool:
        return self._before != _NOTHING

    # Articles

    def _is_article(self, line: Line) -> bool:
        mark = article_mark(line.text)
        if mark is None:
            return False
        ended = ends_sentence(self._line_before())
        if not begins_article(line, mark, self._before, ended=ended):
            if not ended and mark.rest[:1].isspace():
                self._warnings.append(doubts.only_named(mark.printed))
            return False
        if self._annex and not self._before.is_followed_by(mark.place):
            self._warnings.append(doubts.annex_with_articles(self._annex))
            return False
        self._compare(mark)
        self._annex, self._untitled = "", False
        self._before, self._printed, self._in_article = mark.place, mark.printed, True
        self._met.add(mark.place)
        self._begin(Part.ARTICLE, plain(mark.rest), number=mark.printed)
        return True

    def _line_before(self) -> str:
        """Return the line that could go on in the next one."""
        if not self._pieces or self._waiting or self._pieces[-1].kind not in _ARTICLE_TEXT:
            return ""
        return "".join(self._pieces[-1].lines[-1:])

    def _compare(self, mark: Mark) -> None:
        """Say when numbers leap or come twice."""
        if mark.place in self._met:
            self._warnings.append(doubts.twice(mark.printed))
        elif self._before.is_followed_by(mark.place):
            return
        elif self._has_begun:
            self._warnings.append(doubts.leap(self._printed, mark.printed))
        else:
            self._warnings.append(doubts.late_first(mark.printed))

    # Headings and annexes

    def _is_heading(self, line: Line) -> bool:
        heading = heading_of(line) or self._styled_heading(line)
        if heading is None:
            return self._is_title_of_heading(line)
        if self._annex and self._chapters.get(heading.level, -2) + 1 != heading.number:
            return False
        if not line.level and not self._is_due(heading):
            return False
        if heading.number:
            self._chapters[heading.level] = heading.number
            self._styles[line.level] = heading.level
        self._open(heading)
        return True

    def _is_due(self, heading: Heading) -> bool:
        """Tell a heading from a line that was cut before 第二章 in the middle of a sentence."""
        due = {0, 1, self._chapters.get(heading.level, 0) + 1}
        return heading.number in due or ends_sentence(self._line_before())

    def _styled_heading(self, line: Line) -> Heading | None:
        """Return what only its style makes a heading; before all others it is the title."""
        has_begun = self._has_begun or bool(self._path)
        if not line.level or not has_begun or len(line.text) > LONGEST_HEADING or annex_of(line):
            return None
        level = self._styles.get(line.level) or ("节" if "章" in self._path else "章")
        return Heading(level, 0, plain(line.text))

    def _is_title_of_heading(self, line: Line) -> bool:
        """Take 总则 below 第一章."""
        is_open, self._untitled = self._untitled, False
        if not is_open or not is_title(line):
            return False
        self._path[self._waiting[-1]] += f" {plain(line.text)}"
        return True

    def _open(self, heading: Heading) -> None:
        self._close(heading.level)
        self._path[heading.level] = heading.printed
        self._waiting.append(heading.level)
        self._untitled = not heading.has_title
        self._annex, self._in_article = "", False

    def _close(self, level: str) -> None:
        """End the headings from a level on, and keep those with nothing below them."""
        for inner in LEVELS[LEVELS.index(level) :]:
            words = self._path.pop(inner, "")
            if inner in self._waiting:
                self._waiting.remove(inner)
                self._pieces.append(_Piece("", (), Part.OTHER, [words]))
                self._warnings.append(doubts.idle_heading(words))

    def _is_annex(self, line: Line) -> bool:
        """Take 附件 behind the articles; before them it may hold the whole draft."""
        annex = annex_of(line) if self._has_begun else ""
        if not annex:
            return False
        self._close(LEVELS[0])
        self._annex, self._in_article = annex, False
        self._begin(Part.ANNEX, plain(_behind(annex, line.text)), number=annex)
        return True

    # Pieces

    def _kind_of_text(self) -> Part:
        """Return what a line of text is at this place."""
        if self._annex:
            return Part.ANNEX
        last = self._pieces[-1].kind if self._pieces else Part.PREAMBLE
        if self._in_article:
            return last if last in _ARTICLE_TEXT else Part.CONTINUED
        return Part.OTHER if self._path else Part.PREAMBLE

    def _add(self, kind: Part, text: str) -> None:
        """Add a line to the piece it belongs to, or begin one."""
        last = self._pieces[-1] if self._pieces else None
        is_below_heading = bool(self._waiting) and kind is not Part.CONTENTS
        if last is not None and last.kind is kind and not is_below_heading:
            last.lines.append(text)
            return
        if kind is Part.OTHER:
            self._warnings.append(doubts.outside(text))
        number = self._printed if kind is Part.CONTINUED else self._annex
        self._begin(kind, text, number=number)

    def _begin(self, kind: Part, text: str, *, number: str) -> None:
        path = tuple(self._path[level] for level in LEVELS if level in self._path)
        if kind is not Part.CONTENTS:
            self._waiting.clear()
            self._untitled = False
        lines = [text] if text else []
        self._pieces.append(_Piece(number, path, kind, lines))

    def finished(self) -> ParsedDraft:
        """Return the draft, with what can be said only at its end."""
        self._close(LEVELS[0])
        if not self._has_begun:
            self._warnings = [doubts.no_article()]
            self._pieces = [single for piece in self._pieces for single in _singles(piece)]
        self._warnings += [
            doubts.empty(piece.number)
            for piece in self._pieces
            if piece.kind is Part.ARTICLE and not piece.lines
        ]
        if self._listed:
            self._warnings.append(doubts.numbered_by_word(self._listed))
        if self._pictures:
            self._warnings.append(doubts.pictures(self._pictures))
        pieces = [
            ParsedArticle(piece.number, piece.path, "\n".join(piece.lines), piece.kind)
            for piece in self._pieces
        ]
        return ParsedDraft(pieces, list(dict.fromkeys(self._warnings)))


def _singles(piece: _Piece) -> list[_Piece]:
    """Return every line of a text by itself: without numbers nothing says which belong together."""
    if piece.kind not in {Part.PREAMBLE, Part.OTHER}:
        return [piece]
    return [_Piece(piece.number, piece.path, Part.OTHER, [line]) for line in piece.lines]


def _behind(mark: str, text: str) -> str:
    """Return what follows a mark, which is without blanks, in a text with blanks."""
    left = len(mark)
    for place, sign in enumerate(text):
        left -= not sign.isspace()
        if not left:
            return text[place + 1 :]
    return ""
