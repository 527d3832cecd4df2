"""Reading a question as a researcher writes it; pure.

    question := either
    either   := both (OR both)*
    both     := one (AND? one)*
    one      := (NOT | -)* alone
    alone    := "(" either ")" | field ":" value | “phrase” | word

OR may be written 或, AND 且, NOT 非, each as a word of its own, and beside Chinese words in small
letters; letters, brackets and colons may be full width. Without an operator, field or phrase the
whole is plain words, so that a title with brackets in it is searched as it was pasted.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import override

from consultations.lifecycle import Stage
from consultations.models.topic import Topic
from decisions.search.analysis import canonical_document_no, fold, terms_of
from decisions.search.periods import read_days, read_years
from decisions.search.question import (
    AllOf,
    AnyOf,
    Between,
    DateField,
    Has,
    Leaf,
    Node,
    Not,
    Number,
    OfUnit,
    Term,
    Words,
)

DEEPEST = 5
MOST_CONDITIONS = 64

_OPENING, _CLOSING = "(（", ")）"
_QUOTES = {'"': '"”＂', "“": '”"＂', "”": '”"＂', "＂": '＂"”'}
_COLONS = ":："
_MINUS = "-－"


class UnreadableError(ValueError):
    """A question that cannot be read; the message is for the reader.

    Attributes:
        at: where in the question the trouble is, counted from 0.

    """

    def __init__(self, message: str, at: int) -> None:
        """Keep the place."""
        super().__init__(message)
        self.at = at


class _Sign(Enum):
    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    WORD = auto()
    PHRASE = auto()
    FIELD = auto()


# Folded: many input methods write full-width letters.
_OPERATORS = {
    "and": _Sign.AND,
    "且": _Sign.AND,
    "or": _Sign.OR,
    "或": _Sign.OR,
    "not": _Sign.NOT,
    "非": _Sign.NOT,
}
_HAN = re.compile(r"[\u3400-\u9fff]")


# What stands in a text that nobody wrote as a question.
_PLAIN = frozenset({_Sign.WORD, _Sign.OPEN, _Sign.CLOSE})


@dataclass(frozen=True)
class _Token:
    sign: _Sign
    text: str
    at: int
    end: int


def read_question(text: str) -> Node | None:
    """Return what a question means; None for an empty one.

    Raises:
        UnreadableError: it has operators, and they do not make sense.

    """
    words = text.strip()
    if not words:
        return None
    # Signs alone, or an operator alone, are looked for like anything else, and are not found.
    if not terms_of(words) or fold(words) in _OPERATORS:
        return Words(words)
    tokens = _tokens(text)
    if all(token.sign in _PLAIN for token in tokens):
        return Words(words)
    return _Reader(text, tokens).read()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
        elif text[at] in _OPENING:
            found.append(_Token(_Sign.OPEN, text[at], at, at + 1))
            at += 1
        elif text[at] in _CLOSING:
            found.append(_Token(_Sign.CLOSE, text[at], at, at + 1))
            at += 1
        elif text[at] in _QUOTES:
            end = next((n for n in range(at + 1, len(text)) if text[n] in _QUOTES[text[at]]), -1)
            if end < 0:
                raise UnreadableError(_("This quotation mark is not closed."), at)
            found.append(_Token(_Sign.PHRASE, text[at + 1 : end], at, end + 1))
            at = end + 1
        elif text[at] in _MINUS and at + 1 < len(text) and not text[at + 1].isspace():
            found.append(_Token(_Sign.NOT, text[at], at, at + 1))
            at += 1
        else:
            found.append(_word(text, at))
            at = found[-1].end
    return found


def _word(text: str, start: int) -> _Token:
    """Read up to a blank, or to a bracket that is not opened and closed within the word itself."""
    opened = []
    at = start
    while at < len(text) and not text[at].isspace():
        if text[at] in _COLONS and fold(text[start:at]) in FIELDS:
            return _Token(_Sign.FIELD, fold(text[start:at]), start, at + 1)
        if text[at] in _OPENING:
            opened.append(at)
        elif text[at] in _CLOSING:
            if not opened:
                break
            opened.pop()
        at += 1
    end = opened[0] if opened else at
    word = text[start:end]
    return _Token(_sign_of(word, text), word, start, end)


def _sign_of(word: str, question: str) -> _Sign:
    """Return what a word is in its question.

    Small letters join Chinese words as capitals do; in a title pasted in English they join nothing.
    """
    if not word.isupper() and not _HAN.search(question):
        return _Sign.WORD
    return _OPERATORS.get(fold(word), _Sign.WORD)


class _Reader:
    """Reads the tokens of one question from left to right."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.next = 0
        self.conditions = 0

    def read(self) -> Node:
        node = self.either(depth=0)
        if self.ahead is not None:
            raise UnreadableError(_("This bracket was never opened."), self.ahead.at)
        return node

    @property
    def ahead(self) -> _Token | None:
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def take(self, sign: _Sign) -> _Token | None:
        """Step over the next token if it is this sign."""
        token = self.ahead
        if token is None or token.sign is not sign:
            return None
        self.next += 1
        return token

    def either(self, depth: int) -> Node:
        nodes = [self.both(depth)]
        while self.take(_Sign.OR):
            nodes.append(self.both(depth))
        return nodes[0] if len(nodes) == 1 else AnyOf(tuple(nodes))

    def both(self, depth: int) -> Node:
        nodes = [self.one(depth)]
        while True:
            is_joined = self.take(_Sign.AND)
            if not is_joined and (self.ahead is None or self.ahead.sign in (_Sign.OR, _Sign.CLOSE)):
                break
            nodes.append(self.one(depth))
        return nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes))

    def one(self, depth: int) -> Node:
        # Ruled out twice is asked for; so no question gets deeper than its brackets.
        is_wanted = True
        while self.take(_Sign.NOT):
            is_wanted = not is_wanted
        node = self.alone(depth)
        return node if is_wanted else Not(node)

    def alone(self, depth: int) -> Node:
        token = self.ahead
        if token is None:
            raise UnreadableError(_("Something to search for is missing here."), len(self.text))
        self.next += 1
        if token.sign is _Sign.OPEN:
            return self.group(token, depth + 1)
        if token.sign is _Sign.FIELD:
            return self.counted(self.field(token), token)
        if token.sign in (_Sign.WORD, _Sign.PHRASE):
            return self.counted(_term(token), token)
        raise UnreadableError(_("Something to search for is missing here."), token.at)

    def group(self, opening: _Token, depth: int) -> Node:
        if depth > DEEPEST:
            raise UnreadableError(
                _("Brackets may stand in each other %(most)s deep at most.") % {"most": DEEPEST},
                opening.at,
            )
        node = self.either(depth)
        if not self.take(_Sign.CLOSE):
            raise UnreadableError(_("This bracket is not closed."), opening.at)
        return node

    def field(self, name: _Token) -> Leaf:
        value = self.take(_Sign.PHRASE) or self.take(_Sign.WORD)
        if value is None:
            raise UnreadableError(
                _("What to look for is missing behind “%(field)s:”.") % {"field": name.text},
                name.at,
            )
        read = FIELDS[name.text]
        return read(self.whole_number(value) if read is _number else value)

    def whole_number(self, value: _Token) -> _Token:
        """Return a value with the words behind it that make a document number with it, if any do.

        Blanks may stand in one: 澜政示〔2026〕 3号.
        """
        opened = 0
        for place in range(self.next, len(self.tokens)):
            token = self.tokens[place]
            opened += (token.sign is _Sign.OPEN) - (token.sign is _Sign.CLOSE)
            # A bracket that was opened before the number is not one of its own.
            if token.sign not in _PLAIN or opened < 0:
                break
            whole = self.text[value.at : token.end]
            if opened == 0 and canonical_document_no(whole):
                value, self.next = replace(value, text=whole), place + 1
        return value

    def counted(self, leaf: Leaf, token: _Token) -> Leaf:
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            raise UnreadableError(
                _("At most %(most)s conditions can be asked for at once.")
                % {"most": MOST_CONDITIONS},
                token.at,
            )
        return leaf


