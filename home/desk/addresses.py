"""Where in the admin somebody acts on what the desk shows."""

from typing import Any

from django.urls import reverse

from consultations.models import Opinion
from home.desk.deadlines import DueItem, Kind


def queue_address(user: Any, consultation: int | None = None) -> str:
    """Return where the opinions that wait for a moderator are read, of one round or of all.

    Who does not moderate has no queue, and sees the same opinions in the list.
    """
    if user.has_perm("consultations.change_opinion"):
        return reverse("triage") + (f"?consultation={consultation}" if consultation else "")
    listed = reverse(Opinion.snippet_viewset.get_url_name("list"))
    of_round = f"&consultation={consultation}" if consultation else ""
    return f"{listed}?display=pending{of_round}"


def issue_address(issue: int) -> str:
    """Return where an issue is answered."""
    return reverse("wagtailsnippets_consultations_issue:edit", args=[issue])


def review_address(issue: int) -> str:
    """Return where a second person reads the draft of an answer."""
    return reverse("wagtailsnippets_consultations_issue:review", args=[issue])


def page_address(page: int) -> str:
    """Return where a page is edited."""
    return reverse("wagtailadmin_pages:edit", args=[page])


def address_of(item: DueItem, user: Any) -> str:
    """Return where somebody acts on what is due."""
    if item.kind is Kind.MODERATION:
        return queue_address(user, item.page)
    if item.issue is not None:
        return issue_address(item.issue)
    if item.kind is Kind.CATALOGUE:
        return reverse("wagtailadmin_explore", args=[item.page])
    return page_address(item.page)
