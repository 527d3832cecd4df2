"""The changes of a decision against its draft, with their causes, in both directions.

Everything follows from the two texts, the answers to the issues and the recorded causes; nothing
is typed for the page that shows it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Count

from consultations.lifecycle import Outcome
from consultations.models import ConsultationPage, Issue
from consultations.querysets import counts
from decisions.models.redline import ChangeCause, StoredRedline
from decisions.redline import (
    Comparison,
    Edit,
    Kind,
    Row,
    Unit,
    compared,
    digest_of,
    edits,
    from_data,
)
from portal.core.blocks import Article, anchor_of

if TYPE_CHECKING:
    from decisions.models.decision import DecisionPage

# Answers that changed, or may have changed, words.
ADOPTED = frozenset({Outcome.ADOPTED, Outcome.PARTLY_ADOPTED})


@dataclass(frozen=True)
class Cause:
    """An issue that changed words.

    Attributes:
        issue: with its answer.
        opinions: how many opinions that count are grouped there.
        url: where its answer stands in the published adoption summary; empty without one.

    """

    issue: Issue
    opinions: int
    url: str


@dataclass(frozen=True)
class Change:
    """One row of the comparison, with why it came to be.

    Attributes:
        row: the articles and the marked words.
        causes: the issues that caused it.
        own_reasons: why the organ changed it of its own motion 依职权.

    """

    row: Row
    causes: tuple[Cause, ...] = ()
    own_reasons: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """What became of the articles."""
        return self.row.aligned.kind

    @property
    def anchor(self) -> str:
        """The fragment of its address: that of its article."""
        return anchor_of((self.row.new or self.row.old)[0].id)

    @property
    def labels(self) -> str:
        """The numbers in the decision as printed."""
        return "、".join(unit.label for unit in self.row.new)

    @property
    def old_labels(self) -> str:
        """The numbers in the draft as printed."""
        return "、".join(unit.label for unit in self.row.old)

    @property
    def edits(self) -> list[Edit]:
        """What was done to the words, one after the other."""
        return list(edits(self.row.pieces))

    @property
    def said(self) -> list[str]:
        """What changed, in the words of the answers."""
        return list(dict.fromkeys(one.issue.change for one in self.causes if one.issue.change))

    @property
    def is_unexplained(self) -> bool:
        """Whether words changed and nothing says why."""
        return self.row.is_changed and not self.causes and not self.own_reasons


@dataclass(frozen=True)
class Changes:
    """All changes between an earlier text and a decision.

    Attributes:
        rows: in the order of the decision.
        adopted: every issue that was adopted, wholly or partly.
        without_effect: issues adopted with a change in words that no changed article has for a
            cause; an answer or a cause is wrong.

    """

    rows: tuple[Change, ...]
    adopted: tuple[Cause, ...] = ()
    without_effect: tuple[Issue, ...] = ()

    @cached_property
    def changed(self) -> tuple[Change, ...]:
        """The rows in which words changed."""
        return tuple(one for one in self.rows if one.row.is_changed)

    def count(self, *kinds: Kind) -> int:
        """Return how many rows are of one of these kinds."""
        return sum(one.kind in kinds for one in self.rows)

    @property
    def inserted(self) -> int:
        """Articles that are new."""
        return self.count(Kind.INSERTED)

    @property
    def deleted(self) -> int:
        """Articles that are gone."""
        return self.count(Kind.DELETED)

    @property
    def reworded(self) -> int:
        """Articles whose words changed, split and merged ones too."""
        return self.count(Kind.CHANGED, Kind.SPLIT, Kind.MERGED)

    @property
    def untouched(self) -> int:
        """Articles in which no word changed."""
        return self.count(Kind.SAME, Kind.RENUMBERED)

    @property
    def runs(self) -> list["Run"]:
        """The rows, neighbours without a change put together."""
        grouped = groupby(self.rows, key=lambda one: one.row.is_changed)
        return [run for is_changed, rows in grouped for run in _runs(is_changed, list(rows))]


@dataclass(frozen=True)
class Run:
    """One change, or neighbours without any."""

    is_changed: bool
    rows: tuple[Change, ...] = field(default=())

    @property
    def first(self) -> Change:
        """The change, or the first of the neighbours."""
        return self.rows[0]

    @property
    def last(self) -> Change:
        """The last of the neighbours."""
        return self.rows[-1]


def _runs(is_changed: bool, rows: list[Change]) -> list[Run]:
    return [Run(True, (row,)) for row in rows] if is_changed else [Run(False, tuple(rows))]


def units_of(articles: Iterable[Article]) -> list[Unit]:
    """Return the articles of a page as they are compared."""
    return [Unit(one.number, one.text, one.id, one.label) for one in articles]


def kept_comparison(old: Sequence[Unit], new: Sequence[Unit]) -> Comparison:
    """Return the comparison that was kept, or make it."""
    stored = StoredRedline.objects.filter(digest=digest_of(old, new)).first()
    return from_data(stored.rows, old, new) if stored else compared(old, new)


def changes_of(page: "DecisionPage") -> Changes | None:
    """Return what a decision changed in the draft of its last public round; None without one."""
    # Read once with their drafts; whoever asks for the rounds later gets these.
    item = page.item
    item.public_rounds = list(item.rounds().defer("notice", "explanation", "background"))
    if not item.public_rounds:
        return None
    draft = item.public_rounds[-1]
    rows = kept_comparison(units_of(draft.articles), units_of(page.articles)).rows
    causes = _adopted(page)
    caused = _causes(rows, [one.issue for one in causes], page.causes.all())
    changes = tuple(
        Change(
            row,
            tuple(one for one in causes if one.issue.pk in caused.issues[place]),
            tuple(caused.reasons[place]),
        )
        for place, row in enumerate(rows)
    )
    effective = {
        one.issue.pk for change in changes if change.row.is_changed for one in change.causes
    }
    idle = (one.issue for one in causes if one.issue.pk not in effective)
    return Changes(changes, tuple(causes), tuple(one for one in idle if one.change))


def changes_of_edition(page: "DecisionPage") -> Changes | None:
    """Return what a decision changed in the one that it amends or repeals; None without one."""
    earlier = page.earlier_edition
    if earlier is None:
        return None
    rows = kept_comparison(units_of(earlier.articles), units_of(page.articles)).rows
    return Changes(tuple(Change(row) for row in rows))


def changes_of_round(page: ConsultationPage) -> Changes | None:
    """Return what a round changed in the draft of the public round before; None without one."""
    earlier = page.round_before
    if earlier is None:
        return None
    rows = kept_comparison(units_of(earlier.articles), units_of(page.articles)).rows
    return Changes(tuple(Change(row) for row in rows))


def _adopted(page: "DecisionPage") -> list[Cause]:
    """Return the adopted issues that public summaries of a matter answer, each with its place."""
    rounds = page.item.public_rounds
    reports = {report.path[: -report.steplen]: report.get_absolute_url() for report in page.reports}
    answered_at = {one.pk: reports[one.path] for one in rounds if one.path in reports}
    issues = (
        Issue.objects.filter(consultation__in=answered_at, outcome__in=ADOPTED)
        .annotate(
            opinion_count=Count(
                "points__opinion", filter=counts("points__opinion__"), distinct=True
            )
        )
        .order_by("consultation_id", "number")
    )
    return [
        Cause(issue, issue.opinion_count, _place(answered_at[issue.consultation_id], issue))
        for issue in issues
    ]


def _place(report_url: str, issue: Issue) -> str:
    return f"{report_url}#issue-{issue.number}" if report_url else ""


@dataclass
class _Caused:
    """By the place of a row: the issues, and the reasons of one's own motion."""

    issues: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    reasons: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))


def _causes(
    rows: Sequence[Row], issues: Sequence[Issue], recorded: Iterable[ChangeCause]
) -> _Caused:
    """Find the row of each cause: what is recorded first, then the article of each answer."""
    of_new = {unit.id: place for place, row in enumerate(rows) for unit in row.new}
    of_old = {unit.id: place for place, row in enumerate(rows) for unit in row.old}
    caused = _Caused()
    known = list(recorded)
    for cause in known:
        place = of_new.get(cause.article_id, of_old.get(cause.article_id))
        if place is None:
            continue
        if cause.issue_id:
            caused.issues[place].add(cause.issue_id)
        else:
            caused.reasons[place].append(cause.reason)
    spoken_for = {cause.issue_id for cause in known}
    for issue in issues:
        place = of_old.get(issue.article_id)
        if place is not None and issue.pk not in spoken_for and rows[place].is_changed:
            caused.issues[place].add(issue.pk)
    return caused
