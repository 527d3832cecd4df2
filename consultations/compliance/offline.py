"""What holds for opinions on paper: the day that counts, and two people for each transcript."""

from datetime import date

from django.utils.translation import gettext as _

from consultations.lifecycle import Channel
from portal.core.dates import day_in_words
from portal.core.findings import Finding, Level

# What a person reads and types word by word; notes of a talk have no original to compare with.
ON_PAPER = frozenset({Channel.POST, Channel.FAX})


def outside_period(opens_on: date, closes_on: date, received_on: date) -> str | None:
    """Return a sentence when an opinion reached us before the round opened or after it closed.

    Being in time counts from the day on which it reached us (domain brief §3).
    """
    if opens_on <= received_on <= closes_on:
        return None
    return _(
        "The period ran from %(opens)s to %(closes)s; this opinion reached us on %(received)s."
    ) % {
        "opens": day_in_words(opens_on),
        "closes": day_in_words(closes_on),
        "received": day_in_words(received_on),
    }


def transcript_is_due(
    *, channel: str, is_entered: bool, has_original: bool, is_checked: bool
) -> bool:
    """Tell whether a second person still has to compare a transcript with its original.

    Args:
        channel: the way the opinion came.
        is_entered: whether a clerk typed it in.
        has_original: whether a scan of it is attached.
        is_checked: whether a second person has compared them.

    """
    return is_entered and not is_checked and (has_original or channel in ON_PAPER)


def transcript_unchecked() -> Finding:
    """Return what keeps an opinion from being shown until its transcript is checked."""
    sentence = _(
        "A second person has not compared the transcript with the original yet. Have it checked "
        "first."
    )
    return Finding("OPI-7", Level.BLOCK, sentence, "713 art. 33")
