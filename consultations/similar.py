"""Other matters that are like one, told by the app that can compare them.

The matter's page belongs to this app, the archive to a later one; the Wagtail hook
`similar_matters` lets the page show them, as `matter_events` does for the matter's story.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from wagtail import hooks

from consultations.lifecycle import Stage

if TYPE_CHECKING:
    from consultations.models import DecisionItemPage


@dataclass(frozen=True)
class SimilarMatter:
    """A public matter as another one's page names it.

    Attributes:
        title: its title.
        url: its address.
        stage: as the clock has it.
        year: of its catalogue.

    """

    title: str
    url: str
    stage: Stage
    year: int


def similar_to(item: "DecisionItemPage", *, at: datetime) -> list[SimilarMatter]:
    """Return a few public matters like one, the likest first."""
    return [one for tell in hooks.get_hooks("similar_matters") for one in tell(item=item, at=at)]
