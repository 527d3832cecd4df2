"""What the queue costs a clerk with a million opinions in the portal, and the verbs on 5,000.

A clerk's scope is eight of ten rounds: those of the clerk's unit and of the unit below it. The far
page is page 10,000 of what waits there; under a filter it is the page at the same opinion.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations import services
from consultations.lifecycle import Channel, Display, Stance, WithheldReason
from consultations.models import ConsultationPage, Opinion
from consultations.viewsets.triage.queue import PAGE
from portal.accounts.models import Unit, User
from portal.accounts.roles import Role
from tests import factories
from tests.benchmarks.plans import Account, account_of
from tests.benchmarks.stage import statements_of
from tests.factories.multitude import a_multitude

OPINIONS = 1_000_000
CLERKS = 10
FAR = 10_000
TOGETHER = 5_000


class Desk:
    """Ten rounds of three units, their opinions, and a clerk who reads those of two."""

    def __init__(self) -> None:
        own = factories.a_unit()
        below = factories.a_unit("市物业管理中心", "物业中心", "below")
        Unit.objects.filter(pk=below.pk).update(parent=own)
        other = factories.a_unit("市文化局", "文化局", "culture")
        everyone = [own] * 4 + [below] * 4 + [other] * 2
        rounds = [factories.an_open_round(factories.a_matter(lead_unit=unit)) for unit in everyone]
        self.below = below
        self.rounds = rounds[:8]
        self.clerk = factories.a_clerk()
        self.colleagues = [
            factories.a_member_of_staff(Role.OPINION_MODERATOR, username=f"clerk-{number}")
            for number in range(1, CLERKS)
        ]
        a_multitude(rounds, OPINIONS, clerks=[self.clerk, *self.colleagues])

    def waiting(self, *rounds: ConsultationPage, start: int, count: int) -> list[int]:
        """Return the keys of opinions that count and wait in these rounds, oldest first."""
        found = Opinion.norel_objects.that_count().filter(
            consultation__in=[one.pk for one in rounds], display=Display.PENDING
        )
        return list(found.order_by("pk").values_list("pk", flat=True)[start : start + count])


@cache
def the_desk() -> Desk:
    """Return the one desk of this run."""
    return Desk()


class Reader:
    """Somebody who has the queue open."""

    def __init__(self, person: User) -> None:
        self.client = Client()
        self.client.force_login(person)

    def account(self, *, whole: bool = False, **asked: object) -> Account:
        """Return what a full page costs: the part that a step in the queue asks for, or all."""
        work = partial(self._read, {name: str(value) for name, value in asked.items()}, whole)
        work()
        return account_of(work)

    def _read(self, asked: dict[str, str], whole: bool) -> None:
        headers = {} if whole else {"X-Fragment": "triage"}
        answer = self.client.get(reverse("triage"), asked, headers=headers)
        assert answer.status_code == 200
        assert answer.content.count(b'type="checkbox" name="id"') == PAGE


def triage() -> Iterator[tuple[str, float]]:
    """Yield the figures of reading the queue."""
    desk = the_desk()
    reader, chief = Reader(desk.clerk), Reader(factories.a_superuser())
    (far,) = desk.waiting(*desk.rounds, start=(FAR - 1) * PAGE - 1, count=1)
    one = desk.rounds[0].pk
    filters: dict[str, tuple[Reader, dict[str, object]]] = {
        "all": (reader, {}),
        "state": (reader, {"display": Display.PUBLISHED}),
        "article": (reader, {"consultation": one, "article": desk.rounds[0].articles[1].id}),
        "stance": (reader, {"stance": Stance.OPPOSE}),
        "channel": (reader, {"channel": Channel.POST}),
        "rare_channel": (reader, {"channel": Channel.FAX}),
        "unit": (reader, {"unit": desk.below.pk}),
        "round": (reader, {"consultation": one}),
        "assignee": (reader, {"assignee": "mine"}),
        "overdue": (reader, {"overdue": "on"}),
        "every_state": (reader, {"display": "any", "intake": "any"}),
        "every_unit": (chief, {}),
    }
    accounts = []
    for name, (who, asked) in filters.items():
        first, last = who.account(**asked), who.account(**asked, after=far)
        accounts += [first, last, who.account(**asked, before=far)]
        yield f"triage_buffers_page_10000_by_1_{name}", last.buffers / first.buffers
    yield "triage_buffers", max(account.buffers for account in accounts)
    yield "triage_rows_in_a_sequential_scan", max(account.scanned for account in accounts)
    yield "triage_statements", max(account.statements for account in accounts)
    yield "triage_statements_with_menu", reader.account(whole=True, after=far).statements


def together() -> Iterator[tuple[str, float]]:
    """Yield how many statements each verb on 5,000 opinions sends."""
    desk = the_desk()
    rounds, one = desk.rounds, desk.rounds[0]
    who = {"by": desk.clerk, "at": timezone.now()}
    clerk = desk.colleagues[0]
    verbs: dict[str, tuple[list[ConsultationPage], Callable[[list[int]], object]]] = {
        "publish": (rounds, lambda ids: services.publish_opinions(opinions=ids, **who)),
        "withhold": (
            rounds,
            lambda ids: services.withhold_opinions(
                opinions=ids, reason=WithheldReason.OFF_TOPIC, **who
            ),
        ),
        "assign": (
            rounds,
            lambda ids: services.assign_opinions(opinions=ids, assignee=clerk, **who),
        ),
        "group": (
            [one],
            lambda ids: services.group_opinions(
                opinions=ids, consultation_id=one.pk, title="期限", **who
            ),
        ),
    }
    for name, (where, act) in verbs.items():
        # A round gets its tally with the first act, and what is asked once is asked by it.
        act(desk.waiting(*where, start=TOGETHER, count=100))
        ids = desk.waiting(*where, start=0, count=TOGETHER)
        yield f"together_{name}_statements_5000", statements_of(partial(act, ids))
