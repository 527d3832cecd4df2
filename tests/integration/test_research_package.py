"""The research package of a round: whole, checkable, the same twice, and only what is public."""

import csv
import io
import json
import subprocess
import tracemalloc
import zipfile
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from consultations import services
from consultations.lifecycle import Display, RedactionReason
from consultations.models import (
    ConsultationPage,
    FeedbackReportPage,
    Issue,
    Opinion,
    OpinionPoint,
    Redaction,
)
from consultations.passages import Passage
from decisions.datasets import round_tables
from decisions.models import DecisionPage
from tests import factories
from tests.factories.crowd import a_crowd
from tests.factories.evaluations import an_open_call
from tests.integration.test_redline_page import a_decision_on

pytestmark = pytest.mark.django_db

TABLES = ("articles", "opinions", "issues", "changes", "display", "redactions")
# Opinions, and the mebibytes that they may take besides what a test has anyway.
MANY = 1_000
MEMORY = 12
# What must be in no file: of people, of opinions that are not shown, of work inside.
SECRETS = {
    "name": "钱建言",
    "email": "qian.canary@example.com",
    "withheld": "金丝雀甲不公开的意见",
    "pending": "金丝雀乙未审核的意见",
    "private": "金丝雀丙不愿公开的意见",
    "hidden": "金丝雀丁被隐去的话",
    "draft answer": "金丝雀戊审核中的答复",
    "contact": "金丝雀联系人",
}


def given(client, page, **headers):
    return client.get(f"{page.url}package.zip", **headers)


def opened(response):
    assert response.status_code == HTTPStatus.OK
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def rows(files, table):
    return json.loads(files[f"{table}.json"])


def hidden(opinion, *passages, by):
    """Hide words of an opinion; such with a reason of their own come with it."""
    found = []
    for one in passages:
        words, reason = (one, RedactionReason.PERSONAL_INFO) if isinstance(one, str) else one
        start = str(opinion.comment).index(words)
        found.append(Passage(start, start + len(words), reason))
    services.redact_opinion(opinion=opinion, passages=found, by=by, at=timezone.now())


@pytest.fixture
def page() -> ConsultationPage:
    """An answered round with opinions of every display, full of what must not leave."""
    page = factories.a_closed_round(contact_person=SECRETS["contact"])
    shown = factories.a_published_opinion(
        page, text="=公开的意见。", name=SECRETS["name"], email=SECRETS["email"], article=2
    )
    factories.an_answered_issue(shown, title="每户一个端口", article=2)
    factories.an_answered_issue(factories.a_withheld_opinion(page, text=SECRETS["withheld"]))
    partly = factories.an_opinion(page, text=f"可读的前半。{SECRETS['hidden']}。可读的后半。")
    hidden(partly, SECRETS["hidden"], by=factories.a_clerk())
    private = factories.an_opinion(page, text=SECRETS["private"], is_private=True)
    pending = factories.an_opinion(page, text=SECRETS["pending"])
    factories.an_answered_issue(partly, private, pending, title="其他")
    return ConsultationPage.objects.get(pk=page.pk)


@pytest.fixture
def answered(page) -> ConsultationPage:
    factories.a_summary(page)
    return ConsultationPage.objects.get(pk=page.pk)


def test_it_holds_every_table_twice_and_explains_itself(answered, client):
    response = given(client, answered)
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"].endswith('-01-consultation-1.zip"')
    files = opened(response)
    assert set(files) == {
        *(f"{table}.{ending}" for table in TABLES for ending in ("csv", "json")),
        "consultation.json",
        "codebook.csv",
        "README.zh-hans.txt",
        "README.en.txt",
        "SHA256SUMS",
    }
    book = list(csv.DictReader(io.StringIO(files["codebook.csv"].decode("utf-8-sig"))))
    for table in TABLES:
        lines = csv.DictReader(io.StringIO(files[f"{table}.csv"].decode("utf-8-sig")))
        held = list(lines)
        assert [row["column"] for row in book if row["file"] == table] == lines.fieldnames
        assert len(held) == len(rows(files, table))
    assert all(row["name_zh"] and row["meaning_zh"] and row["meaning_en"] for row in book)
    [outcome] = [row for row in book if (row["file"], row["column"]) == ("issues", "outcome")]
    assert "partly_adopted = 部分采纳" in outcome["values_zh"]
    assert "partly_adopted = Partly adopted" in outcome["values_en"]


