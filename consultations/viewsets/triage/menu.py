"""Where the queue stands in the admin."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import policy_registry

from consultations.models import Opinion
from consultations.viewsets.triage.acts import (
    AssignView,
    LookView,
    PublishView,
    RedactView,
    WithholdView,
)
from consultations.viewsets.triage.many import ManyView
from consultations.viewsets.triage.views import QueueView
from portal.core import log_actions


class QueueMenuItem(MenuItem):
    """The entry for those who moderate."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to them."""
        policy = policy_registry.get_by_type(Opinion)
        shown: bool = policy.user_has_permission(request.user, "moderate")
        return shown


def queue_menu() -> MenuItem:
    """Return the entry, the first under “Opinions and answers”."""
    return QueueMenuItem(_("Read opinions"), reverse("triage"), icon_name="comment", order=1)


def admin_urls() -> list[URLPattern]:
    """Return the addresses of the queue and of its verbs."""
    return [
        path("triage/", QueueView.as_view(), name="triage"),
        path("triage/many/", ManyView.as_view(), name="triage_many"),
        path("triage/<int:pk>/publish/", PublishView.as_view(), name="triage_publish"),
        path("triage/<int:pk>/redact/", RedactView.as_view(), name="triage_redact"),
        path("triage/<int:pk>/withhold/", WithholdView.as_view(), name="triage_withhold"),
        path("triage/<int:pk>/assign/", AssignView.as_view(), name="triage_assign"),
        path("triage/<int:pk>/look/", LookView.as_view(), name="triage_look"),
    ]


def name_the_acts(actions: LogActionRegistry) -> None:
    """Give the act that only the queue knows a name on history pages."""
    log_actions.register(
        actions,
        {
            "consultations.assign_opinion": (
                _("Give an opinion to a clerk"),
                _("Given to a clerk to read"),
                {},
            ),
        },
    )
