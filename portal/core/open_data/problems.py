"""Answers that say what went wrong: problem details (RFC 9457) in plain words, never HTML."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from pydantic import Field

from portal.core.open_data.answers import Answer

MEDIA_TYPE = "application/problem+json"


class Trouble(Answer):
    """One parameter that cannot be answered."""

    parameter: str = Field(description=_("Its name; empty where several are meant."))
    message: str = Field(description=_("What is wrong with it, in plain words."))


class Problem(Answer):
    """Why a request was not answered (RFC 9457)."""

    type: str = Field(description=_("Always about:blank: the status says what kind it is."))
    title: str = Field(description=_("Name of the status."))
    status: int = Field(description=_("Status code of the answer."))
    detail: str = Field(description=_("What to do about it, in plain words."))
    errors: list[Trouble] = Field(description=_("What is wrong with which parameter."))


class NotUnderstoodError(Exception):
    """A parameter asks for what cannot be; answered with 422."""

    def __init__(self, parameter: str, message: str) -> None:
        """Keep both."""
        super().__init__(parameter, message)
        self.trouble = Trouble(parameter=parameter, message=message)


class GoneError(Exception):
    """What is asked for was public and is not any more; answered with 410."""


DETAILS = {
    HTTPStatus.BAD_REQUEST: _("This request cannot be read."),
    HTTPStatus.NOT_FOUND: _("There is nothing public at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: _("This interface is for reading: use GET, HEAD or OPTIONS."),
    HTTPStatus.GONE: _("What stood here was public and has been taken down."),
    HTTPStatus.UNPROCESSABLE_ENTITY: _("The request asks for something that cannot be."),
    HTTPStatus.TOO_MANY_REQUESTS: _(
        "Too many requests came from your network. Try again after the seconds in Retry-After."
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: _(
        "Something went wrong on our side and is on record. Please try again later."
    ),
}


def problem(status: int, errors: Iterable[Trouble] = ()) -> HttpResponse:
    """Return the answer for a status that is an error, with what is wrong with which parameter."""
    code = HTTPStatus(status)
    body = Problem(
        type="about:blank",
        title=code.phrase,
        status=code,
        detail=gettext(DETAILS[code]) if code in DETAILS else code.description or code.phrase,
        errors=list(errors),
    )
    content = json.dumps(body.model_dump(), ensure_ascii=False)
    return HttpResponse(content, status=code, content_type=MEDIA_TYPE)


def is_problem(response: Any) -> bool:
    """Tell whether an answer is one of these."""
    kind: str = response.headers.get("Content-Type", "")
    return kind.startswith(MEDIA_TYPE)


def trouble_of(error: Mapping[str, Any]) -> Trouble:
    """Return in our words what pydantic found; an error names its place, type and context."""
    name = str(error["loc"][-1])
    if len(error["loc"]) > 1 and isinstance(error["loc"][-1], int):
        name = str(error["loc"][-2])
    sentence = _SENTENCES.get(error["type"])
    if sentence is None:
        return Trouble(parameter=name, message=gettext("This value is not valid."))
    return Trouble(parameter=name, message=gettext(sentence) % error.get("ctx", {}))


_SENTENCES = {
    "whole_number": _("Write a whole number in digits."),
    "day": _("Write a day like 2026-03-01."),
    "greater_than_equal": _("This has to be at least %(ge)s."),
    "less_than_equal": _("This has to be at most %(le)s."),
    "too_long": _("There are more than %(max_length)s of these."),
    "enum": _("This has to be one of: %(expected)s."),
    "string_too_long": _("This is longer than %(max_length)s characters."),
}
