"""The screens of one issue: answer, read, make final, give, merge, split, cut; and the matrix."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations import services
from consultations.lifecycle import AnswerState, Outcome
from consultations.models import AnswerDraft, Issue, ReasonTemplate
from consultations.models.matrix import matrix_of
from consultations.viewsets.issue_points import marked, pieces
from tests import factories
from tests.factories import acts
from tests.integration.answers.answering import (
    NOW,
    REASON,
    a_colleague,
    a_point,
    draft,
    points_of,
    signed_in,
    url,
)

pytestmark = pytest.mark.django_db

ANSWER = {"outcome": Outcome.NOT_ADOPTED, "reason": REASON, "change": "", "article_id": ""}


@pytest.fixture
def clerk():
    return signed_in(factories.a_clerk())


@pytest.fixture
def colleague():
    return signed_in(a_colleague())


@pytest.fixture
def issue():
    opinion = factories.an_opinion()
    issue = factories.an_issue(opinion.consultation)
    services.assign(points=points_of(opinion), issue=issue, by=factories.a_clerk(), at=NOW())
    return issue


def fresh(issue: Issue) -> Issue:
    return Issue.objects.get(pk=issue.pk)


def seen(client, address) -> dict[str, object]:
    return {"seen": client.get(address).context["form"]["seen"].value()}


def template(**fields: object) -> ReasonTemplate:
    return ReasonTemplate.objects.create(
        **({"title": "期限", "text": "已放宽期限。", "outcome": Outcome.ADOPTED} | fields)
    )


def test_an_answer_goes_through_three_screens(clerk, colleague, issue):
    edit = url("edit", issue.pk)
    clerk.post(edit, ANSWER | seen(clerk, edit))
    assert fresh(issue).answer_state is AnswerState.DRAFT

    review = url("review", issue.pk)
    assert REASON in colleague.get(review).content.decode()
    colleague.post(review, seen(colleague, review))
    assert fresh(issue).answer_state is AnswerState.REVIEWED

    clerk.post(url("drafts"), {"issues": [f"{issue.pk}:{fresh(issue).version}"]})
    assert fresh(issue).answer_state is AnswerState.FINAL


def test_who_drafted_is_told_that_somebody_else_has_to_read(clerk, issue):
    draft(issue)
    response = clerk.post(url("review", issue.pk), {})
    assert response.status_code == HTTPStatus.OK
    assert response.context["form"].non_field_errors()
    assert fresh(issue).answer_state is AnswerState.DRAFT


def test_a_template_fills_the_reason_without_saving_and_keeps_what_was_entered(clerk, issue):
    words = template()
    edit = url("edit", issue.pk)
    sent = ANSWER | {"change": "改一句。", "template": words.pk, "take_template": "1"}
    response = clerk.post(edit, sent | seen(clerk, edit))
    form = response.context["form"]
    assert (form["reason"].value(), form["change"].value()) == ("已放宽期限。", "改一句。")
    assert form["outcome"].value() == Outcome.NOT_ADOPTED
    assert not AnswerDraft.objects.exists()


@pytest.mark.parametrize("chosen", ["", "x", "999999999999"])
def test_no_template_chosen_leaves_the_reason_alone(clerk, issue, chosen):
    response = clerk.post(
        url("edit", issue.pk), ANSWER | {"template": chosen, "take_template": "1"}
    )
    assert response.context["form"]["reason"].value() == REASON


def test_templates_of_another_unit_are_not_offered(clerk, issue):
    elsewhere = template(unit=factories.a_unit("市交通局", "交通局"), title="别的单位")
    own, common = template(unit=factories.a_unit()), template()
    offered = clerk.get(url("edit", issue.pk)).context["form"].fields["template"].queryset
    assert set(offered) == {own, common}
    name = "wagtailsnippets_consultations_reasontemplate"
    assert "别的单位" not in clerk.get(reverse(f"{name}:list")).content.decode()
    for one in (elsewhere, common):
        for view in ("edit", "delete", "history", "usage"):
            address = reverse(f"{name}:{view}", args=[one.pk])
            assert clerk.get(address).status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.FOUND}
    assert clerk.get(reverse(f"{name}:edit", args=[own.pk])).status_code == HTTPStatus.OK


def test_a_clerk_keeps_templates_for_the_own_unit(clerk):
    address = reverse("wagtailsnippets_consultations_reasontemplate:add")
    clerk.post(address, {"title": "期限", "text": "已放宽。", "outcome": "", "unit": ""})
    assert not ReasonTemplate.objects.exists()
    own = factories.a_unit().pk
    clerk.post(address, {"title": "期限", "text": "已放宽。", "outcome": "", "unit": own})
    assert ReasonTemplate.objects.get().unit_id == own


def test_many_are_made_final_and_what_cannot_be_is_said(clerk, issue):
    other = factories.an_issue(issue.consultation, title="另一个")
    for one in (issue, other):
        draft(one, by=a_colleague())
        services.review_answer(issue=one, by=factories.a_clerk(), at=NOW())
    stale = f"{other.pk}:{other.version}"
    draft(other, by=a_colleague(), reason="又改了。")
    response = clerk.post(
        url("drafts"),
        {"issues": [f"{issue.pk}:{fresh(issue).version}", stale, "x:1", "7"]},
        follow=True,
    )
    assert fresh(issue).answer_state is AnswerState.FINAL
    assert fresh(other).answer_state is AnswerState.DRAFT
    assert "另一个" in " ".join(str(one) for one in response.context["messages"])


def test_the_drafts_of_another_unit_are_not_in_the_queue(issue):
    draft(issue)
    elsewhere = factories.a_member_of_staff(
        "opinion_moderator", username="elsewhere", unit=factories.a_unit("市交通局", "交通局")
    )
    client = signed_in(elsewhere)
    assert not client.get(url("drafts")).context["to_read"]
    for name in ("edit", "review", "give", "merge", "split"):
        assert client.get(url(name, issue.pk)).status_code == HTTPStatus.NOT_FOUND
    for name in ("cut_point", "join_point"):
        point = issue.points.get()
        assert client.get(url(name, point.pk)).status_code == HTTPStatus.NOT_FOUND


def test_an_issue_is_given_merged_and_split_from_its_screens(clerk, issue):
    page = issue.consultation
    give = url("give", issue.pk)
    due_on = timezone.localdate() + timedelta(days=2)
    clerk.post(give, {"assignee": a_colleague().pk, "due_on": due_on} | seen(clerk, give))
    assert fresh(issue).assignee == a_colleague()

    late = {"assignee": "", "due_on": timezone.localdate() - timedelta(days=1)}
    response = clerk.post(give, late | seen(clerk, give))
    assert response.context["form"].errors["due_on"]

    services.assign(
        points=[a_point("另一件事。", page)], issue=issue, by=factories.a_clerk(), at=NOW()
    )
    split = url("split", issue.pk)
    moved = issue.points.get(text="另一件事。")
    sent = {"points": [moved.pk], "title": "另一件事", "article_id": ""}
    clerk.post(split, sent | seen(clerk, split))
    new = Issue.objects.get(title="另一件事")
    assert new.points.get() == moved

    merge = url("merge", new.pk)
    clerk.post(merge, {"into": issue.pk} | seen(clerk, merge))
    assert fresh(new).merged_into == issue


def test_a_point_is_cut_at_marks_and_joined_again(clerk):
    point = a_point("第一段。\n\n第二段。")
    opinion = point.opinion
    address = url("cut_point", point.pk)
    form = clerk.get(address).context["form"]
    assert form["text"].value() == "第一段。\n\n‖第二段。"
    sent = {"text": form["text"].value().replace("\n", "\r\n"), "seen": form["seen"].value()}
    clerk.post(address, sent)
    first, second = opinion.points.order_by("place")
    assert (first.text, second.text) == ("第一段。\n\n", "第二段。")
    clerk.post(url("join_point", second.pk), seen(clerk, url("join_point", second.pk)))
    assert opinion.points.get().text == "第一段。\n\n第二段。"


@pytest.mark.parametrize(
    "text", ["第一段。", "第一段。‖‖第二段。", "第一段。‖我改的。", "‖第一段。\n\n第二段。"]
)
def test_a_cut_that_is_none_gives_the_text_back(clerk, text):
    point = a_point("第一段。\n\n第二段。")
    response = clerk.post(url("cut_point", point.pk), {"text": text})
    assert response.context["form"].errors["text"]
    assert response.context["form"]["text"].value() == text
    assert point.opinion.points.count() == 1


def test_line_ends_stay_as_the_author_sent_them():
    text = "一。\r\n\r\n二。\r三。"
    typed = marked("一。\n\n二。\n三。")
    assert pieces(text, typed) == ["一。\r\n\r\n", "二。\r", "三。"]
    assert pieces("有‖的。后面", "有‖的。◆后面") == ["有‖的。", "后面"]


def test_the_matrix_is_the_table_that_the_public_reads(clerk, client):
    page = factories.a_closed_round()
    one, two = factories.an_opinion(page), factories.an_opinion(page, text="另一件事。", article=2)
    factories.an_answered_issue(one, two, outcome=Outcome.PARTLY_ADOPTED)
    open_issue = factories.an_issue(page, title="未答复")
    point = a_point("第三件事。", page)
    services.assign(points=[point], issue=open_issue, by=factories.a_clerk(), at=NOW())
    alone = factories.an_opinion(page, text="没有归并。")

    response = clerk.get(url("matrix", page.pk))
    assert [row.count for row in response.context["matrix"].rows] == [2, 1]
    assert list(response.context["missing"].issues) == [open_issue]
    assert alone.receipt_no in response.content.decode()

    report = factories.a_draft_summary(page)
    publisher = signed_in(factories.a_publisher())
    editor = publisher.get(reverse("wagtailadmin_pages:edit", args=[report.pk]))
    for link in (url("edit", open_issue.pk), url("desk", page.pk)):
        assert f'href="{link}"' in editor.content.decode()

    services.assign(points=points_of(alone), issue=open_issue, by=factories.a_clerk(), at=NOW())
    factories.answer(open_issue)
    acts.publish_feedback(page=report, by=factories.a_publisher(), at=NOW())
    public = client.get(report.url)
    assert public.context["rows"] == matrix_of(page).rows
    assert public.context["figures"] == matrix_of(page).totals
