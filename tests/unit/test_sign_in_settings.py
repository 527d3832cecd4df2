"""Production demands a second factor, and the start says what would weaken signing in."""

from typing import Any

import pytest
from pytest_django import Settings

from portal.accounts.sign_in import checks
from tests.unit.test_settings import PRODUCTION, value_of

SOUND = {
    "STAFF_MFA_REQUIRED": True,
    "PUBLIC_URL": "https://portal.example",
    "OIDC_SERVER_URL": "https://sign-on.example",
    "STAFF_IDLE_SECONDS": 1800,
    "STAFF_SESSION_SECONDS": 36_000,
}
ALL = (
    checks.a_second_factor_is_demanded,
    checks.staff_sign_in_over_tls,
    checks.the_single_sign_on_is_reached_over_tls,
    checks.sessions_end,
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"OIDC_SERVER_URL": ""}, []),
        ({"STAFF_MFA_REQUIRED": False}, ["accounts.E001"]),
        ({"PUBLIC_URL": "http://portal.example"}, ["accounts.E002"]),
        ({"OIDC_SERVER_URL": "http://sign-on.example"}, ["accounts.E003"]),
        ({"STAFF_IDLE_SECONDS": 2 * 3600}, ["accounts.W001"]),
        ({"STAFF_SESSION_SECONDS": 7 * 24 * 3600}, ["accounts.W001"]),
    ],
)
def test_what_weakens_it_is_named(
    change: dict[str, Any], expected: list[str], settings: Settings
) -> None:
    for name, value in (SOUND | change).items():
        setattr(settings, name, value)
    assert [found.id for check in ALL for found in check(None)] == expected


def test_production_demands_a_second_factor_and_the_demo_does_not() -> None:
    assert value_of("settings.STAFF_MFA_REQUIRED", PRODUCTION) == "True"
    development = {"DJANGO_SETTINGS_MODULE": "portal.settings.development", "DEMO": "true"}
    assert value_of("settings.STAFF_MFA_REQUIRED", development) == "False"


def test_the_single_sign_on_comes_by_settings_alone() -> None:
    installed = "[name for name in settings.INSTALLED_APPS if 'socialaccount' in name]"
    assert value_of(installed, PRODUCTION) == "[]"
    named = PRODUCTION | {"OIDC_SERVER_URL": "https://sign-on.example", "OIDC_CLIENT_ID": "us"}
    assert "Set the OIDC_CLIENT_SECRET environment variable" in value_of(installed, named)
    complete = named | {"OIDC_CLIENT_SECRET": "secret"}
    assert "allauth.socialaccount.providers.openid_connect" in value_of(installed, complete)
    assert value_of("settings.WAGTAIL_EMAIL_MANAGEMENT_ENABLED", complete) == "False"
