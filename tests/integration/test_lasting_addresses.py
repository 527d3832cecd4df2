"""Citing: addresses that stay, published versions, linked data, tags, what is not sent twice."""

import json
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from decisions.models import DecisionPage
from tests import factories
from tests.factories import acts
from tests.integration.statements import statements
from tests.integration.test_redline_page import a_decision_on, a_reported_round

pytestmark = [pytest.mark.django_db, pytest.mark.ready("a_decision")]

LATER = "换电柜应当设在室外，距离建筑物不少于三米。"


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()
    yield
    cache.clear()


def published_again(page: DecisionPage, **changes: object) -> DecisionPage:
    """The decision after it was published once more with other fields."""
    page = DecisionPage.objects.get(pk=page.pk)
    for name, value in changes.items():
        setattr(page, name, value)
    acts.publish_decision(page=page, by=factories.a_publisher(), at=timezone.now())
    return DecisionPage.objects.get(pk=page.pk)


def legislation(html: str) -> dict:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(found)


def tag(html: str, name: str) -> str:
    found = re.search(rf'<meta name="{name}"\s+content="([^"]*)"', html)
    return found[1] if found else ""


def test_a_published_version_keeps_its_address_and_says_what_took_its_place(client: Client) -> None:
    page = factories.a_decision()
    (first,) = page.versions
    assert first.is_present
    before = page.articles[0].text

    page = published_again(page, text=factories.articles(LATER))

    new, old = page.versions
    assert (old.revision_id, old.is_present, new.is_present) == (first.revision_id, False, True)
    html = client.get(old.url).content.decode()
    assert before in html
    assert LATER not in html
    assert f'href="{page.url}"' in html
    assert f"{page.full_url}versions/{old.revision_id}/" in html
    assert 'name="robots" content="noindex"' in html
    assert html.count("<h1") == 1
    assert LATER in client.get(new.url).content.decode()
    assert f'href="{old.url}"' in client.get(page.url).content.decode()


def test_no_draft_has_an_address(client: Client) -> None:
    page = factories.a_decision()
    page.title = "还没有公布的新标题"
    draft = page.save_revision()
    other = factories.an_open_round(factories.a_matter(title="其他事项"))

    for number in (draft.pk, other.live_revision_id, 10**9):
        assert client.get(f"{page.url}versions/{number}/").status_code == 404
    assert all(one.revision_id != draft.pk for one in page.versions)


def test_articles_keep_their_addresses(client: Client) -> None:
    page = factories.a_decision()
    last = page.articles[-1]

    page = published_again(page, text=[*factories.articles(LATER), *page.text.raw_data])

    assert page.articles[-1].number == last.number + 1
    assert f'id="{last.anchor}"' in client.get(page.url).content.decode()


def test_a_decision_is_described_as_legislation(client: Client) -> None:
    page = a_decision_on(a_reported_round()[0])

    said = legislation(client.get(page.url).content.decode())

    assert said["@type"] == "Legislation"
    assert said["legislationIdentifier"] == page.document_no
    assert said["legislationDate"] == page.signed_on.isoformat()
    assert said["datePublished"] == page.published_on.isoformat()
    assert said["legislationPassedBy"]["name"] == page.issuer
    assert said["legislationLegalForce"] == "https://schema.org/NotInForce"
    assert said["temporalCoverage"] == f"{page.effective_on.isoformat()}/.."
    assert said["isPartOf"]["url"] == page.item.full_url
    assert said["@id"] == page.full_url
    assert said["encoding"][-1]["contentUrl"] == f"{page.full_url}paper/docx/"


def test_no_text_leaves_the_linked_data(client: Client) -> None:
    hostile = '</script><script>alert("x")</script>&\u2028'
    page = factories.a_decision(title=hostile, issuer="<b>市</b>")

    html = client.get(page.url).content.decode()

    assert "<script>alert" not in html
    assert legislation(html)["name"] == hostile
    assert html.count("</script>") == html.count("<script")


def test_the_tags_of_the_directory_of_government_websites_are_there(client: Client) -> None:
    page = a_decision_on(a_reported_round()[0])

    for address in (page.url, f"{page.url}redline/"):
        html = client.get(address).content.decode()
        assert tag(html, "SiteName")
        assert tag(html, "SiteDomain")
        assert tag(html, "ArticleTitle") == page.title
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", tag(html, "PubDate"))
        assert tag(html, "ContentSource") == page.issuer
        assert tag(html, "Url").startswith(page.full_url)
        for name in ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"):
            assert tag(html, name)


def test_what_a_reader_has_is_not_sent_again(client: Client) -> None:
    page = a_decision_on(a_reported_round()[0])
    addresses = (
        page.url,
        f"{page.url}redline/",
        f"{page.url}redline/changes.csv",
        f"{page.url}redline/changes.json",
        f"{page.url}redline/paper/docx/",
        page.versions[0].url,
    )
    for address in addresses:
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304, address
        assert again.content == b""
        assert again.headers["ETag"] == first.headers["ETag"]

    changed = published_again(page, title="改过的名称")
    cache.clear()
    response = client.get(changed.url, headers={"If-None-Match": first.headers["ETag"]})
    assert response.status_code == 200


def test_a_kept_page_tells_its_age_when_it_is_not_sent_again(client: Client, settings) -> None:
    settings.KEEP_PAGES = True
    client = Client()
    page = factories.a_decision()
    etag = client.get(page.url).headers["ETag"]

    again = client.get(page.url, headers={"If-None-Match": etag})

    assert again.status_code == 304
    assert "Age" in again.headers


def test_what_is_made_for_one_reader_has_no_name(client: Client) -> None:
    page = factories.a_decision()
    client.force_login(factories.a_publisher())

    assert "ETag" not in client.get(page.url).headers


@pytest.mark.parametrize("below", ["", "redline/", "redline/changes.json", "versions/"])
def test_the_pages_of_a_decision_cost_little(client: Client, below: str) -> None:
    page = a_decision_on(a_reported_round()[0])
    page = published_again(page, title="改过的名称")
    address = page.versions[-1].url if below == "versions/" else f"{page.url}{below}"

    # What another page asks is remembered, the changes are not.
    asked, _ = statements(client, address, after=page.item.url if below.endswith("json") else "")

    assert len(asked) <= 12, "\n".join(asked)
