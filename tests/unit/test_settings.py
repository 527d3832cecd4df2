"""Settings come from the environment, secrets from files, and production has no defaults."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from portal.settings.base import with_password

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "a-key-of-this-test",
    "PERSONAL_DATA_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_HOSTS": "portal.example",
    "PUBLIC_URL": "https://portal.example/",
    "DATABASE_URL": "postgres://jianyan@db:5432/jianyan",
    "CACHE_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp://mail.example:587",
}


def value_of(expression: str, environment: dict[str, str]) -> str:
    """Evaluate an expression on fresh settings, in a process that has only this environment."""
    code = f"from django.conf import settings; print({expression})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or done.stderr


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"DJANGO_SETTINGS_MODULE"}))
def test_production_does_not_start_without(name: str) -> None:
    environment = {key: value for key, value in PRODUCTION.items() if key != name}
    assert f"Set the {name} environment variable" in value_of("settings.DEBUG", environment)


def test_production_reads_secrets_from_files(tmp_path: Path) -> None:
    key = tmp_path / "secret_key"
    key.write_text("from-a-file\n")
    password = tmp_path / "database_password"
    password.write_text("p@ss/word\n")
    environment = PRODUCTION | {
        "SECRET_KEY_FILE": str(key),
        "DATABASE_PASSWORD_FILE": str(password),
    }
    names = "settings.SECRET_KEY, settings.DATABASES['default']['PASSWORD']"
    assert value_of(f"[{names}]", environment) == "['from-a-file', 'p@ss/word']"


def test_production_is_closed_and_quiet() -> None:
    flags = "settings.DEBUG, settings.DEMO, settings.SERVE_MEDIA"
    assert value_of(f"[{flags}]", PRODUCTION | {"DEMO": "true"}) == "[False, False, False]"


def test_the_search_backend_follows_the_database() -> None:
    backend = "settings.WAGTAILSEARCH_BACKENDS['default']['BACKEND'].rpartition('.')[2]"
    assert value_of(backend, PRODUCTION) == "postgresql"
    assert value_of(backend, PRODUCTION | {"DATABASE_URL": "sqlite:////tmp/x"}) == "sqlite"


def test_development_needs_no_environment() -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "portal.settings.development"}
    assert value_of("settings.PUBLIC_URL", environment) == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("url", "password", "expected"),
    [
        ("postgres://me@db:5432/x", "", "postgres://me@db:5432/x"),
        ("postgres://me@db:5432/x", "a/b@c", "postgres://me:a%2Fb%40c@db:5432/x"),
        ("http://elastic:old@es:9200", "new", "http://elastic:new@es:9200"),
        ("http://[::1]:9200", "p", "http://:p@[::1]:9200"),
        ("http://e@a:9, http://e@b:9", "p", "http://e:p@a:9,http://e:p@b:9"),
    ],
)
def test_a_password_is_put_into_an_address(url: str, password: str, expected: str) -> None:
    assert with_password(url, password) == expected
