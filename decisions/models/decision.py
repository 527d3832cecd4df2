"""The decision 决策结果: its document, text as numbered articles, dates and validity."""

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
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
from wagtail.models import PageManager
from wagtail.search import index

from consultations.lifecycle import Act, official_date
from consultations.models import ConsultationPage, DecisionItemPage, FeedbackReportPage
from consultations.models.item import Topic
from decisions.compliance.review import DecisionFacts
from decisions.lifecycle import (
    PASSED,
    ReviewKind,
    ReviewResult,
    Supersession,
    Validity,
    validity_of,
)
from decisions.models.review import CollectiveDiscussion, Review
from decisions.querysets import DecisionQuerySet
from portal.core.blocks import Article, ArticlesBlock, AttachmentsBlock, articles_of, parts_of
from portal.core.fields import BlocksOutsideMigrationsField
from portal.core.findings import Finding, findings
from portal.core.models import current_limits
from portal.core.pages import BasePage
from portal.core.panels import FindingsPanel

if TYPE_CHECKING:
    from django.http import HttpRequest


def dossier_facts(item: DecisionItemPage, page: "DecisionPage | None" = None) -> DecisionFacts:
    """Return what the rules read of a matter; with `page`, of the publication of its decision."""
    rounds = list(
        ConsultationPage.objects.child_of(item).live().with_opinion_count().order_by("round")
    )
    reported = {
        report.path[: -FeedbackReportPage.steplen]
        for report in FeedbackReportPage.objects.descendant_of(item).live()
    }
    unreported = [one for one in rounds if one.path not in reported]
    concluded = Review.objects.filter(item=item, kind=ReviewKind.LEGALITY).exclude(
        result=ReviewResult.PENDING
    )
    last_review = concluded.order_by("concluded_on", "pk").last()
    legality = last_review if last_review and last_review.result in PASSED else None
    discussion = CollectiveDiscussion.objects.filter(item=item).first()
    return DecisionFacts(
        is_publication=page is not None,
        unreported_rounds=tuple(one.title for one in unreported if one.opinion_count),
        unreported_silent_rounds=tuple(one.title for one in unreported if not one.opinion_count),
        legality_number=legality.number if legality else "",
        legality_on=legality.concluded_on if legality else None,
        meeting_name=discussion.meeting_name if discussion else "",
        meeting_on=discussion.held_on if discussion else None,
        party_report_on=discussion.party_report_on if discussion else None,
        has_public_feedback=bool(reported),
        was_consulted=bool(rounds),
        needs_participation=item.needs_participation,
        missing_particulars=page.missing_particulars() if page else (),
        index_no_taken=page.index_no_is_taken() if page else False,
        signed_on=page.signed_on if page else None,
        published_on=page.published_on if page else None,
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


class DecisionPage(BasePage):
    """The decision of one matter."""

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
    subpage_types: ClassVar[list[str]] = []
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
        if self.superseded_by and not self.superseded_by.live:
            raise ValidationError({"superseded_by": _("This decision is not published yet.")})
        if bool(self.superseded_by_id) != bool(self.supersession):
            raise ValidationError(
                {"supersession": _("Name the later decision and what it did, or neither.")}
            )

    @staticmethod
    def name_for_slug(slug: str) -> str:
        """Return the short name of such a page in a breadcrumb."""
        return gettext("Decision")

    @cached_property
    def item(self) -> DecisionItemPage:
        """The matter it decides."""
        return DecisionItemPage.objects.ancestor_of(self).get()

    @cached_property
    def articles(self) -> list[Article]:
        """The numbered articles of its text."""
        return articles_of(self.text)

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

    def findings(self) -> list[Finding]:
        """Return what the rules still ask before it is published."""
        return findings(Act.PUBLISH_DECISION, dossier_facts(self.item, self), current_limits())

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
            discussion=CollectiveDiscussion.objects.filter(item=self.item).first(),
            reports=FeedbackReportPage.objects.descendant_of(self.item).live().order_by("path"),
            rounds=self.item.public_rounds,
        )
        return context
