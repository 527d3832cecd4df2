"""Rule CON-7: nothing goes public before the release review has passed."""

from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.lifecycle import Act
from portal.core.findings import Level, rule
from portal.core.limits import Limits


class ReleaseFacts(Protocol):
    """What this rule reads of a page that is about to be published.

    Attributes:
        is_released: whether the release review has passed for exactly what is published.

    """

    @property
    def is_released(self) -> bool: ...


@rule(
    "CON-7",
    Level.BLOCK,
    source="711 art. 17",
    acts=[
        Act.PUBLISH_CATALOGUE,
        Act.PUBLISH_ITEM,
        Act.OPEN_ROUND,
        Act.PUBLISH_FEEDBACK,
        Act.PUBLISH_DECISION,
        Act.CORRECT_PAST_DECISION,
        Act.PUBLISH_EVALUATION,
        Act.PUBLISH_INTERPRETATION,
        Act.PUBLISH_CLEANUP,
    ],
    title=gettext_lazy("The release review has passed"),
)
def the_release_review_has_passed(facts: ReleaseFacts, limits: Limits) -> str | None:
    """The unit, the disclosure office and the secrecy check have passed exactly this content."""
    if facts.is_released:
        return None
    return _(
        "The release review has not passed for the present text. Submit it to the review; after a "
        "change it is reviewed again."
    )
