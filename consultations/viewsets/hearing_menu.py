"""Where the admin leads to hearings, and how their acts read on history pages."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.permissions import policy_registry

from consultations.models import DecisionItemPage, Hearing
from consultations.viewsets.hearing_verbs import HEARINGS
from portal.core import log_actions


def plan_button(
    page: Page, user: AbstractBaseUser, next_url: str | None = None, **_kwargs: Any
) -> Iterator[Button]:
    """Offer to plan a hearing where a matter is listed or edited."""
    if page.specific_class is not DecisionItemPage or not page.live:
        return
    if policy_registry.get_by_type(Hearing).user_has_permission(user, "add"):
        yield Button(
            _("Plan a hearing"),
            url=f"{reverse(f'{HEARINGS}:add')}?item={page.pk}",
            icon_name="group",
            priority=65,
        )


def name_the_acts(actions: LogActionRegistry) -> None:
    """Give every act on a hearing a name."""
    named = {
        "plan_hearing": (_("Plan a hearing"), _("Hearing planned")),
        "announce_hearing": (_("Announce a hearing"), _("Notice of the hearing published")),
        "publish_participants": (
            _("Publish the participants"),
            _("Participants of the hearing published"),
        ),
        "record_materials": (_("Materials handed over"), _("Day of the materials recorded")),
        "record_hearing": (_("Publish the result"), _("Result of the hearing published")),
        "cancel_hearing": (_("Call a hearing off"), _("Hearing called off")),
    }
    log_actions.register(
        actions,
        {f"consultations.{name}": (*words, {}) for name, words in named.items()},
    )
