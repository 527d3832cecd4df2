"""The parts of answers that several of them have: a unit, an article, a link to something else."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import ConfigDict, Field

from portal.core.blocks import Article


class Answer(Schema):
    """An answer, or part of one; it has exactly the fields that are named."""

    model_config = ConfigDict(extra="forbid")


class UnitAnswer(Answer):
    """A unit of the government."""

    code: str = Field(description=_("Its lasting code."))
    name: str = Field(description=_("Its full name."))


class LinkAnswer(Answer):
    """Something else that is public, and where."""

    title: str = Field(description=_("What it is called."))
    url: str = Field(description=_("Its address on this site."))


class ArticleAnswer(Answer):
    """One article of a text."""

    id: str = Field(description=_("Lasting id; it stays when the number moves."))
    number: str = Field(description=_("Its number as printed, like 第十二条."))
    place: int = Field(description=_("Its place in the whole text, counted from 1."))
    path: list[str] = Field(description=_("The chapter and section headings above it."))
    text: str = Field(description=_("Its words; paragraphs and items are lines."))
    url: str = Field(description=_("Its address on this site."))


def articles_at(url: str, articles: Iterable[Article]) -> list[ArticleAnswer]:
    """Return the articles of the text that stands at an address."""
    return [
        ArticleAnswer(
            id=one.id,
            number=one.label,
            place=one.number,
            path=[heading for heading in one.path if heading],
            text=one.text,
            url=f"{url}#{one.anchor}",
        )
        for one in articles
    ]


def label_of(choice: Any) -> str:
    """Return a choice in words; of none the empty string."""
    return str(choice.label) if choice else ""
