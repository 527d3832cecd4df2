"""The closing day as phones and calendars read it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from icalendar import Calendar

from consultations.calendars import Deadline, calendar_of
from consultations.lifecycle import OFFICIAL_TIME, closing_instant

CLOSES_ON = date(2026, 12, 16)
CHANGED_AT = datetime(2026, 11, 16, 1, 30, tzinfo=UTC)


def the_entry(**fields):
    values = {
        "consultation_id": 12,
        "title": "澜川市“十五五”养老服务体系建设规划（征求意见稿）",
        "address": "https://jianyan.example/catalogue/2026/03/consultation-1/",
        "opens_on": date(2026, 11, 16),
        "closes_on": CLOSES_ON,
        "changed_at": CHANGED_AT,
    }
    return Deadline(**(values | fields))


def read(entry):
    with translation.override("zh-hans"):
        calendar = Calendar.from_ical(calendar_of(entry))
    [event] = calendar.walk("VEVENT")
    return calendar, event


def test_the_entry_fills_the_closing_day_to_its_last_moment():
    _calendar, event = read(the_entry())
    assert event["dtstart"].dt == CLOSES_ON
    assert event["dtend"].dt == CLOSES_ON + timedelta(days=1)
    end = datetime.combine(event["dtend"].dt, datetime.min.time(), tzinfo=OFFICIAL_TIME)
    assert end == closing_instant(CLOSES_ON)


def test_it_says_what_closes_and_leads_there():
    calendar, event = read(the_entry())
    assert event["summary"] == "《澜川市“十五五”养老服务体系建设规划（征求意见稿）》征求意见截止"
    assert event["url"] == "https://jianyan.example/catalogue/2026/03/consultation-1/"
    assert "2026年12月16日24:00" in event["description"]
    assert event["url"] in event["description"]
    assert calendar["version"] == "2.0"
    assert calendar["prodid"]


def test_a_title_inside_the_title_gets_the_inner_marks():
    _calendar, event = read(the_entry(title="关于《犬只管理办法》公开征求意见的公告"))
    assert event["summary"] == "《关于〈犬只管理办法〉公开征求意见的公告》征求意见截止"


def test_a_changed_closing_day_moves_the_same_entry():
    later = CHANGED_AT + timedelta(days=3)
    _, before = read(the_entry())
    _, after = read(the_entry(closes_on=date(2026, 12, 20), changed_at=later))
    assert before["uid"] == after["uid"] == "consultation-12@jianyan.example"
    assert (before["dtstamp"].dt, after["dtstamp"].dt) == (CHANGED_AT, later)


def test_it_reminds_on_the_morning_before():
    _, event = read(the_entry())
    [alarm] = event.walk("VALARM")
    midnight = datetime.combine(CLOSES_ON, datetime.min.time())
    assert midnight + alarm["trigger"].dt == datetime(2026, 12, 15, 9, 0)  # noqa: DTZ001


@pytest.mark.parametrize("title", ["a\r\nATTENDEE:mailto:x@example.com", "；,\\;", "长" * 300])
def test_no_title_writes_lines_of_its_own(title):
    answer = calendar_of(the_entry(title=title))
    assert all(len(line) <= 75 for line in answer.split(b"\r\n"))
    [event] = Calendar.from_ical(answer).walk("VEVENT")
    assert "attendee" not in event
