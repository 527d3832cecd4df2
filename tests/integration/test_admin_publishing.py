"""Pages of the procedure are published by their verb, or not at all."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from consultations.lifecycle import Stage, official_date
from consultations.models import (
    CataloguePage,
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
)
from decisions.models import DecisionPage
from home.models import StandardPage
from portal.accounts.models import User
from tests import factories
from tests.integration.page_forms import create, publish, said, save_draft

pytestmark = pytest.mark.django_db

PUBLISHERS = [factories.a_publisher, factories.a_superuser]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(params=PUBLISHERS, ids=["publisher", "superuser"])
def publisher(request: pytest.FixtureRequest) -> Client:
    return signed_in(request.param())


def fresh(page: Page) -> Page:
    return type(page).objects.get(pk=page.pk)


def test_catalogue_goes_public_with_its_entries(publisher: Client) -> None:
    page = factories.a_draft_catalogue()
    item = factories.a_draft_matter(page)

    response = publish(publisher, fresh(page))

    assert fresh(page).live
    assert fresh(page).published_on == official_date(timezone.now())
    assert fresh(item).live
    assert response.redirect_chain[-1][0].endswith(f"/pages/{page.get_parent().pk}/")
    assert page.title in said(response)


def test_catalogue_without_consent_stays_a_draft_and_keeps_what_was_typed(
    publisher: Client,
) -> None:
    page = factories.a_draft_catalogue(party_consent_on=None)
    factories.a_draft_matter(page)

    response = publish(publisher, fresh(page), introduction="改过的引言")

    assert not fresh(page).live
    assert fresh(page).introduction == "改过的引言"
    assert "CAT-2" in said(response)
    assert response.redirect_chain[-1][0].endswith(f"/pages/{page.pk}/edit/")


def test_round_opens_and_moves_its_matter(publisher: Client) -> None:
    page = factories.a_draft_round()

    publish(publisher, page)

    assert fresh(page).live
    assert fresh(page).item.stage == Stage.CONSULTING
    assert [article.text for article in fresh(page).articles] == list(factories.pages.DRAFT)


def test_each_finding_is_one_message_with_its_rule_and_source(publisher: Client) -> None:
    today = official_date(timezone.now())
    page = factories.a_draft_round(background="", contact_phone="", opens_on=today)

    response = publish(publisher, page, closes_on=today + timedelta(days=12))

    messages = [str(message) for message in response.context["messages"]]
    assert [any(rule in one for one in messages) for rule in ("CON-1", "CON-2", "CON-4")] == [
        True,
        True,
        True,
    ]
    assert "713" in messages[0]
    assert not fresh(page).live
    assert fresh(page).item.stage == Stage.CATALOGUED


def test_a_refused_change_of_a_public_page_leaves_the_public_text(publisher: Client) -> None:
    page = factories.an_open_round()

    response = publish(publisher, page, background="", summary="改过")

    assert "CON-1" in said(response)
    assert fresh(page).background == page.background
    assert fresh(page).summary == ""
    assert fresh(page).get_latest_revision_as_object().summary == "改过"


def test_a_round_created_with_the_publish_button_waits_for_its_review(publisher: Client) -> None:
    item = factories.a_matter()
    blueprint = factories.a_draft_round(item)
    blueprint.slug, blueprint.consultation_no = "consultation-2", "2"

    response = create(publisher, fresh(item), blueprint)

    page = ConsultationPage.objects.get(slug="consultation-2")
    assert "CON-7" in said(response)
    assert not page.live
    factories.a_draft_interpretation(fresh(page))
    publish(publisher, page)
    assert fresh(page).live
    assert fresh(page).item.stage == Stage.CONSULTING


def test_a_page_created_with_the_publish_button_and_refused_is_never_public(
    publisher: Client,
) -> None:
    item = factories.a_matter()
    blueprint = factories.a_draft_round(item, background="")
    blueprint.slug = "consultation-2"

    response = create(publisher, fresh(item), blueprint)

    page = ConsultationPage.objects.get(slug="consultation-2")
    assert not page.live
    assert page.item.stage == Stage.CATALOGUED
    assert "CON-1" in said(response)
    assert Client().get(page.get_absolute_url()).status_code == 404


def test_an_ordinary_page_is_created_and_published_as_ever(publisher: Client) -> None:
    home = factories.the_home_page()

    create(publisher, home, StandardPage(title="关于", slug="about", body="<p>本站说明</p>"))

    assert StandardPage.objects.get().live


def test_adoption_summary_waits_for_every_answer(publisher: Client) -> None:
    consultation = factories.a_closed_round()
    opinion = factories.an_opinion(consultation)
    page = factories.a_draft_summary(consultation)

    assert "OPI-1" in said(publish(publisher, page))
    factories.an_answered_issue(opinion)
    publish(publisher, page)

    assert fresh(page).live
    assert fresh(page).consultation.item.stage == Stage.FEEDBACK_PUBLISHED


def test_decision_waits_for_its_particulars(publisher: Client) -> None:
    page = factories.a_draft_decision(index_no="")

    assert "DEC-5" in said(publish(publisher, page))
    publish(publisher, page, index_no="990100-2026-00009")

    assert fresh(page).live
    assert fresh(page).item.stage == Stage.PUBLISHED


def test_a_changed_entry_needs_an_adjustment_and_keeps_its_stage(publisher: Client) -> None:
    round_ = factories.an_open_round()
    item = round_.item

    response = publish(publisher, item, title="电动自行车管理办法")

    assert "CAT-4" in said(response)
    assert fresh(item).title == factories.pages.TITLE

    publish(publisher, item, legal_basis="消防法")

    assert fresh(item).legal_basis == "消防法"
    assert fresh(item).stage == Stage.CONSULTING


def test_nothing_goes_public_below_a_draft(publisher: Client) -> None:
    item = factories.a_draft_matter()
    round_ = factories.a_draft_round(item)

    for page in (item, round_):
        response = publish(publisher, fresh(page))
        assert fresh(page).get_parent().title in said(response)
        assert not fresh(page).live
    assert fresh(item).stage == Stage.CATALOGUED


@pytest.mark.parametrize(
    "person", [factories.an_editor, factories.a_clerk, factories.a_legal_reviewer]
)
def test_who_may_not_publish_saves_a_draft_instead(person: Callable[[], User]) -> None:
    page = factories.a_draft_round()

    publish(signed_in(person()), page, summary="一句话")

    assert not fresh(page).live
    assert fresh(page).get_latest_revision_as_object().summary == "一句话"


def test_saving_a_draft_asks_no_rule(publisher: Client) -> None:
    page = factories.a_draft_round(background="")

    response = save_draft(publisher, page, summary="一句话")

    assert "CON-1" not in said(response)
    assert fresh(page).summary == "一句话"


def test_history_tells_the_act_in_words(publisher: Client) -> None:
    page = factories.a_draft_round()

    publish(publisher, page)

    logged = PageLogEntry.objects.filter(page=page.pk, action="consultations.open_round")
    assert logged.count() == 1
    moved = PageLogEntry.objects.get(page=page.item.pk, action="consultations.advance")
    assert str(Stage.CONSULTING.label) in moved.message


@pytest.mark.parametrize(
    "page_class",
    [CataloguePage, ConsultationPage, DecisionItemPage, DecisionPage, FeedbackReportPage],
)
def test_no_page_offers_a_schedule(page_class: type[Page]) -> None:
    fields = page_class.get_edit_handler().get_form_class().base_fields

    assert not {"go_live_at", "expire_at"} & set(fields)


def test_a_schedule_posted_by_hand_is_ignored(publisher: Client) -> None:
    page = factories.a_draft_round(background="")
    later = (timezone.now() + timedelta(days=1)).isoformat()

    publish(publisher, page, go_live_at=later, expire_at=later)

    assert fresh(page).go_live_at is None
    assert not page.revisions.filter(approved_go_live_at__isnull=False).exists()
