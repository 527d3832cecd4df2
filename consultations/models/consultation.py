"""One round of open consultation 公开征求意见: notice, numbered draft, explanation, background."""

from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    Panel,
)
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.models import PageManager
from wagtail.rich_text import get_text_for_indexing
from wagtail.search import index

from consultations.blocks import ChannelsBlock, Way, ways_of
from consultations.compliance.consultation import ConsultationFacts
from consultations.lifecycle import Act, Phase, Step, official_date, phase_of
from consultations.models.feedback import FeedbackReportPage
from consultations.models.opinion import OpinionPoint
from consultations.querysets import ConsultationQuerySet
from portal.core.blocks import Article, ArticlesBlock, articles_of, parts_of
from portal.core.dates import day_in_words
from portal.core.fields import BlocksOutsideMigrationsField
from portal.core.findings import Finding, findings
from portal.core.models import WorkCalendar, current_limits
from portal.core.pages import BasePage
from portal.core.panels import FindingsPanel
from portal.core.remembered import remembered
from portal.core.workdays import add_workdays

if TYPE_CHECKING:
    from django.http import HttpResponse

    from consultations.models.item import DecisionItemPage
    from consultations.models.opinion import Opinion

RICH_TEXT = ["h3", "bold", "ol", "ul", "link", "document-link"]
OPINIONS_PER_PAGE = 20
# Of opinions on one page; with three bytes a Chinese character this keeps it under 100 kB.
CHARACTERS_PER_PAGE = 15_000
NEWEST_PER_ARTICLE = 3


def has_text(rich_text: str) -> bool:
    """Tell whether rich text says anything: an emptied editor leaves empty paragraphs behind."""
    return bool(get_text_for_indexing(rich_text).strip())


class ConsultationIndexPage(RoutablePageMixin, BasePage):
    """All consultations by phase; below it, all adoption summaries."""

    introduction = models.TextField(_("introduction"), blank=True)

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1

    class Meta:
        verbose_name = _("consultations")

    @path("")
    def consultations(self, request: HttpRequest) -> "HttpResponse":
        """Show the consultations: `open`, `scheduled` and `closed`."""
        at = timezone.now()
        pages = ConsultationPage.objects.with_opinion_count().with_unit_name()
        return self.render(
            request,
            context_overrides={
                "at": at,
                "open": pages.open(at=at).order_by("closes_on"),
                "scheduled": pages.scheduled(at=at).order_by("opens_on"),
                "closed": pages.closed(at=at).order_by("-closes_on"),
            },
        )

    @path("feedback/", name="feedback")
    def feedback(self, request: HttpRequest) -> "HttpResponse":
        """Show the adoption summaries: `reports`, newest first."""
        reports = FeedbackReportPage.objects.live().order_by("-published_on", "-pk")
        return self.render(
            request,
            context_overrides={"reports": reports},
            template="consultations/feedback_index.html",
        )


