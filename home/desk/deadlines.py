"""What is due on a day, and what is late: pure functions of what is watched.

A late day that a rule knows is the rule's (`Finding.due_on`); what is soon due, and the duties
that no rule speaks of, are told here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from consultations.compliance.matter import RoundFacts
from decisions.lifecycle import ReviewKind
from home.desk.watch import Watch, Watched, pending_reviews
from portal.core.findings import Finding
from portal.core.workdays import add_workdays, workdays_between

SOON_DAYS = 3
SOON_WORKDAYS = 3


class Kind(TextChoices):
    """What can be due; with “_late” at most 20 characters, the length of `Reminder.kind`."""

    CLOSING = "closing", _("Consultation closes")
    MODERATION = "moderation", _("Opinions to be read by a moderator")
    ANSWER = "answer", _("Answer to an issue")
    FEEDBACK = "feedback", _("Adoption summary")
    REVIEW = "review", _("Legality review")
    PUBLICATION = "publication", _("Publication of the decision")
    HEARING = "hearing", _("Materials for the hearing")
    PLANNED = "planned", _("Planned time of the decision")
    EXPIRY = "expiry", _("Decision expires")
    CATALOGUE = "catalogue", _("Catalogue of the year")
    DRAFT_EXPLAINED = "draft_explained", _("Interpretation of the draft")
    EXPLAINED = "explained", _("Interpretation of the decision")


# The rules whose day is a duty's day.
_OF_RULE = {
    "OPI-5": Kind.MODERATION,
    "FEE-1": Kind.FEEDBACK,
    "DEC-2": Kind.PUBLICATION,
    "HEA-4": Kind.HEARING,
    "CAT-5": Kind.PLANNED,
    "CON-9": Kind.DRAFT_EXPLAINED,
    "DEC-4": Kind.EXPLAINED,
    "LIF-1": Kind.EXPIRY,
}
_IN_WORKDAYS = frozenset(
    {Kind.MODERATION, Kind.FEEDBACK, Kind.REVIEW, Kind.PUBLICATION, Kind.EXPLAINED}
)


@dataclass(frozen=True)
class DueItem:
    """One thing that is due.

    Attributes:
        kind: what.
        due_on: until when.
        today: the day on which that is said.
        workdays: working days from today to then; negative once it is late.
        is_estimate: whether the day was counted over a year whose holidays are not announced.
        page: the page that it is about.
        title: of that page or issue.
        matter: the matter's page; None for the catalogue of a year.
        units: primary keys of the units whose duty it is.
        assignee: the one person whose duty it is, if somebody was named.
        issue: the issue, where it is about one.

    """

    kind: Kind
    due_on: date
    today: date
    workdays: int
    is_estimate: bool
    page: int
    title: str
    matter: int | None = None
    units: frozenset[int] = frozenset()
    assignee: int | None = None
    issue: int | None = None

    @property
    def is_late(self) -> bool:
        """Whether the day is over."""
        return self.today > self.due_on

    @property
    def days(self) -> int:
        """Days from today to then; negative once it is late."""
        return (self.due_on - self.today).days

    @property
    def days_late(self) -> int:
        """Days that have passed since."""
        return max(-self.days, 0)

    @property
    def workdays_late(self) -> int:
        """Working days that have passed since."""
        return max(-self.workdays, 0)

    @property
    def counts_in_workdays(self) -> bool:
        """Whether its day is counted in working days."""
        return self.kind in _IN_WORKDAYS

    @property
    def reminder(self) -> str:
        """The kind of the reminder: one before the day, one when it is late."""
        return f"{self.kind}_late" if self.is_late else str(self.kind)


def due_items(watched: Watch) -> list[DueItem]:
    """Return everything soon due or late on the matters watched, oldest day first."""
    found = [one for matter in watched.matters for one in _of_matter(matter, watched)]
    return sorted(found, key=lambda one: (one.due_on, one.kind, one.page, one.issue or 0))


def catalogue_due(watched: Watch, *, page: int, findings: list[Finding]) -> Iterator[DueItem]:
    """Yield that the catalogue of the year is late, as rule CAT-1 has it."""
    for finding in findings:
        if finding.id == "CAT-1" and finding.due_on is not None:
            yield DueItem(
                kind=Kind.CATALOGUE,
                due_on=finding.due_on,
                today=watched.today,
                workdays=workdays_between(watched.today, finding.due_on, watched.calendar),
                is_estimate=False,
                page=page,
                title=finding.message,
            )


def _of_matter(matter: Watched, watched: Watch) -> Iterator[DueItem]:
    """Yield what is due on one matter."""
    late = {one.id: one.due_on for one in matter.findings(watched.limits, at=watched.at)}
    yield from _late_by_rule(matter, watched, late)
    yield from _rounds(matter, watched)
    yield from _answers(matter, watched)
    yield from _reviews(matter, watched)
    yield from _publication(matter, watched)
    yield from _interpretation(matter, watched)
    yield from _hearings(matter, watched)


def _late_by_rule(
    matter: Watched, watched: Watch, late: dict[str, date | None]
) -> Iterator[DueItem]:
    for rule_id, kind in _OF_RULE.items():
        due_on = late.get(rule_id)
        if due_on is not None and not _is_past_help(kind, matter, due_on, watched.today):
            page, title = _page_of(kind, matter, watched, due_on)
            yield _due(kind, due_on, matter, watched, page=page, title=title)


def _is_past_help(kind: Kind, matter: Watched, due_on: date, today: date) -> bool:
    """Tell whether what was late is done by now; it stays a finding, but nothing is due.

    A decision that has expired is no longer prolonged.
    """
    if kind is Kind.PUBLICATION:
        return matter.decision is None or matter.decision.facts.is_public
    if kind is Kind.HEARING:
        return all(one.materials_on for one in matter.hearings)
    if kind is Kind.EXPIRY:
        return due_on < today
    return False


def _page_of(kind: Kind, matter: Watched, watched: Watch, due_on: date) -> tuple[int, str]:
    """Return the page below a matter that a late duty is about: the round, or the decision."""
    of_decision = {Kind.PUBLICATION, Kind.EXPLAINED, Kind.EXPIRY}
    if kind in of_decision and matter.decision is not None:
        return matter.decision.pk, matter.title
    for one in matter.rounds:
        days = {
            Kind.FEEDBACK: one.facts.report_due_on(watched.limits, watched.calendar),
            Kind.MODERATION: _moderation_due_on(one.facts, watched),
            Kind.DRAFT_EXPLAINED: one.facts.opens_on,
        }
        if days.get(kind) == due_on:
            return one.pk, one.title
    return matter.pk, matter.title


def _moderation_due_on(facts: RoundFacts, watched: Watch) -> date | None:
    if facts.pending_since is None:
        return None
    return add_workdays(facts.pending_since, watched.limits.moderation_workdays, watched.calendar)


def _rounds(matter: Watched, watched: Watch) -> Iterator[DueItem]:
    """Yield rounds that close soon, and summaries soon due."""
    for one in matter.rounds:
        facts = one.facts
        is_open = facts.opens_on <= watched.today <= facts.closes_on
        if is_open and (facts.closes_on - watched.today).days <= SOON_DAYS:
            yield _due(Kind.CLOSING, facts.closes_on, matter, watched, page=one.pk, title=one.title)
        elif facts.closes_on < watched.today and facts.reported_on is None:
            due_on = facts.report_due_on(watched.limits, watched.calendar)
            if _is_soon(due_on, watched):
                yield _due(Kind.FEEDBACK, due_on, matter, watched, page=one.pk, title=one.title)


def _answers(matter: Watched, watched: Watch) -> Iterator[DueItem]:
    """Yield answers that somebody was asked for by a day."""
    horizon = watched.today + timedelta(days=SOON_DAYS)
    for issue in matter.issues:
        if issue.due_on is not None and not issue.is_read and issue.due_on <= horizon:
            yield _due(
                Kind.ANSWER,
                issue.due_on,
                matter,
                watched,
                page=issue.round,
                title=issue.title,
                assignee=issue.assignee,
                issue=issue.pk,
            )


def _reviews(matter: Watched, watched: Watch) -> Iterator[DueItem]:
    """Yield legality reviews that take longer than usual (713 art. 26)."""
    for review in pending_reviews(matter):
        if review.kind != ReviewKind.LEGALITY or review.sent_on is None:
            continue
        due_on = add_workdays(review.sent_on, watched.limits.legality_workdays, watched.calendar)
        if due_on < watched.today:
            yield _due(Kind.REVIEW, due_on, matter, watched, page=matter.pk, title=matter.title)


def _publication(matter: Watched, watched: Watch) -> Iterator[DueItem]:
    """Yield a signed decision whose publication is soon due (711 art. 26)."""
    decision = matter.decision
    if decision is None or decision.facts.is_public or decision.facts.signed_on is None:
        return
    limit = watched.limits.publication_workdays
    due_on = add_workdays(decision.facts.signed_on, limit, watched.calendar)
    if _is_soon(due_on, watched):
        yield _due(Kind.PUBLICATION, due_on, matter, watched, page=decision.pk, title=matter.title)


def _interpretation(matter: Watched, watched: Watch) -> Iterator[DueItem]:
    """Yield a public decision whose interpretation is soon due (713 art. 32)."""
    decision = matter.decision
    if decision is None:
        return
    facts = decision.facts
    if not facts.is_public or facts.published_on is None:
        return
    is_waived = "DEC-4" in matter.waived.get(decision.pk, ())
    if facts.interpreted_on is not None or facts.is_superseded or is_waived:
        return
    limit = watched.limits.interpretation_workdays
    due_on = add_workdays(facts.published_on, limit, watched.calendar)
    if _is_soon(due_on, watched):
        yield _due(Kind.EXPLAINED, due_on, matter, watched, page=decision.pk, title=matter.title)


def _hearings(matter: Watched, watched: Watch) -> Iterator[DueItem]:
    """Yield hearings whose materials have soon to be in the participants' hands (713 art. 16)."""
    for hearing in matter.hearings:
        due_on = hearing.held_on - timedelta(days=watched.limits.hearing_material_days)
        is_soon = 0 <= (due_on - watched.today).days <= SOON_DAYS
        if hearing.materials_on is None and is_soon:
            yield _due(Kind.HEARING, due_on, matter, watched, page=matter.pk, title=matter.title)


def _is_soon(due_on: date, watched: Watch) -> bool:
    if due_on < watched.today:
        return False
    return workdays_between(watched.today, due_on, watched.calendar) <= SOON_WORKDAYS


def _due(
    kind: Kind,
    due_on: date,
    matter: Watched,
    watched: Watch,
    *,
    page: int,
    title: str,
    assignee: int | None = None,
    issue: int | None = None,
) -> DueItem:
    return DueItem(
        kind=kind,
        due_on=due_on,
        today=watched.today,
        workdays=workdays_between(watched.today, due_on, watched.calendar),
        is_estimate=kind in _IN_WORKDAYS and not watched.calendar.is_known(due_on),
        page=page,
        title=title,
        matter=matter.pk,
        units=matter.units,
        assignee=assignee,
        issue=issue,
    )
