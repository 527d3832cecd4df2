"""What the screen of the queue shows: rows of the list, and one opinion with its verbs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from consultations.lifecycle import Display
from consultations.models import ConsultationPage, Opinion, OpinionAttachment, OpinionPoint
from consultations.passages import Passage
from consultations.viewsets.triage.forms import (
    AssignOneForm,
    PublishForm,
    RedactForm,
    WithholdOneForm,
)

FIRST_CHARACTERS = 46
# Whoever reads these is put on record.
_KEPT_FROM_VIEW = frozenset({Display.WITHHELD, Display.AUTHOR_PRIVATE})
FORMS: dict[str, type[Any]] = {
    "publish": PublishForm,
    "redact": RedactForm,
    "withhold": WithholdOneForm,
    "assign": AssignOneForm,
}


def read(ids: Iterable[int], selected: int | None) -> dict[int, Opinion]:
    """Return opinions with their points in `said`, in one statement."""
    wanted = {*ids, *([selected] if selected else [])}
    files = OpinionAttachment.objects.filter(opinion=OuterRef("opinion"))
    points = (
        OpinionPoint.objects.filter(opinion__in=wanted)
        .select_related("opinion", "opinion__assignee", "issue")
        .annotate(has_files=Exists(files))
        .order_by("opinion_id", "place", "pk")
    )
    opinions: dict[int, Opinion] = {}
    for point in points:
        opinion = opinions.setdefault(point.opinion_id, point.opinion)
        opinion.has_files = point.has_files
        opinion.said = [*getattr(opinion, "said", []), point]
    return opinions


def is_kept_from_view(opinion: Opinion) -> bool:
    """Tell whether looking at the text is put on record."""
    return opinion.display in _KEPT_FROM_VIEW


@dataclass(frozen=True)
class Row:
    """One opinion in the list."""

    opinion: Opinion
    url: str
    is_current: bool
    articles: str

    @property
    def words(self) -> str:
        """The first words, unless reading them is put on record."""
        if is_kept_from_view(self.opinion):
            return ""
        return str(Truncator(str(self.opinion.comment)).chars(FIRST_CHARACTERS))


def labels_of(opinion: Opinion, articles: dict[str, str]) -> str:
    """Return the articles an opinion speaks to, as printed."""
    whole = _("The whole draft")
    found = [
        articles.get(point.article_id, _("An article")) if point.article_id else whole
        for point in opinion.said
    ]
    return _(", ").join(dict.fromkeys(found))


@dataclass(frozen=True)
class Piece:
    """A part of the text as it arrived, and whether it is hidden from the public."""

    text: str
    is_hidden: bool = False


def pieces_of(text: str, passages: Sequence[Passage]) -> list[Piece]:
    """Cut a text where hidden passages begin and end; together the pieces are the text."""
    pieces = []
    done = 0
    for one in passages:
        pieces += [Piece(text[done : one.start]), Piece(text[one.start : one.end], is_hidden=True)]
        done = one.end
    return [piece for piece in (*pieces, Piece(text[done:])) if piece.text]


@dataclass(frozen=True)
class Look:
    """What of an opinion was asked to be shown, and put on record."""

    text: bool = False
    author: bool = False


@dataclass
class Selected:
    """The opinion that is read, with its forms; a refused one in the place of its kind."""

    opinion: Opinion
    page: ConsultationPage
    look: Look = field(default_factory=Look)
    refused: dict[str, Any] = field(default_factory=dict)

    @property
    def shows_text(self) -> bool:
        """Whether the text may stand on the screen."""
        return self.look.text or not is_kept_from_view(self.opinion)

    @property
    def pieces(self) -> list[Piece]:
        """The text as it arrived."""
        hidden = [
            Passage(row.start, row.end)
            for row in (self.opinion.redactions.all() if self.opinion.is_redacted else ())
        ]
        return pieces_of(str(self.opinion.comment), hidden)

    @property
    def points(self) -> list[dict[str, Any]]:
        """What it speaks to: article, its words, the stance, the issue."""
        articles = {article.id: article for article in self.page.articles}
        return [
            {"point": point, "article": articles.get(point.article_id)}
            for point in self.opinion.said
        ]

    @property
    def forms(self) -> dict[str, Any]:
        """The forms of the verbs."""
        if not self.shows_text:
            kinds = {name: FORMS[name] for name in ("withhold", "assign")}
        else:
            kinds = FORMS
        return {
            name: self.refused.get(name) or kind(opinion=self.opinion, auto_id=f"{name}-%s")
            for name, kind in kinds.items()
        }
