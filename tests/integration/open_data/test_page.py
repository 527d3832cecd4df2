"""The page about the interface tells, in both languages, everything the interface can be asked."""

import pytest
from django.test import Client

from portal.api import api
from portal.interface import CHOICES
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "heading"), [("", "数据接口"), ("en", "Interface for programs")]
)
def test_it_names_every_address_parameter_and_field(language, heading):
    factories.the_home_page()
    client = Client()
    client.cookies["lang"] = language
    text = client.get("/open-data/api/").content.decode()
    description = api.get_openapi_schema()
    assert heading in text
    assert text.count("<h1") == 1
    for path, methods in description["paths"].items():
        assert f"<code>GET {path}</code>" in text
        for parameter in methods["get"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in text
    for name, one in description["components"]["schemas"].items():
        assert f'id="{name}"' in text
        for field in one.get("properties", {}):
            assert f"<code>{field}</code>" in text


def test_it_is_chinese_where_chinese_is_read():
    factories.the_home_page()
    context = Client().get("/open-data/api/").context
    fields = [one for shape in context["shapes"] for one in shape.fields]
    fields += [one for operation in context["operations"] for one in operation.parameters]
    told = [one.meaning for one in fields] + [one.summary for one in context["operations"]]
    assert [one for one in told if one.isascii()] == []


def test_every_code_is_explained():
    factories.the_home_page()
    shapes = Client().get("/open-data/api/").context["shapes"]
    codes = {one.name: dict(one.codes) for one in shapes if one.codes}
    assert set(codes) == {one.__name__ for one in CHOICES}
    assert all(label for labels in codes.values() for label in labels.values())


def test_every_page_leads_there_and_its_examples_work():
    factories.the_home_page()
    assert 'href="/open-data/"' in Client().get("/").content.decode()
    open_data = Client().get("/open-data/").content.decode()
    assert 'href="/open-data/api/"' in open_data
    assert '<span aria-current="page">开放数据</span>' in open_data
    for one in Client().get("/open-data/api/").context["operations"]:
        if one.example:
            assert Client().get(one.example).status_code == 200, one.example
