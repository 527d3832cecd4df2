"""A drafting unit asks to change the published catalogue; the disclosure office decides."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from consultations.lifecycle import AdjustmentKind
from consultations.models import AdjustmentRequest, CatalogueAdjustment, DecisionItemPage
from consultations.services.catalogue import adjust
from portal.core.findings import Finding, Level, Refused

if TYPE_CHECKING:
    from portal.accounts.models import User

# What a unit can ask for; a new entry it writes into the catalogue as a draft.
REQUESTED = (
    AdjustmentKind.CHANGE,
    AdjustmentKind.DEFER,
    AdjustmentKind.REMOVE,
    AdjustmentKind.RESUME,
)


def _refuse(message: str) -> None:
    raise Refused([Finding("CAT-4", Level.BLOCK, message, "713 art. 3")])


@transaction.atomic
def request_adjustment(
    *, item: DecisionItemPage, kind: AdjustmentKind, reason: str, by: "User", at: datetime
) -> AdjustmentRequest:
    """Ask the disclosure office for a change of the published catalogue.

    Raises:
        Refused: the reason is empty, the matter is not public, or a request waits already.

    """
    locked = DecisionItemPage.objects.select_for_update().get(pk=item.pk)
    if not reason.strip():
        _refuse(_("State the reason for the adjustment."))
    if not locked.live:
        _refuse(_("Only an entry of the published catalogue is adjusted."))
    if locked.adjustment_requests.filter(decided_at__isnull=True).exists():
        _refuse(_("A request for this matter is waiting already."))
    request = AdjustmentRequest.objects.create(
        item=locked, kind=kind, reason=reason.strip(), requested_by=by, requested_at=at
    )
    log(
        request,
        "consultations.request_adjustment",
        user=by,
        data={"kind": str(kind), "item": locked.pk},
        timestamp=at,
    )
    return request


@transaction.atomic
def grant_adjustment(
    *, request: AdjustmentRequest, approved_on: date, by: "User", at: datetime
) -> CatalogueAdjustment:
    """Grant a request: the adjustment is recorded with the reason of the unit, and is public.

    Raises:
        Refused: it was decided already, or the procedure does not allow the adjustment.

    """
    locked = _waiting(request)
    locked.adjustment = adjust(
        item=locked.item,
        kind=AdjustmentKind(locked.kind),
        reason=locked.reason,
        approved_on=approved_on,
        by=by,
        at=at,
    )
    _decide(locked, by=by, at=at)
    log(
        locked,
        "consultations.grant_adjustment",
        user=by,
        data={"kind": locked.kind, "item": locked.item_id},
        timestamp=at,
    )
    return locked.adjustment


@transaction.atomic
def refuse_adjustment(
    *, request: AdjustmentRequest, refusal: str, by: "User", at: datetime
) -> None:
    """Refuse a request with a reason that its unit reads.

    Raises:
        Refused: the reason is empty, or it was decided already.

    """
    locked = _waiting(request)
    if not refusal.strip():
        _refuse(_("State why the request is not granted."))
    locked.refusal = refusal.strip()
    _decide(locked, by=by, at=at)
    log(
        locked,
        "consultations.refuse_adjustment",
        user=by,
        data={"kind": locked.kind, "item": locked.item_id},
        timestamp=at,
    )


def _waiting(request: AdjustmentRequest) -> AdjustmentRequest:
    """Return the request with its row locked, if nobody has decided it."""
    locked: AdjustmentRequest = AdjustmentRequest.objects.select_for_update(of=("self",)).get(
        pk=request.pk
    )
    if locked.decided_at is not None:
        _refuse(_("Somebody else has decided this request meanwhile."))
    return locked


def _decide(request: AdjustmentRequest, *, by: "User", at: datetime) -> None:
    request.decided_by = by
    request.decided_at = at
    request.save()
