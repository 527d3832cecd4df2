"""What became of one opinion, for the pages that tell it."""

from datetime import datetime

from django import template

from consultations import fate
from consultations.fate import Fate
from consultations.models import Opinion
from portal.core.papers import can_print

register = template.Library()


@register.simple_tag
def fate_of(opinion: Opinion, at: datetime) -> Fate:
    """Return what became of an opinion, for a reader who has its number alone."""
    return fate.fate_of(opinion, at=at)


@register.simple_tag
def paper_is_offered() -> bool:
    """Return whether a receipt can be had as a PDF."""
    return can_print()
