"""All results of a search as a file: whole, checkable, safe to open, and never half a file."""

import hashlib
import io
import json
import subprocess
from http import HTTPStatus

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError
from django.db.models import QuerySet
from openpyxl import load_workbook
from wagtail.models import PageViewRestriction

from decisions.datasets.matters import MATTERS
from decisions.models import ArchiveDossier, ArchivePage
from decisions.search import walking
from decisions.search.archive import search_archive
from decisions.search.criteria import Criteria
from tests import factories
from tests.integration.search.conftest import MANY, NOW
from tests.integration.search.exported import KEYS, content, lines_of, table_of

pytestmark = pytest.mark.django_db

FORMS = ("csv", "jsonl", "xlsx")


@pytest.fixture
def archive_page(db):
    home = factories.the_home_page()
    return ArchivePage.objects.first() or home.add_child(
        instance=ArchivePage(title="档案检索", slug="archive")
    )


def test_all_results_leave_in_their_order(many, take):
    response = take("jsonl", "?q=停车&page=2")
    rows = lines_of(response)
    results = search_archive(Criteria(text="停车"), at=NOW)
    assert len(rows) == results.total > len(results.hits)
    assert [row["id"] for row in rows][: len(results.hits)] == [hit.item_id for hit in results.hits]
    assert response.headers["X-Search-Mode"] == "database"
    assert len(lines_of(take("jsonl"))) == MANY
    assert lines_of(take("jsonl", "?q=没有这样的词")) == []


def test_every_form_holds_the_same_rows(many, take):
    keys = [row["title"] for row in lines_of(take("jsonl", "?year=2024"))]
    table = table_of(take("csv", "?year=2024"))
    assert table[0] == [str(column.heading) for column in MATTERS]
    assert [row[KEYS.index("title")] for row in table[1:]] == keys
    sheet = load_workbook(io.BytesIO(content(take("xlsx", "?year=2024")))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[KEYS.index("title")] for row in rows[1:]] == keys
    assert rows[0] == tuple(table[0])


@pytest.mark.parametrize("form", FORMS)
def test_what_pasted_words_carry_is_in_no_file(many, take, form):
    pasted, plainly = "?q=%0b停车%01收费%0a", "?q=停车 收费"
    assert content(take(form, pasted)) == content(take(form, plainly))
    asked = [json.loads(take(f"{form}/manifest", one).content) for one in (pasted, plainly)]
    assert asked[0]["question"] == asked[1]["question"]


@pytest.mark.parametrize("form", FORMS)
def test_the_manifest_vouches_for_the_file(many, take, form, archive_page):
    told = json.loads(content(take(f"{form}/manifest", "?q=停车&page=2")))
    response = take(form, "?q=停车")
    file = content(response)
    assert told["sha256"] == hashlib.sha256(file).hexdigest()
    assert told["bytes"] == len(file)
    assert told["count"] == search_archive(Criteria(text="停车"), at=NOW).total
    asked = f"{django_settings.PUBLIC_URL}{archive_page.url}"
    assert told["question"] == f"{asked}?q=%E5%81%9C%E8%BD%A6"
    assert told["file"] == f"{asked}export/{form}/?q=%E5%81%9C%E8%BD%A6"
    assert told["answered_by"] == "database"
    assert [column["key"] for column in told["columns"]] == KEYS
    assert told["made_at"]
    assert told["licence"]
    assert response.headers["Content-Disposition"] == f'attachment; filename="{told["name"]}"'


@pytest.mark.parametrize("form", FORMS)
def test_beside_each_file_stands_the_manifest_that_vouches_for_it(many, archive_page, client, form):
    html = client.get(f"{archive_page.url}?q=停车").content.decode()
    address = f"{archive_page.url}export/{form}/"
    asked = "?q=%E5%81%9C%E8%BD%A6"
    file = html.index(f'href="{address}{asked}"')
    assert f'href="{address}manifest/{asked}"' in html[file : html.index("</span>\n", file)]


