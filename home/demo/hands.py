"""Who does the staff's part in the demo."""

from dataclasses import dataclass
from datetime import datetime

from home.demo.dates import DemoCalendar
from portal.accounts.models import User


@dataclass(frozen=True)
class Stagehands:
    """Who acts in the demo, and when it is.

    Attributes:
        calendar: where offsets fall.
        now: the instant up to which things have happened.
        editor: drafts for every unit.
        clerk: enters, moderates and answers opinions.
        publisher: publishes and moves matters.
        legal: reviews legality.
        unit_head: reads first what a unit wants to publish.
        office_head: reads first what the disclosure office wants to publish.
        secrecy: checks that nothing secret goes out.

    """

    calendar: DemoCalendar
    now: datetime
    editor: User
    clerk: User
    publisher: User
    legal: User
    unit_head: User
    office_head: User
    secrecy: User
