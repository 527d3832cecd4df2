"""What the desk adds to Wagtail's menu, and how the acts on issues read on history pages."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import policy_registry

from consultations.lifecycle import Outcome
from consultations.models import Issue
from consultations.viewsets.issue_verbs import ISSUES
from portal.core import log_actions


class IssueMenuItem(MenuItem):
    """An entry for those who may carry out an act on issues."""

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        """Keep which act it is."""
        super().__init__(*args, **kwargs)
        self.action = action

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to them."""
        policy = policy_registry.get_by_type(Issue)
        shown: bool = policy.user_has_permission(request.user, self.action)
        return shown


def group_and_answer() -> MenuItem:
    """Lead to the desks."""
    desks = reverse(f"{ISSUES}:desks")
    return IssueMenuItem(_("Group and answer"), desks, icon_name="tag", order=5, action="view")


def drafts_to_read() -> MenuItem:
    """Lead to the drafts of answers."""
    drafts = reverse(f"{ISSUES}:drafts")
    return IssueMenuItem(_("Drafts to read"), drafts, icon_name="view", order=6, action="change")


def name_the_acts(actions: LogActionRegistry) -> None:
    """Give the acts on issues, points and answers a name on history pages."""
    log_actions.register(
        actions,
        {
            "consultations.open_issue": (_("Open an issue"), _("Issue opened"), {}),
            "consultations.assign": (
                _("Group opinions"),
                _("Opinions grouped under this issue"),
                {},
            ),
            "consultations.merge_issue": (
                _("Merge issues"),
                _("Merged into another issue"),
                {},
            ),
            "consultations.assign_issue": (
                _("Give an issue to somebody"),
                _("Given to somebody to answer"),
                {},
            ),
            "consultations.split_point": (
                _("Cut a point"),
                _("A point was cut into several"),
                {},
            ),
            "consultations.join_points": (
                _("Join points"),
                _("Points that had been cut were joined"),
                {},
            ),
            "consultations.draft_answer": (
                _("Draft an answer"),
                _("Answer drafted: %(outcome)s"),
                {"outcome": Outcome},
            ),
            "consultations.review_answer": (
                _("Pass the draft of an answer"),
                _("Draft of the answer read and passed: %(outcome)s"),
                {"outcome": Outcome},
            ),
            "consultations.finalise_answer": (
                _("Make an answer final"),
                _("Answer final: %(outcome)s"),
                {"outcome": Outcome},
            ),
        },
    )
