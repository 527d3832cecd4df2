"""Reading opinions for staff as the rows of a table: a portion at a time, without who wrote them.

No name and no address leaves. A text that the public does not see leaves only for those who
moderate, and the record of the export says so.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consultations.lifecycle import SHOWN, Channel, Display, Stance, WithheldReason
from consultations.models import ConsultationPage, Opinion, OpinionPoint
from portal.core.sheets import Cell

# Opinions in memory at a time; each portion costs three statements.
PORTION = 1_000


class OpinionExport:
    """The rows of one export; `count` says how many opinions have been read."""

    def __init__(self, opinions: QuerySet[Opinion], *, with_hidden: bool) -> None:
        """Begin an export.

        Args:
            opinions: in somebody's scope, and as the filters ask.
            with_hidden: whether texts that the public does not see are among it.

        """
        self.opinions, self.with_hidden = opinions, with_hidden
        self.count = 0

    @staticmethod
    def headings() -> list[str]:
        """Return the headings of the table."""
        return [
            _("Receipt number"),
            _("Consultation"),
            _("Day received"),
            _("Channel"),
            _("Speaks for"),
            _("Region"),
            _("Article"),
            _("Stance"),
            _("Opinion"),
            _("Shown to the public"),
            _("Reason for not showing it"),
            pgettext("opinion", "Issue"),
            _("Outcome"),
        ]

    def rows(self) -> Iterator[list[Cell]]:
        """Yield a row for each point, oldest opinion first, in the memory one portion needs."""
        labels: dict[int, tuple[str, dict[str, str]]] = {}
        last = 0
        while portion := self._portion(last):
            last = portion[-1].pk
            self.count += len(portion)
            _learn(labels, {opinion.consultation_id for opinion in portion})
            said = _points_of(portion)
            for opinion in portion:
                title, articles = labels[opinion.consultation_id]
                for place, point in enumerate(said.get(opinion.pk, [])):
                    text = _text(opinion, point, is_first=place == 0, with_hidden=self.with_hidden)
                    yield _row(opinion, point, title, articles, text)

    def _portion(self, last: int) -> list[Opinion]:
        """Return the next opinions after the one with this id."""
        # The comment framework joins more than is read here.
        following = self.opinions.select_related(None).filter(pk__gt=last).order_by("pk")
        return list(
            following.only(
                *("receipt_no", "submit_date", "channel", "author_kind", "author_region"),
                *("display", "withheld_reason", "redacted_content", "consultation_id"),
            )[:PORTION]
        )


def _learn(labels: dict[int, tuple[str, dict[str, str]]], wanted: set[int]) -> None:
    """Read title and articles of the rounds that were not met yet."""
    for page in ConsultationPage.objects.filter(pk__in=wanted - labels.keys()):
        labels[page.pk] = (page.title, {one.id: one.label for one in page.articles})


def _points_of(portion: list[Opinion]) -> dict[int, list[OpinionPoint]]:
    """Return the points of these opinions, each with its issue."""
    said: dict[int, list[OpinionPoint]] = {}
    points = OpinionPoint.objects.filter(
        opinion_id__gte=portion[0].pk, opinion_id__lte=portion[-1].pk
    )
    wanted = {opinion.pk for opinion in portion}
    if portion[-1].pk - portion[0].pk >= 2 * PORTION:
        points = points.filter(opinion__in=wanted)
    for point in points.select_related("issue").order_by("opinion_id", "place", "pk"):
        if point.opinion_id in wanted:
            said.setdefault(point.opinion_id, []).append(point)
    return said


def _text(opinion: Opinion, point: OpinionPoint, *, is_first: bool, with_hidden: bool) -> str:
    """Return the words of a point that may leave; a shortened text stands for the whole opinion."""
    if with_hidden or opinion.display == Display.PUBLISHED:
        return point.text
    if opinion.display in SHOWN:
        return opinion.redacted_content if is_first else ""
    return ""


def _row(
    opinion: Opinion, point: OpinionPoint, title: str, articles: dict[str, str], text: str
) -> list[Cell]:
    issue: Any = point.issue
    reason = opinion.withheld_reason
    return [
        opinion.receipt_no,
        title,
        localdate(opinion.submit_date),
        str(Channel(opinion.channel).label),
        opinion.get_author_kind_display(),
        opinion.get_author_region_display() if opinion.author_region else "",
        articles.get(point.article_id, "") if point.article_id else _("The whole draft"),
        str(Stance(point.stance).label) if point.stance else "",
        text,
        str(Display(opinion.display).label),
        str(WithheldReason(reason).label) if reason else "",
        f"{issue.number} {issue.title}" if issue else "",
        issue.get_outcome_display() if issue and issue.outcome else "",
    ]
