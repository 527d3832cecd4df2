"""All public matters of a year as one file, and the page that lists the years."""

import csv
import io
import json
import tracemalloc
import zipfile
from datetime import timedelta
from hashlib import sha256
from html import unescape
from http import HTTPStatus

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from consultations.models import DecisionItemPage
from decisions.datasets import made, round_tables
from decisions.datasets.matters import MATTERS, ROUNDS
from decisions.datasets.year_tables import TABLES
from decisions.models import ArchiveDossier, DecisionPage
from decisions.search.indexing import copy_dossiers
from decisions.search.rebuilding import rebuild
from tests import factories
from tests.factories.crowd import a_crowd
from tests.integration.search.conftest import NOW

pytestmark = pytest.mark.django_db

# Opinions, all of one portion, and the mebibytes that a year may take while it is made.
MANY_OPINIONS = 500
MEMORY = 12
CANARY = "金丝雀尚未公开的事项"


@pytest.fixture
def archived(dossiers):
    """The year 2026 with three public matters, one of them decided, and one that is a draft."""
    draft = factories.a_draft_matter(dossiers["green"].catalogue, title=CANARY, slug="draft")
    factories.a_draft_round(dossiers["green"], title=f"{CANARY}的征求意见")
    assert not draft.live
    rebuild(at=NOW)
    return dossiers


@pytest.fixture
def give(client):
    return lambda year, **headers: client.get(reverse("open_data:year", args=[year]), **headers)


def opened(response):
    assert response.status_code == HTTPStatus.OK
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as package:
        return {name: package.read(name) for name in package.namelist()}


def rows(files, table):
    return [json.loads(line) for line in files[f"{table}.jsonl"].decode().splitlines()]


def test_a_year_holds_its_public_matters_and_their_rounds(archived, give):
    files = opened(give(2026))
    assert set(files) == {
        *(f"{table.name}.{ending}" for table in TABLES for ending in ("csv", "jsonl")),
        *("codebook.csv", "README.zh-hans.txt", "README.en.txt", "SHA256SUMS"),
    }
    matters = rows(files, "matters")
    assert [row["id"] for row in matters] == sorted(page.pk for page in archived.values())
    assert list(matters[0]) == [column.key for column in MATTERS]
    rounds = rows(files, "consultations")
    assert list(rounds[0]) == [column.key for column in ROUNDS]
    assert {row["matter"] for row in rounds} == {archived["decided"].pk, archived["parking"].pk}
    package = rounds[0]["package"].removeprefix(django_settings.PUBLIC_URL)
    assert (
        package
        == f"{DecisionItemPage.objects.get(pk=rounds[0]['matter']).url}consultation-1/package.zip"
    )
    table = list(csv.DictReader(io.StringIO(files["matters.csv"].decode("utf-8-sig"))))
    assert [row["title"] for row in table] == [row["title"] for row in matters]
    assert CANARY not in b"".join(files.values()).decode()


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx", "manifest"])
def test_a_draft_is_in_no_file_of_a_search(archived, archive_page, client, form):
    response = client.get(f"{archive_page.url}export/{form}/", {"q": "NOT 标题:没有"})
    file = b"".join(response.streaming_content) if response.streaming else response.content
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(file)) as book:
            file = b"".join(book.read(name) for name in book.namelist())
    # Workbooks write what is not ASCII as numbers.
    text = unescape(file.decode())
    assert form == "manifest" or "城市绿地系统规划" in text
    assert CANARY not in text


