"""What the rules show: checklist, reasons for going past warnings, what is late, public strip."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry

from consultations.compliance.duties import DutyState, kept_of
from consultations.lifecycle import Stage
from consultations.models import ConsultationPage, DecisionItemPage
from consultations.watch import matter_findings, site_findings
from decisions import services as decision_services
from portal.core.findings import Refused
from portal.core.models import Waiver
from portal.core.waivers import waive
from tests import factories
from tests.factories import acts
from tests.factories.review import released
from tests.integration import page_forms
from tests.integration.statements import statements

pytestmark = pytest.mark.django_db
SHORT = {"shortened_reason": "枯水期供水有缺口。"}
REASON = "再迟则误农时。"


def a_very_short_round():
    """A round of ten days that explains itself; CON-3 warns of it."""
    opens_on = timezone.localdate()
    page = factories.a_draft_round(
        factories.a_matter(), opens_on=opens_on, closes_on=opens_on + timedelta(days=10), **SHORT
    )
    released(page)
    return ConsultationPage.objects.get(pk=page.pk)


@pytest.fixture
def publisher():
    client = Client()
    client.force_login(factories.a_publisher())
    return client


def reasons_url(page):
    return reverse("publish_with_reasons", args=[page.pk])


# Reasons


def test_publishing_in_the_editor_leads_to_the_screen_for_reasons(publisher):
    page = a_very_short_round()
    answer = page_forms.publish(publisher, page)
    assert answer.redirect_chain[-1][0] == reasons_url(page)
    page.refresh_from_db()
    assert not page.live


def test_a_warning_asks_for_a_reason_and_the_reason_is_public(client, publisher):
    page = a_very_short_round()
    form = publisher.get(reasons_url(page)).context["form"]
    assert list(form.fields) == ["reason-CON-3"]
    publisher.post(reasons_url(page), {"reason-CON-3": "  "})
    page.refresh_from_db()
    assert not page.live
    publisher.post(reasons_url(page), {"reason-CON-3": REASON})
    page.refresh_from_db()
    assert page.live
    assert REASON in client.get(page.item.url).content.decode()
    told = [one.action for one in registry.get_logs_for_instance(page)]
    assert "core.waive" in told


def test_without_a_reason_the_verb_refuses():
    page = a_very_short_round()
    with pytest.raises(Refused) as refused:
        acts.open_round(page=page, by=factories.a_publisher(), at=timezone.now())
    assert refused.value.asks_for_reasons
    assert {one.id for one in refused.value.findings} == {"CON-3"}


def test_a_reason_does_not_lift_what_is_binding(publisher):
    page = a_very_short_round()
    by, at = factories.a_publisher(), timezone.now()
    with pytest.raises(Refused):
        waive(page=page, rule_id="CON-1", reason=REASON, by=by, at=at)
    publisher.post(reasons_url(page), {"reason-CON-1": REASON, "reason-CON-3": REASON})
    assert not Waiver.objects.filter(rule_id="CON-1").exists()


def test_only_who_may_publish_goes_past_a_warning():
    page = a_very_short_round()
    for user in (factories.an_editor(), factories.a_clerk(), factories.a_legal_reviewer()):
        client = Client()
        client.force_login(user)
        assert client.post(reasons_url(page), {"reason-CON-3": REASON}).status_code in {
            HTTPStatus.FOUND,
            HTTPStatus.NOT_FOUND,
        }
    assert not Waiver.objects.exists()


def test_an_internal_reason_is_not_public(client):
    item = factories.a_reviewed_matter()
    waive(page=item, rule_id="REV-2", reason=REASON, by=factories.a_publisher(), at=timezone.now())
    assert REASON not in client.get(item.url).content.decode()


# The checklist


def test_the_editor_shows_every_rule_before_anything_is_pressed(publisher):
    page = a_very_short_round()
    shown = publisher.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    for rule_id in ("CON-1", "CON-2", "CON-3", "CON-4", "CON-5", "CON-6", "CON-7", "CON-8"):
        assert rule_id in shown
    assert "is-warning" in shown
    assert "is-met" in shown


# What is late


def test_what_is_late_on_a_matter_is_found_with_its_day():
    at = timezone.now()
    page = factories.a_closed_round(at=at - timedelta(days=60))
    (finding,) = matter_findings(DecisionItemPage.objects.get(pk=page.item.pk), at=at)
    assert finding.id == "FEE-1"
    assert finding.due_on < timezone.localdate(at)


def test_an_opinion_that_waits_too_long_is_found():
    at = timezone.now()
    page = factories.an_open_round(at=at)
    factories.an_opinion(page, at=at - timedelta(days=9))
    found = matter_findings(DecisionItemPage.objects.get(pk=page.item.pk), at=at)
    assert "OPI-5" in {one.id for one in found}


def test_a_signed_decision_that_is_not_public_is_found():
    at = timezone.now()
    signed_on = timezone.localdate(at) - timedelta(days=60)
    page = factories.a_draft_decision(signed_on=signed_on)
    found = matter_findings(page.item, at=at)
    assert "DEC-2" in {one.id for one in found}
    waive(page=page, rule_id="DEC-2", reason=REASON, by=factories.a_publisher(), at=at)
    assert "DEC-2" not in {one.id for one in matter_findings(page.item, at=at)}


def test_the_site_owes_nothing_on_a_good_day():
    catalogue = factories.a_catalogue(year=timezone.localdate().year)
    assert catalogue.live
    assert site_findings(at=timezone.now()) == []


# The public strip


def states(item, at=None):
    item = DecisionItemPage.objects.get(pk=item.pk)
    return {one.place: one.state for one in item.duties(at=at or timezone.now())}


def test_a_new_matter_has_everything_before_it():
    told = states(factories.a_matter())
    assert told[10] is DutyState.DONE
    assert told[20] is told[21] is told[40] is told[53] is told[60] is told[70] is DutyState.LATER
    assert told[30] is told[50] is told[51] is told[52] is DutyState.EXEMPT


def test_a_decided_matter_has_kept_all_that_applies(client):
    at = timezone.now()
    page = factories.a_decision()
    (one,) = page.item.public_rounds
    factories.an_interpretation(one, at=at - timedelta(days=40))
    factories.an_interpretation(page, at=at)
    item = DecisionItemPage.objects.get(pk=page.item.pk)
    assert item.stage == Stage.PUBLISHED
    done, applying = kept_of(item.duties(at=at))
    assert done == applying == 9
    assert "legal__name" in client.get(item.url).content.decode()


def test_a_summary_that_is_overdue_is_said_to_be(client):
    at = timezone.now()
    page = factories.a_closed_round(at=at - timedelta(days=60))
    assert states(page.item)[40] is DutyState.OVERDUE


def test_a_draft_decision_says_nothing_to_the_public(client):
    page = factories.a_draft_decision(signed_on=timezone.localdate() - timedelta(days=3))
    assert states(page.item)[70] is DutyState.NOW
    assert page.document_no not in client.get(page.item.url).content.decode()


def test_the_strip_costs_the_matter_page_no_more_for_many_rounds(client):
    first = factories.a_decision().item
    asked, _ = statements(client, first.url)
    assert len(asked) <= 31, "\n".join(asked)


def test_risk_that_was_not_passed_does_not_go_to_the_meeting():
    item = factories.a_reviewed_matter()
    at, by = timezone.now(), factories.a_publisher()
    decision_services.record_review(
        item=item, kind="risk", result="not_passed", concluded_on=at.date(), by=by, at=at
    )
    with pytest.raises(Refused) as refused:
        factories.a_decided_matter(item)
    assert {one.id for one in refused.value.findings} == {"REV-4"}


def test_a_hurried_legality_review_is_explained_at_the_decision(publisher):
    item = factories.a_reviewed_matter()
    today = timezone.localdate()
    item.reviews.update(sent_on=today - timedelta(days=2))
    url = reverse("wagtailsnippets_decisions_collectivediscussion:add")
    meeting = {
        "item": item.pk,
        "meeting_name": "市政府第31次常务会议",
        "held_on": today.isoformat(),
        "party_report_on": today.isoformat(),
    }
    asked = publisher.post(url, meeting)
    assert "reason-REV-2" in asked.context["form"].fields
    item.refresh_from_db()
    assert item.stage != Stage.DECIDED
    publisher.post(url, meeting | {"reason-REV-2": REASON})
    item.refresh_from_db()
    assert item.stage == Stage.DECIDED
