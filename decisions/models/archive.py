"""The archive: its page, and the copy of public dossiers the database itself can search.

The copy is written by `decisions.search.indexing` only. It lists what is public, serves the plain
search, and confirms every result the engine names before it is shown.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, Panel

from consultations.lifecycle import Stage
from portal.core.pages import BasePage


class ArchivePage(BasePage):
    """The search page; served by `decisions.views.archive`."""

    introduction = models.TextField(_("introduction"), blank=True)

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1

    class Meta:
        verbose_name = _("archive")


class UnitKind(models.TextChoices):
    """What a searchable passage is part of."""

    DRAFT = "draft", pgettext_lazy("archive", "Draft")
    EXPLANATION = "explanation", pgettext_lazy("archive", "Drafting explanation")
    BACKGROUND = "background", pgettext_lazy("archive", "Background")
    DECISION = "decision", pgettext_lazy("archive", "Decision")


class ArchiveDossier(models.Model):
    """One public matter as the archive finds and lists it.

    Columns named `…_folded` hold text in the form `decisions.search.analysis.fold` gives.
    """

    item = models.OneToOneField(
        "consultations.DecisionItemPage",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
    )
    title = models.CharField(max_length=255)
    title_folded = models.CharField(max_length=255)
    body_folded = models.TextField()
    summary = models.CharField(max_length=255, blank=True)
    url = models.TextField()
    document_no = models.CharField(max_length=40, blank=True)
    document_no_canonical = models.CharField(max_length=40, blank=True, db_index=True)
    year = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=30, choices=Stage.choices)
    opens_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    unit = models.CharField(max_length=50, blank=True)
    topic = models.CharField(max_length=20, blank=True)
    category = models.PositiveSmallIntegerField(null=True)
    latest_on = models.DateField()
    decided_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("dossier in the archive")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-latest_on", "-item"], name="archive_newest_first")
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class ArchiveUnit(models.Model):
    """One passage of a public dossier, the smallest thing the archive points to.

    An article of a draft or decision has its number in `ordinal` and `label`; a text beside them
    has 0 and nothing.
    """

    key = models.CharField(max_length=40, primary_key=True)
    dossier = models.ForeignKey(ArchiveDossier, on_delete=models.CASCADE, related_name="units")
    kind = models.CharField(max_length=20, choices=UnitKind.choices)
    ordinal = models.PositiveIntegerField()
    label = models.CharField(max_length=20, blank=True)
    url = models.TextField()
    text = models.TextField()
    text_folded = models.TextField()

    class Meta:
        verbose_name = _("passage in the archive")

    def __str__(self) -> str:
        """Return kind and number."""
        return f"{self.get_kind_display()} {self.label}".strip()
