"""What this app adds to Wagtail: its part of a matter's story, names of acts, the archive page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from decisions import services, timeline
from decisions.lifecycle import ReviewKind
from decisions.models import ArchivePage, DecisionPage
from decisions.views import archive
from portal.core import log_actions
from portal.core.publishing import publish_with

hooks.register("matter_events", timeline.events)

publish_with(DecisionPage, services.publish_decision)


@hooks.register("register_log_actions")
def name_the_acts(actions: LogActionRegistry) -> None:
    """Give every act of `services` a name on history pages."""
    log_actions.register(
        actions,
        {
            "decisions.record_review": (
                _("Record a review"),
                _("Review recorded: %(kind)s"),
                {"kind": ReviewKind},
            ),
            "decisions.decide": (
                _("Record the collective decision"),
                _("Collective decision recorded"),
                {},
            ),
            "decisions.publish_decision": (
                _("Publish the decision"),
                _("Decision published"),
                {},
            ),
        },
    )


# After Wagtail's own hook, which asks who may see a page that is closed to the public.
@hooks.register("before_serve_page", order=100)
def serve_archive(
    page: Page, request: HttpRequest, serve_args: list[Any], serve_kwargs: dict[str, Any]
) -> HttpResponse | None:
    """Answer the archive page by its view, which lives above the models."""
    return archive(request, page) if isinstance(page, ArchivePage) else None
