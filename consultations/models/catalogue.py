"""The yearly catalogue 年度目录 and its published changes 动态调整."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.snippets.models import register_snippet

from consultations.compliance.catalogue import CatalogueFacts
from consultations.lifecycle import Act, AdjustmentKind, Stage, standing
from consultations.models.consultation import ConsultationPage
from consultations.models.item import DecisionItemPage
from consultations.models.past import PastDecisionsPage
from consultations.querysets import DecisionItemQuerySet, OfMattersQuerySet
from portal.core.findings import Checked, Ruled, checklist
from portal.core.models import current_limits
from portal.core.pages import BasePage
from portal.core.panels import FindingsPanel
from portal.core.release.record import is_released

if TYPE_CHECKING:
    from django.http import HttpRequest


@register_snippet
class DecisionCategory(models.Model):
    """A category of major decisions (713 art. 3); a table because provinces divide differently."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    description = models.CharField(_("description"), max_length=200, blank=True)

    class Meta:
        ordering = ("number",)
        verbose_name = _("decision category")
        verbose_name_plural = _("decision categories")

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class CatalogueIndexPage(BasePage):
    """All catalogues, newest year first."""

    introduction = models.TextField(_("introduction"), blank=True)

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar[list[str]] = ["consultations.CataloguePage"]
    max_count = 1

    class Meta:
        verbose_name = _("catalogues")

    def get_context(self, request: "HttpRequest", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `catalogues` and the years of the `past`, with `entry_count` each."""
        context = super().get_context(request, *args, **kwargs)
        context["catalogues"] = (
            CataloguePage.objects.child_of(self)
            .live()
            .order_by("-year")
            .annotate(entry_count=models.F("numchild"))
        )
        context["past"] = (
            PastDecisionsPage.objects.child_of(self)
            .live()
            .order_by("-year")
            .annotate(entry_count=models.F("numchild"))
        )
        return context


class CataloguePage(Ruled, BasePage):
    """One year's catalogue of one decision organ."""

    year = models.PositiveSmallIntegerField(_("year"))
    decision_organ = models.CharField(_("decision organ"), max_length=60)
    introduction = models.TextField(_("introduction"), blank=True)
    party_consent_on = models.DateField(_("consent of the Party committee"), null=True, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)

    content_panels: ClassVar[list[Panel]] = [
        FindingsPanel(),
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("year"),
                FieldPanel("decision_organ"),
                FieldPanel("party_consent_on"),
            ],
            _("Approval"),
        ),
        FieldPanel("introduction"),
    ]
    parent_page_types: ClassVar[list[str]] = ["consultations.CatalogueIndexPage"]
    subpage_types: ClassVar[list[str]] = ["consultations.DecisionItemPage"]
    exclude_fields_in_copy: ClassVar[list[str]] = ["published_on", "party_consent_on"]

    class Meta:
        verbose_name = _("catalogue")

    @staticmethod
    def name_for_slug(slug: str) -> str:
        """Return the short name of such a page in a breadcrumb."""
        return gettext("Catalogue %(year)s") % {"year": slug}

    def entries(self) -> DecisionItemQuerySet:
        """Return every entry, public or not, in catalogue order."""
        return DecisionItemPage.objects.child_of(self).order_by("number")

    def facts(self) -> CatalogueFacts:
        """Return what the rules read: all entries at first, later those that are public."""
        entries = self.entries().live() if self.live else self.entries()
        return CatalogueFacts(
            party_consent_on=self.party_consent_on,
            entries=tuple(entry.entry_facts() for entry in entries),
            is_released=is_released(self),
        )

    def released_with(self) -> DecisionItemQuerySet:
        """Return the entries that become public with it: all at first, later none."""
        return self.entries().none() if self.live else self.entries().not_live()

    def checklist(self) -> list[Checked]:
        """Return the rules asked when it is published, and what each finds."""
        return checklist(Act.PUBLISH_CATALOGUE, self.facts(), current_limits())

    def get_context(self, request: "HttpRequest", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `entries` (each with its `stage` by the clock), `adjustments` and all `years`."""
        context = super().get_context(request, *args, **kwargs)
        at = timezone.now()
        entries = self.entries().live().with_closing_day(ConsultationPage.objects.all())
        context.update(
            entries=[
                {
                    "item": item,
                    "stage": standing(
                        Stage(item.stage), item.closes_on, at=at, opens_on=item.opens_on
                    ),
                }
                for item in entries
            ],
            adjustments=self.adjustments.filter(item__live=True).select_related("item"),
            years=CataloguePage.objects.sibling_of(self).live().order_by("-year"),
            at=at,
        )
        return context


class CatalogueAdjustment(models.Model):
    """A published change of a published catalogue, with its reason; never a silent edit."""

    catalogue = models.ForeignKey(
        CataloguePage, on_delete=models.PROTECT, related_name="adjustments"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AdjustmentKind.choices)
    item = models.ForeignKey(
        "consultations.DecisionItemPage", on_delete=models.PROTECT, related_name="adjustments"
    )
    reason = models.TextField(_("reason"))
    approved_on = models.DateField(_("approved on"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        ordering = ("approved_on", "pk")
        verbose_name = _("catalogue adjustment")

    def __str__(self) -> str:
        """Return kind and day."""
        return f"{self.get_kind_display()} {self.approved_on.isoformat()}"


class AdjustmentRequest(models.Model):
    """A drafting unit's wish to change the published catalogue, granted or not by the office."""

    item = models.ForeignKey(
        "consultations.DecisionItemPage",
        verbose_name=_("matter"),
        on_delete=models.PROTECT,
        related_name="adjustment_requests",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AdjustmentKind.choices)
    reason = models.TextField(_("reason"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("requested at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    adjustment = models.OneToOneField(
        CatalogueAdjustment, on_delete=models.PROTECT, null=True, related_name="request"
    )
    refusal = models.TextField(_("why it was not granted"), blank=True)

    objects = OfMattersQuerySet.as_manager()

    class Meta:
        ordering = ("-requested_at", "-pk")
        verbose_name = _("request for an adjustment")
        verbose_name_plural = _("requests for adjustments")

    def __str__(self) -> str:
        """Return the kind."""
        return str(self.get_kind_display())
