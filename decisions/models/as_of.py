"""The day for which a page of decisions is asked: `?on=2026-05-01`, today unless it is given."""

from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, Self

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.lifecycle import official_date

PARAMETER = "on"
# Before the first law of the republic and after what anybody plans there is nothing to show.
EARLIEST, LATEST = date(1949, 10, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class AsOf:
    """The day a reader asks about.

    Attributes:
        today: the day of the request.
        day: the day asked about; today when none, or none that can be, is given.
        is_asked: whether the address names a day.
        error: a sentence for the reader when what it names is no such day, else "".

    """

    today: date
    day: date
    is_asked: bool = False
    error: str = ""

    @classmethod
    def read(cls, request: HttpRequest, *, at: datetime) -> Self:
        """Read the day from an address; an empty one asks for nothing."""
        today = official_date(at)
        text = request.GET.get(PARAMETER, "").strip()
        if not text:
            return cls(today, today)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return cls(today, today, error=_("This is no date. Write it like 2026-05-01."))
        if not EARLIEST <= day <= LATEST:
            return cls(today, today, error=_("Nothing is known of such a distant day."))
        return cls(today, day, is_asked=True)

    @property
    def is_other_day(self) -> bool:
        """Whether the day is not today."""
        return self.day != self.today

    @property
    def is_ahead(self) -> bool:
        """Whether the day has not come."""
        return self.day > self.today


class AskedAsOf:
    """A page whose address may name a day; mixed into it before its base."""

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer as usual, and as a bad request when what is named is no day."""
        response: HttpResponse = super().serve(request, *args, **kwargs)  # type: ignore[misc] # the page's
        if response.status_code == HTTPStatus.OK and self.is_refused(request):
            response.status_code = HTTPStatus.BAD_REQUEST
        return response

    def is_refused(self, request: HttpRequest) -> bool:
        """Tell whether the address asks for what cannot be."""
        return bool(AsOf.read(request, at=timezone.now()).error)
