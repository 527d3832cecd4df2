"""The verb of a post-decision evaluation 决策后评估: publish its report and outcome."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.log_actions import log

from consultations.lifecycle import Act, official_date
from decisions.models import EvaluationPage
from portal.core.findings import require
from portal.core.models import current_limits
from portal.core.waivers import waived_on

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def publish_evaluation(*, page: EvaluationPage, by: "User", at: datetime) -> None:
    """Publish the report of an evaluation with what becomes of the decision (CON-7, EVA-2, EVA-3).

    The outcome is a statement: a change goes through the procedure as a matter of its own, and
    what suspends or ends a decision is recorded on the decision (713 art. 37).

    Raises:
        Refused: a rule forbids it, or the decision is not public.

    """
    require(Act.PUBLISH_EVALUATION, page.facts(), current_limits(), waived=waived_on(page))
    was_live = page.live
    page.published_on = page.published_on or official_date(at)
    page.publish_as(by)
    log(
        page,
        "decisions.publish_evaluation",
        user=by,
        data={
            "outcome": page.outcome,
            "before": {"live": was_live},
            "after": {"live": True, "outcome": page.outcome},
        },
    )
