"""All matters in somebody's scope as the rules read them, gathered in a few statements.

The rules are those of the apps; `consultations.watch.matter_findings` tells the same of one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left
from wagtail.models import Page

from consultations.compliance.matter import MatterFacts, RoundFacts
from consultations.lifecycle import SET_ASIDE, Act, Display, Stage, closing_instant, official_date
from consultations.models import (
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
    Hearing,
    InterpretationPage,
    Issue,
    Opinion,
)
from consultations.querysets import MATTER_PATH
from decisions.compliance.review import DecisionFacts
from decisions.lifecycle import CleanupOutcome, ReviewResult
from decisions.models import CleanupEntry, DecisionPage, EvaluationPage, Review
from decisions.models.evaluation import facts_of_evaluations, opposing_in
from decisions.models.facts import procedure_since
from decisions.models.review import Reviews
from portal.core.findings import Finding, findings
from portal.core.limits import Limits
from portal.core.models import Waiver, WorkCalendar, current_limits
from portal.core.remembered import remembered
from portal.core.workdays import last_day_due_before

_DECIDED = frozenset({Stage.DECIDED, Stage.PUBLISHED})


@dataclass(frozen=True)
class WatchedRound:
    """A public round: its facts, and what waits in it for a moderator."""

    pk: int
    title: str
    facts: RoundFacts
    waiting: int = 0
    waiting_too_long: int = 0


@dataclass(frozen=True)
class WatchedDecision:
    """The page of a decision and what the rules read of it."""

    pk: int
    facts: DecisionFacts


@dataclass(frozen=True)
class WatchedIssue:
    """An issue that somebody is to answer, or whose drafted answer somebody is to read."""

    pk: int
    title: str
    round: int
    due_on: date | None
    assignee: int | None
    is_drafted: bool
    is_read: bool


@dataclass
class Watched:
    """One matter with all that may become due on it.

    Attributes:
        pk: its page.
        title: its title.
        stage: where it stands.
        unit: short name of the unit that drafts it.
        units: primary keys of all units that draft it.
        facts: what the rules read of it.
        rounds: its public rounds, those about the effects of its decision last.
        waived: rules whose warning somebody went past, by page.

    """

    pk: int
    title: str
    stage: Stage
    unit: str
    units: frozenset[int]
    facts: MatterFacts
    rounds: list[WatchedRound] = field(default_factory=list)
    hearings: list[Hearing] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    issues: list[WatchedIssue] = field(default_factory=list)
    decision: WatchedDecision | None = None
    waived: dict[int, set[str]] = field(default_factory=dict)

    def findings(self, limits: Limits, *, at: datetime) -> list[Finding]:
        """Return what the rules find on it now, oldest day first."""
        own = self.waived.get(self.pk, set())
        found = findings(Act.WATCH_MATTER, self.facts, limits)
        for hearing in self.hearings:
            found += findings(Act.WATCH_HEARING, hearing.facts(at=at), limits)
        if self.decision is not None:
            own = own | self.waived.get(self.decision.pk, set())
            found += findings(self.decision.facts.watching_act, self.decision.facts, limits)
        left = [one for one in found if one.id not in own]
        return sorted(left, key=lambda one: (one.due_on is None, one.due_on or date.min, one.id))


@dataclass(frozen=True)
class Watch:
    """Everything that is watched at an instant, and by which limits and calendar.

    Attributes:
        at: the instant.
        today: its official day.
        limits: the thresholds.
        calendar: which days are worked.
        matters: the matters, as the catalogues list them.

    """

    at: datetime
    today: date
    limits: Limits
    calendar: WorkCalendar
    matters: list[Watched]


def watch(matters: QuerySet[Any], *, at: datetime) -> Watch:
    """Gather the facts of all public ones of these matters, in at most thirteen statements."""
    limits = remembered("limits", current_limits)
    calendar = remembered("work-calendar", WorkCalendar)
    today = official_date(at)
    public = matters.filter(live=True).exclude(stage=Stage.WITHDRAWN)
    items = list(
        public.order_by("path")
        .only(
            *("pk", "path", "title", "stage", "listed_on", "planned_by", "needs_participation"),
            *("hearing_required", "record_source", "lead_unit__short_name"),
        )
        .select_related("lead_unit")
    )
    ids = public.order_by().select_related(None).values("pk")
    helpers = _helpers(ids)
    gathered = _Gathered(public, ids, today=today, limits=limits, calendar=calendar)
    return Watch(
        at,
        today,
        limits,
        calendar,
        [
            Watched(
                pk=item.pk,
                title=item.title,
                stage=Stage(item.stage),
                unit=item.lead_unit.short_name if item.lead_unit else "",
                units=frozenset({item.lead_unit_id, *helpers[item.pk]} - {None}),
                facts=MatterFacts(
                    today=today,
                    listed_on=item.listed_on,
                    planned_by=item.planned_by,
                    is_decided=item.stage in _DECIDED,
                    is_set_aside=item.stage in SET_ASIDE,
                    needs_participation=item.needs_participation,
                    hearing_required=bool(item.hearing_required),
                    rounds=tuple(one.facts for one in gathered.rounds[item.path]),
                    calls=tuple(one.facts for one in gathered.calls[item.path]),
                    is_workday=calendar,
                ),
                rounds=[*gathered.rounds[item.path], *gathered.calls[item.path]],
                hearings=gathered.hearings[item.pk],
                reviews=gathered.reviews[item.pk],
                issues=gathered.issues[item.path],
                decision=gathered.decision(item),
                waived=gathered.waived,
            )
            for item in items
        ],
    )


def _helpers(ids: QuerySet[Any]) -> dict[int, list[int]]:
    """Return the co-drafting units of matters."""
    helpers: dict[int, list[int]] = defaultdict(list)
    pairs = DecisionItemPage.co_units.through.objects.filter(decisionitempage__in=ids)
    for item, unit in pairs.values_list("decisionitempage_id", "unit_id"):
        helpers[item].append(unit)
    return helpers


class _Gathered:
    """What hangs on the matters, each kind read in one statement."""

    def __init__(
        self,
        matters: QuerySet[Any],
        ids: QuerySet[Any],
        *,
        today: date,
        limits: Limits,
        calendar: WorkCalendar,
    ) -> None:
        self.today, self.calendar = today, calendar
        self.paths = matters.order_by().select_related(None).values("path")
        late_day = last_day_due_before(today, limits.moderation_workdays, calendar)
        self.waived = self._waivers()
        self.prepared, self.interpreted = self._interpretations()
        self.rounds: dict[str, list[WatchedRound]] = defaultdict(list)
        self.calls: dict[str, list[WatchedRound]] = defaultdict(list)
        self._gather_rounds(late_day)
        self.issues = self._issues()
        self.reviews = _by_item(Review.objects.filter(item__in=ids).order_by("pk"))
        hearings = Hearing.objects.standing().announced().filter(concluded_at__isnull=True)
        self.hearings = _by_item(hearings.filter(item__in=ids).prefetch_related("participants"))
        self.decisions = {row["path"][: -Page.steplen]: row for row in self._decisions()}
        self.evaluations: dict[str, list[tuple[bool, date | None]]] = defaultdict(list)
        self.opposing: dict[int, int] = {}
        self.procedure_since = procedure_since() if self.decisions else None
        if self.decisions:
            self._gather_evaluations()

    def _below(self, model: Any) -> QuerySet[Any]:
        """Return the pages of a kind below the matters."""
        dossiers = model.objects.alias(root=Left("path", MATTER_PATH))
        return dossiers.filter(root__in=self.paths).order_by("path")

    def _gather_rounds(self, late_day: date) -> None:
        """Read the rounds of the matters, and apart from them those below the decisions."""
        late = closing_instant(late_day)
        since = Coalesce("confirmed_at", "submit_date")
        pending = (
            Opinion.norel_objects.that_count()
            .filter(consultation=OuterRef("pk"), display=Display.PENDING)
            .order_by()
            .values("consultation")
        )
        reports = self._below(FeedbackReportPage).filter(live=True)
        reported = {
            path[: -Page.steplen]: day for path, day in reports.values_list("path", "published_on")
        }
        rows = (
            self._below(ConsultationPage)
            .filter(live=True, opens_on__isnull=False, closes_on__isnull=False)
            .annotate(
                waiting=Subquery(pending.annotate(n=Count("pk")).values("n")),
                since=Subquery(pending.annotate(first=Min(since)).values("first")),
                too_long=Subquery(
                    pending.alias(counted_at=since)
                    .filter(counted_at__lt=late)
                    .annotate(n=Count("pk"))
                    .values("n")
                ),
            )
            .order_by("round", "pk")
            .values(
                *("pk", "path", "title", "opens_on", "closes_on"),
                *("waiting", "since", "too_long"),
            )
        )
        for row in rows:
            facts = RoundFacts(
                name=row["title"],
                opens_on=row["opens_on"],
                closes_on=row["closes_on"],
                reported_on=reported.get(row["path"]),
                pending_since=official_date(row["since"]) if row["since"] else None,
                interpreted_on=self.interpreted.get(row["path"]),
                is_excused="CON-9" in self.waived.get(row["pk"], ()),
            )
            is_of_matter = len(row["path"]) == MATTER_PATH + Page.steplen
            found = self.rounds if is_of_matter else self.calls
            found[row["path"][:MATTER_PATH]].append(
                WatchedRound(
                    row["pk"], row["title"], facts, row["waiting"] or 0, row["too_long"] or 0
                )
            )

    def _gather_evaluations(self) -> None:
        """Read what was evaluated already, and the opinions against decisions."""
        pages = self._below(EvaluationPage).values_list("path", "live", "published_on")
        for path, is_live, day in pages:
            self.evaluations[path[:MATTER_PATH]].append((is_live, day))
        calls = [one.pk for found in self.calls.values() for one in found]
        self.opposing = opposing_in(calls) if calls else {}

    def _interpretations(self) -> tuple[set[str], dict[str, date]]:
        """Return what has an interpretation, and since when a public one, by its path."""
        prepared: set[str] = set()
        public: dict[str, date] = {}
        rows = self._below(InterpretationPage).order_by("published_on", "pk")
        for path, live, day in rows.values_list("path", "live", "published_on"):
            subject = path[: -Page.steplen]
            prepared.add(subject)
            if live and day is not None:
                public.setdefault(subject, day)
        return prepared, public

    def _issues(self) -> dict[str, list[WatchedIssue]]:
        unanswered = Issue.objects.standing().filter(outcome="")
        rows = (
            (unanswered | Issue.objects.standing().filter(draft__isnull=False))
            .alias(root=Left("consultation__path", MATTER_PATH))
            .filter(root__in=self.paths)
            .order_by("due_on", "number")
            .values(
                *("pk", "title", "consultation_id", "consultation__path", "due_on"),
                *("assignee_id", "draft__pk", "draft__reviewed_at"),
            )
        )
        issues: dict[str, list[WatchedIssue]] = defaultdict(list)
        for row in rows:
            issues[row["consultation__path"][:MATTER_PATH]].append(
                WatchedIssue(
                    pk=row["pk"],
                    title=row["title"],
                    round=row["consultation_id"],
                    due_on=row["due_on"],
                    assignee=row["assignee_id"],
                    is_drafted=row["draft__pk"] is not None,
                    is_read=row["draft__reviewed_at"] is not None,
                )
            )
        return issues

    def _decisions(self) -> Iterable[dict[str, Any]]:
        repeals = CleanupEntry.objects.filter(
            decision=OuterRef("pk"), outcome=CleanupOutcome.REPEAL, cleanup__live=True
        )
        return (
            self._below(DecisionPage)
            .annotate(is_cleaned_up=Exists(repeals))
            .values(
                *("pk", "path", "live", "signed_on", "published_on", "expires_on"),
                *("supersession", "superseded_by__live", "is_cleaned_up", "repealed_on"),
            )
        )

    def _waivers(self) -> dict[int, set[str]]:
        waived: dict[int, set[str]] = defaultdict(set)
        for page, rule_id in Waiver.objects.values_list("page_id", "rule_id"):
            waived[page].add(rule_id)
        return waived

    def decision(self, item: DecisionItemPage) -> WatchedDecision | None:
        """Return the page of a matter's decision as the rules read it."""
        row = self.decisions.get(item.path)
        if row is None:
            return None
        unreported = [one for one in self.rounds[item.path] if one.facts.reported_on is None]
        gaps = tuple(one.title for one in unreported) + Reviews(self.reviews[item.pk]).gaps()
        facts = DecisionFacts(
            is_publication=True,
            unreported_rounds=(),
            unreported_silent_rounds=(),
            legality_number="",
            legality_on=None,
            meeting_name="",
            meeting_on=None,
            party_report_on=None,
            today=self.today,
            signed_on=row["signed_on"],
            published_on=row["published_on"],
            expires_on=row["expires_on"],
            is_public=row["live"],
            is_superseded=bool(row["supersession"]),
            has_public_successor=bool(row["superseded_by__live"]),
            is_repealed=row["is_cleaned_up"] or row["repealed_on"] is not None,
            record_gaps=gaps,
            is_workday=self.calendar,
            **facts_of_evaluations(
                begun=self.evaluations[item.path],
                calls={one.pk: one.facts.opens_on for one in self.calls[item.path]},
                opposing=self.opposing,
            ),
            has_interpretation=row["path"] in self.prepared,
            interpreted_on=self.interpreted.get(row["path"]),
            is_past_record=item.is_past_record,
            procedure_since=self.procedure_since,
        )
        return WatchedDecision(row["pk"], facts)


def _by_item(records: QuerySet[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for record in records:
        found[record.item_id].append(record)
    return found


def pending_reviews(matter: Watched) -> list[Review]:
    """Return the reviews of a matter that were asked for and have not ended."""
    return [one for one in matter.reviews if one.result == ReviewResult.PENDING and one.sent_on]
