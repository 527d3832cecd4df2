"""The closing day of a round as a calendar entry (RFC 5545); no database, no clock."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from portal.core.dates import day_in_words, deadline_in_words

PRODUCT = "-//Jianyan//Consultations//ZH"
# Before the closing day begins: nine in the morning of the day before.
REMINDER_BEFORE = timedelta(hours=15)
# Book-title marks inside book-title marks: GB/T 15834.
_INNER_MARKS = str.maketrans("《》", "〈〉")


@dataclass(frozen=True)
class Deadline:
    """What a calendar is told of a round.

    Attributes:
        consultation_id: the number of the round; its entry keeps its name by it.
        title: of the round.
        address: the full address of its page.
        opens_on: its first day.
        closes_on: its last day, which counts to 24:00 official time.
        changed_at: when the round was published last.

    """

    consultation_id: int
    title: str
    address: str
    opens_on: date
    closes_on: date
    changed_at: datetime


def period_in_words(opens_on: date, closes_on: date) -> str:
    """Return the period of a round as a sentence."""
    return _("Opinions are taken from %(opens)s to %(end)s, Beijing time.") % {
        "opens": day_in_words(opens_on),
        "end": deadline_in_words(closes_on),
    }


def calendar_of(entry: Deadline) -> bytes:
    """Return a calendar whose one entry fills the closing day.

    A whole day has no time zone, so a phone anywhere shows the day that the notice names; its end,
    the beginning of the next day, is the 24:00 of the notice.
    """
    event = Event()
    event.add("uid", f"consultation-{entry.consultation_id}@{urlsplit(entry.address).hostname}")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.closes_on)
    event.add("dtend", entry.closes_on + timedelta(days=1))
    event.add("summary", _summary(entry))
    period = period_in_words(entry.opens_on, entry.closes_on)
    event.add("description", f"{period}\n{entry.address}")
    event.add("url", entry.address)
    # The day stays free for everything else.
    event.add("transp", "TRANSPARENT")
    event.add_component(_reminder(entry))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()


def _summary(entry: Deadline) -> str:
    title = entry.title.translate(_INNER_MARKS)
    return _("Last day for opinions on “%(title)s”") % {"title": title}


def _reminder(entry: Deadline) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _summary(entry))
    alarm.add("trigger", -REMINDER_BEFORE)
    return alarm
