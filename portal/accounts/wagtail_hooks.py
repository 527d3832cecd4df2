"""How signing in reads in Wagtail's log, and the way from one's account to one's second factors."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from portal.accounts.sign_in.trail import LOG_ACTIONS
from portal.core.log_actions import register


@hooks.register("register_log_actions")
def sign_in_log_actions(actions: LogActionRegistry) -> None:
    """Name the acts of signing in."""
    register(actions, LOG_ACTIONS)


@hooks.register("register_account_menu_item")
def second_factors(request: HttpRequest) -> dict[str, str]:
    """Lead from one's account to one's second factors."""
    return {
        "url": reverse("mfa_index"),
        "label": _("Second factors"),
        "help_text": _("Set up or remove an authenticator app, passkeys and recovery codes."),
    }
