"""What a row of an exported file says of a matter."""

import io

import pytest
from django.conf import settings as django_settings
from openpyxl import load_workbook

from consultations.models import DecisionItemPage
from decisions.search.indexing import copy_dossiers
from decisions.search.rebuilding import rebuild
from tests.integration.search.conftest import NOW
from tests.integration.search.exported import KEYS, content, lines_of, table_of

pytestmark = pytest.mark.django_db

FORMULA = '=HYPERLINK("http://example.com","点我")'


def test_a_row_says_everything_the_archive_lists(dossiers, take):
    rebuild(at=NOW)
    [row] = lines_of(take("jsonl", "?stage=published"))
    assert list(row) == KEYS
    assert row["id"] == dossiers["decided"].pk
    assert row["url"] == f"{django_settings.PUBLIC_URL}{dossiers['decided'].url}"
    year = dossiers["decided"].catalogue.year
    assert (row["document_no"], row["year"]) == ("澜政示〔2026〕1号", year)
    assert (row["stage"], row["validity"]) == ("published", "not_yet_effective")
    assert (row["unit_name"], row["category"]) == ("市住房和城乡建设局", 1)
    assert row["category_name"] == "重大公共政策和措施"
    assert row["closes_on"]
    assert row["decided_on"]
    assert row["effective_on"]
    assert row["opinion_count"] == row["adopted_count"] == 0


def test_people_read_words_and_programs_codes_in_either_language(dossiers, take, client):
    rebuild(at=NOW)
    stage = KEYS.index("stage")
    assert table_of(take("csv", "?stage=published"))[1][stage] == "决策已公布"
    codes = content(take("jsonl", "?stage=published"))
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    english = table_of(take("csv", "?stage=published"))
    assert (english[0][stage], english[1][stage]) == ("Stage", "Decision published")
    assert content(take("jsonl", "?stage=published")) == codes


def test_nothing_is_taken_for_a_formula(dossiers, take):
    DecisionItemPage.objects.filter(pk=dossiers["green"].pk).update(title=FORMULA)
    copy_dossiers([dossiers["green"].pk])
    title = KEYS.index("title")
    assert FORMULA in [row["title"] for row in lines_of(take("jsonl"))]
    assert f"'{FORMULA}" in [row[title] for row in table_of(take("csv"))]
    sheet = load_workbook(io.BytesIO(content(take("xlsx")))).active
    [cell] = [row[title] for row in sheet if row[title].value == FORMULA]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
