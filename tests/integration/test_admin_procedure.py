"""Issues, adjustments, reviews and the collective decision in the admin go through the verbs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations import services
from consultations.lifecycle import AdjustmentKind, Outcome, Stage, official_date
from consultations.models import CatalogueAdjustment, DecisionItemPage, Issue
from decisions.lifecycle import ReviewKind, ReviewResult
from decisions.models import CollectiveDiscussion, Review
from portal.accounts.models import User
from tests import factories
from tests.integration.page_forms import said
from tests.integration.statements import statements

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def today() -> str:
    return official_date(timezone.now()).isoformat()


def tomorrow() -> str:
    return (official_date(timezone.now()) + timedelta(days=1)).isoformat()


def errors(response: HttpResponse) -> set[str]:
    return set(response.context["form"].errors)


# Issues


@pytest.fixture
def clerk() -> Client:
    return signed_in(factories.a_clerk())


def issue_url(name: str, *args: int) -> str:
    return reverse(f"wagtailsnippets_consultations_issue:{name}", args=args)


def test_open_an_issue(clerk: Client) -> None:
    page = factories.an_open_round()
    assert page.title in clerk.get(issue_url("add")).content.decode()

    clerk.post(
        issue_url("add_for", page.pk), {"title": "增设期限", "article_id": page.articles[2].id}
    )

    issue = Issue.objects.get()
    assert (issue.number, issue.title) == (1, "增设期限")
    assert issue.article_id == page.articles[2].id


def test_answer_an_issue(clerk: Client) -> None:
    opinion = factories.an_opinion()
    issue = factories.an_issue(opinion.consultation)
    factories.opinions.services.assign(
        points=opinion.points.all(), issue=issue, by=factories.a_clerk(), at=timezone.now()
    )
    form = clerk.get(issue_url("edit", issue.pk))
    assert factories.opinions.TEXT in form.content.decode()

    clerk.post(
        issue_url("edit", issue.pk),
        {
            "outcome": Outcome.ADOPTED,
            "reason": "已改。",
            "change": "改为十二个月",
            "article_id": "",
        },
    )

    draft = Issue.objects.get(pk=issue.pk).draft
    assert (draft.outcome, draft.reason, draft.change) == ("adopted", "已改。", "改为十二个月")
    services.review_answer(issue=issue, by=factories.an_editor(), at=timezone.now())
    services.finalise_answer(issue=issue, by=factories.an_editor(), at=timezone.now())
    issue.refresh_from_db()
    assert (issue.outcome, issue.reason, issue.change) == ("adopted", "已改。", "改为十二个月")
    assert issue.answered_at is not None


def test_a_refusal_without_reason_is_refused_at_the_reason(clerk: Client) -> None:
    issue = factories.an_issue()

    response = clerk.post(
        issue_url("edit", issue.pk), {"outcome": Outcome.NOT_ADOPTED, "reason": " "}
    )

    assert errors(response) == {"reason"}
    assert "OPI-1" in str(response.context["form"].errors)
    issue.refresh_from_db()
    assert issue.outcome == ""


def test_an_article_of_another_draft_is_refused_at_the_article(clerk: Client) -> None:
    issue = factories.an_issue()
    other = factories.an_open_round(factories.a_matter(number=2)).articles[0].id

    response = clerk.post(
        issue_url("edit", issue.pk), {"outcome": Outcome.NOTED, "article_id": other}
    )

    assert errors(response) == {"article_id"}


def test_issues_are_not_deleted_and_not_answered_by_others() -> None:
    issue = factories.an_issue()
    answer = {"outcome": Outcome.NOTED, "reason": "知悉。"}

    signed_in(factories.a_superuser()).post(issue_url("delete", issue.pk))
    for person in (factories.a_publisher, factories.a_legal_reviewer):
        signed_in(person()).post(issue_url("edit", issue.pk), answer)

    issue.refresh_from_db()
    assert issue.outcome == ""


def test_list_counts_opinions_in_as_many_queries_for_many(clerk: Client) -> None:
    page = factories.an_open_round()
    opinions = [factories.an_opinion(page) for _ in range(3)]
    factories.an_answered_issue(*opinions[:2])
    few, response = statements(clerk, issue_url("list"))
    assert response.context["object_list"][0].opinion_count == 2
    for _ in range(10):
        factories.an_issue(page)
    many, _ = statements(clerk, issue_url("list"))

    assert len(many) == len(few), "\n".join(many)


def test_history_tells_how_an_issue_was_answered(clerk: Client) -> None:
    issue = factories.an_answered_issue(factories.an_opinion(), outcome=Outcome.PARTLY_ADOPTED)

    html = clerk.get(issue_url("history", issue.pk)).content.decode()

    assert str(Outcome.PARTLY_ADOPTED.label) in html


# Adjustments


@pytest.fixture
def publisher() -> Client:
    return signed_in(factories.a_publisher())


def adjust(client: Client, item: DecisionItemPage, **data: object) -> HttpResponse:
    filled = {"kind": AdjustmentKind.CHANGE, "reason": "时间顺延。", "approved_on": today()} | data
    return client.post(reverse("adjust_catalogue", args=[item.pk]), filled, follow=True)


def test_a_matter_offers_to_adjust_the_catalogue(publisher: Client) -> None:
    item = factories.a_matter()
    link = reverse("adjust_catalogue", args=[item.pk])

    editor = publisher.get(reverse("wagtailadmin_pages:edit", args=[item.pk]))
    listing = publisher.get(reverse("wagtailadmin_explore", args=[item.get_parent().pk]))
    other = signed_in(factories.an_editor()).get(reverse("wagtailadmin_pages:edit", args=[item.pk]))

    assert link in editor.content.decode()
    assert link in listing.content.decode()
    assert link not in other.content.decode()


def test_record_a_change(publisher: Client) -> None:
    item = factories.a_matter()

    adjust(publisher, item)

    adjustment = CatalogueAdjustment.objects.get()
    assert (adjustment.item, adjustment.kind) == (item, AdjustmentKind.CHANGE)


def test_deferring_moves_the_matter(publisher: Client) -> None:
    item = factories.a_matter()

    adjust(publisher, item, kind=AdjustmentKind.DEFER)

    item.refresh_from_db()
    assert item.stage == Stage.DEFERRED


def test_what_the_procedure_does_not_allow_is_refused(publisher: Client) -> None:
    item = factories.a_decision().item

    response = adjust(publisher, item, kind=AdjustmentKind.REMOVE)

    assert errors(response) == {"kind"}
    assert not CatalogueAdjustment.objects.exists()


def test_an_adjustment_needs_reason_and_day(publisher: Client) -> None:
    item = factories.a_matter()

    assert errors(adjust(publisher, item, reason=" ")) == {"reason"}
    assert errors(adjust(publisher, item, approved_on="")) == {"approved_on"}
    assert errors(adjust(publisher, item, approved_on=tomorrow())) == {"approved_on"}


def test_only_who_publishes_adjusts() -> None:
    item = factories.a_matter()

    for person in (factories.an_editor, factories.a_clerk):
        adjust(signed_in(person()), item)

    assert not CatalogueAdjustment.objects.exists()


def test_a_draft_catalogue_is_edited_not_adjusted(publisher: Client) -> None:
    assert adjust(publisher, factories.a_draft_matter()).status_code == 404


# Reviews


@pytest.fixture(
    params=[factories.a_legal_reviewer, factories.a_publisher], ids=["reviewer", "publisher"]
)
def reviewer(request: pytest.FixtureRequest) -> Client:
    return signed_in(request.param())


def review_url(name: str, *args: int) -> str:
    return reverse(f"wagtailsnippets_decisions_review:{name}", args=args)


def record_review(client: Client, item: DecisionItemPage, **data: object) -> HttpResponse:
    filled = {
        "item": item.pk,
        "kind": ReviewKind.LEGALITY,
        "result": ReviewResult.PENDING,
        "sent_on": today(),
    }
    return client.post(review_url("add"), filled | data, follow=True)


def test_a_review_is_recorded_and_then_concluded(reviewer: Client) -> None:
    item = factories.a_summary().consultation.item
    record_review(reviewer, item)
    review = Review.objects.get()
    item.refresh_from_db()
    assert item.stage == Stage.UNDER_REVIEW

    reviewer.post(
        review_url("edit", review.pk),
        {"result": ReviewResult.PASSED, "number": "澜司审示12号", "concluded_on": today()},
    )

    review.refresh_from_db()
    assert (review.result, review.number) == (ReviewResult.PASSED, "澜司审示12号")


def test_a_concluded_review_is_not_rewritten(reviewer: Client) -> None:
    review = Review.objects.get(item=factories.a_reviewed_matter())

    response = reviewer.post(
        review_url("edit", review.pk), {"result": ReviewResult.NOT_PASSED, "concluded_on": today()}
    )
    reviewer.post(review_url("delete", review.pk))

    assert errors(response) == {"result"}
    review.refresh_from_db()
    assert review.result == ReviewResult.PASSED


def test_a_conclusion_has_a_day_that_has_come(reviewer: Client) -> None:
    item = factories.a_matter()

    assert errors(record_review(reviewer, item, result=ReviewResult.PASSED)) == {"concluded_on"}
    assert errors(record_review(reviewer, item, sent_on=tomorrow())) == {"sent_on"}


def test_the_matter_leads_to_its_review(reviewer: Client) -> None:
    item = factories.a_matter()
    link = f"{review_url('add')}?item={item.pk}"

    editor = reviewer.get(reverse("wagtailadmin_pages:edit", args=[item.pk]))

    assert link in editor.content.decode()
    assert reviewer.get(link).context["form"].initial == {"item": str(item.pk)}
    assert reviewer.get(f"{review_url('add')}?item=x").status_code == 200


@pytest.mark.parametrize("person", [factories.an_editor, factories.a_clerk])
def test_others_record_no_review(person: Callable[[], User]) -> None:
    record_review(signed_in(person()), factories.a_matter())

    assert not Review.objects.exists()


# The collective decision


def decide(client: Client, item: DecisionItemPage, **data: object) -> HttpResponse:
    filled = {
        "item": item.pk,
        "meeting_name": "市政府第31次常务会议",
        "held_on": today(),
        "party_report_on": today(),
    }
    url = reverse("wagtailsnippets_decisions_collectivediscussion:add")
    return client.post(url, filled | data, follow=True)


def test_decide(publisher: Client) -> None:
    item = factories.a_reviewed_matter()

    decide(publisher, item)

    item.refresh_from_db()
    assert item.stage == Stage.DECIDED
    assert CollectiveDiscussion.objects.get().item == item


def test_a_decision_before_its_review_is_refused_with_the_rules(publisher: Client) -> None:
    item = factories.a_closed_round().item

    response = decide(publisher, item)

    assert "REV-1" in said(response)
    assert "FEE-3" in said(response)
    assert not CollectiveDiscussion.objects.exists()


def test_a_decision_is_recorded_once(publisher: Client) -> None:
    item = factories.a_decided_matter()

    response = decide(publisher, item)

    assert errors(response)
    assert CollectiveDiscussion.objects.count() == 1


def test_a_recorded_decision_has_no_editor(publisher: Client) -> None:
    item = factories.a_decided_matter()
    pk = CollectiveDiscussion.objects.get().pk

    for name in ("edit", "delete"):
        url = reverse(f"wagtailsnippets_decisions_collectivediscussion:{name}", args=[pk])
        publisher.post(url, {"item": item.pk, "meeting_name": "改"})

    assert CollectiveDiscussion.objects.get().meeting_name != "改"


def test_reviewers_do_not_decide() -> None:
    decide(signed_in(factories.a_legal_reviewer()), factories.a_reviewed_matter())

    assert not CollectiveDiscussion.objects.exists()


def test_lists_open(reviewer: Client) -> None:
    factories.a_decided_matter()

    assert reviewer.get(review_url("list")).status_code == 200
    assert factories.pages.TITLE in reviewer.get(review_url("list")).content.decode()
