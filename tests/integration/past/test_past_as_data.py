"""Past decisions as programs and files read them: found, joined, ordered and law like others."""

import io
import json

import pytest
from django.core.management import call_command
from django.test import Client

from decisions.models import ArchivePage
from tests import factories
from tests.factories.past import a_folder, a_row

pytestmark = pytest.mark.django_db

INDEX_NO = "000014349/2022-00039"


@pytest.fixture
def recorded(tmp_path):
    """Two past decisions, the older one recorded last; it has no document number."""
    factories.the_decision_index()
    factories.the_home_page().add_child(instance=ArchivePage(title="档案检索", slug="archive"))
    rows = [a_row(5), a_row(3, index_no=INDEX_NO, document_no="")]
    table, said = a_folder(tmp_path, rows), {"stdout": io.StringIO(), "stderr": io.StringIO()}
    call_command("import_decisions", str(table), **said)
    call_command("rebuild_search_index", **said)


def read(path, **asked):
    response = Client().get(f"/api/v1{path}", asked)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def titles(listing):
    return [one["title"] for one in listing["items"]]


def test_an_index_number_is_asked_for_as_it_is_printed(recorded):
    assert titles(read("/decisions/", index_no=INDEX_NO)) == ["澜川市第3号管理办法"]
    assert titles(read("/decisions/", index_no="000014349/2022-00040")) == []


def test_it_is_law_without_a_document_number(recorded):
    [told] = read("/decisions/", index_no=INDEX_NO)["items"]
    assert (told["document_no"], told["validity"]) == ("", "in_force")
    hits = read("/search/", q="澜川市第3号管理办法")["items"]
    [hit] = [one for one in hits if one["matter"] == told["matter"]]
    assert (hit["document_no"], hit["validity"]) == ("", "in_force")
    file = Client().get("/archive/export/jsonl/?year=2013")
    [row] = [json.loads(line) for line in b"".join(file.streaming_content).splitlines()]
    assert (row["document_no"], row["validity"]) == ("", "in_force")
    assert row["matter_id"] == told["matter"]


def test_the_newest_decision_comes_first_whenever_it_was_recorded(recorded):
    first = read("/decisions/", limit="1")
    assert titles(first) == ["澜川市第5号管理办法"]
    second = Client().get(first["next"].removeprefix("http://testserver")).json()
    assert (titles(second), second["next"]) == (["澜川市第3号管理办法"], None)


def test_the_year_that_a_matter_names_finds_it(recorded):
    [matter] = read("/matters/", catalogue="past-2013")["items"]
    assert (matter["title"], matter["catalogue"]) == ("澜川市第3号管理办法", "past-2013")
    assert read(f"/matters/{matter['id']}/")["id"] == "past-2013/0001"
