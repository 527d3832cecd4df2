"""The figures of a year agree with a recount by brute force, on the demonstration city."""

import io
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from consultations.lifecycle import Channel, Stage, official_date
from consultations.models import (
    CataloguePage,
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
    Opinion,
)
from decisions.lifecycle import Validity
from decisions.models import DecisionPage
from home.demo.seed import seed
from home.desk import figures as counted
from home.desk.figures import figures_of
from portal.accounts.models import Unit
from portal.core.workdays import add_workdays
from tests import factories
from tests.factories.people import a_unit

pytestmark = pytest.mark.django_db


def by_hand(year, at, unit):  # noqa: C901 - one branch a kind, on purpose without a query of ours
    """Count again, slowly and one by one."""
    counts = Counter()
    for catalogue in CataloguePage.objects.live().filter(year=year):
        for item in DecisionItemPage.objects.child_of(catalogue).live():
            if item.lead_unit == unit:
                counts.update([counted.MATTERS, Stage(item.stage)])
    for page in ConsultationPage.objects.live():
        if page.item.lead_unit == unit:
            counts[counted.CONSULTATIONS] += (
                page.opens_on.year == year and page.opens_on <= official_date(at)
            )
            for opinion in Opinion.objects.filter(consultation=page):
                if opinion.counts(at=at):
                    _count_opinion(counts, opinion, year)
    for report in FeedbackReportPage.objects.live():
        if report.consultation.item.lead_unit == unit and report.published_on.year == year:
            late = report.published_on > add_workdays(report.consultation.closes_on, 20)
            which = counted.SUMMARIES_LATE if late else counted.SUMMARIES_IN_TIME
            counts.update([counted.SUMMARIES, which])
    for page in DecisionPage.objects.live():
        if page.item.lead_unit == unit:
            _count_decision(counts, page, year, official_date(at))
    return counts


def _count_opinion(counts, opinion, year):
    if official_date(opinion.submit_date).year == year:
        counts.update([counted.OPINIONS, Channel(opinion.channel)])
    for point in opinion.points.all():
        issue = point.issue
        if issue and issue.outcome and official_date(issue.answered_at).year == year:
            counts[counted.POINTS_ANSWERED] += 1
            counts["spent"] += (issue.answered_at - opinion.submit_date).total_seconds()


def _count_decision(counts, page, year, today):
    until = min(date(year, 12, 31), today)
    now, before = page.validity(on=until), page.validity(on=date(year - 1, 12, 31))
    counts[counted.ISSUED] += page.published_on.year == year
    counts[counted.IN_FORCE] += page.published_on <= until and now in {
        Validity.IN_FORCE,
        Validity.SUSPENDED,
        Validity.AMENDED,
    }
    counts[counted.REPEALED] += now is Validity.REPEALED is not before
    counts[counted.EXPIRED] += now is Validity.EXPIRED is not before


@pytest.fixture
def city(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    seed(at=timezone.now())


def test_they_equal_a_recount_of_the_demonstration_city(city):
    at = timezone.now()
    this_year = official_date(at).year
    plain = (
        *(counted.MATTERS, counted.CONSULTATIONS, counted.OPINIONS, counted.SUMMARIES),
        *(counted.SUMMARIES_IN_TIME, counted.SUMMARIES_LATE, counted.ISSUED),
        *(counted.REPEALED, counted.EXPIRED, counted.IN_FORCE, counted.POINTS_ANSWERED),
    )
    seen = Counter()
    for year in (this_year - 1, this_year):
        with CaptureQueriesContext(connection) as asked:
            found = figures_of(year, DecisionItemPage.objects.all(), at=at)
        assert len(asked) <= 12
        for unit in Unit.objects.all():
            counts = by_hand(year, at, unit)
            for figure in plain:
                assert found.value(figure, [unit.pk]) == counts[figure], (year, unit, figure)
                seen[figure] += counts[figure]
            for one in (*Stage, *Channel):
                assert found.value(one, [unit.pk]) == counts[one]
            answered = counts[counted.POINTS_ANSWERED]
            days = found.value(counted.DAYS_TO_ANSWER, [unit.pk])
            if answered:
                expected = counts["spent"] / answered / timedelta(days=1).total_seconds()
                assert days == pytest.approx(expected, abs=0.06)
            else:
                assert days is None
    assert all(seen[one] for one in (counted.MATTERS, counted.OPINIONS, counted.SUMMARIES))
    assert seen[counted.ISSUED]
    assert seen[counted.IN_FORCE]


def test_the_report_explains_links_and_exports_them():
    report = factories.a_summary()
    client = Client()
    client.force_login(factories.a_publisher())
    url = reverse("figures_report")
    answer = client.get(url)
    assert answer.status_code == 200
    rows = {row.named.figure: row for row in answer.context["rows"]}
    assert rows[counted.SUMMARIES].value == 1
    assert rows[counted.SUMMARIES].named.explanation
    assert rows[counted.MATTERS].named.url
    assert rows[counted.CONSULTATIONS].value == 1
    book = client.get(url, {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    table = list(sheet.iter_rows(values_only=True))
    assert len(table) == 1 + len(rows)
    assert report.consultation.item.lead_unit.short_name in table[0]


def test_a_unit_sees_its_own_figures_only():
    elsewhere = a_unit("市交通运输局", "交通局")
    factories.an_open_round()
    factories.an_open_round(item=factories.a_matter(lead_unit=elsewhere, slug="60", number=60))
    url = reverse("figures_report")

    def held(user, **asked):
        client = Client()
        client.force_login(user)
        rows = client.get(url, asked).context["rows"]
        return next(row.value for row in rows if row.named.figure == counted.CONSULTATIONS)

    assert held(factories.a_publisher()) == 2
    assert held(factories.a_publisher(), unit=elsewhere.pk) == 1
    assert held(factories.an_editor()) == 1
