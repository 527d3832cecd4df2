"""The screen on which somebody approves a step of the release review or sends the page back."""

from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.models import Page

from portal.core.models import ReleaseTask, ReleaseTaskState
from portal.core.verb_views import VerbView

ACTIONS = ("approve", "reject")


class ReviewView(VerbView):
    """Act on the present step of the review of a page; works without a script."""

    model = ReleaseTaskState
    permission_required = "review"
    page_title = gettext_lazy("Release review")
    template_name = "core/release/review.html"
    submit_label = gettext_lazy("Approve")
    header_icon = "clipboard-list"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the page as it is under review; whoever may not work on it does not learn of it."""
        super().setup(request, *args, **kwargs)
        page = get_object_or_404(Page, pk=kwargs["page_id"])
        if not page.permissions_for_user(request.user).can_edit():
            raise Http404
        self.page = page.get_latest_revision_as_object()
        self.review: Any = self.page.current_workflow_state
        self.state: Any = self.page.current_workflow_task_state
        self.task: Any = self.page.current_workflow_task
        action = request.POST.get("action", "approve")
        self.action = action if action in ACTIONS else "approve"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Say so where there is nothing to act on, or not for this person."""
        sentence = self._why_not()
        if sentence is not None:
            messages.warning(request, sentence)
            return redirect("wagtailadmin_pages:edit", self.page.pk)
        return super().dispatch(request, *args, **kwargs)

    def _why_not(self) -> str | None:
        if not isinstance(self.task, ReleaseTask):
            return _("This page is not under review.")
        if not self.task.is_open_to(self.request.user, self.page, self.review):
            return _(
                "This step of the review, “%(step)s”, is for somebody else. Whoever asked for the "
                "review or approved another step of it does not approve this one."
            ) % {"step": self.task.name}
        return None

    def user_has_permission(self, permission: str) -> bool:
        """Let those act who were not turned away above."""
        return self._why_not() is None

    def get_form(self, form_class: Any = None) -> Form:
        """Return the form of the button that was pressed, of approval before."""
        data = self.request.POST if self.request.method == "POST" else None
        return self.task.form_for(self.action, self.page, data)

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Act on the step."""
        self.task.on_action(self.state, self.request.user, self.action, **cleaned)

    def get_success_message(self) -> str:
        """Say what stands now."""
        title = {"page": self.page.get_admin_display_title()}
        if self.action == "reject":
            return _("“%(page)s” is sent back for changes.") % title
        self.review.refresh_from_db()
        if self.review.is_active:
            step = self.review.current_task_state.task.name
            return _("Approved. “%(page)s” is now at the step “%(step)s”.") % {
                **title,
                "step": step,
            }
        return _("“%(page)s” has passed the release review and can be published.") % title

    def get_success_url(self) -> str:
        """Return to the page's editor."""
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    def get_page_subtitle(self) -> str:
        """Name the page."""
        return str(self.page.get_admin_display_title())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the page, who asked, the steps, and what was stated at those that are approved."""
        context = super().get_context_data(**kwargs)
        context.update(
            page=self.page,
            review=self.review,
            steps=self.review.all_tasks_with_state(),
            task=self.task,
        )
        return context
