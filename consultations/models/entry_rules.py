"""What the catalogue rules read of a matter, and what they find before it is published."""

from typing import Any, ClassVar

from consultations.compliance.catalogue import CatalogueFacts, EntryFacts
from consultations.lifecycle import Act, AdjustmentKind
from portal.core.findings import Checked, Ruled, checklist
from portal.core.models import current_limits
from portal.core.release.record import is_released


class EntryRules(Ruled):
    """Gives a matter its checklist."""

    CATALOGUED_FIELDS: ClassVar[tuple[str, ...]] = (
        *("title", "lead_unit", "category", "planned_by", "hearing_required"),
    )

    def entry_facts(self) -> EntryFacts:
        """Return what the catalogue rules read of this entry."""
        page: Any = self
        empty = (None, "")
        return EntryFacts(
            name=page.title,
            missing=tuple(
                self.field_name(name)
                for name in self.CATALOGUED_FIELDS
                if getattr(self, name) in empty
            ),
            changed=tuple(self.field_name(name) for name in self._changed_fields()),
            is_added=not page.live and page.catalogue.live,
            has_adjustment=self._has_adjustment(),
        )

    def facts(self) -> CatalogueFacts:
        """Return what the rules read when this entry is published by itself."""
        page: Any = self
        return CatalogueFacts(
            page.catalogue.party_consent_on, (self.entry_facts(),), is_released=is_released(page)
        )

    def checklist(self) -> list[Checked]:
        """Return the rules asked when it is published, and what each finds; none of a record."""
        page: Any = self
        if page.is_past_record:
            return []
        return checklist(Act.PUBLISH_ITEM, self.facts(), current_limits())

    def field_name(self, name: str) -> str:
        """Return what a field is called."""
        page: Any = self
        return str(page._meta.get_field(name).verbose_name)

    def _changed_fields(self) -> list[str]:
        """Return the catalogued fields in which this object differs from what is public."""
        page: Any = self
        if not page.live or page.pk is None:
            return []
        public = type(page).objects.get(pk=page.pk)
        names = {name: page._meta.get_field(name).attname for name in self.CATALOGUED_FIELDS}
        return [name for name, key in names.items() if getattr(page, key) != getattr(public, key)]

    def _has_adjustment(self) -> bool:
        """Tell whether an addition or a change is announced that is not carried out yet."""
        page: Any = self
        if not page.live:
            return bool(page.adjustments.filter(kind=AdjustmentKind.ADD).exists())
        changes = page.adjustments.filter(kind=AdjustmentKind.CHANGE)
        if page.last_published_at is not None:
            changes = changes.filter(recorded_at__gt=page.last_published_at)
        return bool(changes.exists())
