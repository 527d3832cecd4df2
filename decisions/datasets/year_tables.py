"""The tables of a catalogue year: its matters, and of every public round what its package has.

Pages are read a few at a time, opinions in the portions of `round_tables`; so memory does not grow
with a year, nor the number of statements with the opinions beyond one portion each.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultations.lifecycle import official_date
from consultations.models import ConsultationPage
from consultations.querysets import matter_above
from decisions.datasets import round_tables
from decisions.datasets.matters import MATTERS, ROUNDS, public_rounds, rounds_of, rows_of
from decisions.datasets.round_tables import Row
from decisions.lifecycle import Validity
from decisions.models import ArchiveDossier, DecisionPage
from decisions.querysets import DecisionQuerySet
from decisions.search.results import Mode
from decisions.search.walking import PORTION, Walk
from portal.core.feeds import page_address
from portal.core.tables import Column, Words

# Pages with their texts in memory at a time.
FEW = 20

_ROUND = Column(
    "consultation",
    _("Number of the round"),
    _("The consultation it belongs to, as “consultations” numbers it."),
)
DECISIONS = (
    Column("id", _("Number of the decision"), _("The lasting number of the decision here.")),
    Column("matter", _("Matter"), _("Number of its matter in the archive.")),
    Column("title", _("Title"), _("The title of the decision.")),
    Column("url", _("Address"), _("Where the decision is public.")),
    Column(
        "document_no",
        _("Document number"),
        _("As printed on the decision, if there is one."),
    ),
    Column("index_no", _("Index number"), _("Its index number, where there is one.")),
    Column("issuer", _("Issued by"), _("The organ that issued it.")),
    Column("signed_on", _("Signed"), _("The day it was signed.")),
    Column("published_on", _("Decision is published"), _("The day the decision was published.")),
    Column("effective_on", _("In force from"), _("First day on which the decision is law.")),
    Column("expires_on", _("In force until"), _("Its last day, where that is fixed.")),
    Column(
        "validity",
        _("Validity"),
        _("Whether the decision is law on the day."),
        dict(Validity.choices),
    ),
)
DECISION_ARTICLES = (
    Column(
        "decision",
        _("Number of the decision"),
        _("The decision it belongs to, as “decisions” numbers it."),
    ),
    Column("id", _("Id of the article"), _("Lasting id of the article within the decision.")),
    *round_tables.ARTICLES[1:],
)


@dataclass(frozen=True)
class YearTable:
    """One table of the file of a year.

    Attributes:
        name: of its files.
        title: what people call it.
        columns: of it.
        rows: makes them for a year, as of a moment.

    """

    name: str
    title: Words
    columns: Sequence[Column]
    rows: Callable[[int, datetime], Iterator[Row]]


def _matters(year: int, at: datetime) -> Iterator[Row]:
    listed = ArchiveDossier.objects.filter(year=year).order_by("pk")
    ids = array("q", listed.values_list("pk", flat=True))
    return rows_of(Walk(Mode.DATABASE, ids).portions(), at=at)


def _rounds(year: int, _at: datetime) -> Iterator[Row]:
    return rounds_of(year)


def _of_each_round(
    rows: Callable[[ConsultationPage], Iterator[Row]],
) -> Callable[[int, datetime], Iterator[Row]]:
    """Return what makes the rows of all rounds of a year, each behind the number of its round."""

    def of_year(year: int, _at: datetime) -> Iterator[Row]:
        for page in public_rounds(year).iterator(chunk_size=FEW):
            for row in rows(page):
                yield page.pk, *row

    return of_year


def _opinions(page: ConsultationPage) -> Iterator[Row]:
    return round_tables.opinions(page, is_answered=page.report is not None)


def _issues(page: ConsultationPage) -> Iterator[Row]:
    return round_tables.issues(page, page.report)


def _public_decisions(year: int) -> DecisionQuerySet:
    """Return the public decisions on the matters of a year, each with the `item_id` of its own."""
    matter = matter_above().order_by().values("pk")[:1]
    found: DecisionQuerySet = (
        DecisionPage.objects.live()
        .public()
        .annotate(item_id=Subquery(matter))
        .filter(item_id__in=ArchiveDossier.objects.filter(year=year).values("pk"))
        .order_by("item_id", "path")
    )
    return found


def _decisions(year: int, at: datetime) -> Iterator[Row]:
    today = official_date(at)
    decisions = _public_decisions(year).with_acts().without_text()
    for one in decisions.iterator(chunk_size=PORTION):
        yield (
            one.pk,
            one.item_id,
            one.title,
            page_address(one),
            one.document_no,
            one.index_no,
            one.issuer,
            one.signed_on,
            one.published_on,
            one.effective_on,
            one.expires_on,
            str(one.validity(on=today) or ""),
        )


def _decision_articles(year: int, _at: datetime) -> Iterator[Row]:
    for page in _public_decisions(year).iterator(chunk_size=FEW):
        for row in round_tables.articles(page):
            yield page.pk, *row


TABLES = (
    YearTable("matters", pgettext_lazy("archive", "Matters"), MATTERS, _matters),
    YearTable("consultations", _("Consultations"), ROUNDS, _rounds),
    YearTable(
        "articles",
        _("Articles of the drafts"),
        (_ROUND, *round_tables.ARTICLES),
        _of_each_round(round_tables.articles),
    ),
    YearTable(
        "opinions",
        pgettext_lazy("year table", "Opinions"),
        (_ROUND, *round_tables.OPINIONS),
        _of_each_round(_opinions),
    ),
    YearTable(
        "issues",
        _("Issues and answers"),
        (_ROUND, *round_tables.ISSUES),
        _of_each_round(_issues),
    ),
    YearTable(
        "redactions",
        pgettext_lazy("year table", "Hidden passages"),
        (_ROUND, *round_tables.REDACTIONS),
        _of_each_round(round_tables.redactions),
    ),
    YearTable("decisions", pgettext_lazy("year table", "Decisions"), DECISIONS, _decisions),
    YearTable(
        "decision_articles", _("Articles of the decisions"), DECISION_ARTICLES, _decision_articles
    ),
)
