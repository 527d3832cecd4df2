"""Marked text: segments always join to the text they came from, and never hold a marker."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.search.text import (
    LONGEST_FRAGMENT,
    MARK,
    UNMARK,
    Segment,
    excerpt,
    mark,
    mark_parts,
    plain,
    read_marks,
    without_marks,
)

WORDS = st.text(alphabet="电动自行车充a ", max_size=300)
TERMS = st.lists(st.text(alphabet="电动自行车充a", min_size=1, max_size=3), max_size=4)


@given(WORDS, TERMS)
def test_marking_changes_no_text(text, terms):
    segments = mark(text, terms)
    assert plain(segments) == text
    assert all(segment.text for segment in segments)


@given(WORDS, TERMS)
def test_neighbours_differ(text, terms):
    segments = mark(text, terms)
    assert all(one.is_match != other.is_match for one, other in pairwise(segments))


@given(WORDS, TERMS)
def test_every_term_in_the_text_is_marked_and_letters_as_whole_words(text, terms):
    told = "".join(("#" if one.is_match else "-") * len(one.text) for one in mark(text, terms))
    expected = ["-"] * len(text)
    for term in terms:
        at = text.find(term)
        while at >= 0:
            end = at + len(term)
            if "aa" not in (text[max(at - 1, 0) : at + 1], text[end - 1 : end + 1]):
                expected[at:end] = "#" * len(term)
                at = text.find(term, end)
            else:
                at = text.find(term, at + 1)
    assert told == "".join(expected)


def test_what_is_marked_is_the_text_as_written():
    assert mark("關於電動自行車", ("电动",)) == (
        Segment("關於"),
        Segment("電動", is_match=True),
        Segment("自行車"),
    )


def test_pairs_marked_one_by_one_become_one_match():
    marked = f"停放{MARK}电动{UNMARK}{MARK}自{UNMARK}{MARK}行{UNMARK}的"
    assert read_marks(marked) == (
        Segment("停放"),
        Segment("电动自行", is_match=True),
        Segment("的"),
    )


@given(st.text(alphabet=f"a{MARK}{UNMARK}<b>&"))
def test_no_marker_ever_reaches_a_page(marked):
    assert MARK not in plain(read_marks(marked))
    assert MARK not in without_marks(marked)
    assert UNMARK not in without_marks(marked)


def test_markup_in_a_text_stays_text():
    assert read_marks(f"<b>{MARK}<i>{UNMARK}") == (
        Segment("<b>"),
        Segment("<i>", is_match=True),
    )


def test_an_excerpt_stands_around_the_first_match():
    text = "甲" * 500 + "充电" + "乙" * 500
    segments = excerpt(text, ("充电",))
    assert Segment("充电", is_match=True) in segments
    assert plain(segments).startswith("…甲")
    assert plain(segments).endswith("乙…")
    assert len(plain(segments)) == LONGEST_FRAGMENT + 2


def test_a_short_text_is_not_cut():
    assert plain(excerpt("甲" * 100 + "充电", ("充电",))) == "甲" * 100 + "充电"


def marked(segments):
    return [segment.text for segment in segments if segment.is_match]


def test_a_word_that_stands_whole_is_marked_where_it_does():
    assert marked(mark_parts("电动自行车管理办法", ["自行车"])) == ["自行车"]


def test_of_a_word_that_does_not_its_pairs_are_marked():
    told = mark_parts("电动三轮车与自行车管理", ["电动自行车停放"])
    assert marked(told) == ["电动", "自行车"]
    assert marked(mark_parts("Parking regulations", ["parks"])) == []


def test_a_phrase_is_marked_whole_or_not_at_all():
    title = "市政管理条例征求公众意见"
    assert marked(mark_parts(title, [], ["征求意见"])) == []
    assert marked(mark_parts(title, ["征求意见"])) == ["征求", "意见"]
    assert marked(mark_parts("关于征求意见的公告", [], ["征求意见"])) == ["征求意见"]


@pytest.mark.parametrize(
    ("text", "term", "expected"),
    [
        ("party art Art5", "art", ["art"]),
        ("2010年10月10日", "10", ["10", "10"]),
        ("ＡＰＰ应用和MYAPP应用", "app应用", ["ＡＰＰ应用"]),
        ("5G网络、15G网络", "5g网络", ["5G网络"]),
        ("办法（试行）的公告", "办法 试行", ["办法（试行"]),
        ("公共停车、公共 停车", "公共 停车", ["公共停车", "公共 停车"]),
        ("1.5倍、15倍、1、5倍", "1.5倍", ["1.5倍"]),
        ("第一段公共\n停车", "公共 停车", []),
    ],
)
def test_letters_and_figures_are_whole_words_and_signs_may_be_missing(text, term, expected):
    assert marked(mark(text, [term])) == expected


@given(WORDS, TERMS)
def test_marking_parts_changes_no_text(text, terms):
    assert plain(mark_parts(text, terms)) == text
