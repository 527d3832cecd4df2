"""The list of all consultations, and below it of all adoption summaries."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from consultations.models.consultation import ConsultationPage
from consultations.models.feedback import FeedbackReportPage
from portal.core.pages import BasePage

if TYPE_CHECKING:
    from django.http import HttpResponse


class ConsultationIndexPage(RoutablePageMixin, BasePage):
    """All consultations by phase; below it, all adoption summaries."""

    introduction = models.TextField(_("introduction"), blank=True)

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1

    class Meta:
        verbose_name = _("consultations")

    @path("")
    def consultations(self, request: HttpRequest) -> "HttpResponse":
        """Show the consultations: `open`, `scheduled` and `closed`."""
        at = timezone.now()
        pages = ConsultationPage.objects.public().with_opinion_count().with_unit_name()
        return self.render(
            request,
            context_overrides={
                "at": at,
                "open": pages.open(at=at).order_by("closes_on"),
                "scheduled": pages.scheduled(at=at).order_by("opens_on"),
                "closed": pages.closed(at=at).order_by("-closes_on"),
            },
        )

    @path("feedback/", name="feedback")
    def feedback(self, request: HttpRequest) -> "HttpResponse":
        """Show the adoption summaries: `reports`, newest first."""
        reports = FeedbackReportPage.objects.for_everybody().order_by("-published_on", "-pk")
        return self.render(
            request,
            context_overrides={"reports": reports},
            template="consultations/feedback_index.html",
        )
