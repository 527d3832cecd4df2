"""What the rules find on reviews and decisions as time passes, and how far the duties have come."""

from datetime import datetime

from consultations.compliance.duties import Duty
from consultations.lifecycle import official_date
from consultations.models import DecisionItemPage
from decisions.compliance.duties import (
    DecisionStanding,
    ReviewStanding,
    duties_of_the_decision,
)
from decisions.lifecycle import ReviewKind
from decisions.models import CollectiveDiscussion, DecisionPage, Review
from decisions.models.facts import dossier_facts
from decisions.models.review import NEEDED, Reviews
from portal.core.findings import Finding, findings
from portal.core.models import WorkCalendar, current_limits
from portal.core.remembered import remembered
from portal.core.waivers import waived_on


def own_findings(*, item: DecisionItemPage, at: datetime) -> list[Finding]:
    """Return what the rules find on the decision of a matter (ARC-1, DEC-*, EVA-1, LIF-*)."""
    page = DecisionPage.objects.child_of(item).select_related("superseded_by").first()
    if page is None:
        return []
    facts = dossier_facts(item, page, at=at)
    found = findings(facts.watching_act, facts, current_limits())
    waived = waived_on(page)
    return [one for one in found if one.id not in waived]


def duties(*, item: DecisionItemPage, at: datetime) -> list[Duty]:
    """Return the duties on a matter from the reviews on, as the public may see them."""
    reviews = Reviews(Review.objects.filter(item=item))
    last = {kind: reviews.last(kind) for kind in ReviewKind}
    needed = {kind for kind, field in NEEDED.items() if getattr(item, field)}
    if item.needs_legality:
        needed.add(ReviewKind.LEGALITY)
    discussion = CollectiveDiscussion.objects.filter(item=item).first()
    fields = ("pk", "path", "signed_on", "published_on")
    page = DecisionPage.objects.child_of(item).live().values(*fields).first()
    own = [
        one.published_on
        for one in item.public_interpretations
        if page is not None and one.path.startswith(page["path"])
    ]
    standing = DecisionStanding(
        today=official_date(at),
        needed=frozenset(needed),
        reviews={
            kind: ReviewStanding(one.result, one.sent_on, one.concluded_on)
            for kind, one in last.items()
            if one is not None
        },
        needs_collective=item.needs_collective,
        meeting_name=discussion.meeting_name if discussion else "",
        meeting_on=discussion.held_on if discussion else None,
        signed_on=page["signed_on"] if page else None,
        published_on=page["published_on"] if page else None,
        evaluation=item.evaluation(at=at),
        interpreted_on=own[0] if own else None,
        is_excused=page is not None and item.is_excused(page["pk"], "DEC-4"),
        is_workday=remembered("work-calendar", WorkCalendar),
    )
    return duties_of_the_decision(standing, remembered("limits", current_limits))
