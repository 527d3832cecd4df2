"""Rules OPI-3, OPI-4 and OPI-6: what the public may be shown of an opinion."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from consultations.lifecycle import Act, WithheldReason
from portal.core.findings import Level, rule
from portal.core.limits import Limits
from portal.core.patterns import Found, PatternKind, found

# A name of one character stands in many words.
_SHORTEST_NAME = 2
_UNLAWFUL = frozenset({WithheldReason.UNLAWFUL, WithheldReason.SECRET_SENSITIVE})


@dataclass(frozen=True)
class ShownFacts:
    """What the rules read of an opinion that is about to be shown.

    Attributes:
        text: the text as the public would see it.
        author_name: its author's name, or the empty string.
        name_consent: whether the author wants the name shown.
        withheld_reason: why it is not shown now, or the empty string.

    """

    text: str
    author_name: str = ""
    name_consent: bool = False
    withheld_reason: str = ""


def personal_places(text: str) -> list[Found]:
    """Return where a text holds what looks like personal data; a place on the map is none."""
    return [one for one in found(text) if one.kind is not PatternKind.COORDINATES]


@rule(
    "OPI-3",
    Level.BLOCK,
    source="PIPL art. 25, 51",
    acts=[Act.SHOW_OPINION],
    title=gettext_lazy("The text shown holds no personal data"),
)
def the_text_holds_no_personal_data(facts: ShownFacts, limits: Limits) -> str | None:
    """No telephone, identity card, bank card or e-mail stands in what the public reads."""
    kinds = {one.kind for one in personal_places(facts.text)}
    if not kinds:
        return None
    named = pgettext("list", ", ").join(str(kind.label) for kind in PatternKind if kind in kinds)
    return _("Hide this in the text first: %(kinds)s.") % {"kinds": named}


@rule(
    "OPI-4",
    Level.BLOCK,
    source="PIPL art. 25",
    acts=[Act.SHOW_OPINION],
    title=gettext_lazy("The author is named by consent only"),
)
def the_author_is_named_by_consent_only(facts: ShownFacts, limits: Limits) -> str | None:
    """Who wants to stay unnamed is not named by the text either, a signature for one."""
    name = facts.author_name.strip()
    if facts.name_consent or len(name) < _SHORTEST_NAME or name not in facts.text:
        return None
    return _("The author does not want to be named, but the text gives the name. Hide it first.")


@rule(
    "OPI-6",
    Level.BLOCK,
    source="网络安全法 art. 47",
    acts=[Act.SHOW_OPINION],
    title=gettext_lazy("What was found unlawful stays hidden"),
)
def what_was_found_unlawful_stays_hidden(facts: ShownFacts, limits: Limits) -> str | None:
    """Withheld as unlawful or secret it stays kept and hidden, until that reason is corrected."""
    if facts.withheld_reason not in _UNLAWFUL:
        return None
    return _(
        "This opinion is withheld as “%(reason)s”. If that was wrong, first withhold it for the "
        "right reason; then it can be shown."
    ) % {"reason": WithheldReason(facts.withheld_reason).label}
