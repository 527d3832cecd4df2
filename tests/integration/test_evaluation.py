"""The evaluation after a decision: a call for opinions, what became of them, report and outcome."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from wagtail.log_actions import registry
from wagtail.models import Page

from consultations import services
from consultations.fate import fate_of
from consultations.lifecycle import Stage, official_date
from consultations.models import ConsultationPage, DecisionItemPage, FeedbackReportPage, Opinion
from consultations.watch import matter_findings
from decisions import services as decision_services
from decisions.lifecycle import EvaluationOutcome, EvaluationState
from decisions.models import DecisionPage, EvaluationPage
from decisions.search.gathering import gather
from home.desk.watch import watch
from portal.accounts.roles import Role
from portal.core.findings import Refused
from portal.core.models import OutboxMessage, current_limits
from tests import factories
from tests.factories import evaluations
from tests.factories.people import a_member_of_staff
from tests.integration import following
from tests.integration.page_forms import create, publish, said
from tests.integration.statements import statements

pytestmark = pytest.mark.django_db
NOW = timezone.now
MOST_STATEMENTS = 12


def refused_by(act, **arguments):
    with pytest.raises(Refused) as refused:
        act(**arguments)
    return {one.id for one in refused.value.findings}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def content(response):
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def fresh(page):
    return type(page).objects.get(pk=page.pk)


def steps(item):
    cache.clear()  # a page may show for a minute what it showed before
    return [step.state for step in fresh(item).steps(at=NOW())]


# From the call to the outcome


def test_from_the_call_to_the_outcome(client):
    at = NOW()
    decision = evaluations.a_decision_in_place(at=at)
    item = decision.item
    before = [one.pk for one in item.public_rounds]
    call = evaluations.a_closed_call(decision, at=at)

    assert call.evaluated.pk == decision.pk
    assert call.item == item
    assert [one.id for one in call.articles] == [one.id for one in decision.articles]
    assert fresh(item).stage == Stage.PUBLISHED, "the matter stays where it is"
    assert [one.pk for one in fresh(item).public_rounds] == before
    assert [one.pk for one in fresh(item).public_calls] == [call.pk]
    assert steps(item) == ["done"] * 4 + ["now"]

    opinion = factories.a_published_opinion(call, article=2)
    page = evaluations.a_draft_evaluation(decision, at=at)
    assert page.state is EvaluationState.PUBLIC_INPUT
    publish_it = {"page": page, "by": factories.a_publisher(), "at": at}
    evaluations.acts.released(page)
    assert refused_by(decision_services.publish_evaluation, **publish_it) == {"EVA-3"}
    assert not fresh(page).live

    factories.an_answered_issue(opinion, article=2)
    report = factories.a_summary(call, at=at)
    decision_services.publish_evaluation(**publish_it)

    page = fresh(page)
    assert page.state is EvaluationState.REPORTED
    assert page.published_on == official_date(at)
    assert steps(item) == ["done"] * 5
    acts = [entry.action for entry in registry.get_logs_for_instance(page)]
    assert "decisions.publish_evaluation" in acts

    shown = content(client.get(page.url))
    for link in (decision.url, call.url, report.url, item.url):
        assert f'href="{link}"' in shown
    assert page.get_outcome_display() in shown
    assert page.outcome_reason in shown
    for address in (decision.url, item.url):
        assert f'href="{page.url}"' in content(client.get(address)), address


def test_every_page_of_an_evaluation_keeps_to_its_budget(client):
    call = evaluations.a_closed_call()
    factories.an_answered_issue(factories.a_published_opinion(call))
    report = factories.a_summary(call)
    decision = DecisionPage.objects.get()
    evaluation = evaluations.an_evaluation(decision)
    second = evaluations.an_open_call(decision)
    factories.a_published_opinion(second)
    for page in (call, second, evaluation, decision):
        assert len(statements(client, page.url)[0]) <= MOST_STATEMENTS, page.url
    before = FeedbackReportPage.objects.exclude(pk=report.pk).get()
    asked, _ = statements(client, report.url)
    assert len(asked) <= len(statements(client, before.url)[0]), "\n".join(asked)


def test_the_open_call_is_offered_where_people_look(client):
    call = evaluations.an_open_call()
    decision, item = fresh(DecisionPage.objects.get()), call.item
    factories.the_consultation_index()
    for address in (decision.url, item.url, factories.the_consultation_index().url, "/"):
        assert f'href="{call.url}"' in content(client.get(address)), address
    page = content(client.get(call.url))
    assert f'href="{decision.url}"' in page
    assert reverse("opinions:write", args=[call.pk]) in page
    journey = content(client.get(reverse("opinions:write", args=[call.pk])))
    assert gettext("The whole decision") in journey
    assert gettext("The whole draft") not in journey
    own, all_units = {"unit": item.lead_unit.code}, {}
    for feed in (reverse("feeds:consultations", kwargs=scope) for scope in (own, all_units)):
        assert f'{call.url}"' in content(client.get(feed)), feed


# The decision and the procedure before it stay what they were


def test_a_call_is_no_round_before_the_decision(client):
    decision = evaluations.a_decision_in_place()
    changes = client.get(f"{decision.url}redline/").context["changes"]
    before = FeedbackReportPage.objects.get()
    call = evaluations.a_closed_call(decision)
    report = factories.a_summary(call)
    assert client.get(f"{decision.url}redline/").context["changes"] == changes
    shown = client.get(decision.url)
    assert [one.pk for one in shown.context["reports"]] == [before.pk]
    assert f'href="{report.url}"' in content(shown)
    found = {one.id for one in matter_findings(fresh(call.item), at=NOW())}
    assert "ARC-1" not in found
    decision_services.publish_decision(
        page=released(fresh(decision)), by=factories.a_publisher(), at=NOW()
    )


def released(page):
    evaluations.acts.released(page)
    return page


def test_what_is_late_on_a_call_is_found_on_its_matter():
    call = evaluations.a_call(opened_at=NOW() - timedelta(days=120))
    factories.an_opinion(call)
    item = fresh(call.item)
    found = {one.id for one in matter_findings(item, at=NOW())}
    assert {"FEE-1", "OPI-5"} <= found
    [watched] = watch(DecisionItemPage.objects.all(), at=NOW()).matters
    told = {one.id for one in watched.findings(current_limits(), at=NOW())}
    assert told == found
    assert [one.pk for one in watched.rounds][-1] == call.pk


def test_a_call_waits_for_its_decision():
    decision = factories.a_draft_decision()
    page = evaluations.a_draft_call(decision)
    evaluations.acts.released(page)
    refused = refused_by(services.open_round, page=page, by=factories.a_publisher(), at=NOW())
    assert refused == {"TREE"}
    assert not fresh(page).live


def test_the_author_hears_of_the_evaluation_not_of_the_old_decision():
    at = NOW()
    call = evaluations.a_closed_call()
    opinion = factories.a_published_opinion(call)

    def titles():
        return [one.title for one in fate_of(Opinion.objects.get(pk=opinion.pk), at=at).events]

    assert gettext("The decision was published") not in titles()
    assert titles()[-1] == gettext("The evaluation report is published")
    factories.an_answered_issue(opinion)
    factories.a_summary(call, at=at)
    evaluations.an_evaluation(DecisionPage.objects.get(), at=at)
    assert titles()[-1] == gettext("The evaluation report was published")


def test_followers_hear_of_the_call_and_of_what_became_of_opinions():
    call = evaluations.a_draft_call()
    following.a_follower(item=call.item)
    OutboxMessage.objects.all().delete()
    mail.outbox.clear()
    at = NOW()
    evaluations.acts.open_round(page=call, by=factories.a_publisher(), at=at)
    services.tell_opened_rounds(at=at)
    following.deliver()
    (message,) = mail.outbox
    assert call.title in message.body
    with override("zh-hans"):
        assert gettext("Read the decision again and say how it works:") in message.body


# Rules


@pytest.mark.parametrize(("times", "is_proposed"), [(9, False), (10, True)])
def test_ten_opinions_against_it_propose_an_evaluation(times, is_proposed):
    call = evaluations.an_open_call()
    evaluations.oppose(call, times)
    decision = DecisionPage.objects.get()
    item = fresh(call.item)
    in_list = {one.rule.id: one.finding for one in decision.checklist()}
    assert bool(in_list["EVA-1"]) is is_proposed
    assert ("EVA-1" in {one.id for one in matter_findings(item, at=NOW())}) is is_proposed
    [watched] = watch(DecisionItemPage.objects.all(), at=NOW()).matters
    told = {one.id for one in watched.findings(current_limits(), at=NOW())}
    assert ("EVA-1" in told) is is_proposed
    editor = signed_in(factories.a_publisher())
    panel = content(editor.get(reverse("wagtailadmin_pages:edit", args=[decision.pk])))
    assert ("checklist__line is-shown" in panel) is is_proposed
    evaluations.a_draft_evaluation(decision)
    assert "EVA-1" not in {one.id for one in matter_findings(fresh(item), at=NOW())}


def test_opinions_that_an_evaluation_dealt_with_propose_no_other():
    at = NOW()
    call = evaluations.a_closed_call(at=at)
    evaluations.oppose(call, 10, at=at - timedelta(days=20))
    decision = DecisionPage.objects.get()
    for opinion in Opinion.objects.filter(consultation=call):
        factories.an_answered_issue(opinion)
    factories.a_summary(call, at=at)
    assert "EVA-1" in {one.id for one in matter_findings(fresh(call.item), at=at)}
    evaluations.an_evaluation(decision, at=at)
    assert "EVA-1" not in {one.id for one in matter_findings(fresh(call.item), at=at)}
    [watched] = watch(DecisionItemPage.objects.all(), at=at).matters
    assert "EVA-1" not in {one.id for one in watched.findings(current_limits(), at=at)}


@pytest.mark.parametrize(
    "field", ["evaluator", "basis", "methods", "report", "outcome", "outcome_reason"]
)
def test_an_evaluation_without_its_particulars_stays_back(field):
    page = evaluations.a_draft_evaluation(**{field: ""})
    evaluations.acts.released(page)
    act = {"page": page, "by": factories.a_publisher(), "at": NOW()}
    assert refused_by(decision_services.publish_evaluation, **act) == {"EVA-2"}


def test_an_evaluation_goes_through_the_release_review():
    page = evaluations.a_draft_evaluation()
    act = {"page": page, "by": factories.a_publisher(), "at": NOW()}
    assert refused_by(decision_services.publish_evaluation, **act) == {"CON-7"}


# The admin


def test_the_call_takes_the_text_of_the_decision_over():
    decision = evaluations.a_decision_in_place()
    editor = signed_in(factories.an_editor())
    page = factories.a_draft_round(factories.a_matter())
    told = ConsultationPage(
        **{
            field.name: getattr(page, field.name)
            for field in ConsultationPage._meta.local_fields
            if field.name not in {"page_ptr", "draft"}
        },
        title="关于实施情况公开征求意见的公告",
        slug="evaluation-call",
    )
    create(editor, decision, told, publish=False)
    call = ConsultationPage.objects.get(slug="evaluation-call")
    assert not call.live
    assert [one.id for one in call.articles] == [one.id for one in decision.articles]
    shown = content(editor.get(reverse("wagtailadmin_pages:edit", args=[call.pk])))
    assert 'name="draft-count"' not in shown
    assert call.text_findings(at=NOW())


def test_a_call_stands_below_a_decision_and_a_round_below_a_matter_only():
    allowed = {model.__name__ for model in ConsultationPage.allowed_parent_page_models()}
    assert allowed == {"DecisionItemPage", "DecisionPage"}


def test_the_unit_writes_the_report_and_the_office_publishes_it():
    page = evaluations.a_draft_evaluation()
    editor, publisher = (signed_in(one()) for one in (factories.an_editor, factories.a_publisher))
    publish(editor, page)
    assert not fresh(page).live
    response = publish(publisher, fresh(page), outcome_reason="各项目标均已达到。")
    assert fresh(page).live, said(response)
    assert fresh(page).outcome_reason == "各项目标均已达到。"


def test_a_change_leads_to_a_matter_of_its_own(client):
    page = evaluations.a_draft_evaluation(outcome=EvaluationOutcome.ADJUST)
    item = factories.a_matter(title="互联网租赁自行车管理办法（修订）")
    page.new_item = item
    page.full_clean()
    evaluations.acts.publish_evaluation(page=page, by=factories.a_publisher(), at=NOW())
    assert f'href="{item.url}"' in content(client.get(fresh(page).url))
    assert f'href="{page.url}"' in content(client.get(item.url))


def test_another_unit_does_not_see_the_opinions_on_a_call():
    call = evaluations.an_open_call()
    opinion = factories.an_opinion(call)
    page = evaluations.a_draft_evaluation(DecisionPage.objects.get())
    own = a_member_of_staff(Role.OPINION_MODERATOR, username="own", unit=call.item.lead_unit)
    other = a_member_of_staff(
        Role.OPINION_MODERATOR,
        username="other",
        unit=factories.a_unit("市水务局", "水务局", "water"),
    )
    for user, sees in ((own, True), (other, False)):
        assert ConsultationPage.objects.in_scope_of(user).filter(pk=call.pk).exists() is sees
        assert Opinion.objects.in_scope_of(user).filter(pk=opinion.pk).exists() is sees
        assert EvaluationPage.objects.in_scope_of(user).filter(pk=page.pk).exists() is sees
        answer = signed_in(user).get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        assert (answer.status_code == HTTPStatus.OK) is sees


def test_the_archive_knows_the_report():
    page = evaluations.an_evaluation()
    item = Page.objects.get(pk=page.decision.item.pk)
    [source] = gather([item.pk])
    assert "停放秩序明显改善" in " ".join(source.texts)
