"""The interpretations of the demo: prepared with what they explain, published with it or later."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from wagtail.images.models import Image
from wagtail.rich_text import RichText

from consultations import services
from consultations.lifecycle import InterpretationKind
from consultations.models import ConsultationPage, InterpretationPage
from decisions.models import DecisionPage
from home.demo.hands import Stagehands
from home.demo.past import dated
from home.demo.release import release
from home.demo.texts import paragraphs
from portal.core.waivers import waive

_FILE = Path(__file__).parent / "interpretations.toml"
_PICTURES = Path(__file__).parent / "pictures"
DECISION = 0


@dataclass(frozen=True)
class Interpretation:
    """One interpretation as the data file tells it.

    Attributes:
        matter: name of the matter.
        of: the number of the round whose draft it explains, or `DECISION`.
        kind: an `InterpretationKind` value.
        text: plain lines, a paragraph each.
        questions: question and answer.
        picture: name of its file among the demo's pictures, with `alternative` and `words`.
        after: days after the publication of what it explains.

    """

    matter: str
    of: int
    kind: str
    title: str
    author: str
    summary: str
    text: str = ""
    questions: tuple[tuple[str, str], ...] = ()
    picture: str = ""
    alternative: str = ""
    words: str = ""
    after: int = 0

    def body(self) -> Iterator[tuple[str, Any]]:
        """Yield the blocks of its page."""
        if self.text:
            yield "paragraph", RichText(paragraphs(self.text))
        if self.picture:
            picture = {"alternative": self.alternative, "words": self.words.strip()}
            yield "picture", {"image": _uploaded(self.picture, self.title), **picture}
        for question, answer in self.questions:
            yield "question", {"question": question, "answer": RichText(paragraphs(answer))}


def _uploaded(name: str, title: str) -> Image:
    """Return one of the demo's pictures as if somebody had uploaded it."""
    content = (_PICTURES / name).read_bytes()
    return Image.objects.create(title=title, file=ContentFile(content, name=name))


@cache
def _told() -> dict[str, Any]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


def prepare(
    page: ConsultationPage | DecisionPage, matter: str, of: int, hands: Stagehands, *, at: datetime
) -> list[tuple[Interpretation, InterpretationPage]]:
    """Prepare what explains a page that is not public yet, or state why nothing does."""
    for told in _told().get("reason", ()):
        if (told["matter"], told["of"]) == (matter, of):
            rule_id = "DEC-4" if of == DECISION else "CON-9"
            waive(page=page, rule_id=rule_id, reason=told["text"], by=hands.publisher, at=at)
    return [(told, _add(told, number, page)) for number, told in enumerate(_of(matter, of), 1)]


def _of(matter: str, of: int) -> list[Interpretation]:
    every = (Interpretation(**one) for one in _told()["interpretation"])
    return [one for one in every if (one.matter, one.of) == (matter, of)]


def _add(
    told: Interpretation, number: int, page: ConsultationPage | DecisionPage
) -> InterpretationPage:
    interpretation = InterpretationPage(
        title=told.title,
        slug=f"interpretation-{number}",
        live=False,
        summary=told.summary,
        kind=InterpretationKind(told.kind),
        author=told.author,
        body=list(told.body()),
    )
    page.add_child(instance=interpretation)
    return interpretation


def publish_explanations(
    prepared: list[tuple[Interpretation, InterpretationPage]], hands: Stagehands, *, at: datetime
) -> None:
    """Publish what was prepared, each on its day."""
    for told, page in prepared:
        with dated(at + timedelta(days=told.after)) as moment:
            release(page, hands)
            services.publish_interpretation(page=page, by=hands.publisher, at=moment)
