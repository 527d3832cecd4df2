"""Numbered articles 第N条 and their stable addresses.

The unit people speak to is the article; its StreamField block id never changes, so an opinion,
an answer and a link keep pointing at it when its number moves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from portal.core.disclosure import Disclosure
from portal.core.numerals import chinese_numeral

ANCHOR_DIGITS = 8


@dataclass(frozen=True)
class Article:
    """One article of a draft or a decision.

    Attributes:
        id: the block id, a UUID, stable over revisions.
        number: its place, counted from 1 over the whole text.
        label: the number as printed, like 第十二条.
        text: plain text; paragraphs 款 and items 项 are lines.
        path: the chapter and section headings above it.

    """

    id: str
    number: int
    label: str
    text: str
    path: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """The fragment of its address, like a-1f2e3d4c."""
        return anchor_of(self.id)


@dataclass(frozen=True)
class Heading:
    """A chapter 章 or section 节 heading between articles."""

    level: str
    text: str


def anchor_of(article_id: str) -> str:
    """Return the page fragment of an article id."""
    return f"a-{article_id.replace('-', '')[:ANCHOR_DIGITS]}"


class ArticleBlock(blocks.StructBlock):
    """One article."""

    label = blocks.CharBlock(
        required=False,
        max_length=20,
        label=_("Number"),
        help_text=_("Leave empty to number automatically."),
    )
    text = blocks.TextBlock(label=_("Text"), rows=3)

    class Meta:
        icon = "pilcrow"
        label = _("Article")
        template = ""


class HeadingBlock(blocks.StructBlock):
    """A chapter or section heading."""

    level = blocks.ChoiceBlock(
        choices=[("chapter", _("Chapter")), ("section", _("Section"))], default="chapter"
    )
    text = blocks.CharBlock(max_length=100, label=_("Heading"))

    class Meta:
        icon = "title"
        label = _("Heading")


class ArticlesBlock(blocks.StreamBlock):
    """The text of a draft or decision as headings and articles."""

    article = ArticleBlock()
    heading = HeadingBlock()

    class Meta:
        required = False


class AttachmentBlock(blocks.StructBlock):
    """A document that belongs to a page, and who may have it (711 art. 13-16)."""

    document = DocumentChooserBlock(label=_("File"))
    title = blocks.CharBlock(max_length=120, required=False, label=_("Title"))
    disclosure = blocks.ChoiceBlock(
        choices=Disclosure.choices, default=Disclosure.ACTIVE, label=_("Disclosure")
    )
    reason = blocks.CharBlock(
        max_length=200,
        required=False,
        label=_("Reason"),
        help_text=_("Required where the document is not published."),
    )

    def clean(self, value: Any) -> Any:
        """Ask for the reason where the document is not published."""
        cleaned = super().clean(value)
        if cleaned["disclosure"] != Disclosure.ACTIVE and not cleaned["reason"].strip():
            sentence = ValidationError(_("State why the document is not published."))
            raise blocks.StructBlockValidationError(block_errors={"reason": sentence})
        return cleaned

    class Meta:
        icon = "doc-full"
        label = _("Attachment")


class AttachmentsBlock(blocks.StreamBlock):
    """The documents that belong to a page."""

    attachment = AttachmentBlock()

    class Meta:
        required = False


def parts_of(text: Any) -> Iterator[Article | Heading]:
    """Yield the headings and articles of a StreamField value in order."""
    path: dict[str, str] = {}
    number = 0
    for block in text:
        if block.block_type == "heading":
            level, words = block.value["level"], block.value["text"]
            path = {"chapter": path.get("chapter", "")} if level == "section" else {}
            path[level] = words
            yield Heading(level, words)
        else:
            number += 1
            yield Article(
                id=str(block.id),
                number=number,
                label=block.value["label"] or f"第{chinese_numeral(number)}条",
                text=block.value["text"],
                path=tuple(words for words in path.values() if words),
            )


def articles_of(text: Any) -> list[Article]:
    """Return the articles of a StreamField value, without its headings."""
    return [part for part in parts_of(text) if isinstance(part, Article)]
