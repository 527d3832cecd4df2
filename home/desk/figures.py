"""The figures of a year for both yearly reports (domain: disclosure report, website report).

Everything is counted from what is on record, each kind in one statement, unit by unit; a matter
counts for the unit that drafts it.
"""

from collections import Counter
from collections.abc import Collection, Hashable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, QuerySet, Sum
from wagtail.models import Page

from consultations.lifecycle import Channel, Stage, closing_instant, official_date, opening_instant
from consultations.models import (
    CataloguePage,
    ConsultationPage,
    FeedbackReportPage,
    Opinion,
    OpinionPoint,
)
from consultations.querysets import MATTER_PATH
from decisions.lifecycle import ON_THE_BOOKS, Validity
from decisions.models import DecisionPage
from portal.core.models import WorkCalendar, current_limits
from portal.core.workdays import add_workdays

_MICROSECONDS_A_DAY = timedelta(days=1) // timedelta(microseconds=1)
MATTERS = "matters"
CONSULTATIONS = "consultations"
OPINIONS = "opinions"
SUMMARIES = "summaries"
SUMMARIES_IN_TIME = "summaries_in_time"
SUMMARIES_LATE = "summaries_late"
ISSUED = "issued"
REPEALED = "repealed"
EXPIRED = "expired"
IN_FORCE = "in_force"
POINTS_ANSWERED = "points_answered"
DAYS_TO_ANSWER = "days_to_answer"
_MICROSECONDS = "microseconds"


@dataclass
class YearFigures:
    """The figures of one year.

    Attributes:
        year: which.
        until: the day for which what is in force is counted: the year's last, or today before it.
        counts: how many, by figure and by the primary key of the unit.

    """

    year: int
    until: date
    counts: Counter[tuple[Hashable, int | None]] = field(default_factory=Counter)

    def add(self, figure: Hashable, unit: int | None, n: int = 1) -> None:
        """Count something for a unit."""
        self.counts[figure, unit] += n

    def value(self, figure: Hashable, units: Collection[int | None]) -> int | float | None:
        """Return a figure of some units; an average without anything to average is None."""
        if figure == DAYS_TO_ANSWER:
            answered = sum(self.counts[POINTS_ANSWERED, unit] for unit in units)
            spent = sum(self.counts[_MICROSECONDS, unit] for unit in units)
            return round(spent / answered / _MICROSECONDS_A_DAY, 1) if answered else None
        return sum(self.counts[figure, unit] for unit in units)


def figures_of(year: int, matters: QuerySet[Any], *, at: datetime) -> YearFigures:
    """Count the figures of a year over these matters, in at most twelve statements."""
    today = official_date(at)
    figures = YearFigures(year, min(date(year, 12, 31), today))
    listed = matters.filter(live=True).order_by().select_related(None)
    rows = list(listed.values_list("path", "lead_unit", "stage"))
    units = {path: unit for path, unit, _stage in rows}
    _count_matters(figures, rows)
    public = ConsultationPage.objects.live().order_by()
    told = list(public.values_list("pk", "path", "opens_on", "closes_on"))
    rounds = _count_rounds(figures, units, told)
    _count_opinions(figures, rounds)
    _count_summaries(figures, units, {path: closes_on for _pk, path, _on, closes_on in told})
    _count_decisions(figures, units)
    _count_answers(figures, rounds)
    return figures


def _count_matters(figures: YearFigures, rows: list[tuple[str, int | None, str]]) -> None:
    """Count the entries of the year's catalogue by where they stand now."""
    catalogues = CataloguePage.objects.live().filter(year=figures.year)
    paths = set(catalogues.values_list("path", flat=True))
    for path, unit, stage in rows:
        if path[: -Page.steplen] in paths:
            figures.add(MATTERS, unit)
            figures.add(Stage(stage), unit)


