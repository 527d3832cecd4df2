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
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
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
from consultations.topics import Topic
from decisions.citation import Cited, as_bibtex, as_gb7714
from decisions.compliance.review import DecisionFacts
from decisions.document_number import EXAMPLE, read_document_number
from decisions.lifecycle import ReviewKind, Supersession, Validity, validity_of
from decisions.models.changes import changes_of, changes_of_edition
from decisions.models.review import CollectiveDiscussion, Review, Reviews
from decisions.querysets import DecisionQuerySet
from portal.core.blocks import Article, ArticlesBlock, AttachmentsBlock, articles_of, parts_of
from portal.core.fields import BlocksOutsideMigrationsField
from portal.core.findings import Checked, Ruled, checklist
from portal.core.models import WorkCalendar, current_limits
from portal.core.pages import BasePage
from portal.core.panels import FindingsPanel
from portal.core.release.record import is_released

if TYPE_CHECKING:
    from django.http import HttpRequest

# What was changed, below a decision's own address.
REDLINE = "redline"


class RedlineView(models.TextChoices):
    """How the two texts are shown."""

    MARKS = "marks", _("Marked changes")
    CLEAN = "clean", _("Final text only")
    TABLE = "table", _("Side by side")


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
        is_released=is_released(page),
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
        has_public_feedback=bool(reported),
        was_consulted=bool(rounds),
        needs_participation=item.needs_participation,
        record_gaps=tuple(one.title for one in unreported) + reviews.gaps(),
        is_workday=WorkCalendar(),
    )


class DecisionIndexPage(BasePage):
    """All published decisions, newest first."""

    introduction = models.TextField(_("introduction"), blank=True)

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1

    class Meta:
        verbose_name = _("decisions")

    def get_context(self, request: "HttpRequest", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `decisions`, newest first, and today's date for their validity."""
        context = super().get_context(request, *args, **kwargs)
        context.update(
            decisions=DecisionPage.objects.live()
            .select_related("superseded_by")
            .order_by("-published_on", "-pk"),
            today=official_date(timezone.now()),
        )
        return context


class DecisionPage(RoutablePageMixin, Ruled, BasePage):
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
    subpage_types: ClassVar[list[str]] = ["consultations.InterpretationPage"]
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
        return DecisionItemPage.objects.ancestor_of(self).get()

    def earlier_articles(self) -> list[Article]:
        """Return its articles, at first those of the draft that people spoke to last."""
        rounds = self.item.public_rounds
        return super().earlier_articles() or (articles_of(rounds[-1].draft) if rounds else [])

    @cached_property
    def articles(self) -> list[Article]:
        """The numbered articles of its text."""
        return articles_of(self.text)

    @cached_property
    def discussion(self) -> CollectiveDiscussion | None:
        """The meeting that decided it."""
        return CollectiveDiscussion.objects.filter(item=self.item).first()

    @cached_property
    def earlier_edition(self) -> "DecisionPage | None":
        """The public decision that it amends or repeals, the last of several."""
        return self.supersedes.live().order_by("published_on").last()

    def validity(self, *, on: date) -> Validity | None:
        """Return whether it is law on a day, or None while its effective date is missing."""
        if self.effective_on is None:
            return None
        later = self.superseded_by
        return validity_of(
            self.effective_on,
            self.expires_on,
            self.supersession,
            later.effective_on if later else None,
            on=on,
        )

    def citations(self, *, on: date) -> tuple[str, ...]:
        """Return how it is cited by who read it on a day: GB/T 7714 and BibTeX."""
        if self.published_on is None:
            return ()
        cited = Cited(
            self.issuer, self.title, self.document_no, self.published_on, self.full_url, on
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

    def get_context(self, request: "HttpRequest", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the matter, its validity today, its reports and the parts of the text."""
        context = super().get_context(request, *args, **kwargs)
        at = timezone.now()
        context.update(
            item=self.item,
            today=official_date(at),
            validity=self.validity(on=official_date(at)),
            steps=self.item.steps(at=at),
            parts=list(parts_of(self.text)),
            reports=FeedbackReportPage.objects.descendant_of(self.item).live().order_by("path"),
            rounds=self.item.public_rounds,
            citations=self.citations(on=official_date(at)),
            interpretations=self.item.public_interpretations,
            questions_url=self.item.questions_url,
            redline_url=f"{self.get_absolute_url()}{REDLINE}/" if self.item.public_rounds else "",
        )
        return context

    @path(f"{REDLINE}/", name="redline")
    def redline(self, request: "HttpRequest") -> TemplateResponse:
        """Show what was changed in the draft, and because of which opinions.

        Context: `changes`; `against_edition`, whether they are those since the decision that this
        one supersedes; `view`, one of `RedlineView`; `only_changed`, `spoken`; parameters:
        `against=edition`, `view`, `only=changed`, `marks=spoken`.

        Raises:
            Http404: there was no public draft, or no earlier decision.

        """
        against_edition = request.GET.get("against") == "edition"
        changes = changes_of_edition(self) if against_edition else changes_of(self)
        if changes is None:
            raise Http404
        asked = request.GET.get("view", "")
        context = self.get_context(request)
        context.update(
            changes=changes,
            against_edition=against_edition,
            kept="against=edition&" if against_edition else "",
            view=asked if asked in RedlineView.values else RedlineView.MARKS.value,
            views=RedlineView.choices,
            only_changed=request.GET.get("only") == "changed",
            spoken=request.GET.get("marks") == "spoken",
            canonical=f"{self.full_url}{REDLINE}/",
        )
        return TemplateResponse(request, "decisions/decision_redline.html", context)
