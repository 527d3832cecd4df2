"""A matter 决策事项: entry of the yearly catalogue and root of its own dossier."""

from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel
from wagtail.models import PageManager
from wagtail.search import index

from consultations.compliance.duties import Duty, kept_of
from consultations.lifecycle import (
    BEFORE_DECISION,
    SET_ASIDE,
    Stage,
    Step,
    standing,
)
from consultations.models.consultation import ConsultationPage
from consultations.models.entry_rules import EntryRules
from consultations.models.interpreted import Interpreted
from consultations.models.opinion import Opinion
from consultations.models.topic import Topic
from consultations.quarters import PlannedQuarter
from consultations.querysets import ConsultationQuerySet, DecisionItemQuerySet
from consultations.similar import similar_to
from consultations.story import (
    Evaluation,
    MatterEvent,
    StepState,
    latest_event,
    steps_of,
    stories,
)
from portal.accounts.models import Unit
from portal.core.dates import day_in_words
from portal.core.pages import BasePage
from portal.core.panels import FindingsPanel
from portal.core.remembered import remembered
from portal.core.waivers import public_waivers

if TYPE_CHECKING:
    from django.http import HttpRequest

    from consultations.models.catalogue import CataloguePage
    from consultations.models.hearing import Hearing
    from portal.core.models import Waiver

# The fields that say which procedures a matter goes through, in their order.
PROCEDURES = (
    "needs_participation",
    "needs_expert",
    "needs_risk",
    "needs_fair_competition",
    "needs_legality",
    "needs_collective",
)


class DecisionItemManager(PageManager.from_queryset(DecisionItemQuerySet)):  # type: ignore[misc] # made at run time
    """Reads a matter together with its unit and category, without which it is never shown."""

    def get_queryset(self) -> DecisionItemQuerySet:
        """Return the matters in tree order."""
        return super().get_queryset().select_related("category", "lead_unit")


