"""The front door: the home page and the editors' own standard pages."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from consultations.lifecycle import Stage, standing
from consultations.models import (
    CataloguePage,
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
)
from consultations.models.figures import Figures, figures_of
from portal.core.pages import BasePage
from portal.core.remembered import remembered

if TYPE_CHECKING:
    from django.http import HttpRequest

LATEST_REPORTS = 3

# What is read of a page that an address only runs through.
_OF_A_STEP = (
    *("path", "depth", "numchild", "url_path", "slug", "title"),
    *("live", "content_type", "alias_of", "locale"),
)


class HomePage(BasePage):
    """What is open now, where opinions went, and the year's catalogue."""

    lead = models.CharField(_("lead"), max_length=120, blank=True)

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, FieldPanel("lead")]
    max_count = 1

    class Meta:
        verbose_name = _("home page")

    @staticmethod
    def name_for_slug(slug: str) -> str:
        """Return the short name of the page in a breadcrumb."""
        return gettext("Home")

    def route(self, request: "HttpRequest", path_components: list[str]) -> RouteResult:
        """Find the page of an address in one query, however deep the dossier.

        Wagtail asks twice for each level. What is left below the deepest page found is that
        page's own business, as always.

        Raises:
            Http404: there is no public page at this address.

        """
        trail = self._pages_along(path_components)
        if not trail:
            # The site is remembered for a minute, and this page with it; its own text is not.
            now = HomePage.objects.get(pk=self.pk)
            return super(HomePage, now).route(request, path_components)
        page = trail[-1].specific
        page.trail = [self, *trail[:-1]]
        return page.route(request, path_components[len(trail) :])

    def _pages_along(self, path_components: list[str]) -> list[Page]:
        """Return the pages below this one that an address runs through."""
        paths, path = [], self.url_path
        for component in path_components:
            path += f"{component}/"
            paths.append(path)
        found = Page.objects.descendant_of(self).filter(
            slug__in=path_components, url_path__in=paths
        )
        return list(found.only(*_OF_A_STEP).order_by("depth"))

    def get_context(self, request: "HttpRequest", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add open and coming consultations, the last reports and the current catalogue."""
        context = super().get_context(request, *args, **kwargs)
        at = timezone.now()
        consultations = ConsultationPage.objects.public().with_opinion_count().with_unit_name()
        reports = FeedbackReportPage.objects.live().order_by("-published_on", "-pk")
        catalogue = CataloguePage.objects.live().order_by("-year").first()
        context.update(
            at=at,
            open=consultations.open(at=at).order_by("closes_on"),
            scheduled=consultations.scheduled(at=at).order_by("opens_on"),
            reports=[
                {"page": report, "figures": _final_figures(report)}
                for report in reports[:LATEST_REPORTS]
            ],
            catalogue=catalogue,
            progress=stage_progress(catalogue, at=at) if catalogue else [],
        )
        return context


def _final_figures(report: FeedbackReportPage) -> Figures:
    """Return the figures of a published summary, which do not change any more."""
    consultation_id = report.consultation.pk
    return remembered(f"figures:{consultation_id}", lambda: figures_of(consultation_id))


def stage_progress(catalogue: CataloguePage, *, at: Any) -> list[dict[str, Any]]:
    """Return how many entries of a catalogue stand at each stage, in the procedure's order."""
    entries = (
        DecisionItemPage.objects.child_of(catalogue)
        .live()
        .with_closing_day(ConsultationPage.objects.all())
    )
    standings = [
        standing(Stage(item.stage), item.closes_on, at=at, opens_on=item.opens_on)
        for item in entries
    ]
    return [
        {"stage": stage, "count": standings.count(stage)} for stage in Stage if stage in standings
    ]


class StandardPage(BasePage):
    """A page of plain text: about, help, accessibility, privacy, how opinions are used."""

    body = RichTextField(_("text"), features=["h2", "h3", "bold", "ol", "ul", "link"])

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("standard page")
