"""Letters typed for Chinese are cut into sounds, and sounds are found at their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.search.analysis import fold
from decisions.search.sounds import (
    MOST_READINGS,
    initials,
    places_of_initials,
    places_of_sounds,
    readings,
    spoken_form,
    typed_letters,
)

TITLE = "2026年《电动自行车》管理"


def test_every_sign_of_a_title_has_its_place():
    assert spoken_form(TITLE) == " 2 0 2 6 nian _ dian dong zi xing che _ guan li "
    assert initials(TITLE) == "2026n_ddzxc_gl"


def test_a_word_read_alone_sounds_otherwise_and_is_found_in_both_ways():
    assert spoken_form("银行") == " yin hang \n yin xing "
    assert initials("银行") == "yh\nyx"


def test_a_sign_that_is_folded_into_another_sounds_as_it_is_written_too():
    assert places_of_sounds(spoken_form("迁往乾安"), ("qian", "an")) == {(2, 4)}
    assert places_of_sounds(spoken_form("迁往乾安"), ("gan", "an")) == {(2, 4)}
    assert "qa" in initials("乾安").split()
    assert spoken_form("電動") == " dian dong "
    assert " yin hang " in spoken_form("銀行").split("\n")


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("DianPing", "dianping"),
        (" dian'ping ", "dian ping"),
        ("ｄｄｚｘｃ", "ddzxc"),
        ("第12条 abc", ""),
        ("5G", ""),
        ("title:abc", ""),
        ("a" * 41, ""),
        ("", ""),
    ],
)
def test_only_letters_are_taken_for_sounds(text, letters):
    assert typed_letters(text) == letters


@pytest.mark.parametrize(
    ("letters", "reading"),
    [
        ("dianping", ("dian", "ping")),
        ("diandongzixingche", ("dian", "dong", "zi", "xing", "che")),
        ("xian", ("xi", "an")),
        ("fan gan", ("fan", "gan")),
        ("lueduo", ("lve", "duo")),
    ],
)
def test_letters_are_cut_into_sounds(letters, reading):
    assert reading in readings(letters)


@pytest.mark.parametrize("letters", ["ddzxc", "app", "gdp", "sustainable", "che"])
def test_most_foreign_words_are_no_sounds(letters):
    assert readings(letters) == ()


@given(st.text("aeionghcd", max_size=40))
def test_letters_have_few_readings_and_each_is_all_of_them(letters):
    found = readings(letters)
    assert len(found) <= MOST_READINGS
    assert all("".join(reading).replace("v", "u") == letters for reading in found)


@given(st.text(max_size=60))
def test_a_place_among_sounds_is_a_place_in_the_text(text):
    assert all(len(line.split()) == len(fold(text)) for line in spoken_form(text).split("\n"))
    assert all(len(line) == len(fold(text)) for line in initials(text).split("\n"))


def test_sounds_are_found_at_their_places():
    (start, end), *none = places_of_sounds(spoken_form(TITLE), ("dian", "dong"))
    assert (TITLE[start:end], none) == ("电动", [])
    assert places_of_sounds(spoken_form(TITLE), ("ian", "dong")) == set()
    [(start, end)] = places_of_initials(initials(TITLE), "zxc")
    assert TITLE[start:end] == "自行车"
