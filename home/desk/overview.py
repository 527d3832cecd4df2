"""What one person's desk holds today: computed once for all panels of the admin's home page."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Q

from consultations.models import DecisionItemPage
from consultations.watch import site_findings
from decisions.models import ArchiveComparison
from decisions.search.indexing import TOPIC_COPY, TOPIC_INDEX
from decisions.search.reconciling import is_mended
from home.desk.access import OF_MATTERS, may_any
from home.desk.addresses import page_address
from home.desk.deadlines import DueItem, due_items
from home.desk.watch import Watch, Watched, WatchedIssue, WatchedRound, watch
from portal.accounts.scope import scope_of
from portal.core.findings import Finding, Level
from portal.core.models import OutboxMessage

HEAVIEST_FIRST = (Level.BLOCK, Level.WARN, Level.SHOW)


@dataclass(frozen=True)
class FoundOn:
    """A finding, with what it was found on."""

    finding: Finding
    title: str
    unit: str
    page: int | None
    units: frozenset[int] = frozenset()

    @property
    def url(self) -> str:
        """Where something can be done about it; empty for the whole site."""
        return page_address(self.page) if self.page else ""


@dataclass(frozen=True)
class Warned:
    """A matter with what the rules find on it."""

    matter: Watched
    findings: list[Finding]

    @property
    def level(self) -> Level:
        """The heaviest level among them."""
        return min((one.level for one in self.findings), key=HEAVIEST_FIRST.index)


class Desk:
    """Everything in a person's scope at an instant, each part read when it is first asked for."""

    def __init__(self, user: Any, *, at: datetime) -> None:
        """Keep whose desk it is and when."""
        self.user, self.at = user, at

    @property
    def works_on_matters(self) -> bool:
        """Whether matters are anything to this person."""
        return may_any(self.user, OF_MATTERS)

    @cached_property
    def watched(self) -> Watch:
        """The matters in scope."""
        return watch(DecisionItemPage.objects.in_scope_of(self.user), at=self.at)

    @cached_property
    def due(self) -> list[DueItem]:
        """What is late or soon due, oldest day first."""
        return due_items(self.watched)

    @property
    def late(self) -> list[DueItem]:
        """What is late."""
        return [one for one in self.due if one.is_late]

    @property
    def soon(self) -> list[DueItem]:
        """What is soon due."""
        return [one for one in self.due if not one.is_late]

    @property
    def waiting(self) -> list[WatchedRound]:
        """Rounds with opinions that wait for a moderator, the longest wait first."""
        rounds = [one for matter in self.watched.matters for one in matter.rounds if one.waiting]
        return sorted(rounds, key=lambda one: one.facts.pending_since or self.watched.today)

    @property
    def unread_drafts(self) -> list[WatchedIssue]:
        """Drafts of answers that a second person has to read."""
        return [
            issue
            for matter in self.watched.matters
            for issue in matter.issues
            if issue.is_drafted and not issue.is_read
        ]

    @cached_property
    def warned(self) -> list[Warned]:
        """Matters on which the rules find something, the heaviest first."""
        limits = self.watched.limits
        found = [
            Warned(matter, findings)
            for matter in self.watched.matters
            if (findings := matter.findings(limits, at=self.at))
        ]
        return sorted(found, key=lambda one: (HEAVIEST_FIRST.index(one.level), -len(one.findings)))

    def everything_found(self) -> list[FoundOn]:
        """Return every finding on the matters in scope; who works everywhere sees the site's."""
        found = [
            FoundOn(finding, one.matter.title, one.matter.unit, one.matter.pk, one.matter.units)
            for one in self.warned
            for finding in one.findings
        ]
        if scope_of(self.user).everywhere:
            site = [FoundOn(one, "", "", None) for one in site_findings(at=self.at)]
            found = site + found
        return sorted(found, key=lambda one: HEAVIEST_FIRST.index(one.finding.level))

    @cached_property
    def outbox(self) -> dict[str, int]:
        """How many promised mails and index updates wait, fail, or concern the search index."""
        undone = OutboxMessage.objects.filter(done_at__isnull=True)
        counts: dict[str, int] = undone.aggregate(
            waiting=Count("pk"),
            failing=Count("pk", filter=~Q(last_error="")),
            index=Count("pk", filter=Q(topic__in=[TOPIC_COPY, TOPIC_INDEX])),
        )
        return counts

    @property
    def differing(self) -> list[tuple[ArchiveComparison, bool]]:
        """Copies that differed when last compared, and whether that was mended since."""
        compared = ArchiveComparison.objects.order_by("copy")
        return [(one, is_mended(one)) for one in compared if one.differing]
