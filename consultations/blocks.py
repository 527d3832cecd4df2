"""Blocks of this app's pages: the ways to answer a consultation besides this site."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from consultations.lifecycle import Channel


@dataclass(frozen=True)
class Way:
    """A way to answer: letter, telephone, in person."""

    kind: Channel
    address: str
    note: str = ""


class ChannelBlock(blocks.StructBlock):
    """One way to answer."""

    kind = blocks.ChoiceBlock(label=_("Way"), choices=Channel.choices)
    address = blocks.CharBlock(label=_("Address or number"), max_length=120)
    note = blocks.CharBlock(label=pgettext_lazy("channel", "Note"), max_length=120, required=False)

    class Meta:
        icon = "mail"
        label = _("Way to answer")


class ChannelsBlock(blocks.StreamBlock):
    """All ways to answer besides this site."""

    way = ChannelBlock()

    class Meta:
        required = False


def ways_of(channels: Any) -> list[Way]:
    """Return the ways to answer of a StreamField value, in order."""
    return [
        Way(Channel(block.value["kind"]), block.value["address"], block.value["note"] or "")
        for block in channels
    ]


def stream_of_ways(ways: list[Way]) -> list[dict[str, Any]]:
    """Return the StreamField value of these ways; the inverse of `ways_of`."""
    return [
        {"type": "way", "value": {"kind": way.kind.value, "address": way.address, "note": way.note}}
        for way in ways
    ]
