"""Marked text: segments always join to the text they came from, and never hold a marker."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from decisions.search.text import (
    LONGEST_FRAGMENT,
    MARK,
    UNMARK,
    Segment,
    excerpt,
    mark,
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
def test_every_term_in_the_text_is_marked(text, terms):
    unmarked = [segment.text for segment in mark(text, terms) if not segment.is_match]
    assert not any(term in piece for term in terms for piece in unmarked)


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
