"""Longer words for the one asked for: whole terms that the page prints, most frequent first."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.lifecycle import Stage
from decisions.search.analysis import fold
from decisions.search.narrowing import MOST_TERMS, narrower_terms
from decisions.search.question import AllOf, Words
from decisions.search.results import Hit, Passage
from decisions.search.text import mark

HIT = Hit(
    item_id=1,
    matter_id=1,
    title=mark("城市绿地系统规划", ()),
    url="/matter/",
    stage=Stage.PUBLISHED,
    unit="",
    year=2026,
    latest_on=date(2026, 11, 30),
    document_no="",
    effective_on=None,
    summary=(),
    passages=(),
)


def _hit(title, *passages, asked="补偿"):
    told = tuple(Passage("草案", "第一条", "/#1", mark(text, [asked])) for text in passages)
    return replace(HIT, title=mark(title, [asked]), passages=told)


def test_words_that_name_things_make_terms_with_the_one_asked_for():
    hits = [
        _hit("老城历史文化街区保护更新方案", "居民可以选择平移安置或者货币补偿。"),
        _hit("既有住宅加装电梯实施办法", "一楼住户应当明确补偿办法。", "按评估补偿。"),
        _hit("江岸线保护管理办法", "岸线退出应当依法补偿，货币补偿优先。"),
    ]
    assert narrower_terms(Words("补偿"), hits) == ("货币补偿", "补偿办法", "评估补偿")


def test_a_word_that_holds_the_one_asked_for_is_a_term():
    hits = [_hit("居住小区停车位错时共享试行办法", asked="停车")] * 3
    assert narrower_terms(Words("停车"), hits) == ("停车位",)


def test_a_term_of_two_words_is_narrowed_like_one():
    hits = [_hit("电动自行车管理办法", asked="电动自行车")] * 3
    assert narrower_terms(Words("電動自行車"), hits) == ("电动自行车管理",)


@pytest.mark.parametrize(
    "question",
    [None, Words("补"), Words("补偿 标准"), Words("compensation"), AllOf((Words("补偿"),))],
)
def test_only_one_word_is_narrowed(question):
    assert narrower_terms(question, [_hit("征地补偿标准")] * 3) == ()


def test_few_hits_are_not_narrowed():
    assert narrower_terms(Words("补偿"), [_hit("征地补偿标准")] * 2) == ()


TEXTS = st.text(alphabet="征地補偿标准货币，a 停车位İ", max_size=60)


@given(
    st.lists(TEXTS, min_size=3, max_size=5), st.text(alphabet="補偿停车标", min_size=2, max_size=3)
)
def test_a_term_stands_in_the_page_and_is_longer_than_the_word(texts, asked):
    terms = narrower_terms(Words(asked), [_hit(text, asked=fold(asked)) for text in texts])
    assert len(terms) <= MOST_TERMS
    assert all(any(term in text for text in texts) for term in terms)
    assert all(fold(asked) in fold(term) != fold(asked) for term in terms)
