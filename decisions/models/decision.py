"""The decision 决策结果: its document, text as numbered articles, dates and validity."""

from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Min
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    PageChooserPanel,
    Panel,
)
from wagtail.contrib.routable_page.models import path
from wagtail.models import PageManager
from wagtail.search import index

from consultations.lifecycle import Act, official_date
from consultations.models import (
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
    Hearing,
    InterpretationPage,
    OpinionPoint,
)
from consultations.models.topic import Topic
from decisions.citation import Cited, as_bibtex, as_gb7714
from decisions.compliance.review import DecisionFacts
from decisions.document_number import EXAMPLE, read_document_number
from decisions.lifecycle import ReviewKind, Supersession
from decisions.models.as_of import AskedAsOf, AsOf
from decisions.models.changes import changes_of, changes_of_edition
from decisions.models.evaluation import evaluation_facts, evaluations_of, with_reports
from decisions.models.files import DecisionFiles
from decisions.models.history import history_of
from decisions.models.reading import reading_of
from decisions.models.review import CollectiveDiscussion, Review, Reviews
from decisions.models.validity import Lasting
from decisions.models.versions import PublishedVersions
from decisions.querysets import DecisionQuerySet
from portal.core.blocks import Article, ArticlesBlock, AttachmentsBlock, articles_of, parts_of
from portal.core.fields import BlocksOutsideMigrationsField
from portal.core.findings import Checked, Ruled, checklist
from portal.core.models import WorkCalendar, current_limits
from portal.core.pages import BasePage
from portal.core.panels import FindingsPanel
from portal.core.release.record import is_released
from portal.core.remembered import remembered

if TYPE_CHECKING:
    from django.http import HttpRequest

# What was changed, below a decision's own address.
REDLINE = "redline"


def dossier_facts(
    item: DecisionItemPage, page: "DecisionPage | None" = None, *, at: datetime
) -> DecisionFacts:
    """Return what the rules read of a matter; with `page`, of its decision's publication."""
    facts = _facts_before_the_text(item, at=at)
    if page is None:
        return facts
    later = page.superseded_by
    interpretations = InterpretationPage.objects.child_of(page)
    return replace(
        facts,
        is_publication=True,
        missing_particulars=page.missing_particulars(),
        index_no_taken=page.index_no_is_taken(),
        signed_on=page.signed_on,
        published_on=page.published_on,
        effective_on=page.effective_on,
        expires_on=page.expires_on,
        is_public=page.live,
        is_superseded=bool(page.supersession),
        has_public_successor=later is not None and later.live,
        is_repealed=page.repeal is not None,
        is_released=is_released(page),
        **(evaluation_facts(page) if page.live else {}),
        has_interpretation=interpretations.exists(),
        interpreted_on=interpretations.live().aggregate(first=Min("published_on"))["first"],
    )


def _facts_before_the_text(item: DecisionItemPage, *, at: datetime) -> DecisionFacts:
    """Return the facts that stand on record whether the text of a decision exists or not."""
    rounds = list(
        ConsultationPage.objects.child_of(item).live().with_opinion_count().order_by("round")
    )
    reported = {
        report.path[: -FeedbackReportPage.steplen]
        for report in FeedbackReportPage.objects.descendant_of(item).live()
    }
    unanswered = set(
        OpinionPoint.objects.that_count()
        .unanswered()
        .filter(opinion__consultation__in=[one.pk for one in rounds])
        .values_list("opinion__consultation_id", flat=True)
    )
    unreported = [one for one in rounds if one.path not in reported]
    reviews = Reviews(Review.objects.filter(item=item).order_by("concluded_on", "pk"))
    discussion = CollectiveDiscussion.objects.filter(item=item).first()
    hearings = Hearing.objects.filter(item=item, cancelled_reason="").order_by("held_at")
    held = [official_date(one.held_at) for one in hearings if one.concluded_at]
    legality = reviews.passed(ReviewKind.LEGALITY)
    return DecisionFacts(
        is_publication=False,
        today=official_date(at),
        unreported_rounds=tuple(one.title for one in unreported if one.opinion_count),
        unreported_silent_rounds=tuple(one.title for one in unreported if not one.opinion_count),
        unanswered_rounds=tuple(one.title for one in rounds if one.pk in unanswered),
        legality_number=legality.number if legality else "",
        legality_on=legality.concluded_on if legality else None,
        legality_sent_on=legality.sent_on if legality else None,
        missing_reviews=reviews.missing(item),
        is_risk_uncontrollable=reviews.is_refused(ReviewKind.RISK),
        hearing_required=bool(item.hearing_required),
        hearing_on=held[-1] if held else None,
        meeting_name=discussion.meeting_name if discussion else "",
        meeting_on=discussion.held_on if discussion else None,
        party_report_on=discussion.party_report_on if discussion else None,
        has_public_feedback=any(one.path in reported for one in rounds),
        was_consulted=bool(rounds),
        needs_participation=item.needs_participation,
        record_gaps=tuple(one.title for one in unreported) + reviews.gaps(),
        is_workday=WorkCalendar(),
    )