def _count_rounds(
    figures: YearFigures,
    units: dict[str, int | None],
    told: list[tuple[int, str, date | None, date | None]],
) -> dict[int, int | None]:
    """Count the rounds that opened in the year; return every public round with its unit."""
    owners: dict[int, int | None] = {}
    for pk, path, opens_on, _closes_on in told:
        matter = path[:MATTER_PATH]
        if matter not in units:
            continue
        owners[pk] = units[matter]
        if opens_on and opens_on.year == figures.year and opens_on <= figures.until:
            figures.add(CONSULTATIONS, units[matter])
    return owners


def _count_opinions(figures: YearFigures, rounds: dict[int, int | None]) -> None:
    """Count the opinions that reached us in the year and count, by channel."""
    rows = (
        Opinion.norel_objects.that_count()
        .filter(
            submit_date__gte=opening_instant(date(figures.year, 1, 1)),
            submit_date__lt=closing_instant(date(figures.year, 12, 31)),
        )
        .order_by()
        .values_list("consultation_id", "channel")
        .annotate(n=Count("pk"))
    )
    for consultation, channel, n in rows:
        if consultation in rounds:
            figures.add(OPINIONS, rounds[consultation], n)
            figures.add(Channel(channel), rounds[consultation], n)


def _count_summaries(
    figures: YearFigures, units: dict[str, int | None], closing_days: dict[str, date | None]
) -> None:
    """Count the adoption summaries published in the year, and how many came in time (FEE-1)."""
    limit, calendar = current_limits().feedback_workdays, WorkCalendar()
    reports = FeedbackReportPage.objects.live().filter(published_on__year=figures.year)
    for path, published_on in reports.order_by().values_list("path", "published_on"):
        round_path = path[: -Page.steplen]
        matter = path[:MATTER_PATH]
        closes_on = closing_days.get(round_path)
        if matter not in units or closes_on is None:
            continue
        is_in_time = published_on <= add_workdays(closes_on, limit, calendar)
        figures.add(SUMMARIES, units[matter])
        figures.add(SUMMARIES_IN_TIME if is_in_time else SUMMARIES_LATE, units[matter])


def _count_decisions(figures: YearFigures, units: dict[str, int | None]) -> None:
    """Count the decisions published, repealed and expired in the year, and those in force."""
    decisions = DecisionPage.objects.live().with_acts().without_text().order_by()
    for page in decisions:
        matter = page.path[: -Page.steplen]
        if matter not in units or page.published_on is None or page.effective_on is None:
            continue
        unit = units[matter]
        if page.published_on.year == figures.year:
            figures.add(ISSUED, unit)
        before = page.validity(on=date(figures.year - 1, 12, 31))
        after = page.validity(on=figures.until)
        if page.published_on <= figures.until and after in ON_THE_BOOKS:
            figures.add(IN_FORCE, unit)
        ended = {Validity.REPEALED: REPEALED, Validity.EXPIRED: EXPIRED}
        if after in ended and before is not after:
            figures.add(ended[after], unit)


def _count_answers(figures: YearFigures, rounds: dict[int, int | None]) -> None:
    """Add up the time from the arrival of an opinion to the answer to its points, in the year."""
    taken = ExpressionWrapper(
        F("issue__answered_at") - F("opinion__submit_date"), output_field=DurationField()
    )
    rows = (
        OpinionPoint.objects.that_count()
        .filter(
            issue__answered_at__gte=opening_instant(date(figures.year, 1, 1)),
            issue__answered_at__lt=closing_instant(date(figures.year, 12, 31)),
        )
        .exclude(issue__outcome="")
        .order_by()
        .values_list("opinion__consultation_id")
        .annotate(n=Count("pk"), spent=Sum(taken))
    )
    for consultation, n, spent in rows:
        if consultation in rounds:
            figures.add(POINTS_ANSWERED, rounds[consultation], n)
            figures.add(_MICROSECONDS, rounds[consultation], spent // timedelta(microseconds=1))
