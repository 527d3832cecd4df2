"""A small city as programs read it: everything public, and beside it what is not."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from wagtail.models import PageViewRestriction

from consultations.models import ConsultationPage, DecisionItemPage, Issue, Opinion
from decisions.models import ArchivePage, DecisionPage
from tests import factories

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
ROOT = "/api/v1"


@dataclass(frozen=True)
class City:
    """What the tests ask about.

    Attributes:
        decided: a matter that was decided.
        decision: its decision.
        closed: its round, whose adoption summary is public.
        shown: an opinion on it whose author may be named.
        hidden: an opinion on it with words left out.
        withheld: an opinion on it that is not shown.
        issue: what answers all three.
        parking: a round that is open, with twelve opinions shown.
        private: a round that only those who know a password read.
        draft: a round that is not public.

    """

    decided: DecisionItemPage
    decision: DecisionPage
    closed: ConsultationPage
    shown: Opinion
    hidden: Opinion
    withheld: Opinion
    issue: Issue
    parking: ConsultationPage
    private: ConsultationPage
    draft: ConsultationPage


def rebuild_archive() -> None:
    """Take over into the archive what is public."""
    call_command("rebuild_search_index", stdout=StringIO())


def _build() -> City:
    factories.the_home_page().add_child(instance=ArchivePage(title="档案检索", slug="archive"))
    factories.the_consultation_index()
    factories.the_decision_index()
    closed = factories.a_closed_round(at=NOW)
    shown = factories.a_published_opinion(
        closed, text="建议增加夜间巡查。", name="李雷", name_consent=True, article=2
    )
    hidden = factories.a_published_opinion(closed, text="我住和平路3号，门口总停满车。")
    factories.hide(hidden, "和平路3号", at=NOW - timedelta(days=9))
    withheld = factories.a_withheld_opinion(closed, text="不该公开的话。")
    issue = factories.an_answered_issue(shown, hidden, withheld, article=2, at=NOW)
    factories.a_summary(closed, at=NOW)
    decided = DecisionItemPage.objects.get(pk=closed.item.pk)
    decision = factories.a_decision(
        factories.a_decided_matter(factories.a_reviewed_matter(decided, at=NOW), at=NOW), at=NOW
    )
    transport = factories.a_unit("市交通运输局", "交通局", "jtj")
    parking = factories.an_open_round(
        factories.a_matter(at=NOW, title="公共停车设施三年行动方案", lead_unit=transport), at=NOW
    )
    for number in range(12):
        factories.a_published_opinion(
            parking, text=f"第{number}条意见。", article=number % 3, email=f"p{number}@example.com"
        )
    factories.a_matter(at=NOW, title="城市绿地系统规划")
    private = factories.an_open_round(factories.a_matter(at=NOW, title="内部事项"), at=NOW)
    PageViewRestriction.objects.create(
        page=private, restriction_type=PageViewRestriction.PASSWORD, password="nobody-knows-it"
    )
    draft = factories.a_draft_round(DecisionItemPage.objects.get(pk=parking.item.pk), at=NOW)
    rebuild_archive()
    return City(
        DecisionItemPage.objects.get(pk=decided.pk),
        decision,
        ConsultationPage.objects.get(pk=closed.pk),
        shown,
        Opinion.objects.get(pk=hidden.pk),
        withheld,
        issue,
        parking,
        private,
        draft,
    )


@pytest.fixture(scope="module")
def _built(django_db_setup, django_db_blocker):
    """Build once a module, in a transaction that is taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOW, tick=False):
            city = _build()
        yield city
        transaction.set_rollback(True)


@pytest.fixture
def city(_built, db):
    """The city at noon of one day."""
    with time_machine.travel(NOW, tick=False):
        yield _built


@pytest.fixture
def read():
    """Ask for an address below the interface and read what it answers."""

    def ask(path: str, status: int = 200, **asked):
        response = Client().get(f"{ROOT}{path}", asked)
        assert response.status_code == status, response.content.decode()
        return response.json()

    return ask


@pytest.fixture
def time_machine_at(city):
    """Go to another moment until the end of the test."""
    travels = []

    def go(at: datetime) -> None:
        travel = time_machine.travel(at, tick=False)
        travel.start()
        travels.append(travel)

    yield go
    for travel in reversed(travels):
        travel.stop()