class DecisionPage(Lasting, AskedAsOf, DecisionFiles, PublishedVersions, Ruled, BasePage):
    """The decision of one matter, and below it what was changed in the draft."""

    document_no = models.CharField(
        _("document number"), max_length=40, blank=True, help_text=_("Like 澜政示〔2026〕9号.")
    )
    index_no = models.CharField(_("index number"), max_length=40, blank=True)
    issuer = models.CharField(_("issuing organ"), max_length=60, blank=True)
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    effective_on = models.DateField(_("in force from"), null=True, blank=True)
    expires_on = models.DateField(_("in force until"), null=True, blank=True)
    introduction = models.TextField(_("introduction"), blank=True)
    text = BlocksOutsideMigrationsField(ArticlesBlock(), verbose_name=_("text"), blank=True)
    attachments = BlocksOutsideMigrationsField(
        AttachmentsBlock(), verbose_name=_("attachments"), blank=True
    )
    superseded_by = models.ForeignKey(
        "self",
        verbose_name=_("superseded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
    )
    supersession = models.CharField(
        _("what that decision did"), max_length=10, choices=Supersession.choices, blank=True
    )

    articles_field: ClassVar[str] = "text"
    # What an interpretation that stands below it calls it.
    interpreted_text: ClassVar[Any] = _("Text")

    objects = PageManager.from_queryset(DecisionQuerySet)()

    content_panels: ClassVar[list[Panel]] = [
        FindingsPanel(),
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("document_no"), FieldPanel("index_no")]),
                FieldRowPanel([FieldPanel("issuer"), FieldPanel("topic")]),
                FieldRowPanel([FieldPanel("signed_on"), FieldPanel("published_on")]),
                FieldRowPanel([FieldPanel("effective_on"), FieldPanel("expires_on")]),
            ],
            _("Particulars"),
        ),
        FieldPanel("introduction"),
        FieldPanel("text"),
        FieldPanel("attachments"),
        MultiFieldPanel(
            [
                PageChooserPanel("superseded_by", "decisions.DecisionPage"),
                FieldPanel("supersession"),
            ],
            _("Later decision"),
        ),
    ]
    parent_page_types: ClassVar[list[str]] = ["consultations.DecisionItemPage"]
    exclude_fields_in_copy: ClassVar[list[str]] = ["published_on"]
    subpage_types: ClassVar[list[str]] = [
        "consultations.ConsultationPage",
        "consultations.InterpretationPage",
        "decisions.EvaluationPage",
    ]
    search_fields: ClassVar[list[index.BaseField]] = [
        *BasePage.search_fields,
        index.SearchField("document_no"),
        index.SearchField("text"),
    ]

    # The day of publication is not among them: publishing sets it.
    PARTICULARS = (
        "document_no",
        "index_no",
        "issuer",
        "topic",
        "signed_on",
        "effective_on",
    )

    class Meta:
        verbose_name = _("decision")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(superseded_by__isnull=True, supersession="")
                | models.Q(superseded_by__isnull=False) & ~models.Q(supersession=""),
                name="supersession_is_whole",
            )
        ]

    def clean(self) -> None:
        """Ask for the later decision and what it did together; it has to be public itself."""
        super().clean()
        self._clean_document_no()
        if self.superseded_by and not self.superseded_by.live:
            raise ValidationError({"superseded_by": _("This decision is not published yet.")})
        if bool(self.superseded_by_id) != bool(self.supersession):
            raise ValidationError(
                {"supersession": _("Name the later decision and what it did, or neither.")}
            )

    def _clean_document_no(self) -> None:
        """Put the document number into the form in which it is printed."""
        if not self.document_no:
            return
        number = read_document_number(self.document_no)
        if number is None:
            message = _("This is no document number. Write it like %(example)s.")
            raise ValidationError({"document_no": message % {"example": EXAMPLE}})
        self.document_no = str(number)

    @staticmethod
    def name_for_slug(slug: str) -> str:
        """Return the short name of such a page in a breadcrumb."""
        return gettext("Decision")

    @cached_property
    def item(self) -> DecisionItemPage:
        """The matter it decides."""
        return DecisionItemPage.objects.ancestor_of(self).select_related("discussion").get()

    @cached_property
    def _summaries(self) -> dict[str, FeedbackReportPage]:
        """Every public adoption summary of the dossier, by the path of what it reports on."""
        below = FeedbackReportPage.objects.descendant_of(self.item).live().order_by("path")
        return {one.path[: -one.steplen]: one for one in below}

    @cached_property
    def reports(self) -> list[FeedbackReportPage]:
        """The public adoption summaries before it; the rounds then know theirs."""
        for one in self.item.public_rounds:
            one.report = self._summaries.get(one.path)
        return [one.report for one in self.item.public_rounds if one.report]

    def _calls(self) -> list[ConsultationPage]:
        """Return the calls for opinions on it; they then know their summaries."""
        for one in self.item.public_calls:
            one.report = self._summaries.get(one.path)
        return self.item.public_calls

    def earlier_articles(self) -> list[Article]:
        """Return its articles, at first those of the draft that people spoke to last."""
        rounds = self.item.public_rounds
        return super().earlier_articles() or (articles_of(rounds[-1].draft) if rounds else [])

    @cached_property
    def articles(self) -> list[Article]:
        """The numbered articles of its text."""
        return articles_of(self.text)

    @property
    def discussion(self) -> CollectiveDiscussion | None:
        """The meeting that decided it."""
        return getattr(self.item, "discussion", None)

    def citations(self, *, on: date, url: str = "") -> tuple[str, ...]:
        """Return how it is cited by who read it on a day, here or at `url`: GB/T 7714, BibTeX."""
        if self.published_on is None:
            return ()
        cited = Cited(
            self.issuer, self.title, self.document_no, self.published_on, url or self.full_url, on
        )
        return (as_gb7714(cited), as_bibtex(cited))

    def missing_particulars(self) -> tuple[str, ...]:
        """Return the names of empty particulars."""
        missing = [
            str(self._meta.get_field(name).verbose_name)
            for name in self.PARTICULARS
            if getattr(self, name) in (None, "")
        ]
        if not self.articles:
            missing.append(str(self._meta.get_field("text").verbose_name))
        return tuple(missing)

    def index_no_is_taken(self) -> bool:
        """Tell whether another public decision carries the same index number."""
        same = DecisionPage.objects.live().filter(index_no=self.index_no)
        return bool(self.index_no) and same.exclude(pk=self.pk).exists()

    def checklist(self) -> list[Checked]:
        """Return the rules asked at its publication, and what each finds."""
        facts = dossier_facts(self.item, self, at=timezone.now())
        return checklist(Act.PUBLISH_DECISION, facts, current_limits())

    def frame(self, request: "HttpRequest") -> dict[str, Any]:
        """Return what its own page and those below it show alike: where it stands, and when."""
        at = timezone.now()
        as_of = AsOf.read(request, at=at)
        context: dict[str, Any] = super().get_context(request)
        return context | {
            "item": self.item,
            "at": at,
            "as_of": as_of,
            "today": as_of.today,
            "validity": self.validity(on=as_of.day),
            "steps": self.item.steps(at=at),
            "redline_url": self.redline_url(),
        }

    def redline_url(self) -> str:
        """Where it is compared with the draft; empty without a public draft."""
        return f"{self.get_absolute_url()}{REDLINE}/" if self.item.public_rounds else ""

    def get_context(self, request: "HttpRequest", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the matter, its validity on the day asked about, its reports and its text's parts."""
        # Read first, so that the steps need not ask each round for its own.
        reports = self.reports
        context = self.frame(request)
        as_of: AsOf = context["as_of"]
        return context | {
            "predecessors": self.predecessors,
            "suspension": self.suspension(on=as_of.day),
            "history": history_of(self),
            "reports": reports,
            "interpretations": self.item.public_interpretations,
            "parts": list(parts_of(self.text)),
            "rounds": self.item.public_rounds,
            "evaluations": evaluations_of(self.item),
            "calls": with_reports(self._calls(), at=context["at"]),
            "citations": self.citations(on=as_of.today),
            "versions": remembered(f"versions:{self.pk}", lambda: self.versions),
            "questions_url": self.item.questions_url,
        }

    @path(f"{REDLINE}/", name="redline")
    def redline(self, request: "HttpRequest") -> TemplateResponse:
        """Show what was changed in the draft, and because of which opinions.

        Context: `changes`; `against`, the "draft" or the "edition" that this decision supersedes;
        how they are read (`reading_of`). Parameter: `against=edition`.

        Raises:
            Http404: there was no public draft, or no earlier decision.

        """
        against = "edition" if request.GET.get("against") == "edition" else "draft"
        changes = changes_of_edition(self) if against == "edition" else changes_of(self)
        if changes is None:
            raise Http404
        context = self.frame(request)
        context.update(
            changes=changes,
            against=against,
            canonical=f"{self.full_url}{REDLINE}/",
            **reading_of(request.GET, kept="against=edition&" if against == "edition" else ""),
        )
        return TemplateResponse(request, "decisions/decision_redline.html", context)
