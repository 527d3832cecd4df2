"""Verbs on hearings: plan one, announce it, say who takes part, prepare it, record its result."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from consultations.lifecycle import Act, HearingState, official_date
from consultations.models import DecisionItemPage, Hearing, HearingParticipant
from consultations.telling import hearing_changed
from portal.core.findings import Finding, Level, Refused, require
from portal.core.models import current_limits
from portal.core.versions import require_seen
from portal.core.waivers import waived_on

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True)
class HearingPlan:
    """What is said of a hearing before it is held.

    Attributes:
        held_at: its time.
        place: where.
        subject: what is heard.
        selection_method: how participants are selected; published.
        apply_until: last day to apply, or None.
        observers: seats for observers.
        chair: who chairs it.

    """

    held_at: datetime
    place: str
    subject: str = ""
    selection_method: str = ""
    apply_until: date | None = None
    observers: int = 0
    chair: str = ""


@dataclass(frozen=True)
class Participant:
    """Somebody who takes part: the name as published, as whom, and whether affected."""

    name: str
    standing: str
    is_affected: bool = False


@transaction.atomic
def plan_hearing(*, item: DecisionItemPage, plan: HearingPlan, by: "User", at: datetime) -> Hearing:
    """Plan a hearing on a public matter; nothing of it is public yet.

    Raises:
        Refused: the matter is not public.

    """
    if not item.live:
        raise _refuse(_("The matter is not public yet; a hearing on it cannot be planned."))
    hearing = Hearing.objects.create(item=item, **vars(plan))
    log(hearing, "consultations.plan_hearing", user=by, data=_moved(None, hearing))
    return hearing


@transaction.atomic
def change_hearing(
    *, hearing: Hearing, plan: HearingPlan, seen: int | None = None, by: "User", at: datetime
) -> None:
    """Change what is said of a hearing that is not announced yet.

    Raises:
        Refused: it is announced; cancel it with a reason and plan another.
        Overtaken: somebody else has acted on it since.

    """
    row = _locked(hearing, seen)
    if row.state is not HearingState.PLANNED:
        raise _refuse(
            _("This hearing is announced. Call it off with a reason, then announce another one.")
        )
    _write(hearing, row, vars(plan))
    log(hearing, "consultations.plan_hearing", user=by, data=_moved(row, hearing))


@transaction.atomic
def announce_hearing(
    *, hearing: Hearing, seen: int | None = None, by: "User", at: datetime
) -> None:
    """Publish the notice of a hearing: time, place, selection method (HEA-2, HEA-3).

    Raises:
        Refused: a rule forbids it, or warns and nobody has given a reason; or it is announced.
        Overtaken: somebody else has acted on it since.

    """
    row = _locked(hearing, seen)
    _require_state(row, HearingState.PLANNED, _("This hearing is announced already."))
    if row.held_on <= official_date(at):
        raise _refuse(_("The hearing would be over before anybody could read of it."))
    facts = replace(row.facts(at=at, draft_on=row.draft_on()), notice_on=official_date(at))
    require(Act.ANNOUNCE_HEARING, facts, current_limits(), waived=waived_on(row.item))
    _write(hearing, row, {"notice_on": official_date(at)})
    hearing_changed(row.item_id)
    log(hearing, "consultations.announce_hearing", user=by, data=_moved(row, hearing))


@transaction.atomic
def publish_participants(
    *,
    hearing: Hearing,
    participants: Iterable[Participant],
    seen: int | None = None,
    by: "User",
    at: datetime,
) -> None:
    """Publish who takes part in an announced hearing (HEA-5); a later list replaces the first.

    Raises:
        Refused: a rule warns and nobody has given a reason, the hearing is not announced or over,
            or a name stands there twice.
        Overtaken: somebody else has acted on it since.

    """
    row = _locked(hearing, seen)
    _require_state(row, HearingState.ANNOUNCED, _("Announce the hearing first."))
    people = list(participants)
    if not people:
        raise _refuse(_("Enter those who take part."))
    if len({(one.name, one.standing) for one in people}) < len(people):
        raise _refuse(_("The same participant stands in the list twice."))
    facts = replace(
        row.facts(at=at),
        participants=len(people),
        affected=sum(one.is_affected for one in people),
        participants_on=official_date(at),
    )
    require(Act.PUBLISH_PARTICIPANTS, facts, current_limits(), waived=waived_on(row.item))
    before = row.participants.count()
    row.participants.all().delete()
    HearingParticipant.objects.bulk_create(
        HearingParticipant(hearing=row, place=place, **vars(one))
        for place, one in enumerate(people)
    )
    _write(hearing, row, {"participants_on": row.participants_on or official_date(at)})
    data = {"before": {"participants": before}, "after": {"participants": len(people)}}
    log(hearing, "consultations.publish_participants", user=by, data=data)


@transaction.atomic
def record_materials(
    *, hearing: Hearing, on: date, seen: int | None = None, by: "User", at: datetime
) -> None:
    """Record the day on which every participant had the materials (HEA-4).

    Raises:
        Refused: that was too late for this day of the hearing, or the hearing is not announced.
        Overtaken: somebody else has acted on it since.

    """
    row = _locked(hearing, seen)
    _require_state(row, HearingState.ANNOUNCED, _("Announce the hearing first."))
    facts = replace(row.facts(at=at), materials_on=on)
    require(Act.RECORD_MATERIALS, facts, current_limits())
    _write(hearing, row, {"materials_on": on})
    data = {"before": {"on": _day(row.materials_on)}, "after": {"on": _day(on)}}
    log(hearing, "consultations.record_materials", user=by, data=data)


@transaction.atomic
def record_hearing(
    *, hearing: Hearing, conclusion: str, seen: int | None = None, by: "User", at: datetime
) -> None:
    """Record and publish the result of a hearing that was held (HEA-3, HEA-4).

    Raises:
        Refused: a rule forbids it, it was not held yet, or the result is empty.
        Overtaken: somebody else has acted on it since.

    """
    row = _locked(hearing, seen)
    _require_state(row, HearingState.ANNOUNCED, _("Only an announced hearing has a result."))
    if at < row.held_at:
        raise _refuse(_("The hearing has not been held yet."))
    if not conclusion.strip():
        raise _refuse(_("Enter the result; it is published."))
    require(Act.RECORD_HEARING, row.facts(at=at), current_limits())
    _write(hearing, row, {"conclusion": conclusion.strip(), "concluded_at": at})
    hearing_changed(row.item_id)
    log(hearing, "consultations.record_hearing", user=by, data=_moved(row, hearing))


@transaction.atomic
def cancel_hearing(
    *, hearing: Hearing, reason: str, seen: int | None = None, by: "User", at: datetime
) -> None:
    """Call a hearing off with a reason, which is published where its notice was.

    Raises:
        Refused: it was held or called off already, or the reason is empty.
        Overtaken: somebody else has acted on it since.

    """
    row = _locked(hearing, seen)
    if row.state in {HearingState.HELD, HearingState.CANCELLED}:
        raise _refuse(_("This hearing is over; it stays on record."))
    if not reason.strip():
        raise _refuse(_("State the reason; it is published with the notice."))
    _write(hearing, row, {"cancelled_reason": reason.strip()})
    hearing_changed(row.item_id)
    log(hearing, "consultations.cancel_hearing", user=by, data=_moved(row, hearing))


def _locked(hearing: Hearing, seen: int | None) -> Hearing:
    """Return the row as it is now, kept from others until the transaction ends."""
    row: Hearing = Hearing.objects.select_for_update().get(pk=hearing.pk)
    require_seen(seen, row.version)
    return row


def _require_state(row: Hearing, state: HearingState, message: str) -> None:
    """Raise Refused with `message` unless the hearing stands there."""
    if row.state is not state:
        raise _refuse(message)


def _write(hearing: Hearing, row: Hearing, values: dict[str, Any]) -> None:
    """Write the row, count its version up, and tell the object that the caller holds."""
    values = {**values, "version": row.version + 1}
    Hearing.objects.filter(pk=row.pk).update(**values)
    for name, value in values.items():
        setattr(hearing, name, value)


def _moved(before: Hearing | None, after: Hearing) -> dict[str, dict[str, str | None]]:
    """Return, for the log, where a hearing stood and stands."""
    return {
        "before": {"state": before.state.value if before else None},
        "after": {"state": after.state.value, "held_at": after.held_at.isoformat()},
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _refuse(message: str) -> Refused:
    return Refused([Finding("HEA", Level.BLOCK, message, "713 art. 16")])
