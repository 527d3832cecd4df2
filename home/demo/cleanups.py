"""The demo's clean-up of documents: started, decided, reviewed and published by its accounts."""

from collections.abc import Mapping

from decisions import services
from decisions.lifecycle import CleanupOutcome
from decisions.models import CleanupPage, DecisionPage
from home.demo.dates import at_time
from home.demo.hands import Stagehands
from home.demo.material import Cleanup
from home.demo.past import dated
from home.demo.release import release


def clean_up(told: Cleanup, decided: Mapping[str, DecisionPage], hands: Stagehands) -> None:
    """Go through the decisions that were in force, and publish what becomes of each.

    Args:
        told: the clean-up.
        decided: every decision of the demo by the name of its matter.
        hands: who acts.

    """
    with dated(at_time(hands.calendar.office_day(told.started))) as at:
        page = services.start_cleanup(
            title=told.title, organ=told.organ, basis=told.basis, by=hands.publisher, at=at
        )
        for name, result in told.results.items():
            entries = page.entries.filter(decision=decided[name]).values_list("pk", flat=True)
            services.set_outcome(
                entries=entries,
                outcome=CleanupOutcome(result["outcome"]),
                reason=result.get("reason", ""),
                by=hands.legal,
                at=at,
            )
    page = CleanupPage.objects.get(pk=page.pk)
    page.summary, page.introduction = told.summary, told.introduction.strip()
    with dated(at_time(hands.calendar.office_day(told.published))) as at:
        page.save_as_draft(hands.publisher)
        release(page, hands)
        services.publish_cleanup(page=page, by=hands.publisher, at=at)
