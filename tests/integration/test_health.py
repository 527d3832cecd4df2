"""The probes tell a broken part from a missing luxury, and every page carries the policy."""

import socket

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from tests.services.bad_engine import a_bad_engine

pytestmark = pytest.mark.django_db


def test_the_process_answers_without_asking_the_database(
    client: Client, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_ready_when_everything_vital_works(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    expected = {"database": "ok", "cache": "ok", "migrations": "ok", "elasticsearch": "off"}
    assert answer.json() == expected


def test_a_dead_search_engine_degrades_but_does_not_fail(
    client: Client, settings: Settings
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{closed.getsockname()[1]}"
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["elasticsearch"]) == (200, "degraded")


def test_one_living_node_of_several_is_enough(client: Client, settings: Settings) -> None:
    with a_bad_engine("another JSON") as living:
        settings.ELASTICSEARCH_URL = f"http://127.0.0.1:9, {living}"
        assert client.get("/readyz").json()["elasticsearch"] == "ok"


@pytest.mark.parametrize("address", ["nonsense", "http://h:x", "ftp://127.0.0.1:1", ","])
def test_an_address_that_is_none_degrades(client: Client, settings: Settings, address: str) -> None:
    settings.ELASTICSEARCH_URL = address
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["elasticsearch"]) == (200, "degraded")


def test_what_answers_in_place_of_an_engine_is_none(client: Client, settings: Settings) -> None:
    with a_bad_engine("no JSON") as settings.ELASTICSEARCH_URL:
        assert client.get("/readyz").json()["elasticsearch"] == "degraded"


@pytest.mark.elasticsearch
def test_a_living_search_engine_is_reported(client: Client) -> None:
    assert client.get("/readyz").json()["elasticsearch"] == "ok"


def test_a_missing_migration_makes_it_unready(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="captcha").delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "failed")


def test_a_dead_cache_makes_it_unready(client: Client, settings: Settings) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        redis = "django.core.cache.backends.redis.RedisCache"
        address = f"redis://127.0.0.1:{closed.getsockname()[1]}"
        settings.CACHES = {"default": {"BACKEND": redis, "LOCATION": address}}
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["cache"]) == (503, "failed")


def test_robots_are_shown_the_map(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /admin/" in text


def test_the_public_policy_is_strict_and_the_admins_is_wider(client: Client) -> None:
    public = client.get("/healthz")
    assert "default-src 'none'" in public["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in public["Content-Security-Policy"]
    assert "unsafe-inline" not in public["Content-Security-Policy"]
    assert public["X-Content-Type-Options"] == "nosniff"
    assert public["Referrer-Policy"] == "same-origin"
    admin = client.get("/admin/login/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-inline'" in admin
    assert "default-src 'none'" in admin
    assert "frame-ancestors 'self'" in admin


def test_a_captcha_picture_is_kept_by_no_cache(client: Client) -> None:
    answer = client.get("/captcha/refresh/", headers={"x-requested-with": "XMLHttpRequest"})
    assert "no-store" in answer["Cache-Control"]
    picture = client.get(answer.json()["image"])
    assert picture.status_code == 200
    assert "no-store" in picture["Cache-Control"]
