"""The adoption summary 意见采纳情况反馈 of one round; its figures are computed, never typed."""

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import PageManager

from consultations.compliance.opinion import MOST_NAMED, HandlingFacts, reason_is_missing
from consultations.effects import effects_of
from consultations.forms.summary import SummaryForm
from consultations.lifecycle import Act, Intake
from consultations.models.figures import figures_of
from consultations.models.issue import Issue
from consultations.models.matrix import Missing, matrix_of, missing_of
from consultations.models.opinion import Opinion
from consultations.models.people import people_of
from consultations.models.summary import summary_of
from consultations.panels import MissingPanel
from consultations.querysets import FeedbackReportQuerySet
from consultations.summary_files import FILES, drafted_introduction, endings
from portal.core.blocks import AttachmentsBlock
from portal.core.fields import BlocksOutsideMigrationsField
from portal.core.findings import Checked, Ruled, checklist
from portal.core.models import current_limits
from portal.core.pages import BasePage
from portal.core.panels import FindingsPanel
from portal.core.release.record import is_released
from portal.core.remembered import remembered
from portal.core.sheets.sending import saved_as
from portal.core.uploads.names import clean_name

if TYPE_CHECKING:
    from django.http import HttpRequest

    from consultations.models.consultation import ConsultationPage


class FeedbackReportPage(RoutablePageMixin, Ruled, BasePage):
    """What became of the opinions of one round."""

    introduction = models.TextField(_("introduction"), blank=True)
    next_step = models.TextField(_("next step"), blank=True)
    attachments = BlocksOutsideMigrationsField(
        AttachmentsBlock(), verbose_name=_("attachments"), blank=True
    )
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)
    people = models.PositiveIntegerField(
        _("people and bodies"),
        null=True,
        blank=True,
        editable=False,
        help_text="Counted at publication: the addresses it is counted by are removed later.",
    )

    base_form_class = SummaryForm

    objects = PageManager.from_queryset(FeedbackReportQuerySet)()

    content_panels: ClassVar[list[Panel]] = [
        FindingsPanel(),
        MissingPanel(),
        *BasePage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("next_step"),
        FieldPanel("attachments"),
    ]
    parent_page_types: ClassVar[list[str]] = ["consultations.ConsultationPage"]
    subpage_types: ClassVar[list[str]] = []
    exclude_fields_in_copy: ClassVar[list[str]] = ["published_on", "people"]

    class Meta:
        verbose_name = _("adoption summary")

    @staticmethod
    def name_for_slug(slug: str) -> str:
        """Return the short name of such a page in a breadcrumb."""
        return gettext("What became of opinions")

    @cached_property
    def consultation(self) -> "ConsultationPage":
        """The round it reports on."""
        consultation: ConsultationPage = self.trail[-1].specific
        # Known already; reading it again would cost a statement more.
        consultation.trail = self.trail[:-1]
        return consultation

    def facts(self, *, at: datetime) -> HandlingFacts:
        """Return what the rules read."""
        consultation = self.consultation
        figures = figures_of(consultation.pk)
        answers = Issue.objects.filter(consultation=consultation, points__isnull=False).distinct()
        missing = missing_of(consultation.pk, most=MOST_NAMED + 1)
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
            open_issues=tuple(issue.number for issue in missing.issues),
            ungrouped=tuple(dict.fromkeys(point.opinion.receipt_no for point in missing.points)),
            is_released=is_released(self),
        )

    def checklist(self) -> list[Checked]:
        """Return the rules asked when it is published, and what each finds."""
        return checklist(Act.PUBLISH_FEEDBACK, self.facts(at=timezone.now()), current_limits())

    def words_beside(self) -> list[str]:
        """Return the words of the answers, which its page shows."""
        answers = Issue.objects.filter(consultation_id=self.consultation.pk)
        rows = answers.values_list("title", "reason", "change")
        return [words for row in rows for words in row if words]

    def changed_beside(self, since: datetime) -> bool:
        """Tell whether an answer was given, or given anew, after an instant."""
        answers = Issue.objects.filter(consultation_id=self.consultation.pk)
        return bool(answers.filter(answered_at__gt=since).exists())

    def missing(self) -> Missing:
        """Return what is still to be answered, with the first points under no issue."""
        return missing_of(self.consultation.pk, most=MOST_NAMED)

    def people_count(self) -> int | None:
        """Return how many gave the opinions: as published, or counted now for a draft."""
        return self.people if self.live else people_of(self.consultation.pk)

    def proposed_introduction(self, consultation: "ConsultationPage") -> str:
        """Return an introduction made from the figures of a round."""
        return drafted_introduction(summary_of(self, consultation=consultation, people=None))

    def file_url(self, ending: str) -> str:
        """Return the address of one of its files."""
        return f"{self.url}{self.reverse_subpage('file', args=[ending])}"

    @path("table/<str:ending>/", name="file")
    def summary_file(self, request: "HttpRequest", ending: str) -> HttpResponse:
        """Give the summary as a file to keep: xlsx, csv, docx or pdf.

        Raises:
            Http404: there is no such file, or papers cannot be made here.

        """
        if ending not in endings():
            raise Http404
        content = remembered(
            f"summary:{self.pk}:{ending}:{get_language()}",
            lambda: FILES[ending](
                summary_of(self, consultation=self.consultation, people=self.people_count())
            ),
        )
        return saved_as(content, name=clean_name(f"{self.title}.{ending}", ending))

    def get_context(self, request: "HttpRequest", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the round, its figures, answers and what they changed, the steps and the files."""
        context = super().get_context(request, *args, **kwargs)
        consultation = self.consultation
        item = consultation.item
        matrix = matrix_of(consultation)
        context.update(
            consultation=consultation,
            item=item,
            figures=matrix.totals,
            rows=matrix.rows,
            # What is said of a decision in place changes nothing by itself.
            shows_changes=not consultation.evaluated
            or any(one.issue.change for one in matrix.rows),
            effects=remembered(f"effects:{item.pk}:{get_language()}", lambda: effects_of(item)),
            people=self.people_count(),
            files=[(ending.upper(), self.file_url(ending)) for ending in endings()],
            arrivals=Opinion.norel_objects.filter(consultation=consultation)
            .that_count()
            .count_by_day(),
            steps=item.steps(at=timezone.now(), of_round=consultation),
        )
        return context
