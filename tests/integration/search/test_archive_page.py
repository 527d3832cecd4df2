"""The archive as a reader meets it, answered by the database."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from consultations.lifecycle import Stage
from decisions.lifecycle import CleanupOutcome, Validity
from decisions.search.archive import search_archive
from decisions.search.criteria import PAGE_SIZE, Criteria
from decisions.search.indexing import copy_dossiers, rebuild
from decisions.search.text import Segment, plain
from tests import factories
from tests.factories.validity import (
    a_decision_in_force,
    a_draft_cleanup,
    published_cleanup,
    with_outcome,
)
from tests.integration.search.conftest import NOW

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


def test_only_reading_is_answered(archive, archive_page, client):
    assert client.head(archive_page.url).status_code == 200
    assert client.post(archive_page.url).status_code == 405


def test_pages_of_results_follow_each_other(archive_page, client):
    for number in range(1, PAGE_SIZE + 6):
        factories.a_matter(at=NOW, title=f"第{number}号整治方案")
    rebuild(at=NOW)
    first = client.get(archive_page.url + "?q=整治")
    second = client.get(archive_page.url + first.context["next_url"])
    assert first.context["total"] == 25
    assert [link.label for link in first.context["pages"]] == ["1", "2"]
    assert first.context["previous_url"] == ""
    assert second.context["next_url"] == ""
    assert len({*_titles(first), *_titles(second)}) == 25


def test_a_question_takes_a_fixed_number_of_queries(
    archive, archive_page, client, django_assert_max_num_queries
):
    client.get(archive_page.url)
    with django_assert_max_num_queries(30):
        client.get(archive_page.url + "?q=充电&unit=jtj")


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
