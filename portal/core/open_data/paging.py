"""Lists told page by page: each goes on behind the last thing told, however deep that is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from pydantic import Field

from portal.core.cursors import BadCursorError, read_cursor, write_cursor
from portal.core.feeds import public_address
from portal.core.open_data.answers import Answer
from portal.core.open_data.asking import Asked
from portal.core.open_data.problems import NotUnderstoodError
from portal.core.positions import Position, bare, behind, position_of

# What does not change which list it is.
_OF_THE_PAGE = frozenset({"cursor", "limit"})


class Listing(Answer):
    """One page of a list."""

    next: str | None = Field(description=_("Full address of the next page; null on the last."))


class Walk:
    """Where a request goes on in a list, and how the next one can."""

    def __init__(self, request: HttpRequest, cursor: str | None, *, at: datetime) -> None:
        """Read where the request goes on.

        Raises:
            NotUnderstoodError: its cursor cannot be followed.

        """
        self._request = request
        self._at = at
        pairs = sorted(
            (name, value)
            for name, values in request.GET.lists()
            if name not in _OF_THE_PAGE
            for value in values
        )
        self._question = f"{request.path}?{urlencode(pairs)}"
        try:
            self.after = (
                None if cursor is None else read_cursor(cursor, question=self._question, at=at)
            )
        except BadCursorError as error:
            raise NotUnderstoodError("cursor", str(error)) from error

    def next_url(self, position: Position | None) -> str | None:
        """Return the full address of the page behind a position, None behind the last."""
        if position is None:
            return None
        following = self._request.GET.copy()
        following["cursor"] = write_cursor(position, question=self._question, at=self._at)
        return f"{public_address(self._request.path)}?{following.urlencode()}"

    def page(
        self, rows: "QuerySet[Any]", order: Sequence[str], *, limit: int
    ) -> tuple[list[Any], str | None]:
        """Return one page, and the address of the next.

        Args:
            rows: the whole list.
            order: the columns it is sorted by, as `behind` takes them.
            limit: how many rows a page has.

        """
        following = rows if self.after is None else rows.filter(behind(order, self.after))
        found = list(following.order_by(*order)[: limit + 1])
        told = found[:limit]
        if len(found) <= limit:
            return told, None
        return told, self.next_url(position_of(getattr(told[-1], bare(one)) for one in order))


def page_of(
    request: HttpRequest,
    rows: "QuerySet[Any]",
    order: Sequence[str],
    *,
    asked: Asked,
    at: datetime,
) -> tuple[list[Any], str | None]:
    """Return the page of a list that was asked for, and the address of the next."""
    return Walk(request, asked.cursor, at=at).page(rows, order, limit=asked.limit)
