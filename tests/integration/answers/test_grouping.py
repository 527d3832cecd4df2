"""Points are cut and joined, issues split and merged; no word of an author changes."""

import pytest

from consultations import services
from consultations.lifecycle import AnswerState
from consultations.models import Issue, Opinion, OpinionPoint, OpinionTally
from portal.core.findings import Refused
from portal.core.versions import Overtaken
from tests import factories
from tests.integration.answers.answering import (
    NOW,
    a_colleague,
    a_point,
    acts_on,
    draft,
    last_log,
    points_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]

TEXT = "期限太短。\n\n建议放宽到一年，并给老小区补贴。"
PARTS = ["期限太短。\n\n", "建议放宽到一年，", "并给老小区补贴。"]


def cut(point: OpinionPoint, parts: list[str], **how: object) -> list[OpinionPoint]:
    return services.split_point(point=point, parts=parts, by=factories.a_clerk(), at=NOW(), **how)


def join(point: OpinionPoint, **how: object) -> OpinionPoint:
    return services.join_points(point=point, by=factories.a_clerk(), at=NOW(), **how)


def texts(opinion: Opinion) -> list[str]:
    return list(opinion.points.order_by("place").values_list("text", flat=True))


def test_a_point_is_cut_and_joined_again_without_a_change_to_what_was_written():
    point = a_point(TEXT, article=1)
    opinion = point.opinion
    parts = cut(point, PARTS)
    assert texts(opinion) == PARTS
    assert list(opinion.points.order_by("place").values_list("place", flat=True)) == [0, 1, 2]
    assert {one.article_id for one in parts} == {point.article_id}
    assert Opinion.objects.get().comment == TEXT
    assert acts_on(opinion)[-1] == "split_point"
    assert last_log(opinion)["after"]["points"] == [one.pk for one in parts]

    join(parts[2])
    join(parts[1])
    assert texts(opinion) == [TEXT]
    assert Opinion.objects.get().version == opinion.version + 3


@pytest.mark.parametrize(
    "parts", [[TEXT], [TEXT, " "], ["期限太短。", "\n\n建议放宽。"], [*PARTS, "我加的。"]]
)
def test_a_cut_adds_nothing_and_leaves_nothing_out(parts):
    point = a_point(TEXT)
    with pytest.raises(Refused):
        cut(point, parts)
    assert texts(point.opinion) == [TEXT]


def test_what_the_author_wrote_as_two_points_stays_two():
    opinion = factories.an_opinion()
    other = OpinionPoint.objects.create(opinion=opinion, text="第二点。", place=1)
    with pytest.raises(Refused):
        join(other)


def test_the_public_reads_a_point_that_was_cut_as_one(client):
    page = factories.an_open_round()
    opinion = factories.a_published_opinion(page, text=TEXT, article=1)
    before = OpinionTally.of(page.pk)
    seen = client.get(page.list_url).content
    cut(opinion.points.get(), PARTS)
    assert OpinionTally.of(page.pk).counts == before.counts
    assert client.get(page.list_url).content == seen
    shown = client.get(page.url).content.decode()
    assert "建议放宽到一年，并给老小区补贴。" in shown
    assert services.recount(consultation_id=page.pk) is False

    services.withhold_opinion(opinion=opinion, reason="abuse", by=factories.a_clerk(), at=NOW())
    assert OpinionTally.of(page.pk).counts == {}
    assert not OpinionPoint.objects.filter(shown_in__isnull=False).exists()


def test_the_parts_stay_under_the_issue_until_they_are_grouped_anew():
    point = a_point(TEXT)
    issue = factories.an_issue(point.opinion.consultation)
    services.assign(points=[point], issue=issue, by=factories.a_clerk(), at=NOW())
    parts = cut(point, PARTS)
    assert issue.points.count() == 3
    other = factories.an_issue(issue.consultation, title="补贴")
    services.assign(points=parts[2:], issue=other, by=factories.a_clerk(), at=NOW())
    join(parts[2])
    assert list(issue.points.values_list("text", flat=True)) == [PARTS[0], PARTS[1] + PARTS[2]]
    assert not other.points.exists()


