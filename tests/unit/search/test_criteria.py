"""An address is read strictly and written back the same."""

from datetime import date
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.lifecycle import Stage
from consultations.models.topic import Topic
from decisions.search.criteria import (
    LAST_PAGE,
    BadQuestionError,
    Criteria,
    NoSuchPageError,
    Sort,
    read,
)
from decisions.search.language import UnreadableError, read_question
from decisions.search.question import DateField


def _is_readable(text):
    try:
        read_question(text)
    except UnreadableError:
        return False
    return True


DAY = st.dates(date(2000, 1, 1), date(2040, 1, 1))
DAYS = st.one_of(
    st.tuples(DAY, st.none()),
    st.tuples(st.none(), DAY),
    st.tuples(DAY, DAY).map(lambda days: (min(days), max(days))),
)
# What `read` leaves in a question.
SIGNS = st.characters(
    exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff"
)
CRITERIA = st.builds(
    Criteria,
    text=st.text(SIGNS, max_size=40).filter(_is_readable).map(str.strip),
    year=st.lists(st.integers(1949, 9999), max_size=4, unique=True).map(sorted).map(tuple),
    stage=st.lists(st.sampled_from(sorted(Stage)), max_size=3, unique=True).map(sorted).map(tuple),
    unit=st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True), max_size=3, unique=True)
    .map(sorted)
    .map(tuple),
    topic=st.lists(st.sampled_from(sorted(Topic)), max_size=2, unique=True).map(sorted).map(tuple),
    days=st.lists(
        st.tuples(st.sampled_from(DateField), DAYS), max_size=3, unique_by=lambda one: one[0]
    )
    .map(lambda days: sorted(days, key=lambda one: list(DateField).index(one[0])))
    .map(tuple),
    category=st.lists(st.integers(0, 99), max_size=3, unique=True).map(sorted).map(tuple),
    sort=st.sampled_from(Sort),
    page=st.integers(1, LAST_PAGE),
)


@given(CRITERIA)
def test_what_is_written_is_read_back(criteria):
    address = criteria.query_string().removeprefix("?")
    assert read(parse_qs(address, keep_blank_values=True)) == criteria


@given(CRITERIA, st.sampled_from(Stage))
def test_choosing_and_taking_away_leaves_the_rest(criteria, stage):
    toggled = criteria.toggled("stage", stage)
    assert (stage in toggled.stage) != (stage in criteria.stage)
    assert toggled.page == 1
    assert set(toggled.toggled("stage", stage).stage) == set(criteria.stage)


@pytest.mark.parametrize("sign", "\x01\x08\t\n\x0b\x0c\r\x1f\x7f\x85\u2028\uffff")
def test_what_pasted_text_carries_between_words_is_a_blank(sign):
    assert read({"q": [f"停车{sign}收费{sign}"]}) == Criteria(text="停车 收费")


def test_an_empty_address_asks_for_everything_by_date():
    criteria = read({})
    assert criteria == Criteria()
    assert criteria.order is Sort.DATE
    assert criteria.query_string() == "?"


@pytest.mark.parametrize(
    "parameters",
    [
        {"colour": ["red"]},
        {"q": ["a", "b"]},
        {"q": ["a\x00b"]},
        {"q": ["字" * 513]},
        {"year": ["20x6"]},
        {"year": ["0"]},
        {"year": ["-1"]},
        {"year": ["２０２６"]},
        {"year": ["9" * 5000]},
        {"year": [""]},
        {"year": [str(year) for year in range(1949, 2049)]},
        {"stage": ["nowhere"]},
        {"stage": ["published'--"]},
        {"unit": [""]},
        {"unit": ["a b"]},
        {"unit": ["../etc"]},
        {"unit": ["u" * 51]},
        {"unit": ["a\x00"]},
        {"category": ["one"]},
        {"category": ["32768"]},
        {"sort": ["price"]},
        {"sort": ["date", "date"]},
        {"page": ["0"]},
        {"page": ["-1"]},
        {"page": ["1.5"]},
        {"page": ["one"]},
        {"page": [""]},
        {"page": ["1", "2"]},
        {"page": ["9" * 5000]},
        {"page": ["²"]},
    ],
)
def test_what_cannot_be_is_refused_in_words(parameters):
    with pytest.raises(BadQuestionError) as refusal:
        read(parameters)
    assert str(refusal.value)


@pytest.mark.parametrize("page", ["501", "1000000000"])
def test_a_page_no_result_can_stand_on_is_not_there(page):
    with pytest.raises(NoSuchPageError):
        read({"page": [page]})


def test_the_longest_question_is_read():
    assert read({"q": ["字" * 512]}).text == "字" * 512


def test_a_value_chosen_twice_counts_once():
    assert read({"year": ["2026", "2026"]}).year == (2026,)
