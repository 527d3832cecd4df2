"""Misconfiguration of signing in, told at the start by id."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

# Seconds; a session left alone ends (GB/T 22239-2019, 8.1.4.1).
LONGEST_IDLE = 60 * 60
LONGEST_SESSION = 24 * 60 * 60


@register(Tags.security, deploy=True)
def a_second_factor_is_demanded(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """A password alone is stolen too easily (GB/T 22239-2019, 8.1.4.1)."""
    if settings.STAFF_MFA_REQUIRED:
        return []
    return [Error("A password alone opens the administration.", id="accounts.E001")]


@register(Tags.security, deploy=True)
def staff_sign_in_over_tls(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Passwords must not travel in the open, and browsers give passkeys to https alone."""
    if settings.PUBLIC_URL.startswith("https://"):
        return []
    return [Error("PUBLIC_URL is not https.", id="accounts.E002")]


@register(Tags.security, deploy=True)
def the_single_sign_on_is_reached_over_tls(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Who stands between us and the sign-on could be anybody."""
    if not settings.OIDC_SERVER_URL or settings.OIDC_SERVER_URL.startswith("https://"):
        return []
    return [Error("OIDC_SERVER_URL is not https.", id="accounts.E003")]


@register(Tags.security, deploy=True)
def sessions_end(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A machine that somebody left must not stay signed in."""
    if (
        settings.STAFF_IDLE_SECONDS <= LONGEST_IDLE
        and settings.STAFF_SESSION_SECONDS <= LONGEST_SESSION
    ):
        return []
    return [
        checks.Warning(
            "Sessions of staff last very long.",
            hint="Shorten STAFF_IDLE_MINUTES or STAFF_SESSION_HOURS.",
            id="accounts.W001",
        )
    ]
