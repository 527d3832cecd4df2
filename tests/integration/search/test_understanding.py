"""What readers mean is found, whichever way they write it, by both copies alike."""

import time
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils.html import escape

from decisions.models import ArchiveDossier, SynonymGroup
from decisions.search import suggesting
from decisions.search.archive import how_many, nearest, search_archive, suggestion
from decisions.search.criteria import LONGEST_QUESTION, Criteria
from decisions.search.engine import PATIENCE
from decisions.search.language import DEEPEST
from decisions.search.rebuilding import rebuild
from decisions.search.suggesting import as_titles_write
from decisions.search.text import plain
from portal.accounts.models import Unit
from tests import factories
from tests.integration.search.conftest import NOW
from tests.integration.statements import statements

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
# As many different characters as a question may have.
HAN = "".join(map(chr, range(0x5000, 0x5000 + LONGEST_QUESTION)))
LONG = [
    *(
        (sign * LONGEST_QUESTION)[:LONGEST_QUESTION].strip()
        for sign in ("电瓶车", "电瓶车 ", "a ", "a", HAN, " ".join(HAN))
    ),
    "-" * (LONGEST_QUESTION - 2) + "停车",
    "停车 OR 阶段:征求意见 -(" * DEEPEST + "停车" + ")" * DEEPEST,
]
EBIKES, PARKING, GREEN = factories.pages.TITLE, "公共停车设施建设三年行动方案", "城市绿地系统规划"


@pytest.fixture
def indexed(dossiers):
    SynonymGroup.objects.create(terms="电动自行车\n电瓶车")
    rebuild(at=NOW)
    return dossiers


def _ask(text, **asked):
    return search_archive(Criteria(text=text, **asked), at=NOW)


def _suggested(text, **asked):
    criteria = Criteria(text=text, **asked)
    return suggestion(criteria, search_archive(criteria, at=NOW), at=NOW)


def _nearest(text, **asked):
    criteria = Criteria(text=text, **asked)
    return nearest(criteria, search_archive(criteria, at=NOW), at=NOW)


def _titles(results):
    return [plain(hit.title) for hit in results.hits]


def test_a_word_of_equal_meaning_finds_the_same(indexed):
    plainly, otherwise = _ask("电动自行车 充电"), _ask("电瓶车 充电")
    assert _titles(otherwise) == _titles(plainly) != []
    assert otherwise.other_ways == ("电动自行车 充电",)
    assert any(segment.is_match for segment in otherwise.hits[0].title)
    assert _ask("“电瓶车”").total == 0
    assert _ask("“电瓶车”").other_ways == ()
    assert _titles(_ask("电瓶车 AND 充电")) == _titles(_ask("电动自行车 AND 充电"))


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("diandongzixingche", EBIKES),
        ("dian dong zi xing che", EBIKES),
        ("ddzxc", EBIKES),
        ("DDZXC", EBIKES),
        ("zixingche", EBIKES),
        ("lvdi", GREEN),
        ("tingche", PARKING),
        ("jiaotongyunshuju", PARKING),
        ("jtysj", PARKING),
    ],
)
def test_letters_find_what_they_are_typed_for(indexed, typed, title):
    results = _ask(typed)
    assert _titles(results)[0] == title
    assert results.other_ways


@pytest.mark.parametrize("typed", ["qiananjiaotong", "gananjiaotong"])
def test_a_units_name_sounds_as_it_is_written_too(indexed, typed):
    Unit.objects.filter(code="jtj").update(name="乾安交通局")
    rebuild(at=LATER)
    assert _titles(_ask(typed)) == [PARKING]


def test_a_title_that_was_withdrawn_is_not_quoted_for_long(indexed, monkeypatch):
    monkeypatch.setattr(suggesting, "FRESHNESS", 1)
    assert _ask("lvdi").other_ways
    ArchiveDossier.objects.filter(title=GREEN).delete()
    time.sleep(1.1)
    assert not _ask("lvdi").other_ways


def test_letters_find_as_much_as_the_words_themselves(indexed):
    assert _titles(_ask("tingche")) == _titles(_ask("停车"))


@pytest.mark.parametrize("typed", ["sustainable", "gdp", "cde", "澜政示〔2026〕1号", "5G"])
def test_other_letters_and_numbers_are_only_themselves(indexed, typed):
    assert _ask(typed).other_ways == ()


def test_a_word_that_is_there_comes_before_what_it_may_be_typed_for(indexed):
    factories.a_matter(at=NOW, title="TINGCHE应用建设规划")
    rebuild(at=LATER)
    assert _titles(_ask("tingche"))[0] == "TINGCHE应用建设规划"


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        ("电动自形车", "电动自行车"),
        ("電動自形車", "电动自行车"),
        ("典动自行车", "电动自行车"),
        ("电动自形车 冲电", "电动自行车 充电"),
        ("停车社施", "停车设施"),
        ("律地系统", "绿地系统"),
    ],
)
def test_words_that_sound_the_same_are_suggested(indexed, slip, words):
    assert _suggested(slip) == words
    assert _ask(slip).total <= _ask(words).total


