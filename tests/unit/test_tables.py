"""Tables that explain themselves: words for people, keys and codes for programs."""

import csv
import io
import json
from datetime import date

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from decisions.datasets import matters, round_tables
from portal.core.tables import (
    Column,
    code_book,
    csv_in_codes,
    csv_in_words,
    json_array,
    json_lines,
)

COLUMNS = (
    Column("day", _("Day received"), "The day."),
    Column("stance", "Stance", "What is held.", {"yes": _("Yes"), "no": _("No")}),
    Column("issues", "Issues", "Several."),
    Column("moved", "Moved", "Whether."),
)
# Every table that the public takes home, by the name of its file.
GIVEN = {
    "matters": matters.MATTERS,
    "consultations": matters.ROUNDS,
    "articles": round_tables.ARTICLES,
    "opinions": round_tables.OPINIONS,
    "issues": round_tables.ISSUES,
    "changes": round_tables.CHANGES,
    "display": round_tables.DISPLAY,
    "redactions": round_tables.REDACTIONS,
}
ROWS = [(date(2026, 11, 30), "yes", [3, 5], True), (None, "", [], False)]


def read(lines):
    return list(csv.reader(io.StringIO("".join(lines).removeprefix("\ufeff"))))


def test_people_read_words_in_the_language_of_the_moment_they_asked():
    with translation.override("en"):
        lines = csv_in_words(COLUMNS, iter(ROWS))
    with translation.override("zh-hans"):
        table = read(lines)
    assert table[0] == ["Day received", "Stance", "Issues", "Moved"]
    assert table[1:] == [["2026-11-30", "Yes", "3；5", "true"], ["", "", "", "false"]]


def test_programs_read_keys_and_codes():
    with translation.override("zh-hans"):
        table = read(csv_in_codes(COLUMNS, ROWS))
    assert table[:2] == [
        ["day", "stance", "issues", "moved"],
        ["2026-11-30", "yes", "3；5", "true"],
    ]
    held = {"day": "2026-11-30", "stance": "yes", "issues": [3, 5], "moved": True}
    assert json.loads(next(iter(json_lines(COLUMNS, ROWS)))) == held
    assert json.loads("".join(json_array(COLUMNS, ROWS)))[0] == held


def test_json_without_rows_is_still_json():
    assert json.loads("".join(json_array(COLUMNS, []))) == []
    assert list(json_lines(COLUMNS, [])) == []


def test_a_code_book_explains_every_column_in_both_languages():
    table = read(code_book({"things": COLUMNS}))
    assert table[0] == [
        *("file", "column", "name_zh", "name_en"),
        *("meaning_zh", "meaning_en", "values_zh", "values_en"),
    ]
    assert [row[1] for row in table[1:]] == [column.key for column in COLUMNS]
    assert table[1][3] == "Day received"
    assert table[2][6:] == ["yes = 是；no = 否", "yes = Yes；no = No"]


@pytest.mark.parametrize("file", GIVEN)
def test_no_two_columns_of_a_file_have_the_same_name(file):
    table = read(code_book({file: GIVEN[file]}))[1:]
    for place in (2, 3):
        names = [row[place] for row in table]
        assert len(set(names)) == len(names), names


@pytest.mark.parametrize("file", GIVEN)
def test_a_code_book_does_not_speak_of_null_where_a_cell_is_empty(file):
    assert "null" not in "".join(code_book({file: GIVEN[file]}))
