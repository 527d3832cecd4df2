"""A question to the archive as a feed."""

from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from consultations.lifecycle import official_date
from decisions.models import ArchiveDossier
from decisions.search.criteria import PAGE_SIZE
from decisions.search.rebuilding import rebuild
from tests import factories
from tests.integration.search.conftest import NOW

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def feed(dossiers, archive_page, client):
    rebuild(at=NOW)

    def ask(query="", **headers):
        return client.get(f"{archive_page.url}feed/{query}", headers=headers)

    return ask


def texts(response, field):
    entries = ElementTree.fromstring(response.content).iter(f"{ATOM}entry")
    return [entry.findtext(f"{ATOM}{field}") for entry in entries]


def test_a_feed_holds_what_the_page_finds_newest_first(feed, dossiers):
    response = feed("?q=充电&sort=relevance")
    assert response.status_code == HTTPStatus.OK
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    newest_first = ArchiveDossier.objects.exclude(pk=dossiers["green"].pk).order_by(
        "-latest_on", "-pk"
    )
    assert texts(response, "title") == [one.title for one in newest_first]
    assert texts(response, "id") == [f"tag:testserver,2026:matter/{one.pk}" for one in newest_first]
    for field in ("updated", "published", "summary"):
        assert all(texts(response, field))


def test_a_feed_names_its_question_itself_and_its_page(feed, client, settings):
    settings.PUBLIC_URL = "https://jianyan.example"
    response = feed("?unit=jtj&q=停车&page=1")
    tree = ElementTree.fromstring(response.content)
    assert tree.findtext(f"{ATOM}title").startswith("停车 - ")
    itself = tree.find(f"{ATOM}link[@rel='self']").get("href")
    assert itself.startswith("https://jianyan.example/archive/feed/?q=%E5%81%9C%E8%BD%A6&unit=jtj")
    for link in tree.iter(f"{ATOM}link"):
        parts = urlsplit(link.get("href"))
        assert parts.hostname == "jianyan.example"
        assert client.get(f"{parts.path}?{parts.query}").status_code == HTTPStatus.OK


def test_the_same_question_is_the_same_feed(feed):
    def name(query):
        return ElementTree.fromstring(feed(query).content).findtext(f"{ATOM}id")

    assert name("?q=停车&unit=jtj") == name("?unit=jtj&sort=opinions&q=停车")
    assert name("?q=停车") != name("?q=充电") != name("")


def test_a_feed_is_kept_by_caches_and_not_sent_again(feed):
    first = feed("?q=充电")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert not first.cookies
    again = feed("?q=充电", **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == HTTPStatus.NOT_MODIFIED


def test_a_feed_says_which_copy_answered_and_is_not_shared_in_a_failure(feed, settings):
    assert feed("?q=充电").headers["X-Search-Mode"] == "database"
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    response = feed("?q=充电")
    assert len(texts(response, "id")) == 2
    assert response.headers["X-Search-Mode"] == "degraded"
    assert "no-store" in response.headers["Cache-Control"]
    assert "public" not in response.headers["Cache-Control"]


def test_a_feed_changes_with_its_matters(feed, dossiers):
    before = feed("?q=停车")
    ArchiveDossier.objects.filter(pk=dossiers["parking"].pk).update(title="停车的新办法")
    after = feed("?q=停车", **{"If-None-Match": before.headers["ETag"]})
    assert texts(after, "title") == ["停车的新办法"]


def test_a_feed_is_as_long_as_a_page(archive_page, client):
    for number in range(PAGE_SIZE + 2):
        factories.a_matter(at=NOW, title=f"第{number}号整治方案")
    rebuild(at=NOW)
    assert len(texts(client.get(f"{archive_page.url}feed/?q=整治"), "id")) == PAGE_SIZE


def test_nothing_found_is_a_whole_feed_that_keeps_still(feed):
    response = feed("?q=没有这样的词")
    assert texts(response, "id") == []
    updated = ElementTree.fromstring(response.content).findtext(f"{ATOM}updated")
    assert datetime.fromisoformat(updated).hour == 0


def test_a_day_to_come_is_not_a_time_of_change(feed, dossiers):
    future = NOW.date().replace(year=2090)
    ArchiveDossier.objects.filter(pk=dossiers["parking"].pk).update(latest_on=future)
    [updated] = texts(feed("?q=停车"), "updated")
    assert not updated.startswith("2090")


def test_an_announced_round_renews_its_entry_once_when_it_opens(feed, dossiers):
    today = official_date(timezone.now())
    copies = ArchiveDossier.objects.filter(pk=dossiers["parking"].pk)
    announced = today - timedelta(days=9)

    def updated():
        [told] = texts(feed("?q=停车"), "updated")
        return official_date(datetime.fromisoformat(told))

    copies.update(latest_on=announced, opens_on=today + timedelta(days=2))
    assert updated() == announced
    copies.update(opens_on=today - timedelta(days=3))
    assert updated() == today - timedelta(days=3)
    copies.update(latest_on=today - timedelta(days=1))
    assert updated() == today - timedelta(days=1)


@pytest.mark.parametrize(
    "query", ["?colour=red", "?q=a%00b", "?page=0", "?page=501", "?q=停车 AND"]
)
def test_a_broken_address_is_refused_in_one_sentence(feed, query):
    response = feed(query)
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert response.headers["Content-Type"].startswith("text/plain")
    assert "<" not in response.content.decode()


def test_words_are_text_and_never_markup(feed):
    response = feed("?q=<b>停车")
    title = ElementTree.fromstring(response.content).findtext(f"{ATOM}title")
    assert title.startswith("<b>停车 - ")
    assert ElementTree.fromstring(response.content).find(f".//{ATOM}b") is None


@pytest.mark.parametrize("sign", ["%01", "%0b", "%1f", "%0a", "%ef%bf%bf"])
def test_what_pasted_words_carry_breaks_no_feed(feed, sign):
    response = feed(f"?q=停车{sign}设施")
    assert response.status_code == HTTPStatus.OK
    assert ElementTree.fromstring(response.content).findtext(f"{ATOM}title").startswith("停车 设施")
    assert response.content == feed("?q=停车 设施").content


def test_a_feed_only_answers(archive_page, client):
    address = f"{archive_page.url}feed/"
    assert client.head(address).status_code == HTTPStatus.OK
    assert client.post(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert client.get(f"{address}more/").status_code == HTTPStatus.NOT_FOUND
