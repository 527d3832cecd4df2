"""An answer is drafted, read by somebody else, made final; what is drafted counts nowhere."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import services
from consultations.fate import fate_of
from consultations.lifecycle import ANSWER_TRANSITIONS, AnswerState, Outcome
from consultations.models import AnswerDraft, FeedbackReportPage, Issue, Opinion
from consultations.models.figures import figures_of
from portal.core.findings import Refused
from portal.core.versions import Overtaken
from tests import factories
from tests.factories import acts
from tests.integration.answers.answering import (
    NOW,
    REASON,
    a_colleague,
    acts_on,
    draft,
    last_log,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ready("a_closed_round")]


def in_state(state: AnswerState) -> Issue:
    issue = factories.an_issue()
    if state is not AnswerState.OPEN:
        draft(issue)
    if state in {AnswerState.REVIEWED, AnswerState.FINAL}:
        services.review_answer(issue=issue, by=a_colleague(), at=NOW())
    if state is AnswerState.FINAL:
        services.finalise_answer(issue=issue, by=a_colleague(), at=NOW())
    return Issue.objects.get(pk=issue.pk)


ACTS = {
    AnswerState.DRAFT: draft,
    AnswerState.REVIEWED: lambda issue: services.review_answer(
        issue=issue, by=a_colleague(), at=NOW()
    ),
    AnswerState.FINAL: lambda issue: services.finalise_answer(
        issue=issue, by=a_colleague(), at=NOW()
    ),
}


@pytest.mark.parametrize("to", list(ACTS))
@pytest.mark.parametrize("state", list(AnswerState))
def test_an_answer_moves_as_the_table_says_and_in_no_other_way(state, to):
    issue = in_state(state)
    version = issue.version
    if to in ANSWER_TRANSITIONS[state]:
        ACTS[to](issue)
        assert Issue.objects.get(pk=issue.pk).answer_state is to
        assert issue.version == version + 1
        assert last_log(issue)["before"]["state"] == state
        assert last_log(issue)["after"]["state"] == to
    else:
        with pytest.raises(Refused):
            ACTS[to](issue)
        assert Issue.objects.get(pk=issue.pk).version == version


def test_the_final_answer_is_what_was_drafted_and_the_draft_is_gone():
    issue = factories.an_issue()
    article = issue.consultation.articles[1].id
    draft(issue, change="改为十二个月。", article_id=article)
    services.review_answer(issue=issue, by=a_colleague(), at=NOW())
    at = timezone.now()
    services.finalise_answer(issue=issue, by=factories.a_clerk(), at=at)
    issue = Issue.objects.get(pk=issue.pk)
    assert (issue.outcome, issue.reason) == (Outcome.NOT_ADOPTED, REASON)
    assert (issue.change, issue.article_id) == ("改为十二个月。", article)
    assert issue.answered_at == at
    assert not AnswerDraft.objects.exists()
    assert acts_on(issue) == ["open_issue", "draft_answer", "review_answer", "finalise_answer"]


def test_nobody_passes_an_own_draft():
    issue = factories.an_issue()
    draft(issue)
    with pytest.raises(Refused, match="OPI-1"):
        services.review_answer(issue=issue, by=factories.a_clerk(), at=NOW())
    assert Issue.objects.get().answer_state is AnswerState.DRAFT


def test_a_draft_that_is_changed_is_read_again():
    issue = in_state(AnswerState.REVIEWED)
    draft(issue, reason="换一个理由。")
    assert AnswerDraft.objects.get().reviewed_by is None
    with pytest.raises(Refused):
        services.finalise_answer(issue=issue, by=a_colleague(), at=NOW())


@pytest.mark.parametrize(
    ("outcome", "reason"), [(Outcome.NOT_ADOPTED, " "), (Outcome.PARTLY_ADOPTED, "")]
)
def test_a_refusal_needs_a_reason_before_it_is_even_drafted(outcome, reason):
    issue = factories.an_issue()
    with pytest.raises(Refused):
        draft(issue, outcome=outcome, reason=reason)
    assert not AnswerDraft.objects.exists()


def test_an_answer_names_articles_of_its_draft_alone():
    with pytest.raises(Refused):
        draft(factories.an_issue(), article_id="not-an-article")


def test_a_draft_counts_and_shows_nowhere():
    round_ = factories.a_closed_round()
    opinion = factories.a_published_opinion(round_)
    issue = factories.an_issue(round_)
    services.assign(points=opinion.points.all(), issue=issue, by=factories.a_clerk(), at=NOW())
    draft(issue)
    services.review_answer(issue=issue, by=a_colleague(), at=NOW())
    figures = figures_of(round_.pk)
    assert figures.unanswered == 1
    assert not any(figures.by_outcome.values())
    assert fate_of(Opinion.objects.get(), at=NOW(), to_author=True).answers == ()
    with pytest.raises(Refused, match="OPI-1"):
        factories.a_summary(round_)


def test_a_final_answer_that_is_drafted_anew_counts_no_more():
    round_ = factories.a_closed_round()
    issue = factories.an_answered_issue(factories.an_opinion(round_))
    draft(issue, reason="再想想。")
    assert figures_of(round_.pk).unanswered == 1
    with pytest.raises(Refused, match="OPI-1"):
        factories.a_summary(round_)


def test_nothing_is_changed_once_the_summary_is_public():
    round_ = factories.a_closed_round()
    opinion = factories.an_opinion(round_)
    issue = factories.an_answered_issue(opinion)
    other = factories.an_issue(round_)
    factories.a_summary(round_)
    point = opinion.points.get()
    who = {"by": factories.a_clerk(), "at": NOW()}
    for act in (
        lambda: draft(issue),
        lambda: services.review_answer(issue=issue, **who),
        lambda: services.finalise_answer(issue=issue, **who),
        lambda: services.assign_issue(issue=issue, assignee=None, **who),
        lambda: services.merge_issues(issue=other, into=issue, **who),
        lambda: services.split_issue(issue=issue, points=[point], title="新", **who),
        lambda: services.split_point(point=point, parts=[point.text[:3], point.text[3:]], **who),
        lambda: services.join_points(point=point, **who),
    ):
        with pytest.raises(Refused, match="采纳情况"):
            act()


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (AnswerState.OPEN, services.draft_answer),
        (AnswerState.DRAFT, services.review_answer),
        (AnswerState.REVIEWED, services.finalise_answer),
    ],
)
def test_who_saw_an_earlier_version_overwrites_nothing(state, act):
    issue = in_state(state)
    what = {"issue": issue, "seen": issue.version, "by": a_colleague(), "at": NOW()}
    if state is AnswerState.OPEN:
        what |= {"outcome": Outcome.ADOPTED, "reason": ""}
    services.assign_issue(issue=issue, assignee=factories.a_clerk(), by=a_colleague(), at=NOW())
    with pytest.raises(Overtaken):
        act(**what)


def test_the_summary_waits_for_the_last_answer_and_names_what_is_missing():
    round_ = factories.a_closed_round()
    answered = factories.an_opinion(round_)
    waiting = factories.an_opinion(round_, text="还有一条。")
    alone = factories.an_opinion(round_, text="没有归并。")
    factories.an_answered_issue(answered)
    issue = factories.an_issue(round_, title="未答复的问题")
    services.assign(points=waiting.points.all(), issue=issue, by=factories.a_clerk(), at=NOW())
    page = factories.a_draft_summary(round_)
    with pytest.raises(Refused) as caught:
        acts.publish_feedback(page=page, by=factories.a_publisher(), at=NOW())
    sentence = {one.id: one.message for one in caught.value.findings}["OPI-1"]
    assert str(issue.number) in sentence
    assert alone.receipt_no in sentence
    assert answered.receipt_no not in sentence

    services.assign(points=alone.points.all(), issue=issue, by=factories.a_clerk(), at=NOW())
    with pytest.raises(Refused):
        acts.publish_feedback(page=page, by=factories.a_publisher(), at=NOW())
    factories.answer(issue)
    acts.publish_feedback(page=page, by=factories.a_publisher(), at=NOW())
    assert FeedbackReportPage.objects.get().live


def test_no_more_than_ten_are_named():
    round_ = factories.a_closed_round()
    receipts = [factories.an_opinion(round_, text=f"第{n}条").receipt_no for n in range(12)]
    page = factories.a_draft_summary(round_)
    with pytest.raises(Refused) as caught:
        acts.publish_feedback(page=page, by=factories.a_publisher(), at=NOW())
    sentence = {one.id: one.message for one in caught.value.findings}["OPI-1"]
    assert sum(receipt in sentence for receipt in receipts) == 10


def test_an_issue_is_given_to_somebody_who_may_answer_it():
    issue = factories.an_issue()
    due_on = timezone.localdate() + timedelta(days=3)
    services.assign_issue(
        issue=issue, assignee=a_colleague(), due_on=due_on, by=factories.a_clerk(), at=NOW()
    )
    issue.refresh_from_db()
    assert (issue.assignee, issue.due_on) == (a_colleague(), due_on)
    assert last_log(issue)["after"]["assignee"] == a_colleague().pk

    elsewhere = factories.a_member_of_staff(
        "opinion_moderator", username="elsewhere", unit=factories.a_unit("市交通局", "交通局")
    )
    for person in (elsewhere, factories.a_legal_reviewer()):
        with pytest.raises(Refused):
            services.assign_issue(issue=issue, assignee=person, by=factories.a_clerk(), at=NOW())


def test_no_issue_is_due_on_a_day_that_is_over():
    issue = factories.an_issue()
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(Refused):
        services.assign_issue(
            issue=issue, assignee=None, due_on=yesterday, by=factories.a_clerk(), at=NOW()
        )
