"""Receipt numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.receipts import ALPHABET, check_character, new_receipt_no, normalised

bodies = st.text(st.sampled_from(ALPHABET), min_size=7, max_size=7)


def receipt(body, year=2026):
    whole = body + check_character(year, body)
    return f"ZJ-{year}-{whole[:4]}-{whole[4:]}"


def test_a_new_number_reads_back_as_itself_and_is_never_the_same():
    numbers = {new_receipt_no(2026) for _ in range(200)}
    assert len(numbers) == 200
    assert all(normalised(number) == number for number in numbers)


def test_no_character_can_be_taken_for_another():
    assert not set("01IO") & set(ALPHABET)
    assert len(ALPHABET) == 32


@given(bodies)
def test_case_spaces_and_hyphens_do_not_matter(body):
    number = receipt(body)
    assert normalised(number.lower().replace("-", " ")) == number
    assert normalised(number.replace("-", "—")) == number


@given(bodies, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(body, place, wrong):
    whole = body + check_character(2026, body)
    mistyped = whole[:place] + wrong + whole[place + 1 :]
    expected = None if mistyped != whole else receipt(body)
    assert normalised(f"ZJ-2026-{mistyped[:4]}-{mistyped[4:]}") == expected


@pytest.mark.parametrize("text", ["", "ZJ", "ZJ-2026-7K4M", "ZJ-2026-OOOO-1111", "\x00", "中" * 50])
def test_anything_else_is_not_a_receipt_number(text):
    assert normalised(text) is None
