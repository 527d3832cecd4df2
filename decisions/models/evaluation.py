"""The evaluation of a decision after it was issued 决策后评估 (713 art. 36), and its outcome."""

from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count
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
from wagtail.fields import RichTextField
from wagtail.models import Page, PageManager
from wagtail.search import index

from consultations.lifecycle import Act, Phase, Stance
from consultations.models import ConsultationPage, DecisionItemPage, FeedbackReportPage, Opinion
from consultations.models.round_rules import has_text
from decisions.compliance.evaluation import EvaluationFacts, opposing_since
from decisions.lifecycle import (
    EvaluationBasis,
    EvaluationOutcome,
    EvaluationState,
    evaluation_state_of,
)
from decisions.querysets import EvaluationQuerySet
from portal.core.blocks import AttachmentsBlock
from portal.core.fields import BlocksOutsideMigrationsField
from portal.core.findings import Checked, Ruled, checklist
from portal.core.models import current_limits
from portal.core.pages import BasePage
from portal.core.panels import FindingsPanel
from portal.core.release.record import is_released

if TYPE_CHECKING:
    from django.http import HttpRequest

    from decisions.models.decision import DecisionPage

RICH_TEXT = ["h2", "h3", "bold", "ol", "ul", "link"]


class EvaluationPage(Ruled, BasePage):
    """One evaluation of a decision; public with its report. People are asked by calls beside it."""

    evaluator = models.CharField(
        _("evaluated by"),
        max_length=120,
        blank=True,
        help_text=_(
            "Name the unit. Who did most of the argumentation and assessment before the decision "
            "does not evaluate it."
        ),
    )
    began_on = models.DateField(_("begun on"), null=True, blank=True)
    basis = models.CharField(
        _("why it is evaluated"), max_length=20, choices=EvaluationBasis.choices, blank=True
    )
    methods = models.TextField(_("how it was evaluated"), blank=True)
    report = RichTextField(_("evaluation report"), blank=True, features=RICH_TEXT)
    attachments = BlocksOutsideMigrationsField(
        AttachmentsBlock(), verbose_name=_("attachments"), blank=True
    )
    outcome = models.CharField(
        _("what becomes of the decision"),
        max_length=10,
        choices=EvaluationOutcome.choices,
        blank=True,
    )
    outcome_reason = models.TextField(_("reason for the outcome"), blank=True)
    new_item = models.ForeignKey(
        "consultations.DecisionItemPage",
        verbose_name=_("matter that changes the decision"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evaluations",
        help_text=_("A change goes through the whole procedure as a matter of its own."),
    )
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)

    objects = PageManager.from_queryset(EvaluationQuerySet)()

    content_panels: ClassVar[list[Panel]] = [
        FindingsPanel(),
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("evaluator"), FieldPanel("began_on")]),
                FieldPanel("basis"),
                FieldPanel("methods"),
            ],
            _("Post-decision evaluation"),
        ),
        FieldPanel("report"),
        FieldPanel("attachments"),
        MultiFieldPanel(
            [
                FieldPanel("outcome"),
                FieldPanel("outcome_reason"),
                PageChooserPanel("new_item", "consultations.DecisionItemPage"),
            ],
            _("Outcome of the evaluation"),
        ),
    ]
    parent_page_types: ClassVar[list[str]] = ["decisions.DecisionPage"]
    subpage_types: ClassVar[list[str]] = []
    exclude_fields_in_copy: ClassVar[list[str]] = ["published_on"]
    search_fields: ClassVar[list[index.BaseField]] = [
        *BasePage.search_fields,
        index.SearchField("report"),
    ]

    PARTICULARS = ("evaluator", "began_on", "basis", "methods", "outcome", "outcome_reason")

    class Meta:
        verbose_name = _("evaluation")

    def clean(self) -> None:
        """Take a new matter for a change only, and only a public one."""
        super().clean()
        if self.new_item is None:
            return
        if self.outcome != EvaluationOutcome.ADJUST:
            raise ValidationError({"new_item": _("Only a decision to be changed has one.")})
        if not self.new_item.live:
            raise ValidationError({"new_item": _("This matter is not published yet.")})

    @staticmethod
    def name_for_slug(slug: str) -> str:
        """Return the short name of such a page in a breadcrumb."""
        return gettext("Post-decision evaluation")

    @cached_property
    def decision(self) -> "DecisionPage":
        """The decision it evaluates."""
        return self.trail[-1].specific

    @cached_property
    def calls_before(self) -> list[ConsultationPage]:
        """The public rounds about the decision up to its report, first to last."""
        calls = calls_of(self.trail[-1])
        if self.published_on is None:
            return calls
        return [one for one in calls if one.opens_on and one.opens_on <= self.published_on]

    @cached_property
    def calls(self) -> list[ConsultationPage]:
        """Those held for it, after it had begun."""
        begun = self.began_on or date.min
        return [one for one in self.calls_before if one.opens_on and one.opens_on >= begun]

    @property
    def state(self) -> EvaluationState:
        """Where it stands."""
        return evaluation_state_of(is_public=self.live, has_calls=bool(self.calls))

    def facts(self) -> EvaluationFacts:
        """Return what the rules read when it is published."""
        missing = [
            str(self._meta.get_field(name).verbose_name)
            for name in self.PARTICULARS
            if getattr(self, name) in (None, "")
        ]
        if not has_text(self.report):
            missing.append(str(self._meta.get_field("report").verbose_name))
        return EvaluationFacts(
            missing=tuple(missing),
            unreported_calls=tuple(
                one.title for one in self.calls_before if not one.has_public_report()
            ),
            is_released=is_released(self),
        )

    def checklist(self) -> list[Checked]:
        """Return the rules asked when it is published, and what each finds."""
        return checklist(Act.PUBLISH_EVALUATION, self.facts(), current_limits())

    def get_context(self, request: "HttpRequest", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the decision, its matter, the steps, and the calls with their summaries."""
        context = super().get_context(request, *args, **kwargs)
        at = timezone.now()
        item = self.decision.item
        context.update(
            decision=self.decision,
            item=item,
            calls=with_reports(self.calls, at=at),
            steps=item.steps(at=at),
        )
        return context


def calls_of(decision: Page) -> list[ConsultationPage]:
    """Return the public rounds about the effects of a decision, without their long texts."""
    calls = ConsultationPage.objects.child_of(decision).live().order_by("opens_on", "pk")
    return list(calls.defer("notice", "draft", "explanation", "background"))


def with_reports(
    calls: list[ConsultationPage], *, at: datetime
) -> list[tuple[ConsultationPage, Phase | None, FeedbackReportPage | None]]:
    """Return each call of a decision with its phase and its public adoption summary."""
    return [(one, one.phase(at=at), one.report) for one in calls]


def evaluations_of(item: DecisionItemPage) -> list[EvaluationPage]:
    """Return the public evaluations of the decision on a matter, the last first; read once."""
    known: list[EvaluationPage] | None = getattr(item, "_evaluations", None)
    if known is None:
        pages = EvaluationPage.objects.descendant_of(item).live().order_by("-published_on", "-pk")
        known = item._evaluations = list(pages.defer("report", "attachments"))
    return known


def opposing_in(rounds: Any) -> dict[int, int]:
    """Return how many opinions that count speak against it, by primary key of the round."""
    against = Opinion.norel_objects.that_count().filter(
        consultation__in=rounds, points__stance=Stance.OPPOSE
    )
    counted = against.order_by().values_list("consultation_id")
    return dict(counted.annotate(n=Count("pk", distinct=True)))


def evaluation_facts(page: "DecisionPage") -> dict[str, Any]:
    """Return what the rules read of the opinions against a decision and of its evaluations."""
    begun = EvaluationPage.objects.child_of(page).values_list("live", "published_on")
    calls = ConsultationPage.objects.child_of(page).live().values_list("pk", "opens_on")
    return facts_of_evaluations(
        begun=list(begun), calls=dict(calls), opposing=opposing_in([pk for pk, _on in calls])
    )


def facts_of_evaluations(
    *,
    begun: list[tuple[bool, date | None]],
    calls: dict[int, date | None],
    opposing: dict[int, int],
) -> dict[str, Any]:
    """Return the fields of `DecisionFacts` that tell of evaluations.

    Args:
        begun: of each evaluation whether it is public, and since when.
        calls: opening days of the public calls, by primary key.
        opposing: how many opinions against the decision came in each.

    """
    reported = max((day for is_live, day in begun if is_live and day), default=None)
    against = [(opens_on, opposing.get(pk, 0)) for pk, opens_on in calls.items()]
    return {
        "opposing": opposing_since(against, reported),
        "is_being_evaluated": any(not is_live for is_live, _day in begun),
    }