def test_a_cut_of_what_was_acted_on_meanwhile_is_refused():
    point = a_point(TEXT)
    seen = point.opinion.version
    services.publish_opinion(opinion=point.opinion, by=a_colleague(), at=NOW())
    with pytest.raises(Overtaken):
        cut(point, PARTS, seen=seen)


def test_a_point_that_is_gone_is_not_acted_on():
    point = a_point(TEXT)
    _first, second, _third = cut(point, PARTS)
    pk = second.pk
    join(second)
    with pytest.raises(Overtaken):
        join(OpinionPoint(pk=pk, opinion=point.opinion))
    issue = factories.an_issue(point.opinion.consultation)
    with pytest.raises(Overtaken):
        services.assign(
            points=[OpinionPoint(pk=pk)],
            issue=issue,
            seen={pk: None},
            by=factories.a_clerk(),
            at=NOW(),
        )


def test_who_groups_what_a_colleague_has_just_grouped_moves_nothing():
    point = a_point(TEXT)
    page = point.opinion.consultation
    first, second = factories.an_issue(page), factories.an_issue(page, title="另一个")
    services.assign(points=[point], issue=first, by=a_colleague(), at=NOW())
    with pytest.raises(Overtaken):
        services.assign(
            points=[point], issue=second, seen={point.pk: None}, by=factories.a_clerk(), at=NOW()
        )
    point.refresh_from_db()
    assert point.issue == first
    assert last_log(first)["before"] == {"issues": [None]}


def test_a_merged_issue_stays_for_its_history_and_its_points_move():
    page = factories.an_open_round()
    one, two = factories.an_issue(page), factories.an_issue(page, title="同一件事")
    opinion = factories.an_opinion(page)
    services.assign(points=points_of(opinion), issue=one, by=factories.a_clerk(), at=NOW())
    draft(one)
    services.merge_issues(issue=one, into=two, by=factories.a_clerk(), at=NOW())
    one = Issue.objects.get(pk=one.pk)
    assert one.merged_into == two
    assert one.answer_state is AnswerState.OPEN
    assert opinion.points.get().issue == two
    assert acts_on(one)[-1] == "merge_issue"
    who = {"by": factories.a_clerk(), "at": NOW()}
    for act in (
        lambda: draft(one),
        lambda: services.assign(points=points_of(opinion), issue=one, **who),
        lambda: services.merge_issues(issue=two, into=one, **who),
        lambda: services.merge_issues(issue=two, into=two, **who),
    ):
        with pytest.raises(Refused):
            act()


def test_issues_of_two_consultations_are_not_merged():
    one = factories.an_issue()
    other = factories.an_issue(factories.an_open_round(factories.a_matter()))
    with pytest.raises(Refused):
        services.merge_issues(issue=one, into=other, by=factories.a_clerk(), at=NOW())


def test_an_issue_is_split_and_the_new_one_is_not_answered():
    page = factories.an_open_round()
    stays, goes = factories.an_opinion(page), factories.an_opinion(page, text="另一件事。")
    issue = factories.an_answered_issue(stays, goes)
    new = services.split_issue(
        issue=issue,
        points=goes.points.all(),
        title="另一件事",
        seen=issue.version,
        by=factories.a_clerk(),
        at=NOW(),
    )
    assert (goes.points.get().issue, stays.points.get().issue) == (new, issue)
    assert (new.answer_state, new.number) == (AnswerState.OPEN, 2)
    with pytest.raises(Refused):
        services.split_issue(
            issue=issue, points=goes.points.all(), title="x", by=factories.a_clerk(), at=NOW()
        )
    with pytest.raises(Refused):
        services.split_issue(issue=issue, points=[], title="x", by=factories.a_clerk(), at=NOW())
