"""Misconfiguration told at the start, by id, instead of found at midnight."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from portal.core.client_address import trusted_proxies
from portal.core.papers import can_print
from portal.core.spoken_digits import PROGRAM, can_speak

LOCAL_CACHE = "django.core.cache.backends.locmem.LocMemCache"
QUIET_MAIL = {
    "django.core.mail.backends.console.EmailBackend",
    "django.core.mail.backends.dummy.EmailBackend",
    "django.core.mail.backends.filebased.EmailBackend",
    "django.core.mail.backends.locmem.EmailBackend",
}


@register(Tags.security)
def personal_data_keys_are_usable(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[Error]:
    """Names and addresses are encrypted at rest, so at least one well-formed key is needed."""
    if not settings.PERSONAL_DATA_KEYS:
        return [Error("PERSONAL_DATA_KEYS is empty.", id="core.E001")]
    return [
        Error(
            f"Key number {number} of PERSONAL_DATA_KEYS is not a Fernet key.",
            hint="32 random bytes in URL-safe base64.",
            id="core.E002",
        )
        for number, key in enumerate(settings.PERSONAL_DATA_KEYS, start=1)
        if not _is_fernet_key(key)
    ]


@register(Tags.security, deploy=True)
def nothing_of_the_demo_is_left(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """The demo shows everyone its mail and its accounts."""
    if not settings.DEMO:
        return []
    return [Error("DEMO is on.", hint="It belongs to the development settings.", id="core.E003")]


@register(Tags.security, deploy=True)
def the_captcha_is_real(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """In its test mode the captcha takes one fixed word for an answer."""
    if not getattr(settings, "CAPTCHA_TEST_MODE", False):
        return []
    return [Error("CAPTCHA_TEST_MODE is on.", id="core.E004")]


@register(Tags.caches, deploy=True)
def the_cache_is_shared(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A cache inside each process forgets across workers what it is asked to count."""
    if settings.CACHES["default"]["BACKEND"] != LOCAL_CACHE:
        return []
    return [
        checks.Warning(
            "The cache is private to each process.", hint="Set CACHE_URL.", id="core.W001"
        )
    ]


@register(deploy=True)
def mail_leaves_the_house(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without real mail no opinion can be confirmed."""
    if settings.EMAIL_BACKEND not in QUIET_MAIL:
        return []
    return [checks.Warning("Mail is not sent to anyone.", hint="Set EMAIL_URL.", id="core.W002")]


@register(Tags.database, deploy=True)
def the_database_is_a_server(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """SQLite has one writer at a time and no second machine."""
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        return []
    return [checks.Warning("SQLite is for the demo.", hint="Set DATABASE_URL.", id="core.W003")]


@register(Tags.security)
def trusted_proxies_are_networks(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """A name that is no network would fail at the first request."""
    try:
        trusted_proxies(tuple(settings.TRUSTED_PROXIES))
    except ValueError as error:
        return [Error(f"TRUSTED_PROXIES: {error}.", id="core.E005")]
    return []


@register(deploy=True)
def the_captcha_can_be_heard(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Who cannot see the picture of the captcha needs its digits spoken."""
    if can_speak():
        return []
    return [
        checks.Warning("The captcha is not spoken.", hint=f"Install {PROGRAM}.", id="core.W004")
    ]


@register(deploy=True)
def papers_can_be_printed(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Receipts are offered as PDF where the library, its native libraries and a font are there."""
    if can_print():
        return []
    return [
        checks.Warning(
            "Papers are not offered as PDF.",
            hint="Install the Debian packages libpango-1.0-0, libpangoft2-1.0-0, "
            "libharfbuzz-subset0 and fonts-noto-cjk.",
            id="core.W005",
        )
    ]


@register(Tags.security)
def private_files_are_apart(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[Error]:
    """What lies among pictures or static files is handed to everyone who asks."""
    private = Path(settings.PRIVATE_FILES_ROOT).resolve()
    public = (settings.MEDIA_ROOT, settings.STATIC_ROOT, *settings.STATICFILES_DIRS)
    roots = [Path(root).resolve() for root in public]
    if not any(private.is_relative_to(root) or root.is_relative_to(private) for root in roots):
        return []
    return [
        Error(
            "PRIVATE_FILES_ROOT holds public files or lies among them.",
            hint="Give it a folder of its own.",
            id="core.E006",
        )
    ]


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
