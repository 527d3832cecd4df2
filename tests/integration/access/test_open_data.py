"""Nothing that the open interface answers holds what is not public, wherever a program goes."""

import re
from io import StringIO
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from consultations.models import Opinion
from portal.api import api
from tests.integration.access.addresses import addresses
from tests.integration.access.world import CANARY, OTHER, OWN, PUBLIC, SUPERUSER, canary

pytestmark = pytest.mark.django_db


def everything(url):
    """Yield every page of a list that begins at an address, or the one answer."""
    while url:
        response = Client().get(url)
        yield url, response
        told = response.json()
        url = (told.get("next") or "").removeprefix("http://testserver")


@pytest.fixture
def starts(world):
    """Every address of the interface for every object, and searches for what is not public."""
    call_command("rebuild_search_index", stdout=StringIO())
    found = [one.url for one in addresses(world) if one.name.startswith("api:")]
    lists = [f"{url}?limit=1" for url in found if re.search(r"s/$", url)]
    hidden = [canary(unit, kind, "") for unit in (OWN, OTHER) for kind in ("draft", "withheld")]
    searches = [*hidden, "CANARY", "canary", "text", "公开", "公开 OR CANARY"]
    return found + lists + [f"{reverse('api:search')}?{urlencode({'q': one})}" for one in searches]


def test_no_answer_holds_what_is_not_public(starts):
    seen, leaks = 0, []
    for start in starts:
        for url, response in everything(start):
            text = response.content.decode()
            leaks += [(url, one) for one in re.findall(CANARY, text)]
            leaks += [
                (url, one)
                for one in Opinion.objects.values_list("receipt_no", flat=True)
                if one in text
            ]
            seen += response.status_code == 200
    assert leaks == []
    assert seen > 30


def test_what_is_public_is_told(world, starts):
    told = "".join(
        response.content.decode() for one in starts for _url, response in everything(one)
    )
    for dossier in world.dossiers.values():
        assert dossier.item.title in told
        assert dossier.pages[PUBLIC].title in told
    assert "公开的意见。" in told


def test_who_may_read_more_elsewhere_is_told_no_more_here(world, starts):
    client = Client()
    client.force_login(world.people[SUPERUSER])
    for url in starts:
        assert client.get(url).content == Client().get(url).content, url


def test_every_address_of_the_interface_is_asked(starts):
    asked = [url.partition("?")[0] for url in starts]
    for path in api.get_openapi_schema()["paths"]:
        pattern = re.sub(r"\{\w+\}", r"[^/]+", path)
        assert any(re.fullmatch(pattern, one) for one in asked), path