@pytest.mark.parametrize("text", ["电动自行车", "核电", "停车 NOT 自形车", "zixing", "。", "标提"])
def test_nothing_is_suggested_without_need(indexed, text):
    assert _suggested(text) == ""


def test_a_suggestion_finds_something_among_the_chosen_filters(indexed):
    assert _suggested("电动自形车", unit=("jtj",)) == ""


def test_words_that_are_not_public_are_never_suggested(indexed):
    indexed["green"].unpublish()
    rebuild(at=LATER)
    assert as_titles_write("律地系统") == ""
    assert _ask("lvdi").other_ways == ()
    assert not ArchiveDossier.objects.filter(title_sound__contains=" lv di ").exists()


def test_a_slip_takes_a_fixed_number_of_queries(indexed, settings, django_assert_max_num_queries):
    settings.ELASTICSEARCH_URL = ""
    _ask("停车")
    with django_assert_max_num_queries(30):
        _suggested("电动自形车" * 6)


def test_a_question_in_everyday_words_is_found(indexed):
    assert _titles(_ask("电瓶车能不能在楼梯间充电"))[0] == EBIKES


def test_where_no_matter_holds_the_words_those_come_that_hold_some(indexed):
    near = _nearest("我家电瓶车没地方充电还老丢")
    assert plain(near[0].title) == EBIKES
    assert any(one.is_match for passage in near[0].passages for one in passage.segments)
    assert _nearest("开着车去医院找不着停车场", unit=("jtj",))[0].unit == "市交通运输局"
    assert _nearest("我家电瓶车没地方充电还老丢", year=(1990,)) == ()
    for text in ("充电", "“电瓶车没地方充电”", "标题:极光 AND 充电", "极光", "，。"):
        assert _nearest(text) == (), text


def test_the_page_names_what_comes_nearest_and_says_that_it_is_no_result(
    indexed, archive_page, client
):
    page = client.get(archive_page.url, {"q": "我家电瓶车没地方充电还老丢"})
    assert page.context["total"] == 0
    assert plain(page.context["nearest"][0].title) == EBIKES
    text = page.content.decode()
    assert "没有同时含有这些词的事项，以下几项比较接近：" in text
    assert f'href="{page.context["nearest"][0].url}"' in text
    assert "以下几项比较接近" not in client.get(archive_page.url, {"q": "极光"}).content.decode()


@pytest.fixture
def with_figures(dossiers):
    factories.a_matter(at=NOW, title="10所学校停车（试行）办法")
    factories.a_matter(at=NOW, title="2010年停车收费办法")
    rebuild(at=NOW)


WHOLE_WORDS = [
    ("10", ["10所学校停车（试行）办法"]),
    ("停车 10", ["10所学校停车（试行）办法"]),
    ("“10”", ["10所学校停车（试行）办法"]),
    ("停车 NOT 10 NOT 公共", ["2010年停车收费办法"]),
    ("标题:2010年停车", ["2010年停车收费办法"]),
    ("标题:010年停车", []),
    ("“停车 试行 办法”", ["10所学校停车（试行）办法"]),
    ("“年停车 收费”", ["2010年停车收费办法"]),
    ("停车 ＡＮＤ 收费 ＮＯＴ 公共", ["2010年停车收费办法"]),
    ("停车 and 收费 not 公共", ["2010年停车收费办法"]),
]


@pytest.mark.parametrize(("text", "titles"), WHOLE_WORDS)
def test_figures_are_whole_words_and_signs_between_words_count_for_nothing(
    with_figures, text, titles
):
    assert _titles(_ask(text)) == titles


@pytest.mark.elasticsearch
def test_the_engine_compares_whole_words_and_no_signs_too(with_figures):
    for text, titles in WHOLE_WORDS:
        results = _ask(text)
        assert (results.mode, _titles(results)) == ("elasticsearch", titles), text


def test_a_phrase_is_emphasised_only_where_it_stands(with_figures):
    [hit] = _ask("“年停车 收费”").hits
    assert [one.text for one in hit.title if one.is_match] == ["年停车收费"]
    [hit] = _ask("“学校停车” AND 办法").hits
    assert [one.text for one in hit.title if one.is_match] == ["学校停车", "办法"]
    factories.a_matter(at=NOW, title="停车公告", summary="另行收费，停车收费")
    rebuild(at=LATER)
    hit = next(one for one in _ask("“停车收费”").hits if plain(one.title) == "停车公告")
    assert not any(one.is_match for one in hit.title)