def test_a_program_that_knows_nothing_of_us_can_check_a_file(many, take, tmp_path):
    told = json.loads(content(take("manifest")))
    assert told["name"].endswith(".csv")
    (tmp_path / told["name"]).write_bytes(content(take("csv")))
    (tmp_path / "sums").write_text(f"{told['check']}\n")
    check = ["sha256sum", "--check", "--strict", "sums"]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / told["name"]).write_bytes(content(take("csv"))[:-9])
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("below", [*FORMS, "manifest"])
@pytest.mark.parametrize(
    "query", ["?colour=red", "?year=20x6", "?q=停车 AND", "?page=0", "?page=501"]
)
def test_what_cannot_be_asked_is_told_as_on_the_page(take, below, query):
    response = take(below, query)
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert response.context["error"] in response.content.decode()


def test_there_is_no_other_form_and_nothing_to_post(take, archive_page, client):
    assert take("pdf").status_code == HTTPStatus.NOT_FOUND
    assert (
        client.post(f"{archive_page.url}export/csv/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    )


def test_a_file_is_shared_as_pages_are_and_its_head_costs_no_row(many, take, archive_page, client):
    response = take("csv")
    assert "public" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Robots-Tag"] == "noindex"
    head = client.head(f"{archive_page.url}export/csv/")
    assert (head.status_code, b"".join(head.streaming_content)) == (HTTPStatus.OK, b"")


def test_what_is_closed_to_the_public_gives_no_file(many, take, archive_page):
    PageViewRestriction.objects.create(page=archive_page, restriction_type="login")
    for below in (*FORMS, "manifest"):
        assert take(below).status_code == HTTPStatus.FOUND


def test_one_network_takes_no_more_than_its_share(take, settings):
    settings.THROTTLES = settings.THROTTLES | {"data.network": {"most": 2, "seconds": 600}}
    answers = [take("csv").status_code for _ in range(3)]
    assert answers == [HTTPStatus.OK, HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS]


def test_rows_are_read_a_portion_at_a_time(many, take, monkeypatch, django_assert_num_queries):
    """The number of statements follows the portions; so what lies in memory is one of them."""
    response = take("jsonl")
    with django_assert_num_queries(4):
        assert len(lines_of(response)) == MANY
    monkeypatch.setattr(walking.Walk.portions, "__defaults__", (20,))
    response = take("jsonl")
    with django_assert_num_queries(2 + 2 * (MANY // 20)):
        assert len(lines_of(response)) == MANY


@pytest.mark.parametrize("form", FORMS)
def test_a_failure_on_the_way_breaks_off_and_never_ends_a_file(many, take, monkeypatch, form):
    monkeypatch.setattr(walking.Walk.portions, "__defaults__", (20,))
    in_bulk, calls = QuerySet.in_bulk, []

    def failing(self, *args, **kwargs):
        calls.append(self.model)
        if calls.count(ArchiveDossier) == 2:
            raise DatabaseError("gone")
        return in_bulk(self, *args, **kwargs)

    response = take(form)
    monkeypatch.setattr(QuerySet, "in_bulk", failing)
    with pytest.raises(DatabaseError):
        content(response)


@pytest.mark.elasticsearch
def test_the_engine_gives_the_same_file_as_the_database(many, take, settings):
    asked = "?q=停车&sort=date"
    by_engine = take("csv", asked)
    assert by_engine.headers["X-Search-Mode"] == "elasticsearch"
    file = content(by_engine)
    settings.ELASTICSEARCH_URL = ""
    assert content(take("csv", asked)) == file


@pytest.mark.elasticsearch
def test_without_the_engine_the_database_answers_and_says_so(many, take, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    response = take("csv", "?q=停车")
    assert response.headers["X-Search-Mode"] == "degraded"
    assert "no-store" in response.headers["Cache-Control"]
    assert len(table_of(response)) > 20
    assert json.loads(content(take("manifest", "?q=停车")))["answered_by"] == "degraded"
