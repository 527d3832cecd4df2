"""Each misconfiguration is named by its id, and the test settings have none."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from portal.core import checks


@pytest.mark.parametrize(
    ("check", "expected", "change"),
    [
        (checks.personal_data_keys_are_usable, "core.E001", {"PERSONAL_DATA_KEYS": []}),
        (checks.personal_data_keys_are_usable, "core.E002", {"PERSONAL_DATA_KEYS": ["short"]}),
        (checks.nothing_of_the_demo_is_left, "core.E003", {"DEMO": True}),
        (checks.the_captcha_is_real, "core.E004", {"CAPTCHA_TEST_MODE": True}),
        (
            checks.the_cache_is_shared,
            "core.W001",
            {"CACHES": {"default": {"BACKEND": checks.LOCAL_CACHE}}},
        ),
        (
            checks.mail_leaves_the_house,
            "core.W002",
            {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
        ),
        (
            checks.the_database_is_a_server,
            "core.W003",
            {"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}},
        ),
        (checks.trusted_proxies_are_networks, "core.E005", {"TRUSTED_PROXIES": ["proxy"]}),
        (
            checks.private_files_are_apart,
            "core.E006",
            {"MEDIA_ROOT": "/data/media", "PRIVATE_FILES_ROOT": "/data/media/private"},
        ),
        (checks.private_files_are_apart, "core.E006", {"PRIVATE_FILES_ROOT": "/"}),
    ],
)
@pytest.mark.filterwarnings("ignore:Overriding setting:UserWarning")
def test_a_fault_is_named(
    check: Any, expected: str, change: dict[str, Any], settings: Settings
) -> None:
    for name, value in change.items():
        setattr(settings, name, value)
    assert [found.id for found in check(None)] == [expected]


@pytest.mark.filterwarnings("ignore:Overriding setting:UserWarning")
def test_a_sound_configuration_is_passed(settings: Settings) -> None:
    settings.PERSONAL_DATA_KEYS = [Fernet.generate_key().decode()] * 2
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
    settings.TRUSTED_PROXIES = ["172.30.211.0/24", "fd00::1"]
    for check in (
        checks.personal_data_keys_are_usable,
        checks.nothing_of_the_demo_is_left,
        checks.the_captcha_is_real,
        checks.the_cache_is_shared,
        checks.mail_leaves_the_house,
        checks.the_database_is_a_server,
        checks.trusted_proxies_are_networks,
    ):
        assert check(None) == []


@pytest.mark.parametrize(("program", "expected"), [(None, ["core.W004"]), ("/bin/espeak-ng", [])])
def test_a_missing_voice_is_named(
    program: str | None, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.core.spoken_digits.shutil.which", lambda _name: program)
    assert [found.id for found in checks.the_captcha_can_be_heard(None)] == expected
