"""What may be asked: parameters that are read strictly, each once, none that is not known."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from re import compile as pattern_of
from typing import Annotated, Any, LiteralString, get_args, get_origin, get_type_hints

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Path, Schema
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from portal.core.cursors import LONGEST
from portal.core.open_data.problems import NotUnderstoodError

LEAST, USUAL, MOST = 1, 20, 100
CODE = r"^[A-Za-z0-9_-]+$"
MATTER = r"^[A-Za-z0-9_-]+/[A-Za-z0-9_-]+$"
LONGEST_CODE = 50
LONGEST_SLUG = 255
LARGEST_ID = 2**31 - 1
LONGEST_MATTER = 200

_DIGITS = pattern_of(r"[0-9]{1,10}")
_DAY = pattern_of(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _whole_number(value: Any) -> Any:
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise _fault("whole_number")
    return value


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value if _DAY.fullmatch(value) else "")
    except ValueError as error:
        raise _fault("day") from error


def _fault(kind: LiteralString) -> PydanticCustomError:
    """Return an error of a kind for which `trouble_of` has the words."""
    return PydanticCustomError(kind, kind)


# Pydantic alone would also take " 7", "7.0", and the seconds of an era for a day. They stand last,
# so that the description still tells the bounds of what they let through.
InDigits = BeforeValidator(_whole_number)
AsWritten = BeforeValidator(_day)
Limit = Annotated[int, Field(ge=LEAST, le=MOST), InDigits]
Day = Annotated[date, AsWritten]
Code = Annotated[str, Field(pattern=CODE, max_length=LONGEST_CODE)]
MatterId = Annotated[str, Field(pattern=MATTER, max_length=LONGEST_MATTER)]


def lasting_id(description: str) -> Any:
    """Return how the id of one thing stands in a path."""
    return Path(..., description=description, ge=1, le=LARGEST_ID)


def slug(description: str, example: str) -> Any:
    """Return how a part of an address stands in a path."""
    return Path(
        ..., description=description, pattern=CODE, max_length=LONGEST_SLUG, example=example
    )


class Asked(Schema):
    """What every list can be asked for."""

    limit: Limit = Field(USUAL, description=_("How many to tell at most, 1 to 100."))
    cursor: str | None = Field(
        None,
        max_length=LONGEST,
        description=_("Where to go on; taken from the page before, good for a day."),
    )


def strict(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse parameters that an operation does not name, or that are given twice.

    The operation names them by its argument `asked`, annotated with `Query` of a schema; without
    one it has none. Only where the schema has a list may a parameter come more than once.
    """
    hint = get_type_hints(view, include_extras=True).get("asked")
    fields: dict[str, Any] = get_args(hint)[0].model_fields if hint else {}
    several = {name for name, one in fields.items() if get_origin(one.annotation) is list}

    @wraps(view)
    def asked_strictly(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        for name, values in request.GET.lists():
            if name not in fields:
                raise NotUnderstoodError(name, gettext("There is no such parameter here."))
            if len(values) > 1 and name not in several:
                raise NotUnderstoodError(name, gettext("This parameter is given more than once."))
        return view(request, *args, **kwargs)

    return asked_strictly