class DecisionItemPage(Interpreted, EntryRules, BasePage):
    """One matter, and below it all questions answered on it.

    Its stage moves only through `services.advance`.
    """

    number = models.PositiveSmallIntegerField(_("number in the catalogue"))
    category = models.ForeignKey(
        "consultations.DecisionCategory",
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices, blank=True)
    lead_unit = models.ForeignKey(
        Unit,
        verbose_name=_("drafting unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    co_units = ParentalManyToManyField(
        Unit, verbose_name=_("co-drafting units"), blank=True, related_name="+"
    )
    planned_by = models.DateField(
        _("planned decision"),
        null=True,
        blank=True,
        help_text=_("Any day of the planned quarter."),
    )
    legal_basis = models.TextField(_("legal basis"), blank=True)
    hearing_required = models.BooleanField(
        _("hearing"),
        null=True,
        blank=True,
        choices=[(None, _("not stated yet")), (True, _("Yes")), (False, _("No"))],
    )
    needs_participation = models.BooleanField(_("public participation"), default=True)
    needs_expert = models.BooleanField(_("expert argumentation"), default=False)
    needs_risk = models.BooleanField(_("risk assessment"), default=False)
    needs_fair_competition = models.BooleanField(_("fair-competition review"), default=False)
    needs_legality = models.BooleanField(_("legality review"), default=True)
    needs_collective = models.BooleanField(_("collective decision"), default=True)
    listed_on = models.DateField(_("listed on"), null=True, blank=True, editable=False)
    # Empty for every matter whose procedure is kept here; see `is_past_record`.
    record_source = models.CharField(_("recorded from"), max_length=120, blank=True, editable=False)
    stage = models.CharField(
        _("stage"),
        max_length=30,
        choices=Stage.choices,
        default=Stage.CATALOGUED,
        editable=False,
        db_index=True,
    )

    objects = DecisionItemManager()

    content_panels: ClassVar[list[Panel]] = [
        FindingsPanel(),
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("number"), FieldPanel("category")]),
                FieldRowPanel([FieldPanel("lead_unit"), FieldPanel("co_units")]),
                FieldRowPanel([FieldPanel("planned_by"), FieldPanel("hearing_required")]),
                FieldPanel("topic"),
                FieldPanel("legal_basis"),
            ],
            _("Catalogue entry"),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in PROCEDURES],
            _("Procedures"),
        ),
    ]
    parent_page_types: ClassVar[list[str]] = ["consultations.CataloguePage"]
    exclude_fields_in_copy: ClassVar[list[str]] = ["stage", "listed_on", "record_source"]
    search_fields: ClassVar[list[index.BaseField]] = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("legal_basis"),
        index.FilterField("stage"),
    ]

    class Meta:
        verbose_name = _("matter")

    @staticmethod
    def name_for_slug(slug: str) -> str:
        """Return the short name of such a page in a breadcrumb."""
        return gettext("No. %(number)s") % {"number": slug.lstrip("0")}

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """Keep the stage: it is where the matter stands, not part of a revision's text."""
        page = super().with_content_json(content)
        page.stage = self.stage
        return page

    @cached_property
    def catalogue(self) -> "CataloguePage":
        """The catalogue it stands in; of a past record the `PastDecisionsPage` of its year."""
        return self.get_parent().specific

    @property
    def is_past_record(self) -> bool:
        """Whether it was decided before this portal, and only its decision is on record here.

        Such a matter has no procedure that the rules could judge or the public could follow.
        """
        return bool(self.record_source)

    @property
    def planned_quarter(self) -> str:
        """The planned time as the catalogue prints it, like 2026年第四季度."""
        if self.planned_by is None:
            return ""
        return PlannedQuarter.of(self.planned_by).label

    @property
    def procedures(self) -> list[str]:
        """The procedures it goes through, in their order."""
        return [self.field_name(name) for name in PROCEDURES if getattr(self, name)]

    def rounds(self) -> ConsultationQuerySet:
        """Return its public rounds, first to last."""
        return ConsultationPage.objects.child_of(self).for_everybody().order_by("round", "pk")

    @cached_property
    def _consultations(self) -> list[ConsultationPage]:
        """Every public one below it, read once and without the long texts."""
        below = ConsultationPage.objects.descendant_of(self).for_everybody()
        texts = ("notice", "draft", "explanation", "background")
        return list(below.order_by("round", "pk").defer(*texts))

    @cached_property
    def public_rounds(self) -> list[ConsultationPage]:
        """The public rounds before the decision, first to last."""
        return [one for one in self._consultations if one.depth == self.depth + 1]

    @cached_property
    def public_calls(self) -> list[ConsultationPage]:
        """The public rounds about the effects of its decision, first to last."""
        calls = [one for one in self._consultations if one.depth > self.depth + 1]
        return sorted(calls, key=lambda one: (one.opens_on or date.max, one.pk))

    @cached_property
    def public_hearings(self) -> "list[Hearing]":
        """The hearings whose notice is public, read once with their participants."""
        return list(self.hearings.announced().prefetch_related("participants"))

    def hearing_news(self) -> list[dict[str, Any]]:
        """Return the hearings in a few plain words, remembered for pages that many read."""
        return remembered(
            f"hearings:{self.pk}",
            lambda: [
                {
                    "held_at": one.held_at,
                    "place": one.place,
                    "state": one.state.label,
                    "result": one.conclusion or one.cancelled_reason,
                    "url": one.get_absolute_url(),
                }
                for one in self.public_hearings
            ],
        )

    def standing(self, *, at: datetime) -> Stage:
        """Return the stage as the clock has it."""
        if self.stage != Stage.CONSULTING:
            return Stage(self.stage)
        last = self.rounds().order_by("-closes_on").values_list("closes_on", "opens_on").first()
        if last is None:
            return Stage.CONSULTING
        closes_on, opens_on = last
        return standing(Stage.CONSULTING, closes_on, at=at, opens_on=opens_on)

    def steps(self, *, at: datetime, of_round: ConsultationPage | None = None) -> list[StepState]:
        """Return the five steps with a note when each was, or will be.

        Args:
            at: the instant.
            of_round: the round whose dates are told; the last public one unless one is given that
                was held before the decision.

        """
        notes = {Step.CATALOGUE: day_in_words(self.listed_on, at)}
        language = get_language()
        if of_round is not None and of_round.evaluated is not None:
            # Long over; a page that is about its effects need not ask for its summary each time.
            of_round = last = self.public_rounds[-1] if self.public_rounds else None
            notes |= remembered(
                f"notes:{self.pk}:{language}", lambda: last.step_notes(at=at) if last else {}
            )
        elif of_round is not None or self.public_rounds:
            of_round = of_round or self.public_rounds[-1]
            notes |= of_round.step_notes(at=at)
        if self.stage in BEFORE_DECISION:
            notes[Step.DECISION] = self.planned_quarter
        # A round that is open says where the matter stands; no other has to be asked.
        is_consulting = of_round is not None and of_round.is_open(at=at)
        stage = Stage(self.stage) if is_consulting else self.standing(at=at)
        if stage in SET_ASIDE:
            return steps_of(self._set_aside_at(), notes, is_running=False)
        (evaluation,) = remembered(
            f"evaluation:{self.pk}:{language}", lambda: [self.evaluation(at=at)]
        )
        steps = steps_of(stage, notes, evaluation=evaluation)
        # What came before a past decision is not known here, so nothing is said of it.
        return steps[Step.DECISION - 1 :] if self.is_past_record else steps

    def evaluation(self, *, at: datetime) -> Evaluation | None:
        """Return how far the evaluation of its decision has come, told by the app that knows."""
        if self.stage != Stage.PUBLISHED:
            return None
        told = [tell(item=self, at=at) for tell in hooks.get_hooks("matter_evaluation")]
        return next((one for one in told if one is not None), None)

    def _set_aside_at(self) -> Stage:
        """Return the stage at which it stood when it was deferred or removed."""
        change = self.stage_changes.filter(to_stage=self.stage).last()
        return Stage(change.from_stage) if change else Stage.CATALOGUED

    def events(self) -> list[MatterEvent]:
        """Return everything public that happened to it, told by each app for its own part."""
        return [event for tell in hooks.get_hooks("matter_events") for event in tell(item=self)]

    @cached_property
    def reasons_given(self) -> "list[Waiver]":
        """The published reasons of who went past a warning, on this page or below it."""
        return public_waivers(self)

    def is_excused(self, page_id: int, rule_id: str) -> bool:
        """Tell whether a published reason says why a rule was not kept on a page of this matter."""
        return any((one.page_id, one.rule_id) == (page_id, rule_id) for one in self.reasons_given)

    def duties(self, *, at: datetime) -> list[Duty]:
        """Return what the law asks for on it and how far that has come, told by each app.

        Nothing of a past record, whose procedure is not kept here.
        """
        if self.is_past_record:
            return []
        told = [
            duty for tell in hooks.get_hooks("matter_duties") for duty in tell(item=self, at=at)
        ]
        return sorted(told, key=lambda duty: duty.place)

    def get_context(self, request: "HttpRequest", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the `stories` of the five steps, what was `latest` and is `following`, the rounds."""
        context = super().get_context(request, *args, **kwargs)
        at = timezone.now()
        steps = self.steps(at=at)
        told = stories(steps, self.events())
        duties = self.duties(at=at)
        context.update(
            at=at,
            catalogue=self.catalogue,
            stage=self.standing(at=at),
            steps=steps,
            stories=told,
            latest=latest_event(told, at=at),
            following=next((one for one in steps if one.state == "later"), None),
            rounds=self.public_rounds,
            adjustments=self.adjustments.all(),
            calls=self.public_calls,
            evaluation=self.evaluation(at=at),
            hearings=self.public_hearings,
            duties=duties,
            kept=kept_of(duties),
            waivers=self.reasons_given,
            similar=similar_to(self, at=at),
            interpretations=self.public_interpretations,
            questions_url=self.questions_url,
            opinion_count=Opinion.norel_objects.filter(consultation__in=self.public_rounds)
            .that_count()
            .count(),
        )
        return context
