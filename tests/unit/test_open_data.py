"""How the interface tells what went wrong and what it holds, in words for people."""

import json

import pytest
from django.utils import translation

from portal.core.open_data.manual import operations_of, shapes_of
from portal.core.open_data.problems import MEDIA_TYPE, Trouble, problem, trouble_of

DESCRIPTION = {
    "paths": {
        "/api/v1/things/{thing}/": {
            "get": {
                "operationId": "get_thing",
                "summary": "Give one thing",
                "parameters": [
                    {
                        "name": "on",
                        "schema": {"type": "string", "format": "date"},
                        "description": "A day.",
                        "example": "2026-05-01",
                    }
                ],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
                        }
                    }
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Thing": {
                "properties": {
                    name: {**schema, "description": "It."}
                    for name, schema in {
                        "name": {"type": "string"},
                        "number": {"type": "integer"},
                        "is_new": {"type": "boolean"},
                        "day": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
                        "kind": {"$ref": "#/components/schemas/Kind"},
                        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                        "words": {"type": "array", "items": {"type": "string"}},
                        "other": {
                            "anyOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "null"}]
                        },
                    }.items()
                }
            },
            "Kind": {"enum": ["a", "b"], "type": "string"},
        }
    },
}


def test_what_a_field_holds_is_told_in_words():
    with translation.override("en"):
        thing, kind = shapes_of(DESCRIPTION, ())
        told = {one.name: (one.kind, one.of) for one in thing.fields}
    assert told == {
        "name": ("text", ""),
        "number": ("whole number", ""),
        "is_new": ("true or false", ""),
        "day": ("day or null", ""),
        "kind": ("", "Kind"),
        "parts": ("list of", "Thing"),
        "words": ("list: text", ""),
        "other": ("or null", "Thing"),
    }
    assert kind.codes == (("a", ""), ("b", ""))


def test_an_operation_that_needs_an_id_has_no_example():
    with translation.override("en"):
        (one,) = operations_of(DESCRIPTION)
    assert (one.example, one.answer) == ("", "Thing")
    assert one.parameters[0].meaning == "A day."


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            {"loc": ("query", "limit"), "type": "less_than_equal", "ctx": {"le": 100}},
            Trouble(parameter="limit", message="This has to be at most 100."),
        ),
        (
            {"loc": ("query", "year", 3), "type": "whole_number"},
            Trouble(parameter="year", message="Write a whole number in digits."),
        ),
        (
            {"loc": ("query", "unit"), "type": "string_pattern_mismatch", "ctx": {"pattern": "%s"}},
            Trouble(parameter="unit", message="This value is not valid."),
        ),
    ],
)
def test_what_is_wrong_is_told_in_our_words(error, expected):
    with translation.override("en"):
        assert trouble_of(error) == expected


@pytest.mark.parametrize("status", [400, 404, 405, 410, 422, 429, 500])
def test_what_goes_wrong_is_told_in_chinese(status):
    with translation.override("zh-hans"):
        response = problem(status)
    told = json.loads(response.content)
    assert response["Content-Type"] == MEDIA_TYPE
    assert (response.status_code, told["status"]) == (status, status)
    assert not told["detail"].isascii()


@pytest.mark.parametrize("status", [403, 413, 414, 503])
def test_what_hardly_ever_goes_wrong_is_told_too(status):
    assert json.loads(problem(status).content)["detail"]
