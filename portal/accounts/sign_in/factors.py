"""Second factors: which a member of staff has, and whether the session at hand has shown one."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User

ADMIN_ACCESS = "wagtailadmin.access_admin"


class Factor(models.TextChoices):
    """The kinds; the values are django-allauth's own."""

    APP = "totp", _("authenticator app")
    KEY = "webauthn", _("passkey or security key")
    RECOVERY_CODES = "recovery_codes", _("recovery codes")


def has_factor(user: User) -> bool:
    """Return whether the user has a second factor; recovery codes alone are none."""
    factors = Authenticator.objects.filter(user_id=user.pk)
    return factors.exclude(type=Factor.RECOVERY_CODES).exists()


def page_to_show_one(user: User) -> str:
    """Return the name of the page on which the user shows a factor again."""
    apps = Authenticator.objects.filter(user_id=user.pk, type=Factor.APP)
    return "mfa_reauthenticate" if apps.exists() else "mfa_reauthenticate_webauthn"


def has_shown_factor(request: HttpRequest) -> bool:
    """Return whether this session was opened, or confirmed, with a factor that still exists."""
    shown = [
        record["id"] for record in _records(request) if record["method"] == "mfa" and "id" in record
    ]
    return bool(shown) and Authenticator.objects.filter(user=request.user, pk__in=shown).exists()


def methods_of(request: HttpRequest) -> list[str]:
    """Return how the user of this session signed in, in order."""
    return [record["method"] for record in _records(request)]


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    return get_authentication_records(request, request.user)
