"""A cursor comes back as it was given, to its own question, for a day; nothing else does."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.cursors import LASTS, BadCursorError, read_cursor, write_cursor

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
QUESTION = "/api/v1/matters/?topic=land"
VALUES = st.one_of(
    st.none(), st.text(max_size=40), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
)


@given(st.lists(VALUES, max_size=4).map(tuple), st.text(max_size=80))
def test_a_position_comes_back_as_it_was(position, question):
    cursor = write_cursor(position, question=question, at=NOW)
    assert cursor.isascii()
    assert read_cursor(cursor, question=question, at=NOW + LASTS) == position


@given(st.data())
def test_one_character_changed_is_refused(data):
    cursor = write_cursor((7, "2026-11-24"), question=QUESTION, at=NOW)
    place = data.draw(st.integers(0, len(cursor) - 1))
    other = data.draw(
        st.characters(max_codepoint=126, min_codepoint=33).filter(lambda one: one != cursor[place])
    )
    with pytest.raises(BadCursorError):
        read_cursor(f"{cursor[:place]}{other}{cursor[place + 1 :]}", question=QUESTION, at=NOW)


@given(st.text(max_size=1200))
def test_nothing_made_up_is_followed(text):
    with pytest.raises(BadCursorError):
        read_cursor(text, question=QUESTION, at=NOW)


def test_it_is_the_same_all_day_so_that_a_list_keeps_its_etag():
    first = write_cursor((7,), question=QUESTION, at=NOW)
    assert write_cursor((7,), question=QUESTION, at=NOW + timedelta(hours=19)) == first
    assert write_cursor((7,), question=QUESTION, at=NOW + timedelta(hours=20)) != first


def test_another_question_or_a_day_too_late_is_refused(settings):
    cursor = write_cursor((7,), question=QUESTION, at=NOW)
    with pytest.raises(BadCursorError):
        read_cursor(cursor, question=QUESTION.replace("land", "trade"), at=NOW)
    with pytest.raises(BadCursorError):
        read_cursor(cursor, question=QUESTION, at=NOW + LASTS + timedelta(hours=20))
    settings.SECRET_KEY = "another key"
    with pytest.raises(BadCursorError):
        read_cursor(cursor, question=QUESTION, at=NOW)
