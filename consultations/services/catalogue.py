"""Verbs on the catalogue and on the stage of a matter."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from consultations.lifecycle import Act, AdjustmentKind, Stage, may_follow, official_date
from consultations.models import (
    CatalogueAdjustment,
    CataloguePage,
    ConsultationPage,
    DecisionItemPage,
    StageChange,
)
from portal.core.findings import Finding, Level, Refused, require
from portal.core.models import current_limits

if TYPE_CHECKING:
    from portal.accounts.models import User


def has_ended(item: DecisionItemPage, at: datetime) -> bool:
    """Tell whether the clock has closed every public round of a matter."""
    rounds = ConsultationPage.objects.child_of(item).live()
    return not rounds.filter(closes_on__gte=official_date(at)).exists()


@transaction.atomic
def advance(
    *, item: DecisionItemPage, to: Stage, reason: str = "", by: "User | None", at: datetime
) -> None:
    """Move a matter to another stage; the only way a stage changes.

    What the clock has done and nobody has recorded yet is recorded first.

    Args:
        item: the matter; its `stage` is set.
        to: the new stage.
        reason: why, where the procedure asks for it; published.
        by: who did it, None for the clock.
        at: when.

    Raises:
        Refused: the procedure does not lead from the present stage to `to`.

    """
    present = Stage(
        DecisionItemPage.objects.select_for_update().values_list("stage", flat=True).get(pk=item.pk)
    )
    if present is Stage.CONSULTING and to is not Stage.CONSULTATION_CLOSED and has_ended(item, at):
        advance(item=item, to=Stage.CONSULTATION_CLOSED, by=None, at=at)
        present = Stage.CONSULTATION_CLOSED
    if not may_follow(present, to):
        message = _("A matter at “%(present)s” cannot become “%(to)s”.") % {
            "present": present.label,
            "to": to.label,
        }
        raise Refused([Finding("STAGE", Level.BLOCK, message, "713 art. 10-33")])
    StageChange.objects.create(
        item=item, from_stage=present, to_stage=to, reason=reason, changed_at=at, changed_by=by
    )
    DecisionItemPage.objects.filter(pk=item.pk).update(stage=to)
    item.stage = to
    log(item, "consultations.advance", user=by, data={"from": present.value, "to": to.value})


@transaction.atomic
def publish_catalogue(*, page: CataloguePage, by: "User", at: datetime) -> None:
    """Publish a catalogue with all its entries (CAT-2, CAT-3).

    Published again, it takes no further entry along: what is added later needs an adjustment.

    Raises:
        Refused: a rule forbids it.

    """
    require(Act.PUBLISH_CATALOGUE, page.facts(), current_limits())
    before = {"live": page.live}
    first_entries = () if page.live else page.entries().not_live()
    page.published_on = page.published_on or official_date(at)
    page.publish_as(by)
    for entry in first_entries:
        entry.listed_on = official_date(at)
        entry.publish_as(by)
    log(
        page,
        "consultations.publish_catalogue",
        user=by,
        data={"before": before, "after": {"live": True}},
    )


@transaction.atomic
def publish_item(*, page: DecisionItemPage, by: "User", at: datetime) -> None:
    """Publish an entry that was added to, or changed in, a published catalogue (CAT-3, CAT-4).

    Raises:
        Refused: a rule forbids it, or it is a past record, which stands in no catalogue.

    """
    if page.is_past_record:
        message = _(
            "This matter was recorded from its document and stands in no catalogue. Correct its "
            "row in the table of past decisions and record that again."
        )
        raise Refused([Finding("PAST", Level.BLOCK, message, "713 art. 3")])
    require(Act.PUBLISH_ITEM, page.facts(), current_limits())
    before = {"live": page.live}
    page.listed_on = page.listed_on or official_date(at)
    page.publish_as(by)
    log(
        page,
        "consultations.publish_item",
        user=by,
        data={"before": before, "after": {"live": True}},
    )


# What an adjustment does to the stage of its matter.
_STAGE_AFTER = {
    AdjustmentKind.DEFER: Stage.DEFERRED,
    AdjustmentKind.REMOVE: Stage.WITHDRAWN,
    AdjustmentKind.RESUME: Stage.DRAFTING,
}


@transaction.atomic
def adjust(
    *,
    item: DecisionItemPage,
    kind: AdjustmentKind,
    reason: str,
    approved_on: date,
    by: "User",
    at: datetime,
) -> CatalogueAdjustment:
    """Record a change of a published catalogue; some kinds also move the matter.

    A new entry, or a change of an entry's particulars, is then published with `publish_item`.

    Raises:
        Refused: the reason is empty, the catalogue is not public, or the procedure does not
            allow the move.

    """
    message = ""
    if item.is_past_record:
        message = _("A past decision stands in no catalogue, so there is nothing to adjust.")
    elif not reason.strip():
        message = _("State the reason for the adjustment; it is published.")
    elif not item.catalogue.live:
        message = _("Only a published catalogue is adjusted; this one can still be edited.")
    elif kind is AdjustmentKind.REMOVE and not has_ended(item, at):
        message = _("A consultation of this matter is still running; it cannot be closed early.")
    if message:
        raise Refused([Finding("CAT-4", Level.BLOCK, message, "713 art. 3")])
    adjustment = CatalogueAdjustment.objects.create(
        catalogue=item.catalogue,
        item=item,
        kind=kind,
        reason=reason.strip(),
        approved_on=approved_on,
        recorded_at=at,
    )
    if kind in _STAGE_AFTER:
        advance(item=item, to=_STAGE_AFTER[kind], reason=reason.strip(), by=by, at=at)
    log(item, "consultations.adjust", user=by, data={"kind": str(kind)})
    return adjustment
