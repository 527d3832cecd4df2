"""What a session of staff may do: how long it lasts, and nothing before its second factor."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.sign_in.factors import (
    ADMIN_ACCESS,
    has_factor,
    has_shown_factor,
    page_to_show_one,
)
from portal.accounts.sign_in.sessions import has_ended, note_presence

# What an open page asks for by itself; nobody need sit before it.
UNATTENDED = {"wagtailadmin_editing_sessions:ping", "wagtailadmin_editing_sessions:release"}

# What a session without a second factor reaches: to set one up, or to show the one there is.
TO_SET_UP = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
    "account_logout",
}
TO_SHOW = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout"}
ALWAYS = {"javascript_catalog", "wagtailadmin_javascript_catalog", "wagtailadmin_sprite"}


class StaffSessionMiddleware:
    """Ends sessions in time and holds back those whose second factor is missing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer and where the administration and the sign-in pages start."""
        self.get_response = get_response
        self.admin_root = reverse("wagtailadmin_home")
        self.closed_roots = (self.admin_root, reverse("account_login").removesuffix("login/"))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Do nothing yet: which view answers is not known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Let a member of staff pass, send them where something is missing, or end the session."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.user.is_anonymous:
            return None
        at = timezone.now()
        if has_ended(request, at=at):
            logout(request)
            messages.info(
                request, _("You were signed out because the time of a session is limited.")
            )
            return None
        if _name_of(request) not in UNATTENDED:
            note_presence(request, at=at)
        return self._without_access(request) or self._without_factor(request)

    def _without_access(self, request: HttpRequest) -> HttpResponse | None:
        """End the session of somebody who lost the right to enter the administration."""
        if not request.path.startswith(self.admin_root) or _user_of(request).has_perm(ADMIN_ACCESS):
            return None
        logout(request)
        return redirect("account_inactive")

    def _without_factor(self, request: HttpRequest) -> HttpResponse | None:
        """Hold back a session that has shown no second factor, where one is demanded."""
        if not settings.STAFF_MFA_REQUIRED or has_shown_factor(request):
            return None
        has_one = has_factor(_user_of(request))
        if _name_of(request) in (TO_SHOW if has_one else TO_SET_UP) | ALWAYS:
            return None
        if not request.path.startswith(self.closed_roots):
            # Elsewhere they are what every visitor is.
            request.user = AnonymousUser()
            return None
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            raise PermissionDenied
        return _to_show(request) if has_one else redirect("mfa_index")


def _to_show(request: HttpRequest) -> HttpResponseRedirect:
    """Lead to the page that asks for the factor, and from there back."""
    page = reverse(page_to_show_one(_user_of(request)))
    return redirect(f"{page}?{urlencode({'next': request.get_full_path()})}")


def _name_of(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - anonymous visitors were let pass before
    return request.user