@pytest.mark.elasticsearch
def test_the_engine_understands_the_same(indexed, settings):
    questions = (
        "电动自行车 充电",
        "电瓶车 充电",
        "“电瓶车”",
        "电瓶车 NOT 停车",
        "ddzxc",
        "tingche",
        "sustainable",
        "电动自形车",
        "律地",
        "停车社施",
        "核电",
        "梯 充电",
        "梯 停车",
        "梯与充电",
        "充电 充电",
    )
    by_engine = [_ask(text) for text in questions]
    suggested = [_suggested(text) for text in questions]
    assert {one.mode for one in by_engine} == {"elasticsearch"}
    settings.ELASTICSEARCH_URL = ""
    for text, engine_says, words in zip(questions, by_engine, suggested, strict=True):
        database_says = _ask(text)
        assert _titles(engine_says) == _titles(database_says), text
        assert words == _suggested(text), text
        for one in (engine_says, database_says):
            assert how_many(Criteria(text=text), at=NOW, like=one) == one.total, text
        assert engine_says.other_ways == database_says.other_ways, text


@pytest.mark.elasticsearch
def test_the_engine_is_generous_with_a_question_in_everyday_words(indexed):
    assert _titles(_ask("电瓶车能不能在楼梯间充电"))[0] == EBIKES
    assert _titles(_ask("梯怎么充电"))[0] == EBIKES


@pytest.mark.elasticsearch
def test_a_word_that_is_there_comes_first_in_the_engine_too(dossiers):
    factories.a_matter(at=NOW, title="道路规划", summary="TINGCHE")
    rebuild(at=NOW)
    assert _titles(_ask("tingche")) == ["道路规划", PARKING]


@pytest.mark.elasticsearch
@pytest.mark.parametrize("text", LONG)
def test_the_longest_questions_are_answered_in_time(indexed, text):
    begun = time.monotonic()
    assert _ask(text).mode == "elasticsearch"
    assert time.monotonic() - begun < PATIENCE
    _nearest(text)
    assert _ask(text).mode == "elasticsearch"


@pytest.mark.parametrize("text", LONG)
def test_the_longest_questions_are_answered_by_the_database(indexed, text):
    assert _ask(text).mode == "database"
    _nearest(text)


@pytest.mark.parametrize("text", [" ".join(HAN[: LONGEST_QUESTION // 2]), "、".join(HAN[:250])])
def test_a_pasted_passage_finds_its_matter_and_its_place(indexed, text):
    other = factories.a_matter(at=NOW, title="样本")
    factories.an_open_round(other, at=NOW, draft=factories.articles("另一条。", f"{text}。"))
    rebuild(at=LATER)
    [hit] = _ask(text).hits
    assert hit.item_id == other.pk
    assert hit.passages[0].label == "第二条"


def test_a_lone_character_counts_beside_longer_words(indexed):
    assert _titles(_ask("梯 充电")) == _titles(_ask("楼梯 充电")) == [EBIKES]
    assert _titles(_ask("梯与充电")) == [EBIKES]
    assert _titles(_ask("梯与停车")) == []


def test_the_page_says_what_else_it_searched_for_and_what_may_be_meant(
    indexed, archive_page, client
):
    page = client.get(archive_page.url, {"q": "电动自形车", "year": "2026"})
    link = page.context["suggestion"]
    assert link.label == "电动自行车"
    assert _titles_on(client.get(archive_page.url + link.url)) == [EBIKES]
    assert f'href="{archive_page.url}{escape(link.url)}"' in page.content.decode()
    page = client.get(archive_page.url, {"q": "电瓶车"})
    assert page.context["other_ways"] == ("电动自行车",)
    assert page.context["suggestion"] is None
    assert "电动自行车" in page.content.decode()


def test_where_nothing_is_found_every_way_out_leads_to_something(indexed, archive_page, client):
    page = client.get(archive_page.url, {"q": "停车 极光"})
    ways = page.context["ways_out"]
    assert [(link.label, link.count) for link in ways.fewer_words] == [("停车", 1)]
    assert _titles_on(client.get(archive_page.url + ways.fewer_words[0].url)) == [PARKING]
    page = client.get(archive_page.url, {"q": "停车", "year": "1990"})
    ways = page.context["ways_out"]
    assert ways.without_filters.count == 1
    assert _titles_on(client.get(archive_page.url + ways.without_filters.url)) == [PARKING]
    for link in ways.topics:
        assert len(_titles_on(client.get(archive_page.url + link.url))) == link.count
    assert client.get(archive_page.url, {"q": "停车"}).context["ways_out"] is None


def test_a_page_without_results_takes_a_fixed_number_of_queries(indexed, archive_page, client):
    asked = urlencode({"q": "极光 电动自形车 律地 停车社施 雪山 冰川", "year": "1990"})
    sql, _ = statements(client, f"{archive_page.url}?{asked}", after=archive_page.url)
    assert len(sql) <= 25, "\n".join(sql)


def _titles_on(page):
    return [plain(hit.title) for hit in page.context["hits"]]
