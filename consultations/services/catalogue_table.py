"""The year's catalogue as a table: many matters changed or added at once, all or nothing.

Typed on the screen or read from a workbook, a row says what an entry shall be. First it is planned
what that means, then it is carried out.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log, registry

from consultations.compliance.catalogue import CatalogueFacts, EntryFacts
from consultations.lifecycle import Act, AdjustmentKind, official_date
from consultations.models import CataloguePage, DecisionItemPage
from consultations.models.item import PROCEDURES
from consultations.quarters import PlannedQuarter
from consultations.services.catalogue import adjust
from portal.core.dates import minute_in_words
from portal.core.findings import blockers
from portal.core.models import current_limits

if TYPE_CHECKING:
    from portal.accounts.models import User

MICROSECONDS = 1_000_000
REASON = "reason"
APPROVED_ON = "approved_on"


@dataclass(frozen=True)
class Entry:
    """What the table says of one matter; categories and units by primary key."""

    number: int
    title: str
    category: int | None = None
    lead_unit: int | None = None
    planned: PlannedQuarter | None = None
    hearing_required: bool | None = None
    procedures: frozenset[str] = frozenset()

    @classmethod
    def of(cls, item: DecisionItemPage) -> Self:
        """Return what a matter says."""
        return cls(
            number=item.number,
            title=item.title,
            category=item.category_id,
            lead_unit=item.lead_unit_id,
            planned=PlannedQuarter.of(item.planned_by) if item.planned_by else None,
            hearing_required=item.hearing_required,
            procedures=frozenset(name for name in PROCEDURES if getattr(item, name)),
        )

    @classmethod
    def saved_in(cls, content: dict[str, Any]) -> Self:
        """Return what a saved draft of a matter says."""
        planned_by = content["planned_by"]
        return cls(
            number=content["number"],
            title=content["title"],
            category=content["category"],
            lead_unit=content["lead_unit"],
            planned=PlannedQuarter.of(date.fromisoformat(planned_by)) if planned_by else None,
            hearing_required=content["hearing_required"],
            procedures=frozenset(name for name in PROCEDURES if content[name]),
        )

    def write_to(self, item: DecisionItemPage) -> None:
        """Let a matter say it; a planned day stays if it lies in the planned quarter."""
        item.number = self.number
        item.title = self.title
        item.category_id = self.category
        item.lead_unit_id = self.lead_unit
        item.hearing_required = self.hearing_required
        if self.planned is None:
            item.planned_by = None
        elif item.planned_by is None or PlannedQuarter.of(item.planned_by) != self.planned:
            item.planned_by = self.planned.last_day
        for name in PROCEDURES:
            setattr(item, name, name in self.procedures)

    def changed_from(self, other: "Entry") -> list[str]:
        """Return the names of what differs."""
        names = self.__dataclass_fields__
        return [name for name in names if getattr(self, name) != getattr(other, name)]

    def on_record(self) -> dict[str, Any]:
        """Return ids and codes for the log, without the title."""
        return {
            "number": self.number,
            "category": self.category,
            "lead_unit": self.lead_unit,
            "planned": self.planned.key if self.planned else "",
            "hearing_required": self.hearing_required,
            "procedures": [name for name in PROCEDURES if name in self.procedures],
        }


@dataclass(frozen=True)
class RowOfTable:
    """One row that shall be so.

    Attributes:
        entry: what it says.
        pk: of the matter; None for one that is new.
        seen: the version of the matter that was shown; None where nothing was.
        reason: for an adjustment, where the catalogue is public.
        approved_on: the day on which that was approved.

    """

    entry: Entry
    pk: int | None = None
    seen: int | None = None
    reason: str = ""
    approved_on: date | None = None


@dataclass
class PlannedRow:
    """What a row means.

    Attributes:
        row: as it was given.
        item: the matter with the row written to it; a new one is not saved.
        changed: the names of what the row changes; everything of a new matter.
        is_new: whether the matter is new.
        adjusts: how it changes the public catalogue, None when it does not.
        problems: sentences by the field they concern, the empty name for the whole row.
        before: what the matter said.

    """

    row: RowOfTable
    item: DecisionItemPage
    changed: list[str] = field(default_factory=list)
    is_new: bool = False
    adjusts: AdjustmentKind | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)
    before: Entry | None = None


class TableRefused(Exception):
    """Rows that cannot be saved; nothing was. Carries all of them as planned."""

    def __init__(self, planned: Sequence[PlannedRow]) -> None:
        """Keep the rows."""
        super().__init__("rows refused")
        self.planned = list(planned)


@dataclass(frozen=True)
class Saved:
    """A matter of the table: its row in the database, and what was last saved of it."""

    item: DecisionItemPage
    entry: Entry

    @property
    def version(self) -> int:
        """A number that changes with every saved draft."""
        saved_at = self.item.latest_revision_created_at
        return int(saved_at.timestamp() * MICROSECONDS) if saved_at else 0


def as_saved(catalogue: CataloguePage) -> list[Saved]:
    """Return the matters of a catalogue as they were last saved, public or not, by number."""
    saved = [
        Saved(item, Entry.saved_in(revision.content) if revision else Entry.of(item))
        for item in catalogue.entries().select_related("latest_revision")
        for revision in [item.latest_revision]
    ]
    return sorted(saved, key=lambda one: (one.entry.number, one.item.pk))


def plan_table(
    *, catalogue: CataloguePage, rows: Iterable[RowOfTable], by: "User", at: datetime
) -> list[PlannedRow]:
    """Return what rows mean for a catalogue, with all that stands against them; writes nothing."""
    saved = {one.item.pk: one for one in as_saved(catalogue)}
    planned = [_plan(row, saved, catalogue, by=by, at=at) for row in rows]
    _find_doubles(planned, saved)
    return planned


def _plan(
    row: RowOfTable,
    saved: dict[int, Saved],
    catalogue: CataloguePage,
    *,
    by: "User",
    at: datetime,
) -> PlannedRow:
    if row.pk is None:
        every = list(row.entry.__dataclass_fields__)
        plan = PlannedRow(row, DecisionItemPage(live=False), changed=every, is_new=True)
    elif row.pk not in saved:
        return PlannedRow(row, DecisionItemPage(), problems=[("", _("This matter is gone."))])
    else:
        now = saved[row.pk]
        plan = PlannedRow(row, now.item, row.entry.changed_from(now.entry), before=now.entry)
        if plan.changed:
            plan.problems += _against_change(plan, now, by=by)
            plan.item = now.item.get_latest_revision_as_object()
    if plan.changed:
        row.entry.write_to(plan.item)
        _ask_for_adjustment(plan, catalogue, at=at)
    return plan


def _against_change(plan: PlannedRow, now: Saved, *, by: "User") -> list[tuple[str, str]]:
    """Return why a matter cannot be changed now: somebody else saved or locked it."""
    item = now.item
    found = []
    if plan.row.seen is not None and plan.row.seen != now.version:
        last = registry.get_logs_for_instance(item).order_by("-timestamp").first()
        sentence = _(
            "%(who)s changed this matter at %(when)s, after you had opened the table. Check this "
            "row and save again to put yours in its place."
        )
        who = last.user_display_name if last and last.user_id else _("Somebody else")
        when = minute_in_words(item.latest_revision_created_at)
        found.append(("", sentence % {"who": who, "when": when}))
    lock = item.get_lock()
    if lock is not None and lock.for_user(by):
        found.append(("", _("This matter is locked by somebody else and cannot be changed now.")))
    return found


def _ask_for_adjustment(plan: PlannedRow, catalogue: CataloguePage, *, at: datetime) -> None:
    """Ask for reason and day where the row changes what is public (CAT-4)."""
    item = plan.item
    if not catalogue.live:
        return
    facts = _facts(item, catalogue)
    found = blockers(Act.PUBLISH_ITEM, facts, current_limits())
    finding = next((one for one in found if one.id == "CAT-4"), None)
    if finding is None:
        return
    plan.adjusts = AdjustmentKind.ADD if plan.is_new else AdjustmentKind.CHANGE
    if not plan.row.reason.strip():
        plan.problems.append((REASON, finding.message))
    elif plan.row.approved_on is None:
        plan.problems.append((APPROVED_ON, _("Enter the day on which this was approved.")))
    elif plan.row.approved_on > official_date(at):
        plan.problems.append((APPROVED_ON, _("This day has not come yet.")))


def _facts(item: DecisionItemPage, catalogue: CataloguePage) -> CatalogueFacts:
    """Return what the rules read of a row, saved or not."""
    # One that is not in the tree yet has no parent to ask.
    item.catalogue = catalogue
    is_new = item.pk is None
    entry = EntryFacts(item.title, is_added=True) if is_new else item.entry_facts()
    return CatalogueFacts(catalogue.party_consent_on, (entry,))


def _find_doubles(planned: Sequence[PlannedRow], saved: dict[int, Saved]) -> None:
    """Say which rows would share a number."""
    numbers = Counter(plan.row.entry.number for plan in planned)
    named = {plan.row.pk for plan in planned}
    others = {one.entry.number for pk, one in saved.items() if pk not in named}
    for plan in planned:
        number = plan.row.entry.number
        if plan.changed and (numbers[number] > 1 or number in others):
            sentence = _("Number %(number)s is there more than once.") % {"number": number}
            plan.problems.append(("number", sentence))


@transaction.atomic
def save_table(
    *, catalogue: CataloguePage, rows: Iterable[RowOfTable], by: "User", at: datetime
) -> list[PlannedRow]:
    """Save every row that changes something as a draft of its matter, all or nothing.

    Where that changes a public catalogue the adjustment is recorded too (CAT-4); the matter itself
    is published from its own editor.

    Returns:
        The rows that changed something.

    Raises:
        TableRefused: with what stands against the rows.

    """
    locked = CataloguePage._base_manager.select_for_update(of=("self",)).get(pk=catalogue.pk)
    planned = plan_table(catalogue=locked, rows=rows, by=by, at=at)
    if any(plan.problems for plan in planned):
        raise TableRefused(planned)
    changing = [plan for plan in planned if plan.changed]
    for plan in changing:
        _carry_out(plan, locked, by=by, at=at)
    return changing


def _carry_out(plan: PlannedRow, catalogue: CataloguePage, *, by: "User", at: datetime) -> None:
    item = plan.item
    if plan.is_new:
        item.slug = _free_slug(catalogue, plan.row.entry.number)
        catalogue.add_child(instance=item)
    revision = item.save_as_draft(by)
    log(
        item,
        "consultations.add_entry" if plan.is_new else "consultations.change_entry",
        user=by,
        data={
            "before": plan.before.on_record() if plan.before else {},
            "after": plan.row.entry.on_record(),
            "changed": plan.changed,
        },
        revision=revision,
        content_changed=True,
        timestamp=at,
    )
    if plan.adjusts is not None and plan.row.approved_on is not None:
        adjust(
            item=item,
            kind=plan.adjusts,
            reason=plan.row.reason,
            approved_on=plan.row.approved_on,
            by=by,
            at=at,
        )


def _free_slug(catalogue: CataloguePage, number: int) -> str:
    """Return the number as an address, with a further one if it is taken."""
    taken = set(catalogue.get_children().values_list("slug", flat=True))
    slug, again = f"{number:02}", 2
    while slug in taken:
        slug, again = f"{number:02}-{again}", again + 1
    return slug


def by_number(catalogue: CataloguePage, rows: Iterable[RowOfTable]) -> list[RowOfTable]:
    """Return rows from elsewhere with the matters that have their numbers now."""
    known = {one.entry.number: one.item.pk for one in as_saved(catalogue)}
    return [replace(row, pk=known.get(row.entry.number)) for row in rows]
