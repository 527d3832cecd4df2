"""The verb on an interpretation: publish it below what it interprets."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.log_actions import log

from consultations.lifecycle import Act, official_date
from consultations.models import InterpretationPage
from portal.core.findings import require
from portal.core.models import current_limits

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def publish_interpretation(*, page: InterpretationPage, by: "User", at: datetime) -> None:
    """Publish an interpretation; the archive follows by the outbox.

    Raises:
        Refused: the release review has not passed (CON-7), or what it interprets is not public.

    """
    require(Act.PUBLISH_INTERPRETATION, page.facts(at=at), current_limits())
    was_live = page.live
    page.published_on = page.published_on or official_date(at)
    page.publish_as(by)
    log(
        page,
        "consultations.publish_interpretation",
        user=by,
        data={"before": {"live": was_live}, "after": {"live": True}},
    )
