"""Folding puts one character in the place of one, and unifies what readers type differently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.search.analysis import (
    HAN_FOLD,
    WIDTH_PUNCT,
    ZH,
    ZH_UNI,
    canonical_document_no,
    fold,
    half_width,
    key_words,
    needed_terms,
    simplified,
    telling_terms,
    terms_of,
)


@given(st.text())
def test_folding_keeps_every_position(text):
    assert len(fold(text)) == len(text)


@given(st.text(alphabet=st.sampled_from("電动İＡa〔】　車条1１乾")))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def test_traditional_characters_become_simplified_ones():
    assert fold("電動自行車") == fold("电动自行车") == "电动自行车"


@pytest.mark.parametrize(
    ("traditional", "simple"),
    [
        ("意見答覆", "意见答复"),
        ("應收帳款", "应收账款"),
        ("隨著", "随着"),
        ("瞭解", "了解"),
        ("藉口", "借口"),
    ],
)
def test_a_character_that_two_stand_for_is_as_both(traditional, simple):
    assert fold(traditional) == fold(simple)


def test_only_single_characters_of_the_basic_plane_are_replaced():
    assert len(simplified()) > 3000
    assert all(len(old) == len(new) == 1 for old, new in simplified().items())
    assert all(ord(old) < 0x10000 and ord(new) < 0x10000 for old, new in simplified().items())


def test_no_replacement_is_replaced_again():
    assert not set(simplified().values()) & set(simplified())


def test_width_brackets_and_case_are_unified():
    assert fold("【ＡＢＣ】（１２）") == " abc  12 "


def test_terms_leave_punctuation_out_and_come_once():
    assert terms_of("“電動自行車”，充电、充電 ABC") == ("电动自行车", "充电", "abc")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("电和气的价格", "电 气 价格"),
        ("水 价格", "水 价格"),
        ("狗在小区里能不能散养", "狗 小区 散养"),
        ("水怎么收", "水 收"),
        ("不低于百分之五的比例", "低于 百分之五 比例"),
        ("的", "的"),
    ],
)
def test_words_of_one_character_are_kept_and_needed(text, words):
    assert key_words(text) == words
    assert needed_terms(text) == tuple(words.split())


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("倒個垃圾还得买袋子", ("垃圾", "袋子")),
        ("狗咬人了", ("狗", "咬", "人")),
        ("一楼住户不同意装电梯怎么办", ("一楼", "住户", "同意", "电梯")),
        ("，的", ()),
        ("", ()),
    ],
)
def test_the_longer_words_tell_what_a_text_is_about(text, terms):
    assert telling_terms(text) == terms


@pytest.mark.parametrize(
    "spelling",
    [
        "澜政示〔2026〕3号",
        "澜政示[2026]3号",
        "澜政示（2026）3号",
        "澜政示【2026】3号",
        "澜政示﹝2026﹞3号",
        "澜政示［２０２６］３号",
        "瀾政示〔2026〕3號",
        "澜政示〔2026〕第3号",
        "澜政示〔2026〕第003号",
        "澜政示 2026年 3 号",
        " 澜 政 示 〔2026〕 3 号 ",
        "澜政示2026 3",
    ],
)
def test_a_document_number_is_one_in_every_spelling(spelling):
    assert canonical_document_no(spelling) == "澜政示|2026|3"


@pytest.mark.parametrize("text", ["", "电动自行车", "2026", "第三条", "澜政示〔2026〕号", "3号"])
def test_other_words_are_no_document_number(text):
    assert canonical_document_no(text) == ""


@given(st.text())
def test_any_text_can_be_asked_for_its_number(text):
    canonical_document_no(text)


def test_the_engine_folds_by_the_same_rules():
    rules = HAN_FOLD.get_definition()["mappings"] + WIDTH_PUNCT.get_definition()["mappings"]
    assert len(rules) == len(simplified()) + len(half_width())
    assert "\\u96fb => \\u7535" in rules  # 電 => 电
    assert "\\u3014 => \\u0020" in rules  # 〔 => blank
    assert "\\uff21 => \\u0041" in rules  # full-width A


def test_the_analysers_use_only_what_the_test_build_has():
    assert ZH.get_definition() == {
        "type": "custom",
        "tokenizer": "standard",
        "char_filter": ["han_fold", "width_punct"],
        "filter": ["cjk_width", "lowercase", "cjk_bigram"],
    }
    assert ZH_UNI.get_definition()["filter"] == ["cjk_width", "lowercase"]
