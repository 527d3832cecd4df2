"""What an adopted issue changed in the end, told by the app that knows the decision.

The adoption summary belongs to this app, the changed words to a later one; the Wagtail hook
`issue_effects` lets the summary show them, as `matter_events` does for the matter's story.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wagtail import hooks

if TYPE_CHECKING:
    from consultations.models import DecisionItemPage


@dataclass(frozen=True)
class Effect:
    """Words that an issue changed.

    Attributes:
        issue: primary key of the issue.
        label: number of the article as printed.
        sentences: what was done to its words.
        url: where the change is shown with all its causes.

    """

    issue: int
    label: str
    sentences: tuple[str, ...]
    url: str


def effects_of(item: "DecisionItemPage") -> dict[int, list[Effect]]:
    """Return what the issues of a matter changed, by primary key of the issue."""
    told: dict[int, list[Effect]] = defaultdict(list)
    for tell in hooks.get_hooks("issue_effects"):
        for effect in tell(item=item):
            told[effect.issue].append(effect)
    return dict(told)