def test_its_digests_hold_for_a_program_that_knows_nothing_of_us(answered, client, tmp_path):
    for name, content in opened(given(client, answered)).items():
        (tmp_path / name).write_bytes(content)
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    assert len((tmp_path / "SHA256SUMS").read_text().splitlines()) == 2 * len(TABLES) + 4
    (tmp_path / "opinions.csv").write_text("")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_it_is_the_same_twice_in_every_language_and_who_has_it_is_told(answered, client):
    first = given(client, answered)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    second = given(client, answered)
    assert b"".join(first.streaming_content) == b"".join(second.streaming_content)
    assert "public" in first.headers["Cache-Control"]
    again = given(client, answered, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == HTTPStatus.NOT_MODIFIED


def laid_out_anew():
    """Put the rows of every table that is read into another order, as a server may at any time."""
    kept = {Opinion: "version", OpinionPoint: "place", Issue: "number", Redaction: "start"}
    for model, field in kept.items():
        for pk in sorted(model.objects.values_list("pk", flat=True), reverse=True):
            # A row that is written goes to the end in PostgreSQL.
            model.objects.filter(pk=pk).update(**{field: F(field)})
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA reverse_unordered_selects = ON")


@pytest.fixture
def as_it_lay():
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA reverse_unordered_selects = OFF")


def test_it_is_the_same_at_another_moment_and_from_rows_in_another_order(
    page, client, time_machine, as_it_lay
):
    again = factories.an_opinion(
        page, text="甲处要隐去，乙处也要隐去，丙处还要隐去。其余照常展示。"
    )
    hidden(again, ("丙处", RedactionReason.UNLAWFUL), "甲处", "乙处", by=factories.a_clerk())
    factories.an_answered_issue(again, title="又一个问题")
    factories.a_summary(page)
    first = b"".join(given(client, page).streaming_content)
    laid_out_anew()
    time_machine.move_to(timezone.now() + timedelta(days=400))
    cache.clear()
    second = b"".join(given(client, page).streaming_content)
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        found = json.loads(package.read("redactions.json"))
    assert [row["passages"] for row in found if row["opinion"] == again.pk] == [2, 1]
    assert [row["opinion"] for row in found] == sorted(row["opinion"] for row in found)


def test_it_says_what_is_public_and_counts_the_rest(answered, client):
    files = opened(given(client, answered))
    said = {row["text"]: row for row in rows(files, "opinions")}
    shown = said.pop("=公开的意见。")
    assert shown["article"] == answered.articles[1].id
    assert (shown["article_label"], shown["display"]) == ("第二条", "published")
    assert shown["url"].startswith(f"{django_settings.PUBLIC_URL}{answered.url}opinions/?from=")
    [(text, partly)] = said.items()
    assert "可读的前半" in text
    assert partly["display"] == "published_redacted"
    numbers = {row["title"]: row["number"] for row in rows(files, "issues")}
    assert (shown["issues"], partly["issues"]) == ([numbers["每户一个端口"]], [numbers["其他"]])
    counted = {(row["display"], row["reason"]): row["opinions"] for row in rows(files, "display")}
    assert sum(counted.values()) == 5
    assert counted["published", ""] == counted["published_redacted", ""] == 1
    assert (
        sum(n for (display, reason), n in counted.items() if display == "withheld" and reason) == 1
    )
    [redaction] = rows(files, "redactions")
    assert redaction == {
        "opinion": partly["id"],
        "url": partly["url"],
        "reason": "personal_info",
        "passages": 1,
    }
    table = files["opinions.csv"].decode("utf-8-sig")
    assert "'=公开的意见。" in table


@pytest.mark.parametrize("is_answered", [True, False])
def test_nothing_that_is_not_public_is_in_it(page, client, is_answered):
    if is_answered:
        factories.a_summary(page)
    everything = b"".join(opened(given(client, page)).values()).decode()
    for what, secret in SECRETS.items():
        assert secret not in everything, what
    for opinion in Opinion.objects.filter(consultation=page):
        assert opinion.receipt_no not in everything


def test_answers_leave_with_the_adoption_summary_and_go_with_it(page, client):
    before = opened(given(client, page))
    assert rows(before, "issues") == []
    assert all(row["issues"] == [] for row in rows(before, "opinions"))
    assert json.loads(before["consultation.json"])["adoption_summary"] is None
    factories.a_summary(page)
    assert len(rows(opened(given(client, page)), "issues")) == 3
    report = FeedbackReportPage.objects.get()
    PageViewRestriction.objects.create(page=report, restriction_type="login")
    assert rows(opened(given(client, page)), "issues") == []


def test_a_decision_adds_what_it_changed_and_why(answered, client):
    decision = a_decision_on(answered)
    files = opened(given(client, answered))
    address = f"{django_settings.PUBLIC_URL}{decision.url}"
    assert json.loads(files["consultation.json"])["decision"]["url"] == address
    changes = rows(files, "changes")
    assert changes
    assert {"old_words", "new_words", "kind"} <= changes[0].keys()
    assert all(row["url"].startswith(f"{address}redline/#a-") for row in changes)
    DecisionPage.objects.get(pk=decision.pk).unpublish()
    assert rows(opened(given(client, answered)), "changes") == []


def test_a_round_about_a_decision_in_place_gives_its_own(answered, client):
    call = an_open_call(a_decision_on(answered))
    files = opened(given(client, call))
    assert rows(files, "changes") == rows(files, "opinions") == []
    assert len(rows(files, "articles")) == len(call.articles)


def test_the_round_and_its_summary_lead_to_it(answered, client):
    link = f'href="{answered.url}package.zip"'
    assert link in client.get(answered.url).content.decode()
    assert link in client.get(answered.report.url).content.decode()


def test_a_round_that_is_not_public_gives_none(page, client):
    draft = factories.a_draft_round(page.item, title="第二次征求意见的草稿")
    assert (
        client.get(
            f"/catalogue/{page.item.catalogue.slug}/{page.item.slug}/{draft.slug}/package.zip"
        ).status_code
        == 404
    )
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert given(client, page).status_code == HTTPStatus.FOUND


def test_one_network_takes_no_more_than_its_share(page, client, settings):
    settings.THROTTLES = settings.THROTTLES | {"data.network": {"most": 1, "seconds": 600}}
    assert given(client, page).status_code == HTTPStatus.OK
    assert given(client, page).status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_many_opinions_take_a_portion_of_memory_at_a_time(client, monkeypatch):
    monkeypatch.setattr(round_tables, "PORTION", 100)
    page = factories.an_open_round()
    a_crowd(page, MANY)
    tracemalloc.start()
    try:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = given(client, page)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(captured) < 60 + 2 * MANY / 100
    assert peak < MEMORY * 2**20
    opinions = {row["id"] for row in rows(opened(response), "opinions")}
    assert len(opinions) == MANY
    assert len(opinions) == Opinion.norel_objects.filter(display=Display.PUBLISHED).count()
