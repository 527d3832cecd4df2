"""The table of opinions that came on paper: its template, and the judgement of one filled in.

The table is an official paper, so its headings and words are in the official language, whatever
language its reader works in.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from consultations.compliance.offline import outside_period
from consultations.lifecycle import LONGEST_OPINION, AuthorKind, Channel, Region, Stance
from portal.core.blocks import Article
from portal.core.sheets import Column, Problem, Row, Sheet, read_xlsx, write_xlsx

LONGEST_KEY = 64
LONGEST_NAME = 50
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")

# key, heading, whether it is required, characters
_COLUMNS: tuple[tuple[str, Any, bool, int], ...] = (
    ("key", gettext_lazy("Row number"), True, LONGEST_KEY),
    ("channel", gettext_lazy("Channel"), True, 20),
    ("received_on", gettext_lazy("Day received"), True, 30),
    ("text", gettext_lazy("Opinion"), True, LONGEST_OPINION),
    ("article", gettext_lazy("Article"), False, 100),
    ("stance", gettext_lazy("Stance"), False, 20),
    ("kind", gettext_lazy("Speaks for"), False, 20),
    ("region", gettext_lazy("Region"), False, 20),
    ("name", gettext_lazy("Author’s name"), False, LONGEST_NAME),
    ("name_consent", gettext_lazy("Name may be shown"), False, 5),
    ("is_private", gettext_lazy("Not to be shown"), False, 5),
)
YES, NO = pgettext_lazy("cell of a table", "yes"), pgettext_lazy("cell of a table", "no")


@dataclass(frozen=True)
class TableRow:
    """One opinion of a table.

    Attributes:
        number: of the row, as the table program shows it.
        key: what names the row in every copy of the table.
        channel: the way it came.
        received_on: the day on which it reached us, in ISO 8601.
        text: what it says.
        article_id: what it speaks to; the empty string is the whole draft.
        stance: of its author, may be empty.
        kind: for whom the author speaks.
        region: of the author, may be empty.
        name: of the author, may be empty.
        name_consent: whether the name may be shown.
        is_private: whether the author wishes it not to be shown.

    """

    number: int
    key: str
    channel: str
    received_on: str
    text: str
    article_id: str = ""
    stance: str = ""
    kind: str = AuthorKind.INDIVIDUAL
    region: str = ""
    name: str = ""
    name_consent: bool = False
    is_private: bool = False


@dataclass(frozen=True)
class Judged:
    """What was found in a table.

    Attributes:
        rows: that can be entered, in their order.
        problems: each forbids the import.
        warnings: each is worth a look.
        ignored: headings of columns that nothing is known of.

    """

    rows: list[TableRow]
    problems: list[Problem]
    warnings: list[Problem]
    ignored: tuple[str, ...] = ()


class _Unknown(Exception):
    """A cell that says nothing that could be entered; the text is a sentence."""


def official() -> Any:
    """Return a context in which words are official ones."""
    return translation.override(settings.LANGUAGE_CODE)


def columns() -> list[Column]:
    """Return the columns of the table."""
    with official():
        return [
            Column(key, str(heading), is_required=is_required, most=most)
            for key, heading, is_required, most in _COLUMNS
        ]


def template(title: str, articles: Sequence[Article]) -> Iterator[bytes]:
    """Yield an empty table, with the articles of a draft and the allowed words on further sheets.

    Args:
        title: of the round, which is told so that two tables are not mistaken.
        articles: of its draft.

    """
    with official():
        headings = [
            f"{column.heading} *" if column.is_required else column.heading for column in columns()
        ]
        known: list[tuple[str, type[TextChoices]]] = [
            (_("Channel"), Channel),
            (_("Stance"), Stance),
            (_("Speaks for"), AuthorKind),
            (_("Region"), Region),
        ]
        words = [
            (heading, str(word.label))
            for heading, choices in known
            for word in choices
            if word is not Channel.ONLINE
        ]
        words += [(_("Name may be shown"), str(YES)), (_("Not to be shown"), str(YES))]
        drafted = [(_("Consultation"), title)]
        drafted += [(article.label, article.text) for article in articles]
        further = [
            Sheet(_("Articles"), [_("Article"), _("Text")], drafted),
            Sheet(_("Allowed words"), [_("Column"), _("Word")], words),
        ]
        table = list(
            write_xlsx(
                headings,
                [],
                title=_("Opinions"),
                widths=[12, 12, 16, 60, 16, 14, 14, 18, 16, 14, 14],
                further=further,
            )
        )
    yield from table


def judged_table(
    upload: UploadedFile, *, articles: Sequence[Article], period: tuple[date, date], today: date
) -> Judged:
    """Read a table that somebody filled in.

    Args:
        upload: the workbook.
        articles: of the round's draft.
        period: first and last day of the round.
        today: after which no letter has come.

    Raises:
        SheetRefused: it is no such table.

    """
    table = read_xlsx(upload, columns())
    judge = _Judge(articles, period, today)
    return Judged(
        rows=[row for row in map(judge.row, table.rows) if row is not None],
        problems=sorted([*table.problems, *judge.problems], key=lambda one: one.row),
        warnings=judge.warnings,
        ignored=table.ignored,
    )


class _Judge:
    """Turns the rows of one table into opinions, and gathers what is wrong with them."""

    def __init__(self, articles: Sequence[Article], period: tuple[date, date], today: date) -> None:
        with official():
            self.headings = {key: str(heading) for key, heading, _required, _most in _COLUMNS}
            self.articles = {"": "", _bare(_("The whole draft")): ""}
            self.channels = _words(Channel)
            self.stances = {"": ""} | _words(Stance)
            self.kinds = {"": AuthorKind.INDIVIDUAL.value} | _words(AuthorKind)
            self.regions = {"": ""} | _words(Region)
            self.yes_or_no = {"": False, _bare(str(NO)): False, _bare(str(YES)): True}
        self.articles |= {_bare(article.label): article.id for article in articles}
        self.channels.pop(_bare(str(Channel.ONLINE.value)), None)
        self.channels = {
            word: value for word, value in self.channels.items() if value != Channel.ONLINE
        }
        self.period, self.today = period, today
        self.first_rows: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def row(self, row: Row) -> TableRow | None:
        """Return what a row says, or None where that cannot be entered."""
        readers: dict[str, Callable[[str], Any]] = {
            "key": lambda text: self._key(row.number, text),
            "channel": lambda text: _one_of(self.channels, text),
            "received_on": self._day,
            "text": _storable,
            "article": lambda text: _one_of(self.articles, text),
            "stance": lambda text: _one_of(self.stances, text),
            "kind": lambda text: _one_of(self.kinds, text),
            "region": lambda text: _one_of(self.regions, text),
            "name": _storable,
            "name_consent": lambda text: _one_of(self.yes_or_no, text),
            "is_private": lambda text: _one_of(self.yes_or_no, text),
        }
        found: dict[str, Any] = {}
        for key, read in readers.items():
            try:
                found[key] = read(row[key])
            except _Unknown as unknown:
                self.problems.append(Problem(row.number, self.headings[key], str(unknown)))
        if len(found) < len(readers):
            return None
        if found["name_consent"] and not found["name"]:
            self.problems.append(
                Problem(row.number, self.headings["name"], _("Enter the name that may be shown."))
            )
        self._warn_of_day(row.number, found["received_on"])
        article_id = found.pop("article")
        return TableRow(number=row.number, article_id=article_id, **found)

    def _key(self, number: int, text: str) -> str:
        if text and text in self.first_rows:
            raise _Unknown(
                _("Row %(row)s has the same number; each opinion needs its own.")
                % {"row": self.first_rows[text]}
            )
        self.first_rows[text] = number
        return _storable(text)

    def _day(self, text: str) -> str:
        if not text:
            return ""
        match = _DAY.fullmatch(text)
        try:
            day = date(*map(int, match.groups())) if match else None
        except ValueError:
            day = None
        if day is None:
            raise _Unknown(_("This is no day. Write it as 2026-03-01."))
        if day > self.today:
            raise _Unknown(_("This day lies ahead."))
        return day.isoformat()

    def _warn_of_day(self, number: int, received_on: str) -> None:
        if not received_on:
            return
        sentence = outside_period(*self.period, date.fromisoformat(received_on))
        if sentence:
            self.warnings.append(Problem(number, self.headings["received_on"], sentence))


def _storable(text: str) -> str:
    if "\x00" in text:
        raise _Unknown(_("The text contains characters that cannot be stored."))
    return text


def _one_of(words: dict[str, Any], text: str) -> Any:
    """Return what a word stands for; an empty cell of a required column is judged elsewhere."""
    bare = _bare(text)
    if bare in words:
        return words[bare]
    if not bare:
        return ""
    raise _Unknown(_("“%(word)s” is not one of the allowed words.") % {"word": text[:30]})


def _words(choices: type[TextChoices]) -> dict[str, str]:
    """Return the values by their official words, and by themselves."""
    found = {_bare(str(one.label)): str(one.value) for one in choices}
    return found | {str(one.value): str(one.value) for one in choices}


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


def to_json(judged: Judged) -> dict[str, Any]:
    """Return what JSON can hold of a judgement."""
    return {
        "rows": [[getattr(row, one.name) for one in fields(TableRow)] for row in judged.rows],
        "problems": [[one.row, one.column, one.sentence] for one in judged.problems],
        "warnings": [[one.row, one.column, one.sentence] for one in judged.warnings],
        "ignored": list(judged.ignored),
    }


def from_json(content: dict[str, Any]) -> Judged:
    """Return the judgement that `to_json` took apart."""
    return Judged(
        rows=[TableRow(*one) for one in content["rows"]],
        problems=[Problem(*one) for one in content["problems"]],
        warnings=[Problem(*one) for one in content["warnings"]],
        ignored=tuple(content["ignored"]),
    )
