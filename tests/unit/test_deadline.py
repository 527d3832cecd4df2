"""The closing day counts to 24:00 official time, whatever clock and time zone anyone looks at."""

import os
import time
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from consultations.calendars import Deadline, calendar_of
from consultations.lifecycle import (
    OFFICIAL_TIME,
    Phase,
    Stage,
    closing_instant,
    official_date,
    opening_instant,
    phase_of,
    standing,
)
from portal.core.middleware import PublicCacheMiddleware

TICK = timedelta(microseconds=1)
days = st.dates(date(2019, 9, 1), date(2060, 1, 1))
lengths = st.integers(1, 400)
# Before, in and after the period, and close to both of its ends.
distances = st.one_of(
    st.integers(-3, 3).map(lambda n: n * TICK),
    st.timedeltas(timedelta(hours=-30), timedelta(hours=30)),
    st.timedeltas(timedelta(days=-500), timedelta(days=500)),
)


@pytest.fixture(params=["America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC"])
def _process_elsewhere(request, monkeypatch):
    """A server whose system clock shows another zone's time."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def as_the_notice_says(opens_on: date, closes_on: date, at: datetime) -> Phase:
    """The rule in the words of a notice: open on these days in Beijing, the last one included."""
    today = at.astimezone(OFFICIAL_TIME).date()
    if today < opens_on:
        return Phase.SCHEDULED
    return Phase.OPEN if today <= closes_on else Phase.CLOSED


@pytest.mark.usefixtures("_process_elsewhere")
@given(days, lengths, st.booleans(), distances, st.timezones())
def test_the_phase_is_the_notices_at_every_instant_seen_from_anywhere(
    opens_on, length, is_end, distance, zone
):
    closes_on = opens_on + timedelta(days=length)
    edge = closing_instant(closes_on) if is_end else opening_instant(opens_on)
    at = (edge + distance).astimezone(zone)
    phase = phase_of(opens_on, closes_on, at=at)
    assert phase is as_the_notice_says(opens_on, closes_on, at)
    assert (phase is Phase.OPEN) == (opens_on <= official_date(at) <= closes_on)
    stages = {Phase.SCHEDULED: Stage.DRAFTING, Phase.OPEN: Stage.CONSULTING}
    assert standing(Stage.CONSULTING, closes_on, at=at, opens_on=opens_on) is stages.get(
        phase, Stage.CONSULTATION_CLOSED
    )


@pytest.mark.usefixtures("_process_elsewhere")
@given(days, st.timezones())
def test_the_last_microsecond_counts_and_the_next_one_does_not(closes_on, zone):
    end = datetime(closes_on.year, closes_on.month, closes_on.day, 15, 59, 59, 999_999, tzinfo=UTC)
    opens_on = closes_on - timedelta(days=30)
    assert phase_of(opens_on, closes_on, at=end.astimezone(zone)) is Phase.OPEN
    assert phase_of(opens_on, closes_on, at=(end + TICK).astimezone(zone)) is Phase.CLOSED


@given(days, lengths)
def test_the_calendar_entry_ends_when_the_period_does(opens_on, length):
    closes_on = opens_on + timedelta(days=length)
    entry = Deadline(
        consultation_id=7,
        title="办法",
        address="https://example.org/7/",
        opens_on=opens_on,
        closes_on=closes_on,
        changed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    (event,) = Calendar.from_ical(calendar_of(entry)).walk("VEVENT")
    end = event["DTEND"].dt
    assert closing_instant(closes_on) == datetime(
        end.year, end.month, end.day, tzinfo=OFFICIAL_TIME
    )


def test_django_itself_keeps_official_time_whatever_the_system_says():
    assert settings.TIME_ZONE == OFFICIAL_TIME.key == os.environ["TZ"]
    assert timezone.get_default_timezone() == OFFICIAL_TIME


@pytest.mark.parametrize(
    ("clock", "seconds"),
    [
        ("2026-12-14T12:00:00+08:00", 60),
        ("2026-12-14T23:58:59.5+08:00", 60),
        ("2026-12-14T23:59:01+08:00", 59),
        ("2026-12-14T23:59:59.5+08:00", 0),
        ("2026-12-15T00:00:00+08:00", 60),
    ],
)
def test_no_shared_copy_of_a_page_outlives_the_day(clock, seconds):
    with time_machine.travel(datetime.fromisoformat(clock), tick=False):
        shared = PublicCacheMiddleware(lambda _: HttpResponse("open"))(RequestFactory().get("/"))
    assert shared["Cache-Control"] == f"public, max-age={seconds}"
