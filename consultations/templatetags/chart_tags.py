"""Charts as tables and server-made SVG: figures of opinions, and how far a catalogue has come."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.lifecycle import Outcome, Stage
from consultations.models import ConsultationPage
from consultations.models.figures import Figures
from consultations.models.matrix import MatrixRow
from consultations.templatetags.consultation_tags import OUTCOME_LOOKS

register = template.Library()

# The catalogue's progress bar puts neighbouring stages together: tint, word and stages.
_PROGRESS_GROUPS = (
    ("done", gettext_lazy("published"), {Stage.PUBLISHED}),
    (
        "review",
        gettext_lazy("answered or under review"),
        {Stage.FEEDBACK_PUBLISHED, Stage.UNDER_REVIEW, Stage.DECIDED},
    ),
    ("closed", gettext_lazy("opinions being studied"), {Stage.CONSULTATION_CLOSED}),
    ("open", gettext_lazy("open for opinions"), {Stage.CONSULTING}),
    ("idle", gettext_lazy("drafting or not begun"), {Stage.DRAFTING, Stage.CATALOGUED}),
    ("halt", gettext_lazy("deferred or removed"), {Stage.DEFERRED, Stage.WITHDRAWN}),
)


# The whole draft stands below its articles in a chart.
_AFTER_ALL_ARTICLES = 10**6


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart; `percent` is its length against the longest."""

    label: str
    count: int
    percent: float
    look: str = ""


@dataclass(frozen=True)
class DayBar:
    """One day of a period: its place from the left, and its height against the busiest day."""

    day: date
    count: int
    place: int
    percent: float

    @property
    def top(self) -> float:
        """Where the bar begins, from the top, in percent."""
        return 100 - self.percent


@dataclass(frozen=True)
class Segment:
    """One part of the catalogue's progress bar, measured in matters."""

    look: str
    label: str
    start: int
    count: int


@register.inclusion_tag("components/bars.html")
def outcome_bars(figures: Figures) -> dict[str, Any]:
    """Chart the opinions by what became of them."""
    most = max(figures.by_outcome.values(), default=0)
    bars = [
        Bar(str(outcome.label), count, _percent(count, most), OUTCOME_LOOKS[outcome][0])
        for outcome, count in figures.by_outcome.items()
    ]
    return {"title": _("What became of them"), "sentence": _outcome_sentence(figures), "bars": bars}


@register.inclusion_tag("components/bars.html")
def article_bars(rows: Iterable[MatrixRow]) -> dict[str, Any]:
    """Chart the answered issues' opinions by the article they speak to, in the draft's order."""
    counts: Counter[tuple[int, str]] = Counter()
    for row in rows:
        article = row.article
        key = (article.number, article.label) if article else (_AFTER_ALL_ARTICLES, _("The whole"))
        counts[key] += row.count
    most = max(counts.values(), default=0)
    bars = [
        Bar(label, count, _percent(count, most), "noted" if number == _AFTER_ALL_ARTICLES else "")
        for (number, label), count in sorted(counts.items())
    ]
    return {"title": _("Which article"), "sentence": _article_sentence(bars), "bars": bars}


@register.inclusion_tag("components/days.html")
def day_bars(arrivals: Mapping[date, int], consultation: ConsultationPage) -> dict[str, Any]:
    """Chart the opinions by the day they arrived, over the whole period."""
    opens_on, closes_on = consultation.opens_on, consultation.closes_on
    if opens_on is None or closes_on is None:
        return {}
    period = [opens_on + timedelta(days=n) for n in range((closes_on - opens_on).days + 1)]
    most = max(arrivals.values(), default=0)
    days = [
        DayBar(day, arrivals.get(day, 0), place, _percent(arrivals.get(day, 0), most))
        for place, day in enumerate(period)
    ]
    busiest = [bar for bar in days if bar.count == most]
    return {
        "days": days,
        "most": most,
        "busiest": busiest[0] if len(busiest) == 1 else None,
        "opens_on": opens_on,
        "closes_on": closes_on,
    }


@register.inclusion_tag("components/ratio.html")
def ratio_bar(figures: Figures) -> dict[str, Any]:
    """Draw the share of opinions adopted wholly and partly; its words stand below it."""
    adopted = figures.by_outcome[Outcome.ADOPTED]
    helped = adopted + figures.by_outcome[Outcome.PARTLY_ADOPTED]
    return {
        "adopted": _percent(adopted, figures.opinions),
        "helped": _percent(helped, figures.opinions),
    }


@register.inclusion_tag("components/progress.html")
def progress_bar(progress: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Draw how far a catalogue's matters have come."""
    counts = {one["stage"]: one["count"] for one in progress}
    segments: list[Segment] = []
    start = 0
    for look, label, stages in _PROGRESS_GROUPS:
        count = sum(counts.get(stage, 0) for stage in stages)
        if count:
            segments.append(Segment(look, str(label), start, count))
            start += count
    return {"segments": segments, "total": start}


def _percent(count: int, most: int) -> float:
    return round(100 * count / most, 1) if most else 0


def _outcome_sentence(figures: Figures) -> str:
    """Say in words what the chart of outcomes shows."""
    top = max(figures.by_outcome, key=lambda outcome: figures.by_outcome[outcome])
    refused = figures.by_outcome[Outcome.NOT_ADOPTED]
    values = {"outcome": top.label, "n": figures.by_outcome[top], "refused": refused}
    if not figures.opinions:
        return _("No opinion was received.")
    if not refused:
        return _("Most frequent: %(outcome)s, %(n)s.") % values
    return (
        _("Most frequent: %(outcome)s, %(n)s. Not adopted: %(refused)s; the reasons are below.")
        % values
    )


def _article_sentence(bars: list[Bar]) -> str:
    """Say in words what the chart of articles shows."""
    articles = [bar for bar in bars if bar.look != "noted"]
    if not articles:
        return _("No opinion speaks to a single article.")
    top = max(articles, key=lambda bar: bar.count)
    return _("Most spoken to: %(article)s, %(n)s.") % {"article": top.label, "n": top.count}
