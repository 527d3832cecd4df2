"""What django-allauth asks us: who may enter, where to next, whom to count, how to keep secrets."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.sign_in import trail
from portal.accounts.sign_in.factors import ADMIN_ACCESS
from portal.core.client_address import network_digest
from portal.core.fields import decrypted, encrypted

# What is counted together when a client's network cannot be told.
UNKNOWN_NETWORK = "unknown"
# What the next page shows by itself.
UNSAID = {"account/messages/logged_in.txt", "mfa/messages/recovery_codes_generated.txt"}

_WRONG_CODE = _("This code is not right, or its 30 seconds are over. Please enter the newest one.")


class StaffAdapter(DefaultAccountAdapter):
    """Signing in with a name and a password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "Too many attempts failed, so signing in is locked. Please try again in 15 minutes."
        ),
        "username_password_mismatch": _("The name or the password is not right."),
        "incorrect_password": _("The password is not right."),
        "incorrect_code": _WRONG_CODE,
    }
    ways = {
        "mfa_reauthenticate": _("By a code of your app, or a recovery code"),
        "mfa_reauthenticate:webauthn": _("By your passkey or security key"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: an administrator opens accounts."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether an address after signing in is one of this host."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return what attempts are counted by: today's digest of the network, never an address."""
        return network_digest(request, at=timezone.now()) or UNKNOWN_NETWORK

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Refuse those who have no business in the administration, before a session begins."""
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if response is None and not user.has_perm(ADMIN_ACCESS):
            response = self.respond_user_inactive(request, user)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Note when an account or a network is locked.

        Raises:
            ValidationError: too many attempts failed lately.

        """
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            trail.locked(request, credentials.get("username", ""))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a wrong password."""
        trail.refused(request, credentials.get("username", ""))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return how somebody shows again that it is them: who has a factor shows that."""
        methods = super().get_reauthentication_methods(user)
        factors = [one for one in methods if one["id"] in self.ways]
        return [one | {"description": self.ways[one["id"]]} for one in factors] or methods

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Say what happened, unless the next page says so itself."""
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **kwargs)


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: their names in the apps of staff, their secrets in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _WRONG_CODE}

    def get_totp_label(self, user: User) -> str:
        """Return the name of the account; an e-mail address need not stand in another's app."""
        return user.get_username()

    def get_totp_issuer(self) -> str:
        """Return the name of the portal."""
        return settings.WAGTAIL_SITE_NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return for whom a passkey is made: the portal, at the host it is asked by."""
        return super().get_public_key_credential_rp_entity() | {"name": settings.WAGTAIL_SITE_NAME}

    def encrypt(self, text: str) -> str:
        """Return a secret as it is kept."""
        return encrypted(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret that was kept."""
        return decrypted(encrypted_text)
