"""Decisions as the books have them: in force, suspended, repealed; and clean-ups."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from consultations.lifecycle import official_date
from decisions import services
from decisions.lifecycle import CleanupOutcome, Supersession
from decisions.models import CleanupPage, DecisionPage, Suspension
from tests.factories import acts, interpretations
from tests.factories.pages import a_decided_matter, a_decision, the_decision_index
from tests.factories.people import a_publisher
from tests.factories.review import released

AGE = timedelta(days=200)


def a_decision_in_force(*, at: datetime | None = None, **fields: object) -> DecisionPage:
    """A public decision that has been in force for 170 days."""
    at = at or timezone.now()
    page = a_decision(a_decided_matter(at=at - AGE), at=at - AGE, **fields)
    interpretations.published(page, at=at - AGE)
    return page


def suspended(
    page: DecisionPage, *, from_on: date | None = None, at: datetime | None = None
) -> Suspension:
    """Suspend a decision, from yesterday unless given."""
    at = at or timezone.now()
    return services.suspend(
        decision=page,
        from_on=from_on or official_date(at) - timedelta(days=1),
        organ="澜川市人民政府",
        reason="汛期需要临时调整。",
        by=a_publisher(),
        at=at,
    )


def superseded(
    page: DecisionPage, later: DecisionPage, what: Supersession, *, at: datetime | None = None
) -> DecisionPage:
    """Let a later decision amend or repeal a decision."""
    page.superseded_by, page.supersession = later, what
    acts.publish_decision(page=page, by=a_publisher(), at=at or timezone.now())
    return DecisionPage.objects.get(pk=page.pk)


def a_draft_cleanup(*, at: datetime | None = None, **fields: str) -> CleanupPage:
    """A clean-up with every decision in force, none of which has an outcome."""
    the_decision_index()
    values = {"title": "市政府文件清理结果", "organ": "澜川市人民政府"}
    return services.start_cleanup(**(values | fields), by=a_publisher(), at=at or timezone.now())


def with_outcome(
    cleanup: CleanupPage, outcome: CleanupOutcome, *decisions: DecisionPage, **fields: object
) -> None:
    """Set the outcome of some decisions of a clean-up, of all unless given."""
    entries = cleanup.entries.all()
    if decisions:
        entries = entries.filter(decision__in=decisions)
    values = {"reason": "" if outcome is CleanupOutcome.KEEP else "已由新规定替代。"}
    services.set_outcome(
        entries=list(entries.values_list("pk", flat=True)),
        outcome=outcome,
        **({"at": timezone.now()} | values | fields),
        by=a_publisher(),
    )


def published_cleanup(cleanup: CleanupPage, *, at: datetime | None = None) -> CleanupPage:
    """Publish a clean-up."""
    page = CleanupPage.objects.get(pk=cleanup.pk)
    released(page)
    services.publish_cleanup(page=page, by=a_publisher(), at=at or timezone.now())
    return CleanupPage.objects.get(pk=page.pk)
