"""The verb that shows an opinion without some of its passages; the original is kept."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from consultations.models import Opinion
from consultations.passages import Passage, leaves_words, merged
from consultations.services.display import refusal, show

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def redact_opinion(
    *,
    opinion: Opinion,
    passages: Collection[Passage],
    not_personal: Collection[Passage] = (),
    seen: int | None = None,
    by: "User",
    at: datetime,
) -> None:
    """Show an opinion with a mark in the place of each of these passages.

    Args:
        opinion: one that counts.
        passages: what is hidden, with the reason of each; those that overlap become one.
        not_personal: places that look like personal data and, as `by` confirms, are none.
        seen: the version that was decided on.
        by: who decides.
        at: when.

    Raises:
        Refused: there is no passage, one is not in the text, nothing is left to read, or the
            opinion may not be shown even so.
        Overtaken: somebody else has decided since.

    """
    text = str(opinion.comment)
    if not passages:
        raise refusal(_("Mark the passages that are to be hidden."))
    if not all(one.fits(text) for one in passages):
        raise refusal(_("A passage does not lie within the text."))
    if not leaves_words(text, passages):
        raise refusal(_("Nothing would be left to read. Withhold the opinion instead."))
    show(opinion, merged(passages), not_personal, seen=seen, by=by, at=at)
