"""One round of open consultation 公开征求意见: notice, numbered draft, explanation, background."""

from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    Panel,
)
from wagtail.contrib.routable_page.models import path
from wagtail.fields import RichTextField
from wagtail.models import PageManager
from wagtail.search import index

from consultations.blocks import ChannelsBlock, Way, ways_of
from consultations.forms.round import RoundForm
from consultations.lifecycle import Phase, Step, official_date, phase_of
from consultations.models.draft_paper import DraftOnPaper
from consultations.models.feedback import FeedbackReportPage
from consultations.models.interpretation import InterpretationPage
from consultations.models.opinion import OpinionPoint, as_written
from consultations.models.opinion_list import OpinionList, with_points
from consultations.models.place import StandsInDossier
from consultations.models.round_rules import RoundRules
from consultations.models.tally import ANY, OpinionTally
from consultations.querysets import ConsultationQuerySet
from portal.core.blocks import Article, ArticlesBlock, AttachmentsBlock, articles_of, parts_of
from portal.core.dates import day_in_words
from portal.core.fields import BlocksOutsideMigrationsField
from portal.core.models import WorkCalendar, current_limits
from portal.core.pages import BasePage
from portal.core.panels import FindingsPanel
from portal.core.remembered import remembered
from portal.core.workdays import add_workdays

if TYPE_CHECKING:
    from django.http import HttpResponse

# The list of opinions below a round's own address.
LIST = "opinions"
# What was changed in the draft since the round before, below a round's own address.
CHANGES = "changes"
# Everything public of a round to count anew, below its own address.
PACKAGE = "package.zip"
RICH_TEXT = ["h3", "bold", "ol", "ul", "link", "document-link"]


def _feedback_due_on(closes_on: date) -> date:
    """Return the day by which the adoption summary of a round is promised."""
    return add_workdays(closes_on, current_limits().feedback_workdays, WorkCalendar())


