"""Every address × eight people × own and other units × draft, private and public objects."""

import gc
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.core.outbox import deliver_due
from tests.integration.access.addresses import Address, addresses, patterns
from tests.integration.access.classes import CLASSES, LETTERS, class_of
from tests.integration.access.world import (
    ANONYMOUS,
    CANARY,
    CLERK,
    OTHER,
    OWN,
    PEOPLE,
    SUPERUSER,
    World,
    may_read,
)

# A minute of a processor on each database: the one that the portal runs on is enough.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.postgresql,
    pytest.mark.long,
]

# Asked last: the session is over then.
LEAVING = {"wagtailadmin_logout"}


OPINION_VERBS = ("publish", "redact", "withhold", "look")
ISSUE_VERBS = ("edit", "review", "give", "merge", "split")


@dataclass(frozen=True)
class Visit:
    """What somebody got at an address."""

    address: Address
    answer: str
    canaries: frozenset[str]


@pytest.fixture(scope="module")
def seen() -> dict[str, list[Visit]]:
    """What each person got; asked once for all tests."""
    return {}


@pytest.fixture(params=PEOPLE)
def person(request) -> str:
    """One of the eight."""
    return request.param


@pytest.fixture
def visits(world, person, seen) -> list[Visit]:
    """Everything that one person got."""
    if person not in seen:
        seen[person] = list(_round_trip(world, person))
        gc.collect()
    return seen[person]


def _round_trip(world: World, person: str) -> Iterator[Visit]:
    client = Client(raise_request_exception=False)
    if person != ANONYMOUS:
        client.force_login(world.people[person])
    for address in sorted(addresses(world), key=lambda one: one.name in LEAVING):
        response = client.get(address.url)
        yield Visit(address, _answer(response), _canaries(response))


def _answer(response: Any) -> str:
    if not HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST:
        return LETTERS.get(response.status_code, str(response.status_code))
    where = response["Location"]
    if where == reverse("wagtailadmin_home"):
        return "R"
    return "L" if "login" in where else "E"


def _canaries(response: Any) -> frozenset[str]:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return frozenset(re.findall(CANARY, content.decode(errors="replace")))


def test_every_address_stands_in_exactly_one_class():
    known = Counter(name for names in CLASSES.values() for name in names.split())
    there = {name for name, _route, _pattern in patterns()}
    assert there - set(known) == set(), "say in classes.py who may open these"
    assert set(known) - there == set(), "classes.py names addresses that are gone"
    assert [name for name, times in known.items() if times > 1] == []


def test_every_address_answers_as_its_class_says(visits, person):
    unexpected = []
    for visit in visits:
        place = visit.address.place
        expected = class_of(visit.address.name).expected(person, place.unit, place.state)
        if visit.answer != expected:
            what = f"{visit.address.name} ({place.unit}, {place.state})"
            unexpected.append(f"{what}: {visit.answer}, not {expected}")
    assert not unexpected, "\n".join(unexpected)


def test_nobody_reads_what_is_not_theirs(visits, person):
    leaks = [
        f"{visit.address.name} ({visit.address.url}): {text}"
        for visit in visits
        for text in sorted(visit.canaries)
        if not may_read(person, text)
    ]
    assert not leaks, "\n".join(leaks)


def test_the_canaries_are_alive(world):
    client = Client()
    client.force_login(world.people[SUPERUSER])
    found = _canaries(client.post(_look(world, OTHER)))
    assert {"CANARY-water-withheld-text", "canary-water@example.com"} <= found
    assert all(may_read(SUPERUSER, text) and not may_read(CLERK, text) for text in found)


@pytest.mark.parametrize("unit", [OWN, OTHER])
def test_a_look_shows_nobody_what_is_not_theirs(world, person, unit):
    client = Client()
    if person != ANONYMOUS:
        client.force_login(world.people[person])
    found = _canaries(client.post(_look(world, unit)))
    assert [text for text in found if not may_read(person, text)] == []
    may_look = person == SUPERUSER or (person == CLERK and unit == OWN)
    assert any("-contact-" in text for text in found) is may_look


@pytest.mark.parametrize(
    "verb",
    [
        *("triage_publish", "triage_redact", "triage_withhold", "triage_assign", "triage_look"),
        *(f"wagtailsnippets_consultations_opinion:{verb}" for verb in OPINION_VERBS),
        *(f"wagtailsnippets_consultations_issue:{verb}" for verb in ISSUE_VERBS),
    ],
)
def test_a_clerk_acts_on_nothing_of_another_unit(world, verb):
    client = Client()
    client.force_login(world.people[CLERK])
    kind = "issue" if "_issue:" in verb else "opinion"
    url = reverse(verb, args=[world.dossiers[OTHER].records[kind].pk])
    assert client.post(url).status_code == HTTPStatus.NOT_FOUND


def _look(world: World, unit: str) -> str:
    opinion = world.dossiers[unit].records["opinion"]
    return reverse("wagtailsnippets_consultations_opinion:look", args=[opinion.pk])


def test_no_mail_carries_what_is_not_public(world):
    while deliver_due(at=timezone.now() + timedelta(seconds=1)):
        pass
    assert mail.outbox
    author = re.compile(r"canary-\w+@example\.com")
    for letter in mail.outbox:
        if not any(author.fullmatch(to) for to in letter.to):
            assert re.findall(CANARY, f"{letter.subject}{letter.body}{letter.to}") == []
