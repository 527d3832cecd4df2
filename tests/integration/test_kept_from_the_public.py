"""A round or a summary that is kept to some readers is kept back wherever it would be told of."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from consultations.models import ConsultationPage, DecisionItemPage
from decisions.alerts import happened_in
from decisions.models import DecisionPage
from tests import factories

pytestmark = pytest.mark.django_db

SECOND = "新建住宅小区应当按照不低于每户一个的标准配建充电端口。"
ISSUE = "每户一个端口"


@pytest.fixture
def decision() -> DecisionPage:
    """A decision that changed one article of its draft because of an adopted issue."""
    round_ = factories.a_closed_round()
    factories.an_answered_issue(factories.an_opinion(round_), title=ISSUE, article=2)
    factories.a_summary(round_)
    matter = factories.a_decided_matter(factories.a_reviewed_matter(round_.item))
    blocks = [
        {"type": "article", "id": one.id, "value": {"label": "", "text": text}}
        for one, text in zip(
            round_.articles,
            [round_.articles[0].text, SECOND, round_.articles[2].text],
            strict=True,
        )
    ]
    return factories.a_decision(matter, text=blocks)


def the_round() -> ConsultationPage:
    return ConsultationPage.objects.get()


def keep(page: Page) -> None:
    PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password="nobody-knows-it"
    )
    cache.clear()  # Public pages and tables are kept for a minute.


def told(page: DecisionPage) -> str:
    """Return what a visitor is told at all addresses of a decision and of its matter."""
    ways = ("", "redline/", "redline/changes.csv", "redline/changes.json")
    addresses = [page.item.url, *(f"{page.url}{way}" for way in ways)]
    return "".join(Client().get(address).content.decode() for address in addresses)


def test_the_draft_of_a_round_that_is_kept_is_not_told_by_what_changed(decision):
    draft = the_round().articles[1].text
    before = told(decision)
    assert "<del>两</del>" in before
    assert draft in before
    assert ISSUE in before

    keep(the_round())

    after = told(decision)
    assert draft not in after
    assert "<del>两</del>" not in after
    assert ISSUE not in after
    assert the_round().title not in after
    assert Client().get(f"{decision.url}redline/").status_code == 404


def test_the_answers_of_a_summary_that_is_kept_are_not_told_by_what_changed(decision):
    summary = the_round().report
    keep(summary)

    after = told(decision)
    assert ISSUE not in after
    assert summary.url not in after
    assert "<del>两</del>" in after


def test_restrictions_above_count_and_those_beside_do_not(decision):
    other = factories.an_open_round(factories.a_matter(title="城市绿地系统规划"))
    everybody = ConsultationPage.objects.for_everybody()
    assert (
        set(everybody)
        == set(ConsultationPage.objects.live().public())
        == set(ConsultationPage.objects.all())
    )

    keep(DecisionItemPage.objects.get(pk=decision.item.pk))

    assert set(everybody.all()) == set(ConsultationPage.objects.live().public()) == {other}


def test_what_is_published_for_some_is_no_news_for_followers(decision):
    matter = decision.item
    since = timezone.now()
    summary = the_round().report
    keep(summary)
    Page.objects.filter(pk=summary.pk).update(last_published_at=since)
    assert happened_in(since, since + timedelta(minutes=1)) == ()

    PageViewRestriction.objects.all().delete()
    assert happened_in(since, since + timedelta(minutes=1)) == (matter.pk,)