def test_it_is_the_same_twice_and_who_has_it_is_told(archived, give):
    first, second = give(2026), give(2026)
    content = b"".join(first.streaming_content)
    assert content == b"".join(second.streaming_content)
    assert first.headers["Content-Disposition"] == 'attachment; filename="open-data-2026.zip"'
    again = give(2026, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == HTTPStatus.NOT_MODIFIED
    copy_dossiers([archived["green"].pk])
    DecisionItemPage.objects.get(pk=archived["green"].pk).unpublish()
    copy_dossiers([archived["green"].pk])
    assert give(2026).headers["ETag"] != first.headers["ETag"]


@pytest.fixture
def said(archived):
    """The year with an answered round and one that nobody may read but who has signed in."""
    page = archived["parking"].rounds().get()
    people = {"name": "钱建言", "email": "qian.canary@example.com"}
    shown = factories.a_published_opinion(page, text="公开的意见。", article=2, **people)
    hidden = factories.a_published_opinion(page, text="照常展示，金丝雀隐去的话。", **people)
    factories.hide(hidden, "金丝雀隐去的话", at=NOW)
    factories.a_withheld_opinion(page, text="金丝雀不公开的意见")
    closed = archived["decided"].rounds().get()
    factories.a_published_opinion(closed, text="金丝雀限制阅读的意见")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    return page, shown, hidden


def test_a_year_holds_what_was_drafted_said_hidden_and_decided(said, archived, give):
    page, shown, hidden = said
    files = opened(give(2026))
    articles = rows(files, "articles")
    assert [row["id"] for row in articles] == [one.id for one in page.articles]
    opinions = rows(files, "opinions")
    assert [(row["consultation"], row["id"]) for row in opinions] == [
        (page.pk, shown.pk),
        (page.pk, hidden.pk),
    ]
    assert rows(files, "redactions") == [
        {
            "consultation": page.pk,
            "opinion": hidden.pk,
            "url": opinions[1]["url"],
            "reason": "personal_info",
            "passages": 1,
        }
    ]
    decision = DecisionPage.objects.child_of(archived["decided"]).get()
    [told] = rows(files, "decisions")
    assert (told["id"], told["matter"]) == (decision.pk, archived["decided"].pk)
    assert told["validity"] == decision.validity(on=timezone.localdate())
    assert [row["decision"] for row in rows(files, "decision_articles")] == (
        [decision.pk] * len(decision.articles)
    )
    everything = b"".join(files.values()).decode()
    for secret in ("钱建言", "qian.canary", "金丝雀", shown.receipt_no, hidden.receipt_no):
        assert secret not in everything
    book = csv.DictReader(io.StringIO(files["codebook.csv"].decode("utf-8-sig")))
    explained = [(row["file"], row["column"]) for row in book]
    assert explained == [(table.name, one.key) for table in TABLES for one in table.columns]


def test_answers_are_in_a_year_once_the_adoption_summary_is_public(db, client):
    page = factories.a_closed_round()
    factories.an_answered_issue(factories.a_published_opinion(page), title="每户一个端口")
    year = page.item.catalogue.year
    rebuild(at=timezone.now())

    def issues():
        return rows(opened(client.get(reverse("open_data:year", args=[year]))), "issues")

    assert issues() == []
    factories.a_summary(page)
    [issue] = issues()
    assert (issue["consultation"], issue["title"]) == (page.pk, "每户一个端口")


def test_many_opinions_of_a_year_cost_no_more_statements_and_a_portion_of_memory(
    said, give, monkeypatch
):
    def cost():
        tracemalloc.start()
        try:
            with CaptureQueriesContext(connection) as captured:
                response = give(2026)
            return len(captured), tracemalloc.get_traced_memory()[1], response
        finally:
            tracemalloc.stop()

    cost()  # what is remembered from then on
    few, _peak, _response = cost()
    a_crowd(said[0], MANY_OPINIONS)
    many, _peak, response = cost()
    assert many == few
    assert len(rows(opened(response), "opinions")) == MANY_OPINIONS + 2
    monkeypatch.setattr(round_tables, "PORTION", 100)
    portioned, peak, _response = cost()
    assert portioned <= few + 2 * MANY_OPINIONS / 100
    assert peak < MEMORY * 2**20


def test_the_page_tells_what_a_file_was_when_it_was_last_made_that_day(
    archived, client, give, time_machine
):
    def told():
        page = client.get(reverse("open_data:years"))
        [year] = page.context["years"]
        return year, page.content.decode()

    year, text = told()
    latest = ArchiveDossier.objects.order_by("-latest_on").first().latest_on
    assert (year.made, year.latest_on) == (None, latest)
    content = b"".join(give(2026).streaming_content)
    year, text = told()
    assert (year.made.size, year.made.sha256) == (len(content), sha256(content).hexdigest())
    assert year.made.sha256 in text
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert told()[0].made is None


def test_the_page_tells_how_many_files_one_network_may_take(archived, client, settings):
    settings.THROTTLES = settings.THROTTLES | {"data.network": {"most": 7, "seconds": 540}}
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "7 files in 9 minutes" in client.get(reverse("open_data:years")).content.decode()


def test_without_the_cache_the_page_and_the_file_are_given(archived, client, give, monkeypatch):
    def failing(*_args, **_kwargs):
        raise ConnectionError

    monkeypatch.setattr(made.cache, "set", failing)
    monkeypatch.setattr(made.cache, "get_many", failing)
    assert give(2026).status_code == HTTPStatus.OK
    assert client.get(reverse("open_data:years")).context["years"][0].made is None


def test_a_year_without_public_matters_has_no_file(archived, give):
    for year in (1999, 0, 10**30):
        assert give(year).status_code == HTTPStatus.NOT_FOUND


def test_one_network_takes_no_more_than_its_share(archived, give, settings):
    settings.THROTTLES = settings.THROTTLES | {"data.network": {"most": 1, "seconds": 600}}
    assert [give(2026).status_code for _ in range(2)] == [200, 429]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_lists_the_years_and_explains_every_column(archived, client, language):
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(reverse("open_data:years"))
    text = page.content.decode()
    assert page.status_code == HTTPStatus.OK
    assert text.count("<h1") == 1
    assert 'href="/open-data/2026.zip"' in text
    assert [one.matters for one in page.context["years"]] == [3]
    for table in TABLES:
        for column in table.columns:
            assert f"<code>{column.key}</code>" in text
    assert f'href="{reverse("open_data:years")}"' in client.get("/").content.decode()


def test_without_anything_public_the_page_says_so(archived, client):
    ArchiveDossier.objects.all().delete()
    page = client.get(reverse("open_data:years"))
    assert page.status_code == HTTPStatus.OK
    assert page.context["years"] == []
