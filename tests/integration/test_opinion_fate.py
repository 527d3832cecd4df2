"""What the status pages tell of an opinion, read from what the services wrote."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations import services
from consultations.fate import fate_of
from consultations.lifecycle import Outcome, Stage, WithheldReason
from consultations.models import Issue, Opinion
from consultations.services.author import secret_of
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.ready("a_closed_round")]


def status_page(client, opinion):
    response = client.post(reverse("opinions:status"), {"receipt_no": opinion.receipt_no})
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def own_page(client, opinion):
    return client.get(reverse("opinions:mine", args=[secret_of(opinion)])).content.decode()


def titles(opinion, **how):
    at = how.pop("at", timezone.now())
    opinion = Opinion.objects.select_related("consultation").get(pk=opinion.pk)
    return [event.title for event in fate_of(opinion, at=at, **how).events]


@pytest.fixture
def answered():
    """An opinion whose answer is public and changed the first article."""
    round_ = factories.a_closed_round()
    opinion = factories.a_published_opinion(round_, name="王小明", article=1)
    issue = factories.an_answered_issue(opinion, outcome=Outcome.ADOPTED, article=1)
    Issue.objects.filter(pk=issue.pk).update(change="六个月改为十二个月")
    return opinion


def test_the_answer_stays_hidden_until_the_summary_is_public(client, answered):
    for page in (status_page(client, answered), own_page(client, answered)):
        assert "增设充电设施的期限" not in page
        assert "已改为十二个月。" not in page
    factories.a_summary(answered.consultation)
    for page in (status_page(client, answered), own_page(client, answered)):
        assert "增设充电设施的期限" in page
        assert "已改为十二个月。" in page
        assert "六个月改为十二个月" in page


def test_the_changed_article_of_the_draft_is_linked(client, answered):
    factories.a_summary(answered.consultation)
    point = answered.points.get()
    link = f'href="{answered.consultation.url}#{point.article_anchor}"'
    assert status_page(client, answered).count(link) >= 2, "in the answer and in the story"


def test_an_answer_to_two_points_is_told_once(client):
    round_ = factories.a_closed_round()
    opinion = factories.an_opinion(round_, article=1)
    point = opinion.points.get()
    opinion.points.create(text="又一点", article_id=point.article_id)
    opinion.points.create(text="再一点", article_id=round_.articles[1].id)
    factories.an_answered_issue(opinion)
    factories.a_summary(round_)
    [answer] = fate_of(opinion, at=timezone.now()).answers
    assert [label for label, _address in answer.spoke_to] == [
        article.label for article in round_.articles[:2]
    ]


def test_the_number_leads_to_the_list_and_the_secret_to_the_place_in_it(client):
    opinion = factories.a_published_opinion(name="王小明")
    place = opinion.get_absolute_url()
    by_number, by_secret = status_page(client, opinion), own_page(client, opinion)
    assert place not in by_number
    assert f'href="{opinion.consultation.list_url}"' in by_number
    assert place in by_secret
    assert "王**" in by_secret
    assert "王" not in by_number


def test_a_withheld_opinion_says_why(client):
    opinion = factories.a_withheld_opinion()
    page = status_page(client, opinion)
    assert str(WithheldReason.ABUSE.label) in page


def test_what_staff_decided_is_still_told_after_the_author_took_it_back(time_machine):
    now = timezone.now()
    opinion = factories.a_published_opinion(at=now)
    before = titles(opinion)
    time_machine.move_to(now + timedelta(minutes=5))
    services.withdraw(opinion=opinion, at=timezone.now())
    after = titles(opinion)
    place = next(n for n, title in enumerate(after) if title not in before)
    assert after[:place] == before[:place], "the withdrawal stands behind what was done before"
    assert after[place + 1 :] == before[place:], "and before what is still to come"


def test_a_corrected_decision_replaces_the_first_one(time_machine):
    opinion = factories.a_published_opinion()
    shown = titles(opinion)[2]
    time_machine.move_to(timezone.now() + timedelta(minutes=5))
    factories.hide(opinion, "老小区")
    assert titles(opinion)[2] != shown
    assert titles(opinion).count(shown) == 0


def test_an_opinion_without_an_address_counts_and_says_so(client):
    opinion = factories.an_unconfirmed_opinion()
    Opinion.objects.filter(pk=opinion.pk).update(author_email="", confirm_by=None)
    page = status_page(client, opinion)
    assert "未留邮箱，已计入意见" in page
    assert "您的意见还没有确认" not in page


@pytest.mark.parametrize("stage", [Stage.DEFERRED, Stage.WITHDRAWN])
def test_a_matter_that_was_set_aside_says_so(client, stage):
    opinion = factories.an_opinion(factories.a_closed_round())
    item = opinion.consultation.item
    if item.stage == Stage.CONSULTING:
        services.advance(
            item=item, to=Stage.CONSULTATION_CLOSED, by=factories.a_publisher(), at=timezone.now()
        )
    services.advance(
        item=item,
        to=stage,
        reason="财政安排调整。",
        by=factories.a_publisher(),
        at=timezone.now(),
    )
    page = status_page(client, opinion)
    assert "财政安排调整。" in page
    assert str(stage.label) in page


def test_the_story_ends_with_the_decision(client, answered):
    item = factories.a_summary(answered.consultation).consultation.item
    reviewed = factories.a_reviewed_matter(item)
    factories.a_decision(factories.a_decided_matter(reviewed))
    page = status_page(client, answered)
    assert "决策已公布" in page
    assert f'href="{item.url}"' in page
    assert "is-later" not in page
    assert "is-now" not in page


def test_every_wrong_number_gets_the_same_neutral_answer(client):
    factories.an_opinion()
    pages = set()
    for number in ("ZJ-2026-2222-2222", "ZJ-2026-3333-3333", "没有这个编号"):
        response = client.post(reverse("opinions:status"), {"receipt_no": number})
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
        pages.add(page.replace(number, ""))
    assert len(pages) == 1
