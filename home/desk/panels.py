"""The panels of the desk on the admin's home page (Laces components)."""

from collections.abc import Mapping
from typing import Any

from django.forms import Media
from django.urls import reverse
from wagtail.admin.ui.components import Component

from home.desk.addresses import address_of, page_address, queue_address, review_address
from home.desk.overview import Desk
from portal.core.findings import Level

MOST_SHOWN = 8


class DeskPanel(Component):
    """A panel that reads from one desk."""

    def __init__(self, desk: Desk) -> None:
        """Keep the desk."""
        self.desk = desk

    @property
    def media(self) -> Media:
        """The style sheet of the desk."""
        return Media(css={"all": ["css/admin/desk.css"]})


class DuePanel(DeskPanel):
    """What is late and what is soon due."""

    name = "due"
    order = 110
    template_name = "home/desk/panel_due.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Add the first of both, and how many there are."""
        late, soon = self.desk.late, self.desk.soon
        return {
            "late_count": len(late),
            "soon_count": len(soon),
            "late": [(one, address_of(one, self.desk.user)) for one in late[:MOST_SHOWN]],
            "soon": [(one, address_of(one, self.desk.user)) for one in soon[:MOST_SHOWN]],
            "all_url": reverse("deadlines_report"),
        }


class TriagePanel(DeskPanel):
    """Opinions that wait for a moderator, by round."""

    name = "triage"
    order = 120
    template_name = "home/desk/panel_triage.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Add the rounds and the queue of each."""
        waiting = self.desk.waiting
        return {
            "count": sum(one.waiting for one in waiting),
            "too_long": sum(one.waiting_too_long for one in waiting),
            "rounds": [
                (one, queue_address(self.desk.user, one.pk)) for one in waiting[:MOST_SHOWN]
            ],
            "more": max(len(waiting) - MOST_SHOWN, 0),
            "queue": queue_address(self.desk.user),
        }


class DraftsPanel(DeskPanel):
    """Drafts of answers that a second person has to read."""

    name = "drafts"
    order = 130
    template_name = "home/desk/panel_drafts.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Add the first of them."""
        drafts = self.desk.unread_drafts
        return {
            "count": len(drafts),
            "drafts": [(one, review_address(one.pk)) for one in drafts[:MOST_SHOWN]],
            "more": max(len(drafts) - MOST_SHOWN, 0),
        }


class CompliancePanel(DeskPanel):
    """What the rules find on the matters."""

    name = "compliance"
    order = 140
    template_name = "home/desk/panel_compliance.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Add the heaviest matters and how many of each level there are."""
        warned = self.desk.warned
        findings = [finding for one in warned for finding in one.findings]
        return {
            "matters": len(self.desk.watched.matters),
            "warned_count": len(warned),
            "blocking": sum(one.level is Level.BLOCK for one in findings),
            "warning": sum(one.level is Level.WARN for one in findings),
            "warned": [(one, page_address(one.matter.pk)) for one in warned[:MOST_SHOWN]],
            "all_url": reverse("compliance_report"),
        }


class MachineryPanel(DeskPanel):
    """What waits to be sent and indexed, for the disclosure office."""

    name = "machinery"
    order = 150
    template_name = "home/desk/panel_machinery.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Add the counts, what the last comparisons found, and the reports on both."""
        return {
            **self.desk.outbox,
            "differing": self.desk.differing,
            "report": reverse("outbox_report"),
            "copies": reverse("archive_copies_report"),
        }
