"""Reminders by mail: once a day at most, to the people whose duty it is, of each thing once.

What was promised to whom is a row (`Reminder`), written with the promise of the mail; so nobody is
reminded twice, and a mail that fails is tried again by the outbox.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from wagtail.users.models import UserProfile

from consultations import mails
from consultations.lifecycle import OFFICIAL_TIME, official_date, opening_instant
from consultations.models import CatalogueIndexPage, DecisionItemPage
from consultations.models.reminder import Reminder
from consultations.watch import site_findings
from home.desk.addresses import address_of
from home.desk.deadlines import DueItem, Kind, catalogue_due, due_items
from home.desk.watch import watch
from portal.accounts.models import User
from portal.accounts.roles import OFFICE_WIDE, Role
from portal.accounts.scope import with_units_below
from portal.core.models import WorkCalendar
from portal.core.outbox import enqueue, handles

TOPIC = "desk.reminder"
# Nobody is to be woken up: mails go out from this hour on, official time.
FIRST_HOUR = 8
LATE = "_late"

# Whose duty it is; those of a unit where the role ends at its unit, else the office.
_DUTY_OF: dict[Kind, tuple[Role, ...]] = {
    Kind.CLOSING: (Role.UNIT_EDITOR, Role.OPINION_MODERATOR),
    Kind.MODERATION: (Role.OPINION_MODERATOR,),
    Kind.ANSWER: (Role.UNIT_EDITOR, Role.OPINION_MODERATOR),
    Kind.FEEDBACK: (Role.UNIT_EDITOR, Role.OPINION_MODERATOR, Role.PORTAL_PUBLISHER),
    Kind.REVIEW: (Role.UNIT_EDITOR, Role.LEGAL_REVIEWER),
    Kind.PUBLICATION: (Role.UNIT_EDITOR, Role.PORTAL_PUBLISHER),
    Kind.HEARING: (Role.UNIT_EDITOR,),
    Kind.PLANNED: (Role.UNIT_EDITOR,),
    Kind.EXPIRY: (Role.UNIT_EDITOR, Role.PORTAL_PUBLISHER),
    Kind.CATALOGUE: (Role.PORTAL_PUBLISHER,),
    Kind.DRAFT_EXPLAINED: (Role.UNIT_EDITOR, Role.PORTAL_PUBLISHER),
    Kind.EXPLAINED: (Role.UNIT_EDITOR, Role.PORTAL_PUBLISHER),
}


@dataclass(frozen=True)
class Colleague:
    """Somebody who can be reminded."""

    pk: int
    roles: frozenset[str]
    units: frozenset[int]

    def has_duty(self, item: DueItem) -> bool:
        """Tell whether something due is this person's."""
        if item.assignee is not None:
            return item.assignee == self.pk
        own = self.roles & set(_DUTY_OF[item.kind])
        return bool(own & OFFICE_WIDE) or bool(own and self.units & item.units)


@dataclass(frozen=True)
class Line:
    """One line of the mail."""

    kind: Kind
    title: str
    due_on: date
    is_late: bool
    is_estimate: bool
    link: str


def may_remind(*, at: datetime) -> bool:
    """Tell whether it is late enough in the day for mails."""
    return at.astimezone(OFFICIAL_TIME).hour >= FIRST_HOUR


def promise_reminders(*, at: datetime) -> int:
    """Promise everybody one mail about what they have not been told of; return how many mails.

    Who has had one today gets the rest tomorrow. Safe to repeat, and at the same time.
    """
    watched = watch(DecisionItemPage.objects.all(), at=at)
    items = due_items(watched)
    index = CatalogueIndexPage.objects.values_list("pk", flat=True).first()
    if index is not None:
        items += catalogue_due(watched, page=index, findings=site_findings(at=at))
    return sum(_remind(person, items, at=at) for person in _colleagues(at=at)) if items else 0


def _colleagues(*, at: datetime) -> list[Colleague]:
    """Return everybody with an account in use, an address and a duty, and no mail today yet."""
    told = Reminder.objects.filter(made_at__gte=opening_instant(official_date(at)))
    people = (
        User.objects.filter(is_active=True, groups__name__in=Role.values)
        .exclude(email="")
        .exclude(pk__in=told.values("user"))
        .distinct()
        .prefetch_related("groups")
        .order_by("pk")
    )
    reach: dict[int, frozenset[int]] = {}
    found = []
    for person in people:
        if person.unit_id and person.unit_id not in reach:
            reach[person.unit_id] = with_units_below(person.unit_id)
        roles = frozenset(group.name for group in person.groups.all())
        found.append(Colleague(person.pk, roles, reach.get(person.unit_id or 0, frozenset())))
    return found


@transaction.atomic
def _remind(person: Colleague, items: Iterable[DueItem], *, at: datetime) -> int:
    """Write down what one person is told, and promise the mail; return 1 if there is any."""
    own = {(one.reminder, one.page, one.due_on): one for one in items if person.has_duty(one)}
    # One of two at the same time waits here for the other.
    User.objects.select_for_update().get(pk=person.pk)
    known = set(
        Reminder.objects.filter(user=person.pk, page__in={page for _kind, page, _on in own})
        .order_by()
        .values_list("kind", "page_id", "due_on")
    )
    rows = Reminder.objects.bulk_create(
        Reminder(kind=kind, page_id=page, due_on=due_on, user_id=person.pk, made_at=at)
        for kind, page, due_on in own
        if (kind, page, due_on) not in known
    )
    if not rows:
        return 0
    enqueue(TOPIC, at=at, user=person.pk, reminders=[row.pk for row in rows])
    return 1


@handles(TOPIC)
def send_reminder(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Send one person what was written down for them, unless the account was closed meanwhile."""
    user = User.objects.filter(pk=payload["user"], is_active=True).exclude(email="").first()
    rows = list(
        Reminder.objects.filter(pk__in=payload["reminders"], user=payload["user"])
        .select_related("page")
        .order_by("due_on", "pk")
    )
    if user is None or not rows:
        return
    calendar = WorkCalendar()
    lines = [_line(row, calendar, user) for row in rows]
    by_lateness: dict[bool, list[Line]] = defaultdict(list)
    for line in lines:
        by_lateness[line.is_late].append(line)
    mails.send_to_staff(
        "reminder",
        email=user.email,
        language=_language_of(user),
        count=len(lines),
        late=by_lateness[True],
        soon=by_lateness[False],
        link=settings.PUBLIC_URL + reverse("wagtailadmin_home"),
    )


def _line(row: Reminder, calendar: WorkCalendar, user: User) -> Line:
    """Return a line of the mail."""
    kind = Kind(row.kind.removesuffix(LATE))
    item = DueItem(
        kind=kind,
        due_on=row.due_on,
        today=row.due_on,
        workdays=0,
        is_estimate=False,
        page=row.page_id,
        title=row.page.title,
    )
    return Line(
        kind=kind,
        title=row.page.title,
        due_on=row.due_on,
        is_late=row.kind.endswith(LATE),
        is_estimate=item.counts_in_workdays and not calendar.is_known(row.due_on),
        link=settings.PUBLIC_URL + address_of(item, user),
    )


def _language_of(user: User) -> str:
    """Return the language somebody has chosen for the admin, or the portal's."""
    chosen = UserProfile.objects.filter(user=user).values_list("preferred_language", flat=True)
    return chosen.first() or settings.LANGUAGE_CODE
