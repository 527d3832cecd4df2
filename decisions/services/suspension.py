"""Verbs on the execution of a decision: suspend it, carry it out again (713 art. 37)."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from decisions.lifecycle import Validity
from decisions.models import DecisionPage, Suspension
from portal.core.dates import day_in_words
from portal.core.findings import Finding, Level, Refused

if TYPE_CHECKING:
    from portal.accounts.models import User

_CAN_BE_SUSPENDED = frozenset({Validity.IN_FORCE, Validity.AMENDED})


@transaction.atomic
def suspend(
    *, decision: DecisionPage, from_on: date, organ: str, reason: str, by: "User", at: datetime
) -> Suspension:
    """Record that a decision is not carried out from a day on; shown on its page at once.

    Args:
        decision: a public one.
        from_on: the first day.
        organ: who suspended it.
        reason: why; public.
        by: who records it.
        at: when.

    Raises:
        Refused: it is not public, not in force on that day, or suspended on a later day already.

    """
    present = DecisionPage.objects.select_for_update(of=("self",)).with_acts().get(pk=decision.pk)
    if not present.live:
        raise _refused(_("This decision is not public."))
    if any(one.resumed_on is None or one.resumed_on > from_on for one in present.all_suspensions):
        raise _refused(_("It is suspended on that day, or on a later one, already."))
    validity = present.validity(on=from_on)
    if validity not in _CAN_BE_SUSPENDED:
        raise _refused(
            _("On %(day)s this decision is not in force, so it cannot be suspended.")
            % {"day": day_in_words(from_on)}
        )
    suspension = Suspension.objects.create(
        decision=present, from_on=from_on, organ=organ.strip(), reason=reason.strip()
    )
    log(present, "decisions.suspend", user=by, data={"from": from_on.isoformat()})
    log(suspension, "decisions.suspend", user=by, data={"from": from_on.isoformat()})
    return suspension


@transaction.atomic
def resume(*, suspension: Suspension, resumed_on: date, by: "User", at: datetime) -> None:
    """Record from which day on a suspended decision is carried out again.

    Raises:
        Refused: that is on record already, or the day is not after the suspension began.

    """
    present = Suspension.objects.select_for_update().get(pk=suspension.pk)
    if present.resumed_on is not None:
        raise _refused(_("The end of this suspension is on record already."))
    if resumed_on <= present.from_on:
        raise _refused(_("It can be carried out again only after the suspension began."))
    suspension.resumed_on = resumed_on
    suspension.save(update_fields=["resumed_on"])
    data = {"from": resumed_on.isoformat()}
    log(suspension.decision, "decisions.resume", user=by, data=data)
    log(suspension, "decisions.resume", user=by, data=data)


def _refused(message: str) -> Refused:
    return Refused([Finding("LIF", Level.BLOCK, message, "713 art. 37")])
