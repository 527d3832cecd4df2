"""What the verbs refuse, beyond the rules that have tests of their own."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations import services
from consultations.lifecycle import AdjustmentKind, Channel, Outcome, Stage, closing_instant
from consultations.models import CataloguePage, DecisionItemPage, Opinion, StageChange
from consultations.services.opinion import Author, Point
from portal.core.findings import Refused
from tests import factories
from tests.factories import acts

pytestmark = pytest.mark.django_db

NOW = timezone.now


def refused(act, **arguments):
    with pytest.raises(Refused) as caught:
        act(by=factories.a_publisher(), at=NOW(), **arguments)
    return {finding.id for finding in caught.value.findings}


def test_an_entry_enters_a_public_catalogue_only_with_an_adjustment():
    catalogue = factories.a_catalogue()
    item = factories.a_draft_matter(catalogue)
    assert refused(acts.publish_item, page=item) == {"CAT-4"}

    acts.publish_catalogue(page=CataloguePage.objects.get(), by=factories.a_publisher(), at=NOW())
    assert not DecisionItemPage.objects.get(pk=item.pk).live, "not along with the catalogue either"

    services.adjust(
        item=item,
        kind=AdjustmentKind.ADD,
        reason="后评估建议调整。",
        approved_on=timezone.localdate(),
        by=factories.a_publisher(),
        at=NOW(),
    )
    acts.publish_item(page=item, by=factories.a_publisher(), at=NOW())
    assert DecisionItemPage.objects.get(pk=item.pk).live


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_adjustment_needs_a_reason(reason):
    item = factories.a_matter()
    arguments = {
        "item": item,
        "kind": AdjustmentKind.DEFER,
        "reason": reason,
        "approved_on": timezone.localdate(),
    }
    assert refused(services.adjust, **arguments) == {"CAT-4"}
    item.refresh_from_db()
    assert item.stage == Stage.CATALOGUED


def test_a_catalogue_that_is_not_public_is_edited_not_adjusted():
    item = factories.a_draft_matter()
    arguments = {
        "item": item,
        "kind": AdjustmentKind.REMOVE,
        "reason": "上级已有标准。",
        "approved_on": timezone.localdate(),
    }
    assert refused(services.adjust, **arguments) == {"CAT-4"}


def test_answers_are_final_once_the_summary_is_public():
    page = factories.a_closed_round()
    opinion = factories.an_opinion(page)
    issue = factories.an_answered_issue(opinion)
    factories.a_summary(page)
    changed = {"outcome": Outcome.NOT_ADOPTED, "reason": "改主意了。"}
    assert refused(services.draft_answer, issue=issue, **changed) == {"OPI-1"}
    assert refused(services.assign, issue=issue, points=opinion.points.all()) == {"OPI-1"}
    assert refused(services.open_issue, consultation=page, title="新问题") == {"OPI-1"}
    with pytest.raises(services.OpinionRefused):
        services.enter_offline(
            consultation=page,
            points=[Point("迟到的来信")],
            author=Author(),
            channel=Channel.POST,
            by=factories.a_clerk(),
            at=NOW(),
        )
    assert Opinion.objects.count() == 1


def test_a_letter_does_not_arrive_before_the_round_opens():
    with pytest.raises(services.OpinionRefused):
        services.enter_offline(
            consultation=factories.a_scheduled_round(),
            points=[Point("早到的来信")],
            author=Author(),
            channel=Channel.POST,
            by=factories.a_clerk(),
            at=NOW(),
        )


def test_a_point_stays_in_its_own_consultation():
    opinion = factories.an_opinion()
    other = factories.an_issue(factories.an_open_round(factories.a_matter()))
    assert refused(services.assign, issue=other, points=opinion.points.all()) == {"OPI-1"}


def test_the_procedure_cannot_be_skipped():
    item = factories.a_matter()
    assert refused(services.advance, item=item, to=Stage.PUBLISHED) == {"STAGE"}


def test_publishing_again_keeps_the_first_day_and_the_stage():
    page = factories.an_open_round()
    listed_on = page.item.listed_on
    acts.open_round(page=page, by=factories.a_publisher(), at=NOW() + timedelta(days=1))
    item = DecisionItemPage.objects.get()
    assert (item.stage, item.listed_on) == (Stage.CONSULTING, listed_on)


def test_a_public_address_never_changes():
    page = factories.an_open_round()
    page.slug = "consultation-9"
    with pytest.raises(ValidationError, match="网址"):
        page.full_clean()


def test_a_round_that_is_open_keeps_its_draft_and_its_closing_day():
    page = factories.an_open_round()
    page.draft = factories.articles("换了一条。")
    assert refused(acts.open_round, page=page) == {"CON-5"}

    page = type(page).objects.get()
    page.closes_on -= timedelta(days=1)
    page.shortened_reason = "紧急"
    assert refused(acts.open_round, page=page) == {"CON-6"}
    page.closes_on += timedelta(days=8)
    acts.open_round(page=page, by=factories.a_publisher(), at=NOW())
    assert type(page).objects.get().days == 37


def test_days_before_the_publication_do_not_count():
    today = timezone.localdate()
    page = factories.a_draft_round(opens_on=today - timedelta(days=40))
    page.closes_on = today - timedelta(days=1)
    assert refused(acts.open_round, page=page) == {"CON-2"}


def test_a_summary_waits_for_the_last_confirmation():
    now = NOW()
    page = factories.a_closed_round(at=now)
    last_minute = closing_instant(page.closes_on) - timedelta(minutes=1)
    factories.an_unconfirmed_opinion(page, at=last_minute)
    summary = factories.a_draft_summary(page)
    with pytest.raises(Refused, match="FEE-5"):
        acts.publish_feedback(
            page=summary, by=factories.a_publisher(), at=last_minute + timedelta(hours=24)
        )
    acts.publish_feedback(
        page=summary, by=factories.a_publisher(), at=last_minute + timedelta(hours=49)
    )


def test_the_summary_of_a_first_round_leaves_the_second_open():
    first = factories.a_closed_round()
    item = DecisionItemPage.objects.get()
    factories.a_round(item, opened_at=NOW())
    factories.a_summary(first)
    item.refresh_from_db()
    assert item.stage == Stage.CONSULTING


def test_a_second_round_may_follow_before_anyone_recorded_the_end_of_the_first():
    at = NOW()
    first = factories.a_round(opened_at=at - timedelta(days=40))
    second = factories.a_draft_round(first.item, at=at)
    acts.open_round(page=second, by=factories.a_publisher(), at=at)
    moves = StageChange.objects.values_list("to_stage", flat=True)
    assert list(moves) == [Stage.CONSULTING, Stage.CONSULTATION_CLOSED, Stage.CONSULTING]


def test_a_round_that_opens_later_is_not_called_open():
    page = factories.a_scheduled_round()
    assert page.item.standing(at=NOW()) is Stage.DRAFTING
    assert page.item.standing(at=NOW() + timedelta(days=11)) is Stage.CONSULTING


def test_a_deferred_matter_is_resumed_with_a_reason():
    item = factories.a_matter()
    for kind, stage in ((AdjustmentKind.DEFER, "deferred"), (AdjustmentKind.RESUME, "drafting")):
        services.adjust(
            item=item,
            kind=kind,
            reason="扩大试点后再议。",
            approved_on=timezone.localdate(),
            by=factories.a_publisher(),
            at=NOW(),
        )
        assert item.stage == stage


def test_a_matter_is_not_removed_while_people_may_write():
    arguments = {
        "item": factories.an_open_round().item,
        "kind": AdjustmentKind.REMOVE,
        "reason": "上级已有标准。",
        "approved_on": timezone.localdate(),
    }
    assert refused(services.adjust, **arguments) == {"CAT-4"}
