"""Rules CAT-*: the yearly catalogue and its entries."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from consultations.lifecycle import Act
from portal.core.findings import Level, rule
from portal.core.limits import Limits


@dataclass(frozen=True)
class EntryFacts:
    """What the rules read of one catalogue entry.

    Attributes:
        name: how the entry is called in a finding.
        missing: names of the required particulars that are empty.
        changed: names of the particulars that differ from what is public.
        is_added: whether it is new in a catalogue that is public already.
        has_adjustment: whether what is done now is covered by an adjustment with a reason.

    """

    name: str
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    is_added: bool = False
    has_adjustment: bool = False


@dataclass(frozen=True)
class CatalogueFacts:
    """What the rules read of a catalogue, or of the entries of it that are being published.

    Attributes:
        is_released: whether the release review has passed for exactly what is published.

    """

    party_consent_on: date | None
    entries: tuple[EntryFacts, ...]
    is_released: bool = False


@rule(
    "CAT-2",
    Level.BLOCK,
    source="713 art. 3; HLJ art. 3",
    acts=[Act.PUBLISH_CATALOGUE],
    title=gettext_lazy("The Party committee has consented"),
)
def party_committee_has_consented(facts: CatalogueFacts, limits: Limits) -> str | None:
    """The day of the Party committee's consent is recorded before the catalogue is published."""
    if facts.party_consent_on:
        return None
    return _("Enter the date on which the Party committee consented to the catalogue.")


@rule(
    "CAT-3",
    Level.BLOCK,
    source="713 art. 3",
    acts=[Act.PUBLISH_CATALOGUE, Act.PUBLISH_ITEM],
    title=gettext_lazy("The particulars of every entry are complete"),
)
def every_entry_is_complete(facts: CatalogueFacts, limits: Limits) -> str | None:
    """Each entry has a title, lead unit, category, planned time and hearing yes or no."""
    if not facts.entries:
        return _("The catalogue has no entry yet.")
    gaps = [
        _("“%(entry)s” lacks: %(fields)s.")
        % {"entry": entry.name, "fields": pgettext("list", ", ").join(entry.missing)}
        for entry in facts.entries
        if entry.missing
    ]
    return " ".join(gaps) or None


@rule(
    "CAT-4",
    Level.BLOCK,
    source="713 art. 3",
    acts=[Act.PUBLISH_ITEM],
    title=gettext_lazy("A change of the published catalogue has its reason"),
)
def a_change_has_an_adjustment(facts: CatalogueFacts, limits: Limits) -> str | None:
    """What is public in the catalogue changes only with a reason that is public too."""
    unexplained = [
        _unexplained(entry)
        for entry in facts.entries
        if (entry.changed or entry.is_added) and not entry.has_adjustment
    ]
    return " ".join(unexplained) or None


def _unexplained(entry: EntryFacts) -> str:
    """Say what an entry lacks that changes a public catalogue without a word."""
    if entry.is_added:
        return _(
            "“%(entry)s” would be new in a published catalogue. "
            "Record an adjustment with its reason first."
        ) % {"entry": entry.name}
    return _(
        "“%(entry)s” is in the published catalogue. To change its %(fields)s, "
        "record an adjustment with its reason first."
    ) % {"entry": entry.name, "fields": pgettext("list", ", ").join(entry.changed)}
