"""The years before this portal: where decisions stand that are recorded from their documents."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel

from consultations.models.item import DecisionItemPage
from consultations.querysets import DecisionItemQuerySet
from portal.core.pages import BasePage

if TYPE_CHECKING:
    from django.http import HttpRequest

ENTRIES_A_PAGE = 100


class PastDecisionsPage(BasePage):
    """The past decisions 历史决策 of one year; no catalogue, because none was made here.

    Nobody adds a page to it by hand or moves one here: only the service that records a past
    decision puts matters below it, each with its `record_source`.
    """

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    introduction = models.TextField(_("introduction"), blank=True)

    # What a catalogue has and this has not: a day on which it was published as a plan.
    published_on = None

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, FieldPanel("introduction")]
    parent_page_types: ClassVar[list[str]] = ["consultations.CatalogueIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    is_creatable = False

    class Meta:
        verbose_name = _("past decisions")

    @staticmethod
    def name_for_slug(slug: str) -> str:
        """Return the short name of such a page in a breadcrumb."""
        return gettext("Past decisions of %(year)s") % {"year": slug.rpartition("-")[2]}

    def entries(self) -> DecisionItemQuerySet:
        """Return its public matters in the order in which they were recorded."""
        return DecisionItemPage.objects.child_of(self).live().order_by("number")

    def get_context(self, request: "HttpRequest", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `entries`, one page of them, and the other `years`."""
        context = super().get_context(request, *args, **kwargs)
        pages = Paginator(self.entries(), ENTRIES_A_PAGE)
        context.update(
            entries=pages.get_page(request.GET.get("p")),
            years=PastDecisionsPage.objects.sibling_of(self).live().order_by("-year"),
        )
        return context
