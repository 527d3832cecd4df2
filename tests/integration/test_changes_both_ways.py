"""Causes in both directions: from each change to its issues and back, on pages and as data."""

import csv
import io
import json

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from consultations.lifecycle import Outcome
from consultations.models import Issue
from decisions import services
from decisions.models.changes import changes_of
from tests import factories
from tests.integration.statements import statements
from tests.integration.test_redline_page import ADDED, a_decision_on, a_reported_round, shown

pytestmark = pytest.mark.django_db

BOM = "\ufeff"


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()
    yield
    cache.clear()


def table(client: Client, page) -> list[list[str]]:
    response = client.get(f"{page.url}redline/changes.csv")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode()
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM))))[1:]


def data(client: Client, page) -> dict:
    response = client.get(f"{page.url}redline/changes.json")
    assert response.status_code == 200
    assert "public" in response.headers["Cache-Control"]
    return json.loads(response.content)


def test_the_summary_leads_to_the_words_that_an_issue_changed(client: Client) -> None:
    round_, issue = a_reported_round()
    page = a_decision_on(round_)
    (change, _added) = changes_of(page).changed

    html = client.get(round_.report.url).content.decode()

    row = html.partition(f'id="issue-{issue.number}"')[2].partition("</tr>")[0]
    assert f'href="{page.url}redline/#{change.anchor}"' in row
    assert "两" in row.partition('class="effect"')[2]
    redline = shown(client, page)
    assert f'id="{change.anchor}"' in redline
    assert f'href="{round_.report.url}#issue-{issue.number}"' in redline


def test_an_issue_that_was_not_adopted_leads_nowhere(client: Client) -> None:
    round_, _issue = a_reported_round(outcome=Outcome.NOT_ADOPTED)
    a_decision_on(round_)

    assert 'class="effect"' not in client.get(round_.report.url).content.decode()


def test_the_summary_costs_little_with_the_changes_on_it(client: Client) -> None:
    round_, _issue = a_reported_round()
    a_decision_on(round_)

    asked, _ = statements(client, round_.report.url)

    assert len(asked) <= 12, "\n".join(asked)


def test_csv_and_json_say_what_the_page_says(client: Client) -> None:
    round_, issue = a_reported_round()
    page = a_decision_on(round_)
    services.explain_change(
        page=page,
        article_id=page.articles[3].id,
        own_reason="与技术标准衔接。",
        by=factories.a_publisher(),
        at=timezone.now(),
    )

    second, added = table(client, page)

    assert second[0] == second[1] == "第二条"
    assert second[3:] == [
        round_.articles[1].text,
        page.articles[1].text,
        str(issue.number),
        issue.title,
        "1",
        "",
    ]
    assert added[0] == ""
    assert (added[1], added[4], added[8]) == ("第四条", ADDED, "与技术标准衔接。")
    told = data(client, page)
    assert told["document_number"] == page.document_no
    first, last = told["changes"]
    assert (first["kind"], last["kind"]) == ("changed", "inserted")
    assert first["edits"] == [{"old": "两", "new": ""}]
    assert [one["number"] for one in first["issues"]] == [issue.number]
    assert first["issues"][0]["url"] == f"{round_.report.full_url}#issue-{issue.number}"
    assert last["own_motion"] == ["与技术标准衔接。"]


def test_a_reader_gets_the_table_in_their_language_whoever_came_before(client: Client) -> None:
    round_, _issue = a_reported_round()
    page = a_decision_on(round_)
    headings = {}
    for language in ("zh-hans", "en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        response = client.get(f"{page.url}redline/changes.csv")
        headings[language] = response.content.decode().splitlines()[0]

    assert "征求意见稿文本" in headings["zh-hans"]
    assert "Words of the draft" in headings["en"]


def test_no_program_takes_a_text_for_a_formula(client: Client) -> None:
    round_, issue = a_reported_round()
    Issue.objects.filter(pk=issue.pk).update(title='=HYPERLINK("http://example.com")')
    page = a_decision_on(round_, second="=1+1")

    row = table(client, page)[0]

    assert row[4] == "'=1+1"
    assert row[6].startswith("'=HYPERLINK")


def test_without_a_draft_there_is_no_data(client: Client) -> None:
    matter = factories.a_matter(needs_participation=False)
    page = factories.a_decision(factories.a_decided_matter(factories.a_reviewed_matter(matter)))

    for ending in ("csv", "json", "xml"):
        assert client.get(f"{page.url}redline/changes.{ending}").status_code == 404
