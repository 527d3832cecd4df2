"""Publishers keep the synonyms of the archive; what they save is searched for seconds later."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from wagtail.log_actions import registry

from decisions.models import SynonymGroup
from decisions.search.synonyms import known_groups, why_not
from home.demo.material import synonyms
from portal.accounts.roles import Role
from tests.factories.people import a_member_of_staff

pytestmark = pytest.mark.django_db

SCREENS = "wagtailsnippets_decisions_synonymgroup"
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture
def publisher(client):
    client.force_login(a_member_of_staff(Role.PORTAL_PUBLISHER))
    return client


def _add(client, terms):
    return client.post(reverse(f"{SCREENS}:add"), {"terms": terms})


def test_a_group_is_kept_one_word_a_line_and_on_record(publisher):
    assert _add(publisher, " 电动自行车 \r\n\r\n电瓶车\r\n电瓶车").status_code == 302
    group = SynonymGroup.objects.get()
    assert group.words == ("电动自行车", "电瓶车")
    assert str(group) in publisher.get(reverse(f"{SCREENS}:list")).content.decode()
    [entry] = registry.get_logs_for_instance(group)
    assert entry.action == "wagtail.create"


@pytest.mark.parametrize("terms", ["电瓶车", "电瓶车\n车", "电瓶车\n公园", "电瓶车\n电动(车)"])
def test_a_group_that_cannot_be_searched_for_comes_back_with_the_reason(publisher, terms):
    SynonymGroup.objects.create(terms="公园\n绿地")
    page = _add(publisher, terms)
    assert page.status_code == 200
    [reason] = page.context["form"].errors["terms"]
    assert reason in page.content.decode()
    assert terms in page.content.decode()
    assert SynonymGroup.objects.count() == 1


def test_a_group_may_keep_its_own_words(publisher):
    group = SynonymGroup.objects.create(terms="公园\n绿地")
    edit = reverse(f"{SCREENS}:edit", args=[group.pk])
    assert publisher.post(edit, {"terms": "公园\n绿地\n绿化带"}).status_code == 302
    group.refresh_from_db()
    assert group.words == ("公园", "绿地", "绿化带")


def test_a_saved_group_is_searched_for_within_seconds():
    with time_machine.travel(NOW, tick=False) as now:
        assert known_groups() == ()
        SynonymGroup.objects.create(terms="公园\n绿地")
        now.shift(timedelta(seconds=5))
        assert known_groups() == (("公园", "绿地"),)


def test_nobody_else_opens_the_screens(client):
    client.force_login(a_member_of_staff(Role.UNIT_EDITOR))
    assert client.get(reverse(f"{SCREENS}:list")).status_code == 302
    assert _add(client, "公园\n绿地").status_code == 302
    assert not SynonymGroup.objects.exists()


def test_the_groups_of_the_demo_city_can_be_kept():
    for group in synonyms():
        others = [other for other in synonyms() if other != group]
        assert why_not(group, others) == []
