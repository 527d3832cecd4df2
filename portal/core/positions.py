"""Positions in an order that no two rows share: a walk goes on behind the last row told."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

# The values of the columns that a list is sorted by; JSON can hold them.
Position = tuple[str | int | float | None, ...]


def position_of(values: Iterable[Any]) -> Position:
    """Return the position of a row by the values of the columns that it is sorted by."""
    return tuple(one.isoformat() if isinstance(one, date) else one for one in values)


def bare(column: str) -> str:
    """Return the name of a column of an order, which has - where the largest comes first."""
    return column.removeprefix("-")


def behind(order: Sequence[str], position: Position) -> Q:
    """Return the condition of standing behind a position.

    Args:
        order: columns that hold something in every row, with - where the largest comes first; the
            last differs in every row.
        position: the values of these columns.

    """
    condition = Q(pk__in=())
    for column, value in reversed(list(zip(order, position, strict=True))):
        further = f"{bare(column)}__{_further(column)}"
        condition = Q(**{further: value}) | Q(**{bare(column): value}) & condition
    # Says nothing more, but lets an index begin in the right place.
    return Q(**{f"{bare(order[0])}__{_further(order[0])}e": position[0]}) & condition


def _further(column: str) -> str:
    return "lt" if column.startswith("-") else "gt"
