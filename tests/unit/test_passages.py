"""What is hidden is hidden, and nothing else of a text changes."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from consultations.lifecycle import RedactionReason
from consultations.passages import HIDDEN, Passage, leaves_words, merged, places_of, without

TEXTS = st.text(alphabet="一二三四五六七八九十，。a1 \n", min_size=1, max_size=60)


@st.composite
def texts_with_passages(draw):
    text = draw(TEXTS)
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    pairs = draw(st.lists(places, max_size=6))
    return text, [Passage(min(one), max(one)) for one in pairs if one[0] != one[1]]


@given(texts_with_passages())
def test_nothing_outside_the_passages_changes(given_):
    text, passages = given_
    covered = {place for one in passages for place in range(one.start, one.end)}
    outside = "".join(c for place, c in enumerate(text) if place not in covered)
    assert without(text, passages).replace(HIDDEN, "") == outside


@given(texts_with_passages())
def test_there_is_one_mark_for_each_merged_passage(given_):
    text, passages = given_
    assert without(text, passages).count(HIDDEN) == len(merged(passages))


@given(texts_with_passages())
def test_merged_passages_cover_the_same_and_lie_apart(given_):
    _text, passages = given_
    one = merged(passages)
    assert {p for x in one for p in range(x.start, x.end)} == {
        p for x in passages for p in range(x.start, x.end)
    }
    assert all(first.end < second.start for first, second in pairwise(one))
    assert merged(one) == one


@given(texts_with_passages())
def test_the_order_in_which_passages_are_named_does_not_matter(given_):
    text, passages = given_
    assert without(text, passages) == without(text, list(reversed(passages)))


def test_overlapping_passages_become_one_for_the_first_reason():
    first = Passage(0, 4, RedactionReason.ABUSE)
    assert merged([Passage(2, 6), first]) == [Passage(0, 6, RedactionReason.ABUSE)]


def test_a_text_of_marks_and_commas_leaves_no_words():
    assert not leaves_words("赵某某，", [Passage(0, 3)])
    assert leaves_words("赵某某，停车", [Passage(0, 3)])


def test_words_are_found_wherever_they_stand():
    assert places_of("三单元", "三单元在三单元旁") == [(0, 3), (4, 7)]
    assert places_of("", "三单元") == []
    assert places_of("(a+)+", "(a+)+") == [(0, 5)]
