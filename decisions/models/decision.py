"""The decision 决策结果: its document, text as numbered articles, dates and validity."""

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
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

from consultations.lifecycle import Act
from consultations.models import ConsultationPage, DecisionItemPage, FeedbackReportPage
from consultations.models.topic import Topic
from decisions.citation import Cited, as_bibtex, as_gb7714
from decisions.document_number import EXAMPLE, read_document_number
from decisions.lifecycle import Supersession
from decisions.models.as_of import AskedAsOf, AsOf
from decisions.models.changes import changes_of, changes_of_edition
from decisions.models.evaluation import evaluations_of, with_reports
from decisions.models.facts import dossier_facts
from decisions.models.files import DecisionFiles
from decisions.models.history import history_of
from decisions.models.reading import reading_of
from decisions.models.review import CollectiveDiscussion
from decisions.models.validity import Lasting
from decisions.models.versions import PublishedVersions
from decisions.querysets import DecisionQuerySet
from portal.core.blocks import Article, ArticlesBlock, AttachmentsBlock, articles_of, parts_of
from portal.core.fields import BlocksOutsideMigrationsField
from portal.core.findings import Checked, Ruled, checklist
from portal.core.models import current_limits
from portal.core.pages import BasePage
from portal.core.panels import FindingsPanel
from portal.core.remembered import remembered

if TYPE_CHECKING:
    from django.http import HttpRequest

# What was changed, below a decision's own address.
REDLINE = "redline"


class DecisionPage(Lasting, AskedAsOf, DecisionFiles, PublishedVersions, Ruled, BasePage):
    """The decision of one matter, and below it what was changed in the draft."""

    document_no = models.CharField(
        _("document number"),
        max_length=40,
        blank=True,
        db_index=True,
        help_text=_("Like 澜政示〔2026〕9号."),
    )
    index_no = models.CharField(_("index number"), max_length=40, blank=True, db_index=True)
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
    # Of a past decision alone, where what repealed it is no decision of this portal.
    repealed_on = models.DateField(_("repealed from"), null=True, blank=True, editable=False)
    repeal_basis = models.CharField(
        _("what repealed it"), max_length=120, blank=True, editable=False
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
    exclude_fields_in_copy: ClassVar[list[str]] = ["published_on", "repealed_on", "repeal_basis"]
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
        return pgettext("breadcrumb", "Decision")

    @cached_property
    def item(self) -> DecisionItemPage:
        """The matter it decides."""
        return DecisionItemPage.objects.ancestor_of(self).select_related("discussion").get()

    @cached_property
    def _summaries(self) -> dict[str, FeedbackReportPage]:
        """Every public adoption summary of the dossier, by the path of what it reports on."""
        below = FeedbackReportPage.objects.descendant_of(self.item).for_everybody()
        return {one.path[: -one.steplen]: one for one in below.order_by("path")}

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
        """Return the names of empty particulars; not every past decision had a number."""
        missing = [
            str(self._meta.get_field(name).verbose_name)
            for name in self.PARTICULARS
            if getattr(self, name) in (None, "")
            and not (name == "document_no" and self.item.is_past_record)
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
        return checklist(self.publishing_act, facts, current_limits())

    @property
    def publishing_act(self) -> Act:
        """The act at which rules are asked when it is published, or published corrected."""
        return Act.CORRECT_PAST_DECISION if self.item.is_past_record else Act.PUBLISH_DECISION

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
