"""What the verbs refuse, beyond the rules that have tests of their own."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations import services
from consultations.lifecycle import AdjustmentKind, Channel, Outcome, Stage
from consultations.models import CataloguePage, DecisionItemPage, Opinion
from consultations.services.opinion import Author, Point
from portal.core.findings import Refused
from tests import factories

pytestmark = pytest.mark.django_db

NOW = timezone.now


def refused(act, **arguments):
    with pytest.raises(Refused) as caught:
        act(by=factories.a_publisher(), at=NOW(), **arguments)
    return {finding.id for finding in caught.value.findings}


def test_an_entry_enters_a_public_catalogue_only_with_an_adjustment():
    catalogue = factories.a_catalogue()
    item = factories.a_draft_matter(catalogue)
    assert refused(services.publish_item, page=item) == {"CAT-4"}

    services.publish_catalogue(
        page=CataloguePage.objects.get(), by=factories.a_publisher(), at=NOW()
    )
    assert not DecisionItemPage.objects.get(pk=item.pk).live, "not along with the catalogue either"

    services.adjust(
        item=item,
        kind=AdjustmentKind.ADD,
        reason="后评估建议调整。",
        approved_on=timezone.localdate(),
        by=factories.a_publisher(),
        at=NOW(),
    )
    services.publish_item(page=item, by=factories.a_publisher(), at=NOW())
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
    assert refused(services.answer, issue=issue, **changed) == {"OPI-1"}
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
    services.open_round(page=page, by=factories.a_publisher(), at=NOW() + timedelta(days=1))
    item = DecisionItemPage.objects.get()
    assert (item.stage, item.listed_on) == (Stage.CONSULTING, listed_on)


def test_a_public_address_never_changes():
    page = factories.an_open_round()
    page.slug = "consultation-9"
    with pytest.raises(ValidationError, match="网址"):
        page.full_clean()
