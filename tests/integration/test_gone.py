"""What became of addresses: a moved page leads on, one that is gone says so, a draft is unknown."""

import pytest
from django.test import Client
from wagtail.models import PageLogEntry, PageViewRestriction

from home.models import StandardPage
from portal.core.gone import GONE
from tests import factories

pytestmark = pytest.mark.django_db

TITLE = "征集办法说明"
BODY = "<p>说明。</p>"


@pytest.fixture
def home():
    return factories.the_home_page()


def a_page(parent, title: str = TITLE, slug: str = "how") -> StandardPage:
    """A public page that is not part of the procedure."""
    page = parent.add_child(instance=StandardPage(title=title, slug=slug, body=BODY, live=False))
    page.save_revision().publish()
    return StandardPage.objects.get(pk=page.pk)


def told(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 410
    return response.content.decode()


def test_a_page_that_was_taken_down_says_what_it_was_and_since_when(client, home) -> None:
    page = a_page(home)
    page.title = "还没有公布的新标题"
    page.save_revision()

    StandardPage.objects.get(pk=page.pk).unpublish()

    html = told(client, page.url)
    assert TITLE in html
    assert "还没有公布的新标题" not in html
    assert "taken down" in html or "撤下" in html
    assert html.count("<h1") == 1
    entry = PageLogEntry.objects.get(action=GONE, page=page.pk)
    assert str(entry.timestamp.year) in html


def test_who_takes_a_page_down_with_a_draft_in_hand_does_not_tell_it(client, home) -> None:
    page = a_page(home)
    page.title = "还没有公布的新标题"
    page.save_revision()

    page.get_latest_revision_as_object().unpublish()

    html = told(client, page.url)
    assert TITLE in html
    assert "还没有公布的新标题" not in html


def test_a_page_that_was_deleted_says_so_with_everything_below(client, home) -> None:
    page = a_page(home)
    child = a_page(page, "下级说明", "below")
    address, below = page.url, child.url

    page.delete()

    assert TITLE in told(client, address)
    assert "下级说明" in told(client, below)
    assert "deleted" in told(client, address) or "删除" in told(client, address)
    assert TITLE in told(client, f"{address}never-was/")
    recorded = PageLogEntry.objects.filter(action=GONE, label__in=[TITLE, "下级说明"])
    assert recorded.count() == 2


def test_a_page_that_comes_back_is_not_gone(client, home) -> None:
    page = a_page(home)
    page.unpublish()
    page.refresh_from_db()
    page.save_revision().publish()

    assert client.get(page.url).status_code == 200
    assert client.get(f"{page.url}never-was/").status_code == 404


def test_another_page_at_the_address_is_not_gone(client, home) -> None:
    a_page(home).delete()
    home.refresh_from_db()
    page = a_page(home, "新的说明")

    assert "新的说明" in client.get(page.url).content.decode()
    assert client.get(f"{page.url}never-was/").status_code == 404


def test_a_draft_was_never_there(client, home) -> None:
    page = home.add_child(instance=StandardPage(title="草稿", slug="draft", body=BODY, live=False))
    page.save_revision()
    address = f"{home.url}draft/"
    assert client.get(address).status_code == 404

    page.delete()

    assert client.get(address).status_code == 404


def test_what_only_some_could_read_is_told_to_nobody(client, home) -> None:
    page = a_page(home)
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    page.unpublish()

    assert client.get(page.url).status_code == 404


def test_what_never_was_is_not_gone(client, home) -> None:
    for address in ("/never-was/", "/never/was/", "/" + "a/" * 30):
        assert client.get(address).status_code == 404


def test_a_page_with_another_address_leads_on(client, home) -> None:
    page = a_page(home)
    child = a_page(page, "下级说明", "below")
    section = a_page(home, "其他", "other")
    address, below = page.url, child.url

    page.move(section, pos="last-child")

    page = StandardPage.objects.get(pk=page.pk)
    for old, new in ((address, page.url), (below, f"{page.url}below/")):
        response = client.get(old)
        assert response.status_code == 301
        assert response.headers["Location"].endswith(new)


def test_a_page_of_the_procedure_that_is_gone_says_so(client) -> None:
    page = factories.a_decision()

    page.unpublish()

    for address in (page.url, f"{page.url}redline/", f"{page.url}redline/changes.csv"):
        html = told(client, address)
        assert page.title in html
        assert page.item.url in html