class ConsultationPage(BasePage):
    """One round. Whether it is open follows from its dates and the clock."""

    consultation_no = models.CharField(_("consultation number"), max_length=30, blank=True)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_on = models.DateField(
        _("closes on"),
        null=True,
        blank=True,
        help_text=_("Open until 24:00 on this day, Beijing time."),
    )
    shortened_reason = models.TextField(
        _("reason for a shorter period"),
        blank=True,
        help_text=_("Published with the notice when the period is under 30 days."),
    )
    glance_what = models.TextField(_("in one minute: what is planned"), blank=True)
    glance_who = models.TextField(_("in one minute: whom it concerns"), blank=True)
    glance_ask = models.TextField(_("in one minute: what we ask you"), blank=True)
    notice = RichTextField(_("notice"), blank=True, features=RICH_TEXT)
    draft = BlocksOutsideMigrationsField(ArticlesBlock(), verbose_name=_("draft"), blank=True)
    explanation = RichTextField(_("drafting explanation"), blank=True, features=RICH_TEXT)
    background = RichTextField(_("background"), blank=True, features=RICH_TEXT)
    channels = BlocksOutsideMigrationsField(
        ChannelsBlock(), verbose_name=_("ways to answer"), blank=True
    )
    contact_unit = models.CharField(_("contact office"), max_length=60, blank=True)
    contact_person = models.CharField(_("contact person"), max_length=30, blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=30, blank=True)

    objects = PageManager.from_queryset(ConsultationQuerySet)()

    content_panels: ClassVar[list[Panel]] = [
        FindingsPanel(),
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("consultation_no"), FieldPanel("round")]),
                FieldRowPanel([FieldPanel("opens_on"), FieldPanel("closes_on")]),
                FieldPanel("shortened_reason"),
            ],
            _("Period"),
        ),
        MultiFieldPanel(
            [FieldPanel("glance_what"), FieldPanel("glance_who"), FieldPanel("glance_ask")],
            _("In one minute"),
        ),
        FieldPanel("notice"),
        FieldPanel("draft"),
        FieldPanel("explanation"),
        FieldPanel("background"),
        FieldPanel("channels"),
        MultiFieldPanel(
            [
                FieldPanel("contact_unit"),
                FieldRowPanel([FieldPanel("contact_person"), FieldPanel("contact_phone")]),
            ],
            _("Contact"),
        ),
    ]
    parent_page_types: ClassVar[list[str]] = ["consultations.DecisionItemPage"]
    subpage_types: ClassVar[list[str]] = ["consultations.FeedbackReportPage"]
    search_fields: ClassVar[list[index.BaseField]] = [
        *BasePage.search_fields,
        index.SearchField("draft"),
        index.SearchField("explanation"),
        index.SearchField("background"),
    ]

    class Meta:
        verbose_name = _("consultation")

    @staticmethod
    def name_for_slug(slug: str) -> str:
        """Return the short name of such a page in a breadcrumb; slugs end in the round."""
        number = slug.rpartition("-")[2]
        if number in {"", "1"}:
            return gettext("Consultation")
        return gettext("Consultation, round %(number)s") % {"number": number}

    def clean(self) -> None:
        """Refuse a period that ends before it begins."""
        super().clean()
        if self.opens_on and self.closes_on and self.closes_on <= self.opens_on:
            raise ValidationError(
                {"closes_on": _("The closing day must come after the opening day.")}
            )

    @cached_property
    def item(self) -> "DecisionItemPage":
        """The matter it belongs to."""
        return self.trail[-1].specific

    @cached_property
    def articles(self) -> list[Article]:
        """The numbered articles of the draft."""
        return articles_of(self.draft)

    @cached_property
    def ways(self) -> list[Way]:
        """The ways to answer besides this site."""
        return ways_of(self.channels)

    def phase(self, *, at: datetime) -> Phase | None:
        """Return the phase at an instant, or None while a date is missing."""
        if self.opens_on is None or self.closes_on is None:
            return None
        return phase_of(self.opens_on, self.closes_on, at=at)

    def is_open(self, *, at: datetime) -> bool:
        """Tell whether it takes opinions; twin of the queryset's `open`."""
        return self.live and self.phase(at=at) is Phase.OPEN

    def is_closed(self, *, at: datetime) -> bool:
        """Tell whether its closing day is over."""
        return self.phase(at=at) is Phase.CLOSED

    @property
    def days(self) -> int:
        """Length of the period in days, the first not counted."""
        if self.opens_on is None or self.closes_on is None:
            return 0
        return (self.closes_on - self.opens_on).days

    @cached_property
    def feedback_due_on(self) -> date | None:
        """The day by which the adoption summary is promised (FEE-1)."""
        if self.closes_on is None:
            return None
        limits = remembered("limits", current_limits)
        calendar = remembered("work-calendar", WorkCalendar)
        return add_workdays(self.closes_on, limits.feedback_workdays, calendar)

    @cached_property
    def report(self) -> FeedbackReportPage | None:
        """The published adoption summary, if there is one."""
        return FeedbackReportPage.objects.child_of(self).live().first()

    @property
    def moderation_workdays(self) -> int:
        """Working days within which an opinion is read, as promised on the receipt."""
        return remembered("limits", current_limits).moderation_workdays

    def has_public_report(self) -> bool:
        """Tell whether its adoption summary is public now, whatever this object remembers."""
        return FeedbackReportPage.objects.child_of(self).live().exists()

    def step_notes(self, *, at: datetime) -> dict[Step, str]:
        """Return when its steps were, or will be; an open round is not asked for a report."""
        closing_day = day_in_words(self.closes_on, at)
        notes = {Step.CONSULTATION: gettext("until %(date)s") % {"date": closing_day}}
        report = self.report if self.is_closed(at=at) else None
        notes[Step.FEEDBACK] = (
            day_in_words(report.published_on, at)
            if report
            else gettext("by %(date)s") % {"date": day_in_words(self.feedback_due_on, at)}
        )
        return notes

    def facts(self, *, at: datetime) -> ConsultationFacts:
        """Return what the rules read when it is published at an instant, or published again."""
        public = ConsultationPage.objects.live().filter(pk=self.pk).first()
        was_open = public is not None and public.phase(at=at) is not Phase.SCHEDULED
        return ConsultationFacts(
            articles=len(articles_of(self.draft)),
            has_explanation=has_text(self.explanation),
            has_background=has_text(self.background),
            opens_on=self.opens_on,
            closes_on=self.closes_on,
            shortened_reason=self.shortened_reason,
            channels=frozenset(way.kind for way in self.ways),
            has_contact=bool(self.contact_unit.strip() and self.contact_phone.strip()),
            # A period that people have begun to use was judged when it was published.
            published_on=self.opens_on if was_open and self.opens_on else official_date(at),
            was_open=was_open,
            draft_changed=public is not None
            and list(parts_of(self.draft)) != list(parts_of(public.draft)),
            public_period=(public.opens_on, public.closes_on) if public else None,
        )

    def findings(self) -> list[Finding]:
        """Return what the rules still ask before it is opened."""
        return findings(Act.OPEN_ROUND, self.facts(at=timezone.now()), current_limits())

    def shown_opinions(self, *, before: int | None = None) -> "list[Opinion]":
        """Return one page of opinions, newest first, and one more if there are more.

        Each has its points in `said`. Two statements, also when there is no opinion.

        Args:
            before: show only opinions with a smaller id.

        """
        opinions = self.opinions.shown().newest_first()
        if before is not None:
            opinions = opinions.filter(id__lt=before)
        page = opinions[: OPINIONS_PER_PAGE + 1]
        said: dict[int, list[OpinionPoint]] = {}
        for point in OpinionPoint.objects.filter(opinion__in=page.values("pk")):
            said.setdefault(point.opinion_id, []).append(point)
        shown = list(page)
        for opinion in shown:
            opinion.said = said.get(opinion.pk, [])
        return shown

    def points_by_article(self) -> dict[str, list[OpinionPoint]]:
        """Return the newest shown points of each article, each knowing how many there are."""
        points = OpinionPoint.objects.shown().filter(opinion__consultation=self)
        newest: dict[str, list[OpinionPoint]] = {}
        on_articles = points.exclude(article_id="").select_related("opinion")
        for point in on_articles.newest_of_each_article(NEWEST_PER_ARTICLE):
            newest.setdefault(point.article_id, []).append(point)
        return newest

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the phase, the draft's parts with their opinions, and a page of opinions.

        Raises:
            Http404: `before` is not a number that an opinion can have.

        """
        context = super().get_context(request, *args, **kwargs)
        at = timezone.now()
        page = self.shown_opinions(before=_before(request.GET.get("before")))
        shown = _fitting(page)
        points = self.points_by_article()
        counted = self.opinions.totals()
        is_open = self.is_open(at=at)
        context.update(
            at=at,
            item=self.item,
            phase=self.phase(at=at),
            is_open=is_open,
            steps=self.item.steps(at=at, of_round=self),
            parts=[
                {
                    "part": part,
                    "newest": (newest := points.get(getattr(part, "id", ""), [])),
                    "count": newest[0].of_article if newest else 0,
                }
                for part in parts_of(self.draft)
            ],
            article_labels={article.id: article.label for article in self.articles},
            opinions=shown,
            next_before=shown[-1].pk if len(shown) < len(page) else None,
            opinion_count=counted["confirmed"],
            shown_count=counted["shown"],
            report=None if is_open else self.report,
        )
        return context


def _fitting(opinions: "list[Opinion]") -> "list[Opinion]":
    """Return as many opinions as one page holds, at least one; long letters make it shorter."""
    taken: list[Opinion] = []
    characters = 0
    for opinion in opinions[:OPINIONS_PER_PAGE]:
        characters += len(opinion.shown_text)
        if taken and characters > CHARACTERS_PER_PAGE:
            break
        taken.append(opinion)
    return taken


LARGEST_ID = 2**31 - 1


def _before(text: str | None) -> int | None:
    """Read the paging parameter."""
    if text is None:
        return None
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID))
    if not is_number or not 0 < int(text) <= LARGEST_ID:
        raise Http404
    return int(text)
