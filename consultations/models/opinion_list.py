"""The public list of one round's opinions: filtered by article and stance, paged by opinion.

What the filters offer and count comes from the round's tally, what is shown from the points.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from consultations.lifecycle import Stance
from consultations.models.opinion import Opinion, OpinionPoint
from consultations.models.tally import ANY, WHOLE_DRAFT, OpinionTally

if TYPE_CHECKING:
    from consultations.models.consultation import ConsultationPage
    from consultations.models.feedback import FeedbackReportPage

OPINIONS_PER_PAGE = 20
# Of opinions on one page; with three bytes a Chinese character this keeps it under 100 kB.
CHARACTERS_PER_PAGE = 15_000
LARGEST_ID = 2**31 - 1
# How an address names the draft as a whole, which has no id.
WHOLE = "whole"


@dataclass(frozen=True)
class Option:
    """One choice of a filter, with the opinions it would leave."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Chip:
    """A filter in force and the address of the list without it."""

    label: str
    url: str


@dataclass
class OpinionList:
    """One page of the list.

    Attributes:
        page: the round.
        tally: of the round.
        report: its adoption summary, if that is public.
        article_id: the article asked for; the empty string is the whole draft, None any.
        stance: the stance asked for, or None.
        start: the id of the opinion that the page begins with, or None for the newest.
        is_unknown: whether a filter was asked for that this round does not have.
        opinions: those on this page, newest first, each with its points in `said`.
        next_start: the id of the opinion after them, or None on the last page.

    """

    page: "ConsultationPage"
    tally: OpinionTally
    report: "FeedbackReportPage | None"
    article_id: str | None = None
    stance: str | None = None
    start: int | None = None
    is_unknown: bool = False
    opinions: list[Opinion] = field(default_factory=list)
    next_start: int | None = None

    @classmethod
    def asked_by(
        cls,
        query: Mapping[str, str],
        *,
        page: "ConsultationPage",
        report: "FeedbackReportPage | None",
    ) -> "OpinionList":
        """Return what the parameters of an address ask for; an unknown filter is left out.

        Raises:
            Http404: `from` is not a number that an opinion can have.

        """
        start = _id_in(query.get("from"))
        found = cls(page, OpinionTally.of(page.pk), report, start=start)
        article, stance = query.get("article", ""), query.get("stance", "")
        if article == WHOLE:
            found.article_id = WHOLE_DRAFT
        elif article in found.labels:
            found.article_id = article
        if stance in Stance.values:
            found.stance = stance
        found.is_unknown = bool(
            (article and found.article_id is None) or (stance and found.stance is None)
        )
        found._read()
        return found

    def _read(self) -> None:
        """Read the opinions of this page in one statement."""
        points = OpinionPoint.objects.in_list(self.page.pk, self.article_id, self.stance)
        if self.start is not None:
            points = points.filter(opinion_id__lte=self.start)
        following = points.of_newest_opinions(OPINIONS_PER_PAGE + 1)
        found = with_points(following.as_shown(answered=self.report is not None))
        self.opinions = _fitting(found)
        if len(self.opinions) < len(found):
            self.next_start = found[len(self.opinions)].pk

    @cached_property
    def labels(self) -> dict[str, str]:
        """The articles of the draft, then those spoken to that it has no more, by id."""
        gone = self.tally.articles() - self.page.article_labels.keys()
        lost = _("An article no longer in the draft")
        return self.page.article_labels | dict.fromkeys(sorted(gone), lost)

    @property
    def count(self) -> int:
        """How many opinions the filters leave, on all pages."""
        return self.tally.count(
            ANY if self.article_id is None else self.article_id, self.stance or ANY
        )

    @property
    def is_filtered(self) -> bool:
        """Whether it is not the whole list."""
        return self.article_id is not None or self.stance is not None

    def url(self, **changes: str | int | None) -> str:
        """Return the address of this list with other parameters; from its newest opinion on."""
        wanted = {
            "article": WHOLE if self.article_id == WHOLE_DRAFT else self.article_id,
            "stance": self.stance,
        }
        given = {key: value for key, value in (wanted | changes).items() if value is not None}
        return self.page.list_url + (f"?{urlencode(given)}" if given else "")

    @property
    def newest_url(self) -> str:
        """The address of its first page."""
        return self.url()

    @property
    def older_url(self) -> str:
        """The address of the page after this one, or the empty string on the last."""
        return self.url(**{"from": self.next_start}) if self.next_start else ""

    @property
    def chips(self) -> list[Chip]:
        """The filters in force."""
        chips = []
        if self.article_id is not None:
            label = self.labels.get(self.article_id) or self.page.as_a_whole
            chips.append(Chip(label, self.url(article=None)))
        if self.stance is not None:
            chips.append(Chip(str(Stance(self.stance).label), self.url(stance=None)))
        return chips

    @property
    def article_options(self) -> list[Option]:
        """The articles that somebody has spoken to, first the whole draft."""
        named = {WHOLE_DRAFT: self.page.as_a_whole} | self.labels
        return [
            Option(
                article_id or WHOLE,
                label,
                self.tally.count(article_id, self.stance or ANY),
                article_id == self.article_id,
            )
            for article_id, label in named.items()
            if self.tally.count(article_id) or article_id == self.article_id
        ]

    @property
    def stance_options(self) -> list[Option]:
        """The stances that somebody has taken."""
        article = ANY if self.article_id is None else self.article_id
        return [
            Option(
                stance.value,
                str(stance.label),
                self.tally.count(article, stance),
                stance == self.stance,
            )
            for stance in Stance
            if self.tally.count(stance=stance) or stance == self.stance
        ]


def with_points(points: Iterable[OpinionPoint]) -> list[Opinion]:
    """Return the opinions of these points in their order, each with its points in `said`."""
    opinions: dict[int, Opinion] = {}
    for point in points:
        opinion = opinions.setdefault(point.opinion_id, point.opinion)
        opinion.said = [*getattr(opinion, "said", []), point]
        point.opinion = opinion
    return list(opinions.values())


def _fitting(opinions: list[Opinion]) -> list[Opinion]:
    """Return as many opinions as one page holds, at least one; long letters make it shorter."""
    taken: list[Opinion] = []
    characters = 0
    for opinion in opinions[:OPINIONS_PER_PAGE]:
        characters += len(opinion.said_text)
        if taken and characters > CHARACTERS_PER_PAGE:
            break
        taken.append(opinion)
    return taken


def _id_in(text: str | None) -> int | None:
    """Read the number of an opinion."""
    if text is None:
        return None
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID))
    if not is_number or not 0 < int(text) <= LARGEST_ID:
        raise Http404
    return int(text)
