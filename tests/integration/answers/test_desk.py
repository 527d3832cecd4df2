"""The desk of a consultation: what it shows, and how points are grouped there."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.utils import timezone

from consultations import services
from consultations.lifecycle import Stance
from consultations.models import Issue, OpinionPoint
from consultations.models.desk import bundles_of, same_words
from consultations.models.progress import Share, progress_of
from tests import factories
from tests.factories.crowd import a_crowd
from tests.integration.answers.answering import (
    NOW,
    a_colleague,
    a_point,
    acts_on,
    points_of,
    signed_in,
    url,
)
from tests.integration.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return signed_in(factories.a_clerk())


@pytest.fixture
def page():
    return factories.an_open_round()


def shown(client, page, query=""):
    response = client.get(url("desk", page.pk) + query)
    assert response.status_code == HTTPStatus.OK
    return [one.first.text for one in response.context["page"].bundles]


def group(client, page, *points, query="", **fields):
    sent = {"points": [str(point.pk) for point in points], "article_id": ""} | fields
    return client.post(url("desk", page.pk) + query, sent)


def test_it_shows_the_points_under_no_issue_and_filters_them(clerk, page):
    a_point("停车位太少。", page, article=1)
    a_point("充电太贵。", page)
    grouped = a_point("已归并。", page)
    services.assign(
        points=[grouped], issue=factories.an_issue(page), by=factories.a_clerk(), at=NOW()
    )
    factories.an_unconfirmed_opinion(page, text="还没确认。")
    OpinionPoint.objects.filter(text="充电太贵。").update(stance=Stance.OPPOSE)
    assert shown(clerk, page) == ["停车位太少。", "充电太贵。"]
    assert shown(clerk, page, f"?article={page.articles[0].id}") == ["停车位太少。"]
    assert shown(clerk, page, "?article=whole") == ["充电太贵。"]
    assert shown(clerk, page, "?stance=oppose") == ["充电太贵。"]
    assert shown(clerk, page, "?words=停车") == ["停车位太少。"]
    assert len(shown(clerk, page, "?article=unknown&stance=none&p=99")) == 2


def test_points_are_grouped_under_a_new_issue_and_under_one_that_is_open(clerk, page):
    one, two = a_point("停车位太少。", page), a_point("充电太贵。", page)
    group(clerk, page, one, title="停车位数量", article_id=page.articles[0].id)
    issue = Issue.objects.get()
    assert (issue.title, issue.article_id) == ("停车位数量", page.articles[0].id)
    group(clerk, page, two, issue=issue.pk)
    assert issue.points.count() == 2
    assert shown(clerk, page) == []


def test_all_that_the_filter_leaves_is_grouped_in_one_step(clerk, page):
    for number in range(40):
        a_point(f"停车位太少，第{number}号。", page)
    a_point("充电太贵。", page)
    response = group(clerk, page, title="停车", query="?words=停车", all="40")
    assert response.status_code == HTTPStatus.FOUND
    assert Issue.objects.get().points.count() == 40
    assert shown(clerk, page) == ["充电太贵。"]


def test_what_came_in_after_the_list_was_read_is_not_grouped_unseen(clerk, page):
    a_point("停车位太少。", page)
    a_point("停车位不够。", page)
    response = group(clerk, page, title="停车", all="1")
    assert response.status_code == HTTPStatus.OK
    assert not Issue.objects.exists()


def test_points_that_say_the_same_stand_together_and_are_taken_together(clerk, page):
    first = a_point("择优应当写明招标，不能谈判。", page)
    a_point("择优应当写明招标, 不能谈判", page)
    a_point("充电太贵。", page)
    response = clerk.get(url("desk", page.pk))
    same, other = response.context["page"].bundles
    assert (same.first, same.others, other.others) == (first, 1, 0)
    clerk.post(url("desk", page.pk), {"points": [same.value], "title": "招标", "article_id": ""})
    assert Issue.objects.get().points.count() == 2


def test_what_says_the_same_is_told_by_letters_alone():
    assert same_words("ＡＢ，c 1。") == same_words("ab C1")
    assert same_words("？？") != same_words("！！")
    assert bundles_of([(3, "好！"), (5, "不好"), (9, "好")]) == [(3, 9), (5,)]


@pytest.mark.parametrize(
    "fields", [{}, {"title": " "}, {"issue": "999"}, {"title": "x" * 201}, {"issue": "x"}]
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_ticked(clerk, page, fields):
    point = a_point("停车位太少。", page)
    response = group(clerk, page, point, **fields)
    assert response.status_code == HTTPStatus.OK
    assert response.context["form"].errors
    assert f'value="{point.pk}"\n' in response.content.decode()
    assert response.context["picked"] == {point.pk}
    assert not Issue.objects.exists()


@pytest.mark.parametrize("points", [[], ["x.y"], ["9" * 40]])
def test_nothing_ticked_groups_nothing(clerk, page, points):
    a_point("停车位太少。", page)
    response = clerk.post(
        url("desk", page.pk), {"points": points, "title": "停车", "article_id": ""}
    )
    assert response.context["form"].non_field_errors()
    assert not Issue.objects.exists()


def test_what_a_colleague_has_grouped_meanwhile_is_left_alone(clerk, page):
    point, other = a_point("停车位太少。", page), a_point("充电太贵。", page)
    issue = factories.an_issue(page)
    services.assign(points=[point], issue=issue, by=a_colleague(), at=NOW())
    response = group(clerk, page, point, other, title="停车")
    assert response.context["form"].non_field_errors()
    assert Issue.objects.get() == issue, "the new issue is not left behind empty"
    assert shown(clerk, page) == ["充电太贵。"]


def test_who_may_open_no_issue_groups_under_those_that_are_open(page):
    editor = signed_in(factories.an_editor())
    point = a_point("停车位太少。", page)
    group(editor, page, point, title="停车")
    assert not Issue.objects.exists()
    issue = factories.an_issue(page)
    group(editor, page, point, issue=issue.pk)
    assert issue.points.get() == point


def test_who_only_reads_groups_nothing_and_another_unit_sees_nothing(page):
    publisher = signed_in(factories.a_publisher())
    point = a_point("停车位太少。", page)
    assert shown(publisher, page) == [point.text]
    issue = factories.an_issue(page)
    assert group(publisher, page, point, issue=issue.pk).status_code == HTTPStatus.NOT_FOUND
    elsewhere = factories.a_member_of_staff(
        "opinion_moderator", username="elsewhere", unit=factories.a_unit("市交通局", "交通局")
    )
    for name in ("desk", "matrix"):
        response = signed_in(elsewhere).get(url(name, page.pk))
        assert response.status_code == HTTPStatus.NOT_FOUND


def test_a_text_that_is_not_shown_is_read_elsewhere_where_that_is_put_on_record(clerk, page):
    canary = "不公开的原文"
    opinion = factories.a_withheld_opinion(page, text=canary)
    assert canary not in clerk.get(url("desk", page.pk)).content.decode()
    issue = factories.an_answered_issue(opinion)
    for name in ("edit", "give", "merge", "split"):
        assert canary not in clerk.get(url(name, issue.pk)).content.decode()
    for name in ("cut_point", "join_point"):
        clerk.get(url(name, opinion.points.get().pk))
    assert acts_on(opinion)[-1] == "look"


def test_progress_counts_points_by_person_and_what_is_overdue(clerk, page):
    today = timezone.localdate()
    answered = factories.an_answered_issue(factories.an_opinion(page))
    late = factories.an_issue(page, title="迟了")
    services.assign(
        points=points_of(factories.an_opinion(page), factories.an_opinion(page)),
        issue=late,
        by=factories.a_clerk(),
        at=NOW(),
    )
    factories.an_opinion(page)
    for issue in (answered, late):
        services.assign_issue(
            issue=issue, assignee=a_colleague(), due_on=today, by=factories.a_clerk(), at=NOW()
        )
    tomorrow = today + timedelta(days=1)
    found = progress_of([page.pk, 0], on=tomorrow)
    progress = found[page.pk]
    assert (progress.points, progress.answered, progress.ungrouped) == (4, 1, 1)
    assert (progress.overdue, progress.percent, progress.left) == (1, 25, 3)
    assert progress.shares == (Share(a_colleague(), points=3, answered=1, overdue=1),)
    assert progress_of([page.pk], on=today)[page.pk].overdue == 0
    assert (found[0].points, found[0].percent) == (0, 100)
    assert "逾期" not in clerk.get(url("desk", page.pk)).content.decode()


def test_it_reads_as_often_with_two_thousand_points_as_with_twenty(clerk, page):
    own = ("consultations_opinion", "consultations_issue", "consultations_consultationpage")
    asked = []
    for number in (20, 1980):
        a_crowd(page, number)
        sqls, _ = statements(clerk, url("desk", page.pk))
        asked.append((len(sqls), sum(any(name in sql for name in own) for sql in sqls)))
    assert asked[0] == asked[1]
    # Beside these the frame of the admin reads session, rights and menu, the same on each screen.
    assert asked[1][1] <= 8, sqls
