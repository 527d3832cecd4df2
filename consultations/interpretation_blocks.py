"""What an interpretation 政策解读 is made of, and how its words are read; no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import get_text_for_indexing

from consultations.lifecycle import InterpretationKind
from portal.core.blocks import anchor_of

PARAGRAPH_FEATURES = ["h2", "h3", "bold", "ol", "ul", "link", "document-link"]
ANSWER_FEATURES = ["bold", "ol", "ul", "link", "document-link"]
# What browsers play without help.
VIDEO_ENDINGS = frozenset({"mp4"})

# The block without which an interpretation is not of its kind.
NEEDED_BLOCK = {
    InterpretationKind.GRAPHIC: "picture",
    InterpretationKind.QUESTIONS: "question",
    InterpretationKind.VIDEO: "video",
}


class PictureBlock(blocks.StructBlock):
    """A picture, and what it says to those who do not see it."""

    image = ImageChooserBlock(label=gettext_lazy("Picture"))
    alternative = blocks.CharBlock(
        max_length=250,
        label=gettext_lazy("What the picture shows"),
        help_text=gettext_lazy("One sentence, read out in the place of the picture."),
    )
    words = blocks.TextBlock(
        required=False,
        rows=4,
        label=gettext_lazy("All words of the picture"),
        help_text=gettext_lazy(
            "Everything the picture says, as text. It stands below the picture and is searched."
        ),
    )

    class Meta:
        icon = "image"
        label = gettext_lazy("Picture")


class QuestionBlock(blocks.StructBlock):
    """One question people ask, and the answer."""

    question = blocks.CharBlock(max_length=200, label=gettext_lazy("Question"))
    answer = blocks.RichTextBlock(features=ANSWER_FEATURES, label=gettext_lazy("What we answer"))

    class Meta:
        icon = "help"
        label = gettext_lazy("Question and answer")


class VideoBlock(blocks.StructBlock):
    """A video of this portal, or a link to one elsewhere; never without its words."""

    title = blocks.CharBlock(max_length=120, label=gettext_lazy("Title"))
    file = DocumentChooserBlock(
        required=False,
        label=gettext_lazy("Video file"),
        help_text=gettext_lazy("An MP4 file of at most 10 MB, uploaded as a document."),
    )
    link = blocks.URLBlock(
        required=False,
        label=gettext_lazy("Or its address elsewhere"),
        help_text=gettext_lazy("Readers are sent there; nothing of that site is shown here."),
    )
    transcript = blocks.TextBlock(
        rows=8,
        label=gettext_lazy("Transcript"),
        help_text=gettext_lazy("All that is said and shown, for those who cannot hear or see it."),
    )

    def clean(self, value: Any) -> Any:
        """Ask for the file or the link, not both; a link is a safe one."""
        cleaned = super().clean(value)
        file, link = cleaned["file"], cleaned["link"]
        errors = {}
        if bool(file) == bool(link):
            errors["file"] = ValidationError(_("Choose a file or give an address, one of the two."))
        elif file and file.file_extension.lower() not in VIDEO_ENDINGS:
            errors["file"] = ValidationError(_("This document is no MP4 video."))
        elif link and urlsplit(link).scheme != "https":
            errors["link"] = ValidationError(_("The address has to begin with https://."))
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        icon = "media"
        label = gettext_lazy("Video")


class InterpretationBlock(blocks.StreamBlock):
    """The body of an interpretation."""

    paragraph = blocks.RichTextBlock(
        features=PARAGRAPH_FEATURES, icon="pilcrow", label=gettext_lazy("Text")
    )
    picture = PictureBlock()
    question = QuestionBlock()
    video = VideoBlock()


@dataclass(frozen=True)
class Part:
    """One block of a body as the public reads it.

    Attributes:
        kind: the type of the block.
        value: what it holds.
        anchor: the fragment of its address; follows from the block's id, which never changes.

    """

    kind: str
    value: Any
    anchor: str

    @property
    def host(self) -> str:
        """The site to which a video's address leads."""
        return urlsplit(self.value["link"] or "").hostname or ""

    @property
    def text(self) -> str:
        """All its words as plain text, for the archive."""
        if self.kind == "paragraph":
            return plain(self.value)
        if self.kind == "question":
            return f"{self.value['question']}\n{plain(self.value['answer'])}"
        if self.kind == "picture":
            return "\n".join(filter(None, (self.value["alternative"], self.value["words"])))
        return f"{self.value['title']}\n{self.value['transcript']}"


def plain(rich_text: Any) -> str:
    """Return the words of rich text."""
    return str(get_text_for_indexing(str(getattr(rich_text, "source", rich_text)))).strip()


def body_parts(body: Any) -> Iterator[Part]:
    """Yield the blocks of a body in order."""
    for block in body:
        yield Part(block.block_type, block.value, anchor_of(str(block.id)))
