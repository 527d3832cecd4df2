"""Document numbers in the forms that people write them in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.document_number import DocumentNumber, read_document_number
from decisions.search.analysis import canonical_document_no
from tests.factories.numbers import spellings

WRITTEN = spellings("澜政示", 2022, 23)


@pytest.mark.parametrize("spelling", WRITTEN)
def test_every_spelling_is_the_same_number(spelling: str) -> None:
    number = read_document_number(spelling)

    assert number == DocumentNumber("澜政示", 2022, 23)
    assert str(number) == "澜政示〔2022〕23号"
    assert canonical_document_no(spelling) == "澜政示|2022|23"


def test_there_are_twenty_four_spellings() -> None:
    assert len(set(WRITTEN)) == 24


def test_the_archive_knows_traditional_characters_too() -> None:
    assert canonical_document_no("瀾政示〔2022〕23號") == "澜政示|2022|23"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "电动自行车",
        "2026",
        "第三条",
        "澜政示〔2026〕号",
        "3号",
        "澜政示〔1026〕3号",
        "澜政示〔2026〕0号",
    ],
)
def test_nonsense_is_no_document_number(text: str) -> None:
    assert read_document_number(text) is None


@given(st.text(max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    number = read_document_number(text)

    assert number is None or read_document_number(str(number)) == number
