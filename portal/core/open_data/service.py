"""The interface as a whole: how operations are added, how errors are answered, its description."""

from collections.abc import Callable
from copy import deepcopy
from functools import cached_property
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.errors import ValidationError
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.renderers import JSONRenderer
from pydantic.json_schema import models_json_schema

from portal.core.open_data.asking import strict
from portal.core.open_data.problems import (
    DETAILS,
    MEDIA_TYPE,
    GoneError,
    NotUnderstoodError,
    Problem,
    problem,
    trouble_of,
)

View = Callable[..., Any]

# What an answer to anything may be besides 200, by the name of its description.
_ALWAYS = {
    "304": ("NotModified", "What you have already is still true (If-None-Match)."),
    "422": ("NotUnderstood", "A parameter is unknown, given twice or not valid."),
    "429": ("TooMany", "Too many requests came from your network."),
    "500": ("Fault", "Something went wrong on our side."),
}
_OF_ONE = {
    "404": ("NotFound", DETAILS[HTTPStatus.NOT_FOUND]),
    "410": ("Gone", DETAILS[HTTPStatus.GONE]),
}
# What pydantic says of a parameter for Python's sake.
_OF_PYTHON = frozenset({"allOf", "anyOf", "title", "description", "example"})
_ALWAYS_USED = {"$ref": "Problem"}
_HEADERS = {
    "ETag": "Names the content; hand it back as If-None-Match.",
    "RateLimit": "What is left of the limit, and for how many seconds it holds.",
    "RateLimit-Policy": "How many requests a network may make in how many seconds.",
}


class Words(JSONRenderer):
    """JSON in which Chinese can be read."""

    json_dumps_params = {"ensure_ascii": False}


def operation(
    router: Router, path: str, *, name: str, answer: Any, summary: str, **more: Any
) -> Callable[[View], View]:
    """Add an operation that reads.

    Args:
        router: what it belongs to.
        path: below the router.
        name: its lasting id, and the name of its address.
        answer: the schema of what it answers.
        summary: what it gives, in a few words.
        more: what else ninja's own decorator takes.

    """

    def decorate(view: View) -> View:
        add = router.get(
            path, response=answer, operation_id=name, url_name=name, summary=summary, **more
        )
        added: View = add(strict(view))
        return added

    return decorate


class OpenData(NinjaAPI):
    """Ninja's interface with our refusals, described with all that it may answer."""

    def __init__(self, **how: Any) -> None:
        """Answer every refusal as a problem."""
        super().__init__(renderer=Words(), docs_url=None, **how)
        self.add_exception_handler(Http404, lambda _request, _error: problem(404))
        self.add_exception_handler(GoneError, lambda _request, _error: problem(410))
        self.add_exception_handler(NotUnderstoodError, _not_understood)
        self.add_exception_handler(ValidationError, _not_valid)

    @cached_property
    def description_of_all(self) -> OpenAPISchema:
        """The description of the interface, with what ninja leaves out."""
        schema = super().get_openapi_schema()
        components = schema["components"]
        _named, definitions = models_json_schema(
            [(Problem, "serialization")], ref_template=REF_TEMPLATE
        )
        components["schemas"] |= definitions["$defs"]
        components["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in _HEADERS.items()
        }
        components["responses"] = {
            name: _response(status, text) for status, (name, text) in {**_ALWAYS, **_OF_ONE}.items()
        }
        for path, operations in schema["paths"].items():
            for one in operations.values():
                _describe(one, has_one="{" in path)
        _tidy(components["schemas"], used_by=schema["paths"])
        return schema

    def get_openapi_schema(self, **_where: Any) -> OpenAPISchema:
        """Return the description; the interface stands at one place."""
        return deepcopy(self.description_of_all)


def _not_understood(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(422, [error.trouble])


def _not_valid(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(422, [trouble_of(one) for one in error.errors])


def _response(status: str, text: str) -> dict[str, Any]:
    if status == "304":
        return {"description": text}
    content = {MEDIA_TYPE: {"schema": {"$ref": REF_TEMPLATE.format(model="Problem")}}}
    headers = {"Retry-After": {"schema": {"type": "integer"}}} if status == "429" else {}
    return {"description": text, "content": content} | ({"headers": headers} if headers else {})


def _describe(one: dict[str, Any], *, has_one: bool) -> None:
    """Add to an operation what it may answer besides, and the headers of its answer."""
    for parameter in one["parameters"]:
        parameter["schema"] = _as_sent(parameter["schema"])
    answers = {str(status): answer for status, answer in one["responses"].items()}
    answers["200"]["headers"] = {
        name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS
    } | answers["200"].get("headers", {})
    for status, (name, _text) in (_ALWAYS | (_OF_ONE if has_one else {})).items():
        answers[status] = {"$ref": f"#/components/responses/{name}"}
    one["responses"] = dict(sorted(answers.items()))


def _as_sent(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter, which is absent and never null."""
    either = [*schema.get("anyOf", []), *schema.get("allOf", [])]
    kinds = [one for one in either if one != {"type": "null"}]
    whole = {name: value for name, value in schema.items() if name not in _OF_PYTHON} | (
        kinds[0] if kinds else {}
    )
    if "items" in whole:
        whole["items"] = _as_sent(whole["items"])
    if not whole.get("default", True):
        del whole["default"]
    return {name: value for name, value in whole.items() if name not in _OF_PYTHON}


def _tidy(schemas: dict[str, Any], *, used_by: Any) -> None:
    """Leave out what only our code is told: names of classes, and schemas that nothing uses."""
    for one in schemas.values():
        one.pop("title", None)
        if "enum" in one:
            one.pop("description", None)
        for field in one.get("properties", {}).values():
            field.pop("title", None)
    while unused := set(schemas) - _named_in([used_by, schemas, _ALWAYS_USED]):
        for name in unused:
            del schemas[name]


def _named_in(part: Any) -> set[str]:
    """Return the names of all schemas that a part of a description refers to."""
    if isinstance(part, list):
        return set().union(*map(_named_in, part))
    if not isinstance(part, dict):
        return set()
    name = part.get("$ref", "").rpartition("/")[2] if isinstance(part.get("$ref"), str) else ""
    return set().union({name}, *map(_named_in, part.values()))
