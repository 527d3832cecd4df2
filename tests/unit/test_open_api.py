"""The committed description of the open interface says what the code does."""

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from decisions.api.search import SearchAsked
from decisions.search.criteria import PARAMETERS
from portal.api import api

FILE = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


def operations():
    schema = api.get_openapi_schema()
    return [one for path in schema["paths"].values() for one in path.values()]


def test_the_committed_description_equals_the_code():
    """To renew it: WRITE_DOCS=1 pytest tests/unit/test_open_api.py."""
    expected = json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=2) + "\n"
    if os.environ.get("WRITE_DOCS"):
        FILE.write_text(expected, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == expected


def test_it_is_openapi_3_1_and_every_schema_in_it_is_one():
    schema = api.get_openapi_schema()
    assert schema["openapi"].startswith("3.1")
    for name, one in schema["components"]["schemas"].items():
        assert validator_for(one, default=Draft202012Validator) is Draft202012Validator
        Draft202012Validator.check_schema(one)
        assert one.get("description") or "enum" in one, name


def test_every_operation_reads_has_a_lasting_id_and_says_all_it_may_answer():
    names = [one["operationId"] for one in operations()]
    assert len(names) == len(set(names))
    for path, methods in api.get_openapi_schema()["paths"].items():
        assert list(methods) == ["get"], path
        assert {"200", "304", "422", "429", "500"} <= set(methods["get"]["responses"])
        assert ("404" in methods["get"]["responses"]) == ("{" in path)


@pytest.mark.parametrize("one", operations(), ids=lambda one: one["operationId"])
def test_every_parameter_and_every_field_is_explained(one):
    assert one["summary"]
    assert all(parameter["description"] for parameter in one["parameters"])
    for name, schema in api.get_openapi_schema()["components"]["schemas"].items():
        for field, told in schema.get("properties", {}).items():
            assert told.get("description"), f"{name}.{field}"


def test_the_search_asks_what_the_page_of_the_archive_asks():
    assert set(SearchAsked.model_fields) - {"cursor"} == PARAMETERS - {"page"}


def test_a_walk_through_the_description_finds_every_reference():
    schema = api.get_openapi_schema()

    def references(part):
        if isinstance(part, list):
            return [name for one in part for name in references(one)]
        if not isinstance(part, dict):
            return []
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [name for one in part.values() for name in references(one)]

    for reference in references(schema):
        place = schema
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
