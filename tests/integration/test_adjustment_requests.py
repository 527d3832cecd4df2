"""A unit asks for a change of the published catalogue; the office grants it or says why not."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from consultations import services
from consultations.lifecycle import AdjustmentKind, Stage, official_date
from consultations.models import AdjustmentRequest, CatalogueAdjustment, DecisionItemPage
from portal.accounts.roles import Role
from portal.core.findings import Refused
from tests import factories
from tests.integration.page_forms import said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def signed_in(user) -> Client:
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "en"})
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor() -> Client:
    return signed_in(factories.an_editor())


@pytest.fixture
def publisher() -> Client:
    return signed_in(factories.a_publisher())


def a_stranger() -> Client:
    other = factories.a_unit("市交通运输局", "交通局", "jt")
    return signed_in(factories.a_member_of_staff(Role.UNIT_EDITOR, username="stranger", unit=other))


def today() -> str:
    return official_date(timezone.now()).isoformat()


def ask(client, item, **data):
    filled = {"kind": AdjustmentKind.DEFER, "reason": "条件尚不成熟。"} | data
    return client.post(reverse("request_adjustment", args=[item.pk]), filled, follow=True)


def a_request(item=None):
    return services.request_adjustment(
        item=item or factories.a_matter(),
        kind=AdjustmentKind.DEFER,
        reason="条件尚不成熟。",
        by=factories.an_editor(),
        at=timezone.now(),
    )


def decide(client, request, **data):
    return client.post(reverse("adjustment_request", args=[request.pk]), data, follow=True)


def overdue(client):
    return client.get(reverse("overdue_matters"))


# Asking


def test_a_unit_asks_from_the_editor_of_its_matter(editor):
    item = factories.a_matter()
    html = editor.get(reverse("wagtailadmin_pages:edit", args=[item.pk])).content.decode()
    assert reverse("request_adjustment", args=[item.pk]) in html

    response = ask(editor, item)

    request = AdjustmentRequest.objects.get()
    assert (request.item, request.kind, request.reason) == (item, "defer", "条件尚不成熟。")
    assert request.requested_by == factories.an_editor()
    assert "with the disclosure office" in said(response)
    assert item.title in response.content.decode()
    item.refresh_from_db()
    assert item.stage != Stage.DEFERRED


def test_a_request_needs_a_reason_a_public_matter_and_no_other_request(editor):
    item = factories.a_matter()
    assert "reason" in ask(editor, item, reason=" ").context["form"].errors
    ask(editor, item)
    assert "waiting already" in ask(editor, item).content.decode()
    assert AdjustmentRequest.objects.count() == 1
    draft = factories.a_draft_matter(item.catalogue)
    assert ask(editor, draft).status_code == 404
    with pytest.raises(Refused):
        a_request(draft)


def test_others_do_not_ask():
    item = factories.a_matter()
    assert ask(a_stranger(), item).status_code == 404
    for person in (factories.a_clerk, factories.a_publisher, factories.a_legal_reviewer):
        ask(signed_in(person()), item)
    assert not AdjustmentRequest.objects.exists()


# Deciding


def test_the_office_grants_and_the_adjustment_is_public(publisher):
    request = a_request()
    shown = publisher.get(reverse("adjustment_request", args=[request.pk]))
    assert "条件尚不成熟。" in shown.content.decode()

    decide(publisher, request, verdict="grant", approved_on=today())

    request.refresh_from_db()
    adjustment = CatalogueAdjustment.objects.get()
    assert request.adjustment == adjustment
    assert (adjustment.kind, adjustment.reason) == ("defer", "条件尚不成熟。")
    request.item.refresh_from_db()
    assert request.item.stage == Stage.DEFERRED
    assert request.decided_by == factories.a_publisher()


def test_the_office_refuses_with_a_reason_that_the_unit_reads(publisher, editor):
    request = a_request()
    assert "refusal" in decide(publisher, request, verdict="refuse").context["form"].errors
    decide(publisher, request, verdict="refuse", refusal="请先完成论证。")
    request.refresh_from_db()
    assert request.refusal == "请先完成论证。"
    assert not CatalogueAdjustment.objects.exists()
    html = editor.get(reverse("adjustment_request", args=[request.pk])).content.decode()
    assert "请先完成论证。" in html
    assert 'name="verdict"' not in html
    assert "Not granted" in editor.get(reverse("adjustment_requests")).content.decode()
    ask(editor, request.item)
    assert AdjustmentRequest.objects.count() == 2


def test_a_grant_needs_a_day_that_has_come(publisher):
    request = a_request()
    later = (official_date(timezone.now()) + timedelta(days=1)).isoformat()
    for data in ({"verdict": "grant"}, {"verdict": "grant", "approved_on": later}, {}):
        assert decide(publisher, request, **data).context["form"].errors
    assert not CatalogueAdjustment.objects.exists()


def test_what_the_procedure_does_not_allow_is_not_granted(publisher):
    request = a_request(factories.an_open_round().item)
    response = decide(publisher, request, verdict="grant", approved_on=today())
    assert "STAGE" in response.content.decode()
    request.refresh_from_db()
    assert request.decided_at is None


def test_a_request_is_decided_once(publisher):
    request = a_request()
    decide(publisher, request, verdict="refuse", refusal="不同意。")
    response = decide(publisher, request, verdict="grant", approved_on=today())
    assert "decided already" in response.content.decode()
    with pytest.raises(Refused, match="meanwhile"):
        services.grant_adjustment(
            request=request,
            approved_on=official_date(timezone.now()),
            by=factories.a_publisher(),
            at=timezone.now(),
        )
    assert not CatalogueAdjustment.objects.exists()


def test_a_unit_does_not_decide(editor):
    request = a_request()
    response = decide(editor, request, verdict="grant", approved_on=today())
    assert "not yours to decide" in response.content.decode()
    request.refresh_from_db()
    assert request.decided_at is None


def test_requests_of_other_units_are_not_there(publisher):
    request = a_request()
    stranger = a_stranger()
    assert stranger.get(reverse("adjustment_request", args=[request.pk])).status_code == 404
    assert request.item.title not in stranger.get(reverse("adjustment_requests")).content.decode()
    assert request.item.title in publisher.get(reverse("adjustment_requests")).content.decode()
    for person in (factories.a_clerk, factories.a_legal_reviewer):
        client = signed_in(person())
        assert client.get(reverse("adjustment_requests")).status_code == 302
        assert client.get(reverse("adjustment_request", args=[request.pk])).status_code == 302


# Planned time passed


def plan(item, day):
    DecisionItemPage.objects.filter(pk=item.pk).update(planned_by=day)


def test_the_planned_time_has_passed_when_its_quarter_is_over():
    item = factories.a_matter()
    plan(item, date(2026, 4, 1))
    last = timezone.make_aware(timezone.datetime(2026, 6, 30, 23, 59))
    found = DecisionItemPage.objects.past_planned_time
    assert not found(at=last)
    assert found(at=last + timedelta(minutes=1)).get() == item


def test_decided_deferred_and_draft_matters_are_not_overdue(publisher):
    past = date(2024, 1, 1)
    decided, deferred = factories.a_decision().item, factories.a_matter(number=2)
    services.adjust(
        item=deferred,
        kind=AdjustmentKind.DEFER,
        reason="推迟。",
        approved_on=official_date(timezone.now()),
        by=factories.a_publisher(),
        at=timezone.now(),
    )
    draft = factories.a_draft_matter(decided.catalogue, number=3)
    for item in (decided, deferred, draft):
        plan(item, past)
    assert not DecisionItemPage.objects.past_planned_time(at=timezone.now())


def test_the_list_offers_to_ask_for_an_adjustment(editor, publisher):
    item = factories.a_matter()
    assert item.title not in overdue(editor).content.decode()
    plan(item, date(2024, 1, 1))
    assert reverse("request_adjustment", args=[item.pk]) in overdue(editor).content.decode()
    assert reverse("adjust_catalogue", args=[item.pk]) in overdue(publisher).content.decode()
    assert item.title not in overdue(a_stranger()).content.decode()
    ask(editor, item)
    assert "A request is waiting" in overdue(editor).content.decode()
    assert overdue(signed_in(factories.a_clerk())).status_code == 302


def test_the_menu_leads_to_both_lists(editor):
    html = editor.get(reverse("wagtailadmin_home")).content.decode()
    assert reverse("adjustment_requests") in html
    assert reverse("overdue_matters") in html
