"""Hearings: planned by the unit, made public by the office, shown to everybody (HEA-1 to HEA-5)."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry

from consultations import services
from consultations.lifecycle import HearingState
from consultations.models import ConsultationPage, DecisionItemPage, Hearing
from decisions import services as decision_services
from decisions.lifecycle import ReviewKind, ReviewResult
from portal.core.findings import Refused
from portal.core.models import Waiver
from portal.core.versions import Overtaken
from portal.core.waivers import waive
from tests import factories
from tests.factories import hearings

pytestmark = pytest.mark.django_db
NOW = timezone.now


def refused_by(act, **arguments):
    with pytest.raises(Refused) as refused:
        act(**arguments)
    return {one.id for one in refused.value.findings}


def url(name, *arguments):
    return reverse(f"wagtailsnippets_consultations_hearing:{name}", args=arguments)


def content(response):
    return response.content.decode()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


# The verbs


def test_a_planned_hearing_is_not_public(client):
    hearing = hearings.a_planned_hearing()
    assert hearing.state is HearingState.PLANNED
    assert hearing.place not in content(client.get(hearing.item.url))


def test_a_hearing_goes_its_way_and_each_act_is_logged():
    item = factories.a_matter(hearing_required=True, at=NOW() - timedelta(days=40))
    hearing = hearings.a_held_hearing(item)
    assert hearing.state is HearingState.HELD
    acts = [entry.action for entry in registry.get_logs_for_instance(hearing)]
    for act in (
        "plan_hearing",
        "announce_hearing",
        "publish_participants",
        "record_materials",
        "record_hearing",
    ):
        assert f"consultations.{act}" in acts


def test_a_notice_without_selection_method_stays_back():
    hearing = hearings.a_planned_hearing(selection_method="")
    by = factories.a_publisher()
    assert "HEA-3" in refused_by(services.announce_hearing, hearing=hearing, by=by, at=NOW())
    hearing.refresh_from_db()
    assert hearing.notice_on is None


def test_a_late_notice_goes_out_with_a_reason_only():
    hearing = hearings.a_planned_hearing(days_ahead=20)
    by = factories.a_publisher()
    assert refused_by(services.announce_hearing, hearing=hearing, by=by, at=NOW()) == {"HEA-2"}
    waive(page=hearing.item, rule_id="HEA-2", reason="学期开始前须定。", by=by, at=NOW())
    services.announce_hearing(hearing=hearing, by=by, at=NOW())
    assert hearing.state is HearingState.ANNOUNCED


def test_materials_five_days_before_are_too_late():
    hearing = hearings.an_announced_hearing()
    by = factories.an_editor()
    on = hearing.held_on - timedelta(days=5)
    assert refused_by(services.record_materials, hearing=hearing, on=on, by=by, at=NOW()) == {
        "HEA-4"
    }
    services.record_materials(hearing=hearing, on=on - timedelta(days=2), by=by, at=NOW())
    assert hearing.materials_on == on - timedelta(days=2)


def test_a_result_needs_the_list_and_the_materials_before_the_hearing():
    at = NOW() - timedelta(days=40)
    hearing = hearings.an_announced_hearing(factories.a_matter(at=at), at=at, days_ahead=39)
    by = factories.a_publisher()
    told = {"hearing": hearing, "conclusion": "8人赞成。", "by": by}
    assert refused_by(services.record_hearing, **told, at=NOW()) == {"HEA-3", "HEA-4"}


def test_who_acts_on_an_old_version_is_told():
    hearing = hearings.an_announced_hearing()
    by = factories.a_publisher()
    with pytest.raises(Overtaken):
        services.cancel_hearing(hearing=hearing, reason="暂缓。", seen=0, by=by, at=NOW())


def test_legality_review_waits_for_the_promised_hearing():
    at = NOW()
    item = factories.a_matter(at=at - timedelta(days=60), hearing_required=True)
    factories.a_summary(factories.a_closed_round(item, at=at), at=at)
    item = DecisionItemPage.objects.get(pk=item.pk)
    review = {
        "item": item,
        "kind": ReviewKind.LEGALITY,
        "result": ReviewResult.PASSED,
        "number": "澜司审示〔2026〕12号",
        "sent_on": at.date() - timedelta(days=20),
        "concluded_on": at.date(),
        "by": factories.a_legal_reviewer(),
        "at": at,
    }
    assert refused_by(decision_services.record_review, **review) == {"HEA-1"}
    ConsultationPage.objects.child_of(item).update(first_published_at=at - timedelta(days=40))
    hearings.a_held_hearing(item, at=at)
    decision_services.record_review(**review)


# The admin


def test_the_unit_plans_and_the_office_announces():
    item = factories.a_matter(hearing_required=True)
    factories.an_open_round(item)
    editor, publisher = signed_in(factories.an_editor()), signed_in(factories.a_publisher())
    held_at = timezone.localtime(NOW() + timedelta(days=40)).strftime("%Y-%m-%d %H:%M")
    entered = {
        "item": item.pk,
        "held_at": held_at,
        "place": "市民中心二楼",
        "selection_method": "抽签产生。",
        "observers": 5,
    }
    editor.post(url("add"), entered)
    hearing = Hearing.objects.get()
    assert hearing.notice_on is None
    assert url("announce", hearing.pk) not in content(editor.get(url("edit", hearing.pk)))
    assert url("announce", hearing.pk) in content(publisher.get(url("edit", hearing.pk)))
    assert editor.post(url("announce", hearing.pk)).status_code == HTTPStatus.FOUND
    hearing.refresh_from_db()
    assert hearing.notice_on is None
    publisher.post(url("announce", hearing.pk), {"seen": hearing.version})
    hearing.refresh_from_db()
    assert hearing.notice_on is not None


def test_a_warning_is_answered_at_the_form():
    hearing = hearings.a_planned_hearing(days_ahead=20)
    publisher = signed_in(factories.a_publisher())
    answer = publisher.post(url("announce", hearing.pk), {"seen": hearing.version})
    assert "reason-HEA-2" in answer.context["form"].fields
    assert not Waiver.objects.exists()
    reason = {"seen": hearing.version, "reason-HEA-2": "学期开始前须定。"}
    publisher.post(url("announce", hearing.pk), reason)
    hearing.refresh_from_db()
    assert hearing.notice_on is not None
    assert Waiver.objects.get().reason == "学期开始前须定。"


def test_the_list_is_pasted_line_by_line_and_a_bad_line_is_named():
    hearing = hearings.an_announced_hearing()
    publisher = signed_in(factories.a_publisher())
    bad = publisher.post(
        url("participants", hearing.pk), {"people": "陆女士，消费者，是\n只有姓名"}
    )
    assert "2" in str(bad.context["form"].errors["people"])
    lines = "\n".join(f"{n}女士，消费者，是" for n in "陆沈贾顾汤骆章鲁")
    publisher.post(url("participants", hearing.pk), {"people": lines})
    assert hearing.participants.filter(is_affected=True).count() == 8


def test_a_hearing_of_another_unit_is_not_found():
    hearing = hearings.a_planned_hearing()
    other = factories.a_unit("市教育局", "教育局")
    stranger = signed_in(factories.a_member_of_staff("unit_editor", username="s", unit=other))
    names = ("edit", "change", "announce", "participants", "materials", "result", "cancel")
    answers = {stranger.get(url(name, hearing.pk)).status_code for name in names}
    assert answers == {HTTPStatus.NOT_FOUND}


# The public


def test_notice_people_and_result_are_public_on_both_pages(client):
    at = NOW()
    item = factories.a_matter(at=at - timedelta(days=60), hearing_required=True)
    page = factories.an_open_round(item, at=at)
    ConsultationPage.objects.filter(pk=page.pk).update(first_published_at=at - timedelta(days=40))
    hearing = hearings.a_held_hearing(item, at=at)
    matter, consultation = content(client.get(item.url)), content(client.get(page.url))
    for text in (hearing.place, hearing.conclusion):
        assert text in matter
        assert text in consultation
    for text in (hearing.selection_method, "陆女士"):
        assert text in matter
    assert hearing.get_absolute_url() in consultation


def test_a_hearing_called_off_says_why(client):
    hearing = hearings.an_announced_hearing()
    by = factories.a_publisher()
    services.cancel_hearing(hearing=hearing, reason="场馆停电。", by=by, at=NOW())
    assert "场馆停电。" in content(client.get(hearing.item.url))