def _term(token: _Token) -> Term:
    return Term(_said(token), is_quoted=token.sign is _Sign.PHRASE)


def _said(token: _Token) -> str:
    if not terms_of(token.text):
        raise UnreadableError(_("There is neither a letter nor a number here."), token.at)
    return token.text


def _in_title(token: _Token) -> Term:
    return Term(_said(token), in_title=True, is_quoted=token.sign is _Sign.PHRASE)


def _number(token: _Token) -> Number:
    key = canonical_document_no(token.text)
    if key:
        return Number(key)
    agency = "".join(terms_of(token.text))
    if not agency or any(sign.isdigit() for sign in agency):
        raise UnreadableError(
            _("This is no document number. Write it like 文号:澜政示〔2026〕3号."), token.at
        )
    return Number(agency, is_whole=False)


def _unit(token: _Token) -> OfUnit:
    return OfUnit(_said(token))


def _years(token: _Token) -> Between:
    years = read_years(fold(token.text))
    if years is None:
        raise UnreadableError(_("Write years like 年份:2026 or 年份:2020..2026."), token.at)
    return Between("year", *years)


def _named(choices: type[TextChoices], name: str) -> tuple[str, ...]:
    """Return the choices that have this name, or hold it in their label in any language.

    So a link or an alert asks the same whoever reads it.
    """
    asked = fold(name)
    found = set()
    for language, _language in settings.LANGUAGES:
        with override(language):
            found |= {one for one in choices if asked == one or asked in fold(str(one.label))}
    return tuple(one.value for one in choices if one in found)


def _topic(token: _Token) -> Has:
    found = _named(Topic, _said(token))
    if not found:
        raise UnreadableError(_("There is no topic of this name."), token.at)
    return Has("topic", found)


def _stage(token: _Token) -> Has:
    found = _named(Stage, _said(token))
    if not found:
        names = "、".join(str(stage.label) for stage in Stage)
        raise UnreadableError(
            _("There is no stage of this name. There are: %(names)s.") % {"names": names},
            token.at,
        )
    return Has("stage", found)


def _days(field: DateField) -> Callable[[_Token], Between]:
    def read(token: _Token) -> Between:
        days = read_days(fold(token.text))
        if days is None:
            raise UnreadableError(
                _("Write days like 2026-03-01, months like 2026-03, spans like 2026-03..2026-06."),
                token.at,
            )
        return Between(field.value, *days)

    return read


# What may stand before a colon, folded: in the language of the site, and in English.
FIELDS: dict[str, Callable[[_Token], Leaf]] = {
    name: read
    for names, read in (
        ("标题 title", _in_title),
        ("文号 number", _number),
        ("部门 unit", _unit),
        ("年份 year", _years),
        ("主题 topic", _topic),
        ("阶段 stage", _stage),
        ("开始 opens", _days(DateField.OPENS)),
        ("截止 closes", _days(DateField.CLOSES)),
        ("公布 decided", _days(DateField.DECIDED)),
        ("施行 effective", _days(DateField.EFFECTIVE)),
    )
    for name in names.split()
}
