"""The adoption summary 意见采纳情况反馈 of one round; its figures are computed, never typed."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.models import PageManager

from consultations.compliance.opinion import (
    HandlingFacts,
    outcome_of_opinion,
    reason_is_missing,
)
from consultations.lifecycle import Act, Channel, Intake, Outcome
from consultations.models.issue import Issue
from consultations.models.opinion import Opinion, OpinionPoint
from consultations.querysets import FeedbackReportQuerySet, counts
from portal.core.blocks import Article, AttachmentsBlock
from portal.core.fields import BlocksOutsideMigrationsField
from portal.core.findings import Finding, findings
from portal.core.models import current_limits
from portal.core.pages import BasePage
from portal.core.panels import FindingsPanel

if TYPE_CHECKING:
    from django.http import HttpRequest

    from consultations.models.consultation import ConsultationPage


@dataclass(frozen=True)
class Figures:
    """The numbers of an adoption summary, all about opinions that count.

    Attributes:
        opinions: how many came.
        by_channel: how many by each way that was used.
        by_outcome: how many met each outcome; the sum is `opinions` when all are answered.
        articles: how many articles of the draft they spoke to.
        unanswered: points without an answer.

    """

    opinions: int
    by_channel: dict[Channel, int]
    by_outcome: dict[Outcome, int]
    articles: int
    unanswered: int

    @property
    def adopted(self) -> int:
        """Opinions adopted wholly or partly."""
        return self.by_outcome[Outcome.ADOPTED] + self.by_outcome[Outcome.PARTLY_ADOPTED]

    @property
    def adoption_percent(self) -> int:
        """Opinions adopted wholly or partly, of all, in whole percent."""
        return round(100 * self.adopted / self.opinions) if self.opinions else 0


def figures_of(consultation_id: int) -> Figures:
    """Count the opinions of a consultation in four queries, however many there are."""
    opinions = Opinion.norel_objects.filter(consultation_id=consultation_id).that_count()
    points = OpinionPoint.objects.that_count().filter(opinion__consultation_id=consultation_id)
    outcomes: dict[int, list[str]] = {}
    rows = points.values_list("opinion_id", "issue__outcome").order_by()
    for opinion_id, outcome in rows.iterator():
        outcomes.setdefault(opinion_id, []).append(outcome or "")
    counted = Counter(outcome_of_opinion(one) for one in outcomes.values())
    return Figures(
        opinions=opinions.count(),
        by_channel=opinions.count_by_channel(),
        by_outcome={outcome: counted.get(outcome, 0) for outcome in Outcome},
        articles=points.exclude(article_id="").values("article_id").distinct().count(),
        unanswered=sum(one.count("") for one in outcomes.values()),
    )


class FeedbackReportPage(BasePage):
    """What became of the opinions of one round."""

    introduction = models.TextField(_("introduction"), blank=True)
    next_step = models.TextField(_("next step"), blank=True)
    attachments = BlocksOutsideMigrationsField(
        AttachmentsBlock(), verbose_name=_("attachments"), blank=True
    )
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)

    objects = PageManager.from_queryset(FeedbackReportQuerySet)()

    content_panels: ClassVar[list[Panel]] = [
        FindingsPanel(),
        *BasePage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("next_step"),
    ]
    parent_page_types: ClassVar[list[str]] = ["consultations.ConsultationPage"]
    subpage_types: ClassVar[list[str]] = []
    exclude_fields_in_copy: ClassVar[list[str]] = ["published_on"]

    class Meta:
        verbose_name = _("adoption summary")

    @staticmethod
    def name_for_slug(slug: str) -> str:
        """Return the short name of such a page in a breadcrumb."""
        return gettext("What became of opinions")

    @property
    def consultation(self) -> "ConsultationPage":
        """The round it reports on."""
        return self.get_parent().specific

    def facts(self, *, at: datetime) -> HandlingFacts:
        """Return what the rules read."""
        consultation = self.consultation
        figures = figures_of(consultation.pk)
        answers = Issue.objects.filter(consultation=consultation, points__isnull=False).distinct()
        return HandlingFacts(
            is_closed=consultation.is_closed(at=at),
            awaited=consultation.opinions.in_intake(Intake.SUBMITTED, at=at).count(),
            opinions=figures.opinions,
            unanswered=figures.unanswered,
            by_outcome={str(key): value for key, value in figures.by_outcome.items()},
            by_channel={str(key): value for key, value in figures.by_channel.items()},
            without_reason=tuple(
                issue.title for issue in answers if reason_is_missing(issue.outcome, issue.reason)
            ),
        )

    def findings(self) -> list[Finding]:
        """Return what the rules still ask before it is published."""
        return findings(Act.PUBLISH_FEEDBACK, self.facts(at=timezone.now()), current_limits())

    def rows(self, articles: dict[str, Article]) -> list[dict[str, Any]]:
        """Return one row an issue: `issue`, `article` (or None) and `count` of opinions."""
        issues = (
            Issue.objects.filter(counts("points__opinion__"), consultation_id=self.consultation.pk)
            .annotate(opinion_count=models.Count("points__opinion", distinct=True))
            .order_by("number")
        )
        return [
            {
                "issue": issue,
                "article": articles.get(issue.article_id),
                "count": issue.opinion_count,
            }
            for issue in issues
        ]

    def get_context(self, request: "HttpRequest", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `consultation`, `item`, `figures`, `rows`, `arrivals` by day and the five `steps`."""
        context = super().get_context(request, *args, **kwargs)
        consultation = self.consultation
        item = consultation.item
        context.update(
            consultation=consultation,
            item=item,
            figures=figures_of(consultation.pk),
            rows=self.rows({article.id: article for article in consultation.articles}),
            arrivals=Opinion.norel_objects.filter(consultation=consultation)
            .that_count()
            .count_by_day(),
            steps=item.steps(at=timezone.now(), of_round=consultation),
        )
        return context
