"""How the interface speaks HTTP: caches, other sites, limits, and errors as data."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from portal.core import throttle
from portal.core.open_data.problems import MEDIA_TYPE
from tests import factories
from tests.integration.open_data.conftest import NOW, ROOT

MATTERS = f"{ROOT}/matters/"


@pytest.fixture
def few(settings):
    settings.THROTTLES = settings.THROTTLES | {"open_data.network": {"most": 3, "seconds": 600}}
    throttle.forget()


def test_who_has_an_answer_already_is_told_so(city):
    client = Client()
    first = client.get(MATTERS)
    assert first["Cache-Control"] == "public, max-age=60"
    again = client.get(MATTERS, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    assert again["RateLimit"]
    factories.a_matter(title="新事项")
    assert client.get(MATTERS, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_page_of_a_list_that_goes_on_keeps_its_name_too(city, time_machine_at):
    first = Client().get(MATTERS, {"limit": 1})
    assert first.json()["next"]
    time_machine_at(NOW + timedelta(hours=1))
    again = Client().get(MATTERS, {"limit": 1}, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_answer_is_chinese_json_that_can_be_read(city):
    response = Client(headers={"accept-language": "en"}).get(MATTERS)
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response["Content-Language"] == "zh-hans"
    assert "城市绿地系统规划".encode() in response.content


def test_head_is_answered_as_get_without_content(city):
    got, head = Client().get(MATTERS), Client().head(MATTERS)
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == got["ETag"]
    known = Client().head(MATTERS, headers={"if-none-match": got["ETag"]})
    assert known.status_code == 304


@pytest.mark.parametrize("path", [MATTERS, f"{ROOT}/openapi.json", f"{ROOT}/no/such/thing/"])
def test_a_page_of_another_site_may_read(city, path):
    response = Client(headers={"origin": "https://research.example"}).get(path)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "RateLimit" in response["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in response


def test_a_preflight_is_answered_and_counts_nothing(city, few):
    for _turn in range(5):
        response = Client().options(
            MATTERS,
            headers={
                "origin": "https://research.example",
                "access-control-request-method": "GET",
                "access-control-request-headers": "if-none-match",
            },
        )
        assert response.status_code == 204
    assert response["Access-Control-Allow-Methods"] == response["Allow"] == "GET, HEAD, OPTIONS"
    assert response["Access-Control-Allow-Headers"] == "If-None-Match"


@pytest.mark.parametrize("path", ["/", "/archive/", "/catalogue/2026/"])
def test_only_the_interface_is_open_to_other_sites(city, path):
    response = Client(headers={"origin": "https://research.example"}).get(path)
    assert "Access-Control-Allow-Origin" not in response
    assert "RateLimit" not in response


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", [MATTERS, f"{ROOT}/search/", f"{ROOT}/no/such/thing/"])
def test_nothing_can_be_written(city, method, path):
    response = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response["Content-Type"] == MEDIA_TYPE
    assert response.json()["status"] == 405


def test_beyond_the_limit_it_is_told_when_to_come_back(city, few):
    left = [Client().get(MATTERS)["RateLimit"] for _turn in range(3)]
    assert [one.split(";")[1] for one in left] == ["r=2", "r=1", "r=0"]
    response = Client().get(MATTERS)
    assert response.status_code == 429
    assert response["RateLimit-Policy"] == '"network";q=3;w=600'
    assert 0 < int(response["Retry-After"]) <= 600
    assert response["RateLimit"] == f'"network";r=0;t={response["Retry-After"]}'
    assert response["Content-Type"] == MEDIA_TYPE
    assert response["Access-Control-Allow-Origin"] == "*"
    assert Client().get("/archive/").status_code == 200


def test_a_kept_answer_counts_like_any_other(city, few, settings):
    settings.KEEP_PAGES = True
    assert [Client().get(MATTERS).status_code for _turn in range(4)] == [200, 200, 200, 429]


def test_without_a_count_all_is_answered(city, few, monkeypatch):
    def down(*_args):
        raise throttle.StorageError(OSError())

    monkeypatch.setattr("limits.storage.MemoryStorage.incr", down)
    response = Client().get(MATTERS)
    assert response.status_code == 200
    assert "RateLimit" not in response


def test_staff_are_answered_like_everybody(city):
    client = Client()
    client.force_login(factories.a_superuser())
    client.cookies["lang"] = "en"
    response = client.get(MATTERS)
    assert response["Cache-Control"] == "public, max-age=60"
    assert response.content == Client().get(MATTERS).content


def test_an_address_without_its_last_stroke_leads_to_the_right_one(city):
    response = Client().get(MATTERS.removesuffix("/"))
    assert (response.status_code, response["Location"]) == (301, MATTERS)
    assert response["Access-Control-Allow-Origin"] == "*"


def test_a_fault_is_told_as_data_without_a_trace(city, monkeypatch):
    def fault(*_args, **_kwargs):
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("decisions.api.search.search_archive", fault)
    response = Client(raise_request_exception=False).get(f"{ROOT}/search/")
    assert response.status_code == 500
    assert response["Content-Type"] == MEDIA_TYPE
    assert "secret" not in response.content.decode()


def test_a_search_says_which_copy_answered(city, settings, monkeypatch):
    assert Client().get(f"{ROOT}/search/")["X-Search-Mode"] == "database"
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    response = Client().get(f"{ROOT}/search/")
    assert response.status_code == 200
    assert response["X-Search-Mode"] == "degraded"
    assert "no-store" in response["Cache-Control"]


def test_the_description_that_is_served_is_the_committed_one(city, settings):
    committed = json.loads((settings.BASE_DIR / "docs" / "openapi.json").read_text("utf-8"))
    assert Client().get(f"{ROOT}/openapi.json").json() == committed
