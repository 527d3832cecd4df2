"""The archive: its page, and the copy of public dossiers the database itself can search.

The copy is written by `decisions.search.indexing` only. It lists what is public, serves the plain
search, and confirms every result the engine names before it is shown.
"""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.url_routing import RouteResult

from consultations.lifecycle import Outcome, Stage, standing
from decisions.querysets import ArchiveDossierQuerySet
from portal.core.pages import BasePage

if TYPE_CHECKING:
    from django.http import HttpRequest


class ArchivePage(BasePage):
    """The search page; it and what lies below are served by `decisions.archive_addresses`."""

    introduction = models.TextField(_("introduction"), blank=True)

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1

    class Meta:
        verbose_name = _("archive")

    def route(self, request: "HttpRequest", path_components: list[str]) -> RouteResult:
        """Take every address below its own: no page stands there, only what a question gives."""
        if not self.live:
            return super().route(request, path_components)
        below = "".join(f"{one}/" for one in path_components)
        return RouteResult(self, kwargs={"below": below})


class UnitKind(models.TextChoices):
    """What a searchable passage is part of."""

    DRAFT = "draft", pgettext_lazy("archive", "Draft")
    EXPLANATION = "explanation", pgettext_lazy("archive", "Drafting explanation")
    BACKGROUND = "background", pgettext_lazy("archive", "Background")
    DECISION = "decision", pgettext_lazy("archive", "Decision")
    INTERPRETATION = "interpretation", pgettext_lazy("archive", "Interpretation")
    OPINION = "opinion", pgettext_lazy("archive", "Opinion")
    ANSWER = "answer", pgettext_lazy("archive", "Answer")
    HEARING = "hearing", pgettext_lazy("archive", "Hearing")
    ATTACHMENT = "attachment", pgettext_lazy("archive", "Attachment")


class ArchiveDossier(models.Model):
    """One public matter as the archive finds and lists it.

    `unit` leads; all that draft it are its `drafters`. `opens_on` and `closes_on` are those of the
    round that closes last, which the stage follows; all of them are its `rounds`.

    Columns named `…_folded` hold text in the form `decisions.search.analysis.fold` gives; how the
    title sounds and its initials are as `decisions.search.sounds` writes them.
    """

    item = models.OneToOneField(
        "consultations.DecisionItemPage",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
    )
    title = models.CharField(max_length=255)
    title_folded = models.CharField(max_length=255)
    title_sound = models.TextField(default="")
    title_initials = models.TextField(default="")
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
    opinion_count = models.PositiveIntegerField(default=0)
    adopted_count = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    objects = ArchiveDossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier in the archive")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-latest_on", "-item"], name="archive_newest_first")
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    @property
    def matter_id(self) -> str:
        """The id by which the open interface names its matter: the end of its address."""
        return "/".join(urlsplit(self.url).path.strip("/").split("/")[-2:])

    def standing(self, *, at: datetime) -> Stage:
        """Return the stage as the clock has it."""
        return standing(Stage(self.stage), self.closes_on, at=at, opens_on=self.opens_on)


class ArchiveDrafter(models.Model):
    """One of the units that draft a matter, the leading one and those beside it, by its code."""

    dossier = models.ForeignKey(ArchiveDossier, on_delete=models.CASCADE, related_name="drafters")
    code = models.CharField(max_length=50)

    class Meta:
        verbose_name = _("drafting unit in the archive")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "dossier"], name="drafter_once_in_dossier")
        ]

    def __str__(self) -> str:
        """Return the code."""
        return self.code


class ArchiveRound(models.Model):
    """The days of one public round of a matter before its decision."""

    dossier = models.ForeignKey(ArchiveDossier, on_delete=models.CASCADE, related_name="rounds")
    opens_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("round in the archive")

    def __str__(self) -> str:
        """Return its days."""
        return f"{self.opens_on} – {self.closes_on}"


class ArchiveUnit(models.Model):
    """One passage of a public dossier, the smallest thing the archive points to.

    An article of a draft or decision has its number in `ordinal` and `label`, a page of a file
    too; what is said of an article has that article's number in `label`, and `outcome` says what
    an answer came to.
    """

    key = models.CharField(max_length=40, primary_key=True)
    dossier = models.ForeignKey(ArchiveDossier, on_delete=models.CASCADE, related_name="units")
    kind = models.CharField(max_length=20, choices=UnitKind.choices)
    ordinal = models.PositiveIntegerField()
    label = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    url = models.TextField()
    text = models.TextField()
    text_folded = models.TextField()
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("passage in the archive")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["dossier", "kind", "outcome"], name="archive_unit_material")
        ]

    def __str__(self) -> str:
        """Return kind and number."""
        return f"{self.get_kind_display()} {self.label}".strip()
