"""What the tests of issues and answers start from."""

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from consultations import services
from consultations.lifecycle import Outcome
from consultations.models import Issue, Opinion, OpinionPoint
from portal.accounts.models import User
from portal.accounts.roles import Role
from tests import factories

NOW = timezone.now
REASON = "拟分两年增设。"


def a_colleague() -> User:
    """Another clerk of the same unit."""
    return factories.a_member_of_staff(Role.OPINION_MODERATOR, username="colleague")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: int) -> str:
    return reverse(f"wagtailsnippets_consultations_issue:{name}", args=args)


def draft(issue: Issue, *, by: User | None = None, **changes: object) -> None:
    what = {"outcome": Outcome.NOT_ADOPTED, "reason": REASON} | changes
    services.draft_answer(issue=issue, by=by or factories.a_clerk(), at=NOW(), **what)


def acts_on(thing: object) -> list[str]:
    """The acts in the log of a record, oldest first."""
    entries = ModelLogEntry.objects.for_instance(thing).order_by("pk")
    return [entry.action.removeprefix("consultations.") for entry in entries]


def last_log(thing: object) -> dict[str, object]:
    entry = ModelLogEntry.objects.for_instance(thing).order_by("-pk").first()
    assert entry is not None
    return entry.data


def a_point(text: str, consultation=None, **how: object) -> OpinionPoint:
    return factories.an_opinion(consultation, text=text, **how).points.get()


def points_of(*opinions: Opinion):
    return OpinionPoint.objects.filter(opinion__in=[one.pk for one in opinions])
