"""Rule CON-9: a draft comes with its interpretation; the rule for decisions is DEC-4."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.lifecycle import Act
from portal.core.findings import Due, Level, rule
from portal.core.limits import Limits


@dataclass(frozen=True)
class InterpretationFacts:
    """What the rules read of an interpretation that is being published.

    Attributes:
        is_released: whether the release review has passed for exactly what is published.

    """

    is_released: bool = False


@dataclass(frozen=True)
class Uninterpreted:
    """A draft without an interpretation.

    Attributes:
        name: the title of its round.
        opened_on: the day on which it was put to the public, None before.

    """

    name: str
    opened_on: date | None = None


class DraftFacts(Protocol):
    """What this rule reads of a round that is about to be opened, or of a matter.

    Attributes:
        uninterpreted: a draft for which no interpretation is prepared, or that is with the public
            without one.

    """

    @property
    def uninterpreted(self) -> Uninterpreted | None: ...


@rule(
    "CON-9",
    Level.WARN,
    source="本单位规定",
    acts=[Act.OPEN_ROUND, Act.WATCH_MATTER],
    title=gettext_lazy("The draft comes with its interpretation"),
    public_reason=True,
)
def the_draft_comes_with_its_interpretation(facts: DraftFacts, limits: Limits) -> str | Due | None:
    """What a draft means is explained when it is published; prepared before, public with it."""
    one = facts.uninterpreted
    if one is None:
        return None
    if one.opened_on is None:
        return _(
            "Prepare an interpretation of the draft below this page, to be published with it, or "
            "state why there is none."
        )
    message = _("The draft of “%(round)s” is public without an interpretation. Publish one.")
    return Due(message % {"round": one.name}, one.opened_on)
