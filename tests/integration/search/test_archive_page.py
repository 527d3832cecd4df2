"""The archive as a reader meets it, answered by the database."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations.lifecycle import Stage
from decisions.lifecycle import CleanupOutcome, Validity
from decisions.search.archive import search_archive
from decisions.search.criteria import FACETS, PAGE_SIZE, Criteria
from decisions.search.indexing import copy_dossiers
from decisions.search.rebuilding import rebuild
from decisions.search.text import Segment, plain
from tests import factories
from tests.factories.validity import (
    a_decision_in_force,
    a_draft_cleanup,
    published_cleanup,
    with_outcome,
)
from tests.integration.search.conftest import NOW
from tests.integration.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(dossiers, archive_page, client):
    rebuild(at=NOW)

    def ask(query=""):
        return client.get(f"{archive_page.url}{query}")

    return ask


def _titles(response):
    return [plain(hit.title) for hit in response.context["hits"]]


def _counts(response, name):
    [facet] = [facet for facet in response.context["facets"] if facet.name == name]
    return {link.label: link.count for link in facet.links}


def _link(response, name, label):
    [facet] = [facet for facet in response.context["facets"] if facet.name == name]
    [link] = [link for link in facet.links if link.label == label]
    return link


def test_the_right_matter_comes_first(archive):
    response = archive("?q=电动自行车")
    assert response.status_code == 200
    assert response.headers["X-Search-Mode"] == "database"
    assert _titles(response) == [factories.pages.TITLE]
    hit = response.context["hits"][0]
    assert hit.title[0] == Segment("电动自行车", is_match=True)
    assert [passage.label for passage in hit.passages] == ["第一条", "第三条"]
    assert all("/decision/#a-" in passage.url for passage in hit.passages)
    assert "<mark>电动自行车</mark>" in response.content.decode()


def test_titles_come_before_bodies(archive):
    assert _titles(archive("?q=停车"))[0] == "公共停车设施建设三年行动方案"
    assert len(_titles(archive("?q=充电"))) == 2
    assert _titles(archive("?q=充电"))[0] == factories.pages.TITLE


def test_words_are_found_in_every_script_and_width(archive):
    for words in ("電動自行車", "【电动自行车】", "电动自行车　充电", "动自"):
        assert _titles(archive(f"?q={words}")) == [factories.pages.TITLE], words


def test_all_words_have_to_occur(archive):
    assert _titles(archive("?q=充电 停车场")) == ["公共停车设施建设三年行动方案"]
    assert archive("?q=充电 绿地").context["total"] == 0


def test_a_document_number_is_found_in_every_spelling(archive):
    for number in ("澜政示〔2026〕1号", "澜政示[2026]1号", "瀾政示（2026）第001號"):
        assert _titles(archive(f"?q={number}"))[0] == factories.pages.TITLE, number


def test_without_words_everything_is_listed_newest_first(archive):
    response = archive()
    assert response.context["total"] == 3
    assert _titles(response)[0] == factories.pages.TITLE


def test_filters_count_dossiers_and_keep_their_other_values(archive):
    response = archive()
    assert _counts(response, "unit") == {"市住房和城乡建设局": 2, "市交通运输局": 1}
    assert sum(_counts(response, "stage").values()) == 3
    narrowed = archive("?unit=jtj")
    assert narrowed.context["total"] == 1
    assert _counts(narrowed, "unit") == _counts(response, "unit")
    assert sum(_counts(narrowed, "stage").values()) == 1
    [chip] = narrowed.context["chips"]
    assert (chip.label, chip.url) == ("市交通运输局", "?")


def test_a_page_says_where_the_chosen_material_does_not_hold_the_words(archive):
    elsewhere = "所选材料中没有这些词"
    # The draft speaks of it, the background does not.
    filtered = archive("?q=停车场&kind=background")
    [hit] = filtered.context["hits"]
    assert (hit.passages, hit.words_elsewhere) == ((), True)
    assert elsewhere in filtered.content.decode()
    for query in ("?q=停车场", "?kind=background", "?q=停车场&kind=background&kind=draft"):
        assert elsewhere not in archive(query).content.decode(), query
    [facet] = [facet for facet in filtered.context["facets"] if facet.name == "kind"]
    assert facet.label == "含有材料"


def test_the_page_offers_longer_words_that_it_prints(archive, dossiers):
    for item in dossiers.values():
        item.summary = "充电设施应当安全。"
        item.save()
    copy_dossiers([item.pk for item in dossiers.values()])
    page = archive("?q=充电&year=2026")
    link = page.context["narrower"][0]
    assert link.label == "充电设施"
    assert f">{link.label}</a>" in page.content.decode()
    assert archive(link.url).context["total"] == 3
    assert "year=2026" in link.url
    assert archive("?q=充电设施 绿地").context["narrower"] == []


def test_two_values_of_a_filter_widen_and_two_filters_narrow(archive):
    both = archive(_link(archive("?unit=jtj"), "unit", "市住房和城乡建设局").url)
    assert both.context["total"] == 3
    assert archive("?unit=jtj&stage=published").context["total"] == 0


def test_a_chosen_value_stays_in_sight_when_nothing_is_left(archive):
    response = archive("?unit=jtj&stage=published")
    assert _counts(response, "unit")["市交通运输局"] == 0


def test_a_round_closes_by_the_clock_alone(dossiers, archive):
    later = NOW + timedelta(days=60)
    asked = Criteria(text="停车", stage=(Stage.CONSULTATION_CLOSED,))
    assert search_archive(asked, at=NOW).total == 0
    results = search_archive(asked, at=later)
    assert [hit.item_id for hit in results.hits] == [dossiers["parking"].pk]
    assert results.hits[0].stage == "consultation_closed"
    assert results.counts["stage"] == {"consultation_closed": 1}


def test_markup_in_a_text_is_shown_as_text(archive):
    text = archive("?q=另行加价").content.decode()
    assert "<i>" not in text
    assert "&lt;i&gt;不得&lt;/i&gt;" in text


def test_markup_in_a_question_is_shown_as_text(archive):
    text = archive("?q=<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in text


def test_special_characters_are_only_characters(archive):
    for words in ("。", "%", "_", "'", "\\", "*", "NOT", "电动_自行车x"):
        response = archive(f"?q={quote(words)}")
        assert response.status_code == 200, words
        assert response.context["total"] == 0, words


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?colour=red", 400),
        ("?q=a%00b", 400),
        ("?q=" + "a" * 513, 400),
        ("?q=%ff%fe", 200),
        ("?year=20x6", 400),
        ("?stage=nowhere", 400),
        ("?unit=../../etc", 400),
        ("?category=9999999999", 400),
        ("?sort=price", 400),
        ("?page=0", 400),
        ("?page=-1", 400),
        ("?page=1000000000", 404),
        ("?page=2", 404),
        ("?year=1950", 200),
        ("?unit=nobody", 200),
    ],
)
def test_a_broken_address_is_answered_in_words(archive_page, client, query, status):
    response = client.get(archive_page.url + query)
    assert response.status_code == status
    if status != 200:
        assert response.context["error"] in response.content.decode()
        assert response.context["total"] is None
        assert "<h1" in response.content.decode()


def test_words_are_kept_beside_the_sentence(archive):
    assert archive("?q=电动自行车&page=0").context["q"] == "电动自行车"


def test_a_faulty_day_is_marked_where_it_stands_and_nothing_else_is_lost(archive):
    response = archive("?q=充电&year=2026&opens_from=2026-05-01&opens_to=2026-01-01")
    page = BeautifulSoup(response.content, "html.parser")
    faulty = page.select("[aria-invalid]")
    assert [(one["name"], one["value"]) for one in faulty] == [
        ("opens_from", "2026-05-01"),
        ("opens_to", "2026-01-01"),
    ]
    for one in faulty:
        assert response.context["error"] in page.find(id=one["aria-describedby"]).text
    for form in (page.find(id="q").find_parent("form"), faulty[0].find_parent("form")):
        given = {one["name"]: one["value"] for one in form.select("input")}
        assert (given["q"], given["year"]) == ("充电", "2026")
    assert "2026" in page.select_one(".chip").text


def test_words_that_cannot_be_read_are_marked(archive):
    page = BeautifulSoup(archive("?q=标题:&year=2026").content, "html.parser")
    assert [(one["id"], one["value"]) for one in page.select("[aria-invalid]")] == [("q", "标题:")]
    assert page.find("input", {"name": "year"})["value"] == "2026"
    page = BeautifulSoup(archive("?year=20x6").content, "html.parser")
    assert page.select("[aria-invalid]") == []


def test_the_order_named_is_the_one_the_results_have(archive):
    def orders(query):
        page = BeautifulSoup(archive(query).content, "html.parser")
        group = page.select_one(".results__sort")
        assert group["aria-label"]
        return [one.text for one in group.select("a, b")], group.select_one("[aria-current]").text

    assert orders("?q=充电") == (["按相关度", "按时间", "按意见数量"], "按相关度")
    assert orders("") == (["按时间", "按意见数量"], "按时间")
    assert orders("?sort=opinions")[1] == "按意见数量"


def test_links_say_what_they_do_to_somebody_who_hears_them(archive):
    page = BeautifulSoup(archive("?q=充电&year=2026").content, "html.parser")
    chosen, *_others = page.select(".facet [aria-current]")
    assert "（取消此筛选）" in chosen.text
    assert "2件" in chosen.text
    for hit in page.select(".hit"):
        links = hit.select(".hit__passage a")
        names = [
            "".join(page.find(id=one).text for one in link["aria-labelledby"].split())
            for link in links
        ]
        assert len(set(names)) == len(links) > 0
        assert hit.h3["lang"] == "zh-Hans"


def test_only_reading_is_answered(archive, archive_page, client):
    assert client.head(archive_page.url).status_code == 200
    assert client.post(archive_page.url).status_code == 405


def test_one_network_asks_no_more_than_its_share(archive_page, client, settings):
    settings.THROTTLES = settings.THROTTLES | {"archive.network": {"most": 2, "seconds": 600}}
    addresses = [archive_page.url, f"{archive_page.url}feed/"]
    answers = [client.get(one, {"q": "停车"}) for one in (*addresses, *addresses)]
    assert [one.status_code for one in answers] == [200, 200, 429, 429]
    assert int(answers[2]["Retry-After"]) > 0
    assert "请求太频繁" in answers[2].content.decode()


def test_pages_of_results_follow_each_other(archive_page, client):
    for number in range(1, PAGE_SIZE + 6):
        factories.a_matter(at=NOW, title=f"第{number}号整治方案")
    rebuild(at=NOW)
    first = client.get(archive_page.url + "?q=整治")
    second = client.get(archive_page.url + first.context["paging"].next_url)
    assert first.context["total"] == 25
    assert [link.label for link in first.context["paging"].links] == ["1", "2"]
    assert first.context["paging"].previous_url == ""
    assert second.context["paging"].next_url == ""
    assert len({*_titles(first), *_titles(second)}) == 25


def test_a_question_takes_a_fixed_number_of_queries(archive, archive_page, client):
    question = f"{archive_page.url}?q=充电&unit=jtj"
    asked, _ = statements(client, question, after=archive_page.url)
    assert len(asked) <= 30, "\n".join(asked)


def test_a_page_of_results_reads_no_text_it_does_not_show(archive):
    with CaptureQueriesContext(connection) as asked:
        archive("?q=充电")
    read = [re.split(" FROM ", one["sql"])[0] for one in asked if "archive" in one["sql"]]
    assert read
    assert [sql for sql in read if re.search(r'"(body_folded|text_folded)"(,| AS|$)', sql)] == []


def test_a_hit_says_whether_its_decision_is_law(archive_page, client):
    repealed, in_force = a_decision_in_force(), a_decision_in_force()
    cleanup = a_draft_cleanup()
    with_outcome(cleanup, CleanupOutcome.KEEP)
    with_outcome(cleanup, CleanupOutcome.REPEAL, repealed)
    published_cleanup(cleanup)
    copy_dossiers([repealed.item.pk, in_force.item.pk])
    hits = client.get(archive_page.url).context["hits"]
    assert {hit.item_id: hit.validity for hit in hits} == {
        repealed.item.pk: Validity.REPEALED,
        in_force.item.pk: Validity.IN_FORCE,
    }


def test_the_lasting_link_is_the_same_for_the_same_question(archive, settings):
    settings.PUBLIC_URL = "https://jianyan.example"
    one = archive("?unit=jtj&q=%20停车&stage=consulting")
    other = archive("?q=停车&stage=consulting&unit=jtj&sort=relevance")
    assert one.context["canonical"] == other.context["canonical"]
    assert one.context["canonical"] == (
        "https://jianyan.example/archive/?q=%E5%81%9C%E8%BD%A6&stage=consulting&unit=jtj"
    )
    html = one.content.decode()
    assert f'<link rel="canonical" href="{one.context["canonical"].replace("&", "&amp;")}">' in html
    assert "https://jianyan.example/archive/?q=停车&amp;stage=consulting&amp;unit=jtj" in html
    again = archive(one.context["canonical"].partition("/archive/")[2])
    assert again.context["canonical"] == one.context["canonical"]


def test_only_the_archive_itself_is_for_search_engines(archive):
    assert "noindex" not in archive().content.decode()
    assert archive().context["canonical"].endswith("/archive/")
    for query in ("?q=停车", "?unit=jtj", "?sort=date", "?colour=red"):
        assert 'name="robots" content="noindex' in archive(query).content.decode(), query


def test_the_feed_and_the_alert_ask_the_very_same(archive, archive_page):
    html = archive("?q=停车&unit=jtj&page=1").content.decode()
    asked = "?q=%E5%81%9C%E8%BD%A6&amp;unit=jtj"
    assert f'href="{archive_page.url}alert/{asked}"' in html
    assert html.count(f'href="{archive_page.url}feed/{asked}"') == 2, "in the head and on the page"


def test_the_course_over_the_years_stays_when_one_is_chosen(archive, archive_page, client):
    catalogue = factories.a_catalogue(year=2024, entries=2)
    rebuild(at=NOW)
    assert catalogue.live
    whole = client.get(archive_page.url)
    columns = [(one.year, one.count) for one in whole.context["trend"].columns]
    assert columns == [(2024, 2), (2025, 0), (2026, 3)]
    html = whole.content.decode()
    assert 'role="img"' in html
    assert "style=" not in html
    chosen = client.get(archive_page.url + "?year=2024")
    assert chosen.context["total"] == 2
    assert [(one.year, one.count) for one in chosen.context["trend"].columns] == columns


def test_every_facet_has_a_heading(archive):
    names = [facet.name for facet in archive().context["facets"]]
    assert sorted(names) == sorted(FACETS)
    assert all(facet.label for facet in archive().context["facets"])


def test_a_page_of_the_archive_is_for_every_cache(archive):
    assert "public" in archive("?q=停车").headers["Cache-Control"]
    assert not archive("?q=停车").cookies


def test_nothing_lies_below_the_archive_but_what_a_question_gives(archive, archive_page, client):
    assert client.get(f"{archive_page.url}nothing/").status_code == 404
    assert client.get(f"{archive_page.url}feed/nothing/").status_code == 404
