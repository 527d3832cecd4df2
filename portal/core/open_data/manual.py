"""The description of the interface as a page for people tells it; pure but for the language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of an answer.

    Attributes:
        name: as programs write it.
        kind: what it holds, in words.
        of: the name of the schema of what it holds, or empty.
        meaning: one sentence.

    """

    name: str
    kind: str
    of: str
    meaning: str


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked.

    Attributes:
        name: its lasting id.
        summary: what it gives.
        path: its address, ids in braces.
        example: an address that can be opened as it stands; empty where ids are needed.
        answer: the name of the schema of its answer.
        parameters: what it can be asked for.

    """

    name: str
    summary: str
    path: str
    example: str
    answer: str
    parameters: tuple[Field, ...]


@dataclass(frozen=True)
class Shape:
    """What an answer, or a part of one, holds: fields, or one of some codes with their words."""

    name: str
    fields: tuple[Field, ...]
    codes: tuple[tuple[str, str], ...]


def operations_of(description: Schema) -> list[Operation]:
    """Return all operations in their order."""
    return [
        _operation(path, one)
        for path, methods in description["paths"].items()
        for one in methods.values()
    ]


def shapes_of(description: Schema, choices: Iterable[type[TextChoices]]) -> list[Shape]:
    """Return all parts of answers in their order.

    Args:
        description: of the interface.
        choices: what codes mean in words, by the names of their classes.

    """
    words = {
        one.__name__: {str(code): str(label) for code, label in one.choices} for one in choices
    }
    return [
        Shape(
            name,
            tuple(_field(field, told, told) for field, told in one.get("properties", {}).items()),
            tuple((code, words.get(name, {}).get(code, "")) for code in one.get("enum", ())),
        )
        for name, one in description["components"]["schemas"].items()
    ]


def _operation(path: str, one: Schema) -> Operation:
    asked = {
        parameter["name"]: parameter["example"]
        for parameter in one["parameters"]
        if "example" in parameter
    }
    answer = one["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    query = f"?{urlencode(asked)}" if asked else ""
    return Operation(
        name=one["operationId"],
        summary=_(one["summary"]),
        path=path,
        example="" if "{" in path else f"{path}{query}",
        answer=_last(answer),
        parameters=tuple(
            _field(parameter["name"], parameter["schema"], parameter)
            for parameter in one["parameters"]
        ),
    )


def _field(name: str, schema: Schema, told: Schema) -> Field:
    kind, of = _kind(schema)
    return Field(name, kind, of, _(told["description"]))


def _kind(schema: Schema) -> tuple[str, str]:
    """Return what is held, in words, and the name of its schema, if it has one."""
    either = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if either:
        kind, of = _kind(either[0])
        return _("%(kind)s or null") % {"kind": kind} if kind else _("or null"), of
    if "$ref" in schema:
        return "", _last(schema["$ref"])
    if schema.get("type") == "array":
        kind, of = _kind(schema["items"])
        return _("list: %(kind)s") % {"kind": kind} if kind else _("list of"), of
    if "enum" in schema:
        return ", ".join(schema["enum"]), ""
    named = _KINDS.get(schema.get("format") or schema["type"])
    return str(named()) if named else schema["type"], ""


_KINDS = {
    "string": lambda: pgettext("data", "text"),
    "date": lambda: pgettext("data", "day"),
    "integer": lambda: pgettext("data", "whole number"),
    "boolean": lambda: pgettext("data", "true or false"),
}


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]