class ConsultationPage(RoundRules, DraftOnPaper, StandsInDossier):
    """One round, and below it the list of its opinions.

    Whether it is open follows from its dates and the clock.
    """

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
    draft = BlocksOutsideMigrationsField(
        ArticlesBlock(), verbose_name=pgettext_lazy("text", "draft"), blank=True
    )
    explanation = RichTextField(_("drafting explanation"), blank=True, features=RICH_TEXT)
    background = RichTextField(_("background"), blank=True, features=RICH_TEXT)
    channels = BlocksOutsideMigrationsField(
        ChannelsBlock(), verbose_name=_("ways to answer"), blank=True
    )
    takes_attachments = models.BooleanField(
        _("takes files"),
        default=False,
        help_text=_(
            "Authors may attach up to three files of 10 MB: PDF, Word, JPG or PNG. The public does "
            "not see them."
        ),
    )
    attachments = BlocksOutsideMigrationsField(
        AttachmentsBlock(), verbose_name=_("attachments"), blank=True
    )
    contact_unit = models.CharField(_("contact office"), max_length=60, blank=True)
    contact_person = models.CharField(_("contact person"), max_length=30, blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=30, blank=True)

    articles_field: ClassVar[str] = "draft"
    base_form_class = RoundForm
    # What an interpretation that stands below it calls it.
    interpreted_text: ClassVar[Any] = _("The whole draft")

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
        FieldPanel("attachments"),
        FieldPanel("channels"),
        FieldPanel("takes_attachments"),
        MultiFieldPanel(
            [
                FieldPanel("contact_unit"),
                FieldRowPanel([FieldPanel("contact_person"), FieldPanel("contact_phone")]),
            ],
            _("Contact"),
        ),
    ]
    subpage_types: ClassVar[list[str]] = [
        "consultations.InterpretationPage",
        "consultations.FeedbackReportPage",
    ]
    search_fields: ClassVar[list[index.BaseField]] = [
        *BasePage.search_fields,
        index.SearchField("draft"),
        index.SearchField("explanation"),
        index.SearchField("background"),
    ]

    class Meta:
        verbose_name = _("consultation")

    def clean(self) -> None:
        """Refuse a period that ends before it begins."""
        super().clean()
        if self.opens_on and self.closes_on and self.closes_on <= self.opens_on:
            raise ValidationError(
                {"closes_on": _("The closing day must come after the opening day.")}
            )

    @cached_property
    def articles(self) -> list[Article]:
        """The numbered articles of the draft."""
        return articles_of(self.draft)

    @cached_property
    def article_labels(self) -> dict[str, str]:
        """The numbers of the articles as printed, by id."""
        return {article.id: article.label for article in self.articles}

    @property
    def list_url(self) -> str:
        """The address of the list of its opinions."""
        return f"{self.get_absolute_url()}{LIST}/"

    @property
    def package_url(self) -> str:
        """The address of its research package."""
        return f"{self.get_absolute_url()}{PACKAGE}"

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
        closes_on = self.closes_on
        return remembered(f"feedback-due:{closes_on}", lambda: _feedback_due_on(closes_on))

    @cached_property
    def report(self) -> FeedbackReportPage | None:
        """The published adoption summary, if there is one."""
        return FeedbackReportPage.objects.child_of(self).for_everybody().first()

    @cached_property
    def round_before(self) -> "ConsultationPage | None":
        """The public round in which people spoke to an earlier draft, if there was one."""
        if self.round == 1 or self.evaluated is not None:
            return None
        return self.item.rounds().filter(round__lt=self.round).last()

    @property
    def changes_url(self) -> str:
        """Where the draft is compared with that of the round before; empty for the first."""
        return f"{self.get_absolute_url()}{CHANGES}/" if self.round_before else ""

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

    @cached_property
    def opinion_total(self) -> int:
        """How many opinions count."""
        return self.opinions.that_count().count()

    def received(self, *, shown: int) -> int:
        """Return how many opinions count, as of a minute ago at most, never fewer than shown."""
        count = remembered(f"received:{self.pk}", lambda: self.opinions.that_count().count())
        return max(count, shown)

    def newest_points(self, tally: OpinionTally) -> dict[str, list[OpinionPoint]]:
        """Return the points that the page shows, by article, newest first; `ANY` for all."""
        points = OpinionPoint.objects.filter(pk__in=tally.newest_points()).as_shown()
        # What was taken out since the tally was read is left out; told here, because a database
        # that is asked for the whole list may read all of it.
        shown = {point.pk: point for point in points if point.shown_in_id == self.pk}
        return {
            article_id: [shown[pk] for pk in ids if pk in shown]
            if article_id == ANY
            else as_written(shown[pk] for pk in ids if pk in shown)
            for article_id, ids in tally.newest.items()
        }

    def _made_of(
        self,
        parts: list[dict[str, Any]],
        newest: dict[str, list[OpinionPoint]],
        tally: OpinionTally,
        *,
        at: datetime,
    ) -> str:
        """Return a name for all that the texts and opinions of the page are rendered from.

        Who takes something new into that part of the template names it here, too.
        """
        said = [
            (point.pk, point.opinion.shown_name, point.opinion.channel, point.shown_text)
            for points in newest.values()
            for point in points
        ]
        texts = (self.notice, self.explanation, self.background, self.ways)
        drafted = [one["part"] for one in parts]
        reader = (
            get_language(),
            official_date(at),
            self.is_open(at=at),
            self.list_url,
            self.papers,
        )
        everything = repr((reader, texts, self.papers, drafted, said, tally.newest, tally.counts))
        return sha256(everything.encode()).hexdigest()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the phase, the draft's parts with their opinions, and the newest opinions."""
        context = super().get_context(request, *args, **kwargs)
        at = timezone.now()
        tally = OpinionTally.of(self.pk)
        newest = self.newest_points(tally)
        parts = [
            {"part": part, "count": tally.count(part.id), "newest": newest.get(part.id, [])}
            if isinstance(part, Article)
            else {"part": part}
            for part in parts_of(self.draft)
        ]
        is_open = self.is_open(at=at)
        context.update(
            at=at,
            item=self.item,
            phase=self.phase(at=at),
            is_open=is_open,
            steps=self.item.steps(at=at, of_round=self),
            parts=parts,
            made_of=self._made_of(parts, newest, tally, at=at),
            opinions=with_points(newest.get(ANY, [])),
            opinion_count=self.received(shown=tally.count()),
            shown_count=tally.count(),
            report=None if is_open else self.report,
            evaluated=self.evaluated,
            hearings=[] if self.evaluated else self.item.hearing_news(),
            interpretations=InterpretationPage.objects.public_below(self).defer("body"),
            list_url=self.list_url,
            write_url=reverse("opinions:write", args=[self.pk]) if is_open else "",
            changes_url=self.changes_url,
        )
        return context

    @path(f"{LIST}/", name="opinions")
    def opinion_list(self, request: HttpRequest) -> "HttpResponse":
        """Show one page of its opinions as `listed`; parameters: `article`, `stance`, `from`.

        Raises:
            Http404: `from` is not a number that an opinion can have.

        """
        at = timezone.now()
        is_open = self.is_open(at=at)
        report = None if is_open else self.report
        context = super().get_context(request)
        context.update(
            at=at,
            is_open=is_open,
            report=report,
            listed=OpinionList.asked_by(request.GET, page=self, report=report),
            page_url=self.url,
            list_url=self.list_url,
            canonical=f"{self.full_url}{LIST}/",
        )
        return TemplateResponse(request, "consultations/opinion_list.html", context)

    @path(f"{CHANGES}/", name="changes")
    def changes(self, request: HttpRequest) -> "HttpResponse":
        """Show what was changed in the draft since the round before.

        The comparison belongs to a later step of the procedure; it answers through the hook
        `draft_changes`, with the page and the request.

        Raises:
            Http404: no public round came before.

        """
        if self.round_before is None:
            raise Http404
        (answer,) = hooks.get_hooks("draft_changes")
        response: HttpResponse = answer(page=self, request=request)
        return response

    @path(f"{PACKAGE}/", name="package")
    def package(self, request: HttpRequest) -> "HttpResponse":
        """Give everything public of it to count anew; the hook `round_package` answers."""
        (answer,) = hooks.get_hooks("round_package")
        response: HttpResponse = answer(page=self, request=request)
        return response
