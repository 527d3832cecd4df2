"""What the release review adds to Wagtail's admin; the app's hooks import it."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page, Task, Workflow
from wagtail.permissions import register_permission_policy

from portal.core import log_actions
from portal.core.models import ReleaseTask
from portal.core.permissions import VerbPermissionPolicy
from portal.core.release.views import ReviewView

# The steps are written in code and put in place after each migration; nobody thins them out.
for _model in (Workflow, Task):
    register_permission_policy(
        _model, VerbPermissionPolicy(_model, closed={"add", "change", "delete"})
    )


@hooks.register("register_admin_urls")
def release_urls() -> list[URLPattern]:
    """Add the screen of the review."""
    return [path("release/<int:page_id>/", ReviewView.as_view(), name="release_review")]


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def act_on_the_review(
    page: Page, user: AbstractBaseUser, next_url: str | None = None, **_kwargs: Any
) -> Iterator[Button]:
    """Lead to the review whoever can act on its present step."""
    task = page.current_workflow_task
    if isinstance(task, ReleaseTask) and task.get_actions(page, user):
        url = reverse("release_review", args=[page.pk])
        yield Button(_("Release review"), url=url, icon_name="clipboard-list", priority=5)


@hooks.register("register_log_actions")
def name_the_acts(actions: LogActionRegistry) -> None:
    """Name the acts of the review."""
    log_actions.register(
        actions,
        {
            "release.approve": (
                _("Approve a step of the release review"),
                _("A step of the release review was approved"),
                {},
            ),
        },
    )
