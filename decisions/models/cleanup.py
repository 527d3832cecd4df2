"""The clean-up of documents 清理: a list of decisions, what becomes of each, its public result."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from consultations.lifecycle import Act, official_date
from decisions.compliance.cleanup import CleanupEntryFacts, CleanupFacts
from decisions.lifecycle import CleanupOutcome
from decisions.models.validity import OfDecisionsQuerySet
from portal.core.findings import Checked, Ruled, checklist
from portal.core.models import current_limits
from portal.core.pages import BasePage
from portal.core.panels import FindingsPanel
from portal.core.release.record import is_released
from portal.core.sheets import Cell, write_csv
from portal.core.sheets.sending import saved_as
from portal.core.uploads.names import clean_name

if TYPE_CHECKING:
    from django.http import HttpRequest


class CleanupPage(RoutablePageMixin, Ruled, BasePage):
    """One clean-up and, once it is published, its result."""

    organ = models.CharField(_("organ that cleans up"), max_length=60)
    basis = models.CharField(_("basis of the clean-up"), max_length=200, blank=True)
    introduction = models.TextField(_("introduction"), blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)

    content_panels: ClassVar[list[Panel]] = [
        FindingsPanel(),
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("organ"), FieldPanel("basis")], _("Particulars")),
        FieldPanel("introduction"),
    ]
    parent_page_types: ClassVar[list[str]] = ["decisions.DecisionIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    exclude_fields_in_copy: ClassVar[list[str]] = ["published_on"]
    # It begins with the list of decisions: `services.start_cleanup`.
    is_creatable = False

    class Meta:
        verbose_name = _("clean-up of documents")
        verbose_name_plural = _("clean-ups of documents")

    @cached_property
    def results(self) -> "list[CleanupEntry]":
        """Its decisions, repealed ones first, then those to be amended, then those kept."""
        return self.read_results()

    def read_results(self) -> "list[CleanupEntry]":
        """Return `results` as they are stored now."""
        order = [CleanupOutcome.REPEAL, CleanupOutcome.AMEND, CleanupOutcome.KEEP, ""]
        entries = self.entries.select_related("decision").defer("decision__text")
        return sorted(
            entries,
            key=lambda one: (order.index(one.outcome), one.decision.signed_on, one.decision_id),
        )

    def facts(self, *, at: datetime) -> CleanupFacts:
        """Return what the rules read."""
        return CleanupFacts(
            entries=tuple(one.facts() for one in self.read_results()),
            published_on=self.published_on or official_date(at),
            is_released=is_released(self),
        )

    def checklist(self) -> list[Checked]:
        """Return the rules asked when it is published, and what each finds."""
        return checklist(Act.PUBLISH_CLEANUP, self.facts(at=timezone.now()), current_limits())

    def words_beside(self) -> list[str]:
        """Return the reasons, which its page shows."""
        return [one.reason for one in self.results if one.reason]

    def changed_beside(self, since: datetime) -> bool:
        """Tell whether an outcome was set, or set anew, after an instant."""
        return bool(self.entries.filter(decided_at__gt=since).exists())

    def counts(self) -> list[tuple[CleanupOutcome, int]]:
        """Return how many decisions have each outcome."""
        outcomes = [one.outcome for one in self.results]
        return [(one, outcomes.count(one)) for one in CleanupOutcome if one in outcomes]

    def get_context(self, request: "HttpRequest", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the `results`, how many have each outcome, and the address of the table."""
        context = super().get_context(request, *args, **kwargs)
        context.update(
            results=self.results,
            counts=self.counts(),
            table_url=f"{self.url}{self.reverse_subpage('table')}",
        )
        return context

    @path("table/csv/", name="table")
    def table(self, request: "HttpRequest") -> HttpResponse:
        """Give the results as a table to keep."""
        content = "".join(write_csv(self._headings(), self._rows()))
        return saved_as(content.encode(), name=clean_name(f"{self.title}.csv", "csv"))

    @staticmethod
    def _headings() -> list[str]:
        return [
            _t("No."),
            _t("Document"),
            _t("Document number"),
            _t("Signed"),
            _t("Result of the clean-up"),
            _t("Repealed from"),
            _t("Reason"),
            _t("Address"),
        ]

    def _rows(self) -> Iterator[list[Cell]]:
        for number, one in enumerate(self.results, start=1):
            yield [
                number,
                one.decision.title,
                one.decision.document_no,
                one.decision.signed_on,
                one.get_outcome_display(),
                one.effective_on,
                one.reason,
                one.decision.full_url,
            ]


class CleanupEntryManager(models.Manager.from_queryset(OfDecisionsQuerySet)):  # type: ignore[misc] # made at run time
    """Entries, each with its clean-up: whether that is public decides what an entry means."""

    def get_queryset(self) -> Any:
        """Read the clean-up along."""
        return super().get_queryset().select_related("cleanup")


class CleanupEntry(models.Model):
    """One decision of a clean-up and what becomes of it."""

    cleanup = models.ForeignKey(
        CleanupPage,
        verbose_name=_("clean-up"),
        on_delete=models.CASCADE,
        related_name="entries",
    )
    decision = models.ForeignKey(
        "decisions.DecisionPage",
        verbose_name=_("decision"),
        on_delete=models.PROTECT,
        related_name="cleanup_entries",
    )
    outcome = models.CharField(
        _("result of the clean-up"), max_length=10, choices=CleanupOutcome.choices, blank=True
    )
    reason = models.TextField(_("reason"), blank=True)
    effective_on = models.DateField(_("repealed from"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = CleanupEntryManager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("decision under clean-up")
        verbose_name_plural = _("decisions under clean-up")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["cleanup", "decision"], name="a_decision_once_in_a_cleanup"
            ),
            models.CheckConstraint(
                condition=models.Q(effective_on__isnull=True)
                | models.Q(outcome=CleanupOutcome.REPEAL),
                name="only_a_repeal_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        """Return the decision's title."""
        return self.decision.title

    def facts(self) -> CleanupEntryFacts:
        """Return what the rules read."""
        return CleanupEntryFacts(
            name=self.decision.title,
            outcome=self.outcome,
            has_reason=bool(self.reason.strip()),
            effective_on=self.effective_on,
        )
