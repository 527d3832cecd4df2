"""The clean-up of documents, from its list to its public result."""

import csv
import io
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from consultations.lifecycle import official_date
from decisions import services
from decisions.lifecycle import CleanupOutcome, Validity
from decisions.models import CleanupEntry, CleanupPage, DecisionPage, Suspension
from portal.core.findings import Refused
from tests import factories
from tests.factories import validity as states
from tests.factories.review import released
from tests.integration.page_forms import said

pytestmark = pytest.mark.django_db
ENTRIES = "wagtailsnippets_decisions_cleanupentry"
SUSPENSIONS = "wagtailsnippets_decisions_suspension"
KEEP, AMEND, REPEAL = CleanupOutcome.KEEP, CleanupOutcome.AMEND, CleanupOutcome.REPEAL


@pytest.fixture(autouse=True)
def english(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def today():
    return official_date(timezone.now())


@pytest.fixture
def decision():
    return states.a_decision_in_force()


@pytest.fixture
def other():
    return states.a_decision_in_force(at=timezone.now() - timedelta(days=9), title="=HYPERLINK(1)")


def signed_in(user):
    client = Client()
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(user)
    return client


def ids(refused):
    return [finding.id for finding in refused.value.findings]


def test_it_lists_every_decision_on_the_books_once(decision, other):
    states.suspended(other)
    factories.a_decision()
    factories.a_draft_decision()
    first, second = states.a_draft_cleanup(), states.a_draft_cleanup()
    assert {entry.decision for entry in first.entries.all()} == {decision, other}
    year = timezone.localdate().year
    assert [first.slug, second.slug] == [f"cleanup-{year}", f"cleanup-{year}-2"]
    assert not first.live


def test_without_a_decision_in_force_there_is_nothing_to_clean_up():
    factories.a_decision()
    with pytest.raises(Refused, match="No decision is in force"):
        states.a_draft_cleanup()
    assert not CleanupPage.objects.exists()


def test_it_is_published_only_with_every_outcome_and_reason(decision, other):
    cleanup = states.a_draft_cleanup()
    states.with_outcome(cleanup, KEEP, decision)
    with pytest.raises(Refused) as refused:
        states.published_cleanup(cleanup)
    assert ids(refused) == ["LIF-3"]
    assert other.title in str(refused.value)
    states.with_outcome(cleanup, AMEND, other, reason="")
    with pytest.raises(Refused, match="State the reason"):
        states.published_cleanup(cleanup)
    states.with_outcome(cleanup, AMEND, other)
    assert states.published_cleanup(cleanup).live


def test_a_changed_outcome_is_reviewed_again(decision):
    cleanup = states.a_draft_cleanup()
    states.with_outcome(cleanup, KEEP)
    page = CleanupPage.objects.get(pk=cleanup.pk)
    released(page)
    states.with_outcome(cleanup, REPEAL)
    page = CleanupPage.objects.get(pk=cleanup.pk)
    with pytest.raises(Refused) as refused:
        services.publish_cleanup(page=page, by=factories.a_publisher(), at=timezone.now())
    assert ids(refused) == ["CON-7"]


def test_a_published_repeal_ends_the_decision_from_its_day(client, decision, other, today):
    cleanup = states.a_draft_cleanup()
    states.with_outcome(cleanup, REPEAL, decision)
    states.with_outcome(cleanup, REPEAL, other, effective_on=today + timedelta(days=30))
    assert DecisionPage.objects.get(pk=decision.pk).validity(on=today) is Validity.IN_FORCE
    page = states.published_cleanup(cleanup)
    decision, other = (DecisionPage.objects.get(pk=one.pk) for one in (decision, other))
    assert decision.validity(on=today) is Validity.REPEALED
    assert decision.validity(on=today - timedelta(days=1)) is Validity.IN_FORCE
    assert other.validity(on=today + timedelta(days=29)) is Validity.IN_FORCE
    assert other.validity(on=today + timedelta(days=30)) is Validity.REPEALED
    text = client.get(decision.url).content.decode()
    assert "by the result of a clean-up of documents:" in text
    assert f'<a href="{page.url}">{page.title}</a>' in text


def test_no_repeal_holds_before_it_is_public(decision, today):
    cleanup = states.a_draft_cleanup()
    states.with_outcome(cleanup, REPEAL, effective_on=today - timedelta(days=1))
    with pytest.raises(Refused, match="before it is public"):
        states.published_cleanup(cleanup)


def test_a_kept_decision_gets_a_line_in_its_history_and_nothing_else(client, decision, today):
    cleanup = states.a_draft_cleanup()
    states.with_outcome(cleanup, KEEP)
    page = states.published_cleanup(cleanup)
    last = client.get(decision.url).context["history"][-1]
    assert (last.on, last.url) == (today, page.url)
    assert last.what == f"Clean-up of {today.year}: Stays in force"
    assert client.get(decision.url).context["validity"] is Validity.IN_FORCE


def test_a_public_result_does_not_change_any_more(decision):
    cleanup = states.a_draft_cleanup()
    states.with_outcome(cleanup, KEEP)
    states.published_cleanup(cleanup)
    with pytest.raises(Refused, match="does not change any more"):
        states.with_outcome(cleanup, REPEAL)


def test_the_result_is_public_as_a_page_and_a_table(client, decision, other):
    cleanup = states.a_draft_cleanup()
    states.with_outcome(cleanup, KEEP, decision)
    states.with_outcome(cleanup, REPEAL, other, reason="=1+1")
    assert client.get(cleanup.url).status_code == HTTPStatus.NOT_FOUND
    page = states.published_cleanup(cleanup)
    text = client.get(page.url).content.decode()
    assert text.count("<h1") == 1
    assert decision.document_no in text
    assert page.url in client.get(factories.the_decision_index().url).content.decode()
    answer = client.get(f"{page.url}table/csv/")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[4] for row in rows] == ["Result of the clean-up", "Is repealed", "Stays in force"]
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert rows[1][6] == "'=1+1"


def test_many_outcomes_are_set_in_one_act_each_with_its_line_in_the_log(decision, other):
    cleanup = states.a_draft_cleanup()
    client = signed_in(factories.a_publisher())
    entries = cleanup.entries.all()
    query = "&".join(f"id={entry.pk}" for entry in entries)
    url = reverse("wagtail_bulk_action", args=["decisions", "cleanupentry", "set_outcome"])
    listing = reverse(f"{ENTRIES}:list")
    data = {"outcome": "amend", "reason": "与上位法不一致。"}
    told = said(client.post(f"{url}?{query}&next={listing}", data, follow=True))
    assert "The outcome of 2 decisions is recorded." in told
    assert set(entries.values_list("outcome", "reason")) == {("amend", "与上位法不一致。")}
    assert ModelLogEntry.objects.filter(action="decisions.set_outcome").count() == 2


def test_the_office_starts_it_and_sets_an_outcome_on_screens(decision):
    factories.the_decision_index()
    client = signed_in(factories.a_publisher())
    data = {"title": "文件清理结果", "organ": "澜川市人民政府", "basis": ""}
    answer = client.post(reverse(f"{ENTRIES}:add"), data)
    entry = CleanupEntry.objects.get()
    assert answer.url == f"{reverse(f'{ENTRIES}:list')}?cleanup={entry.cleanup_id}"
    assert decision.title in client.get(answer.url).content.decode()
    edit = reverse(f"{ENTRIES}:edit", args=[entry.pk])
    day = {"outcome": "keep", "effective_on": "2026-01-01"}
    assert "Only a repeal has a day" in client.post(edit, day).content.decode()
    client.post(edit, {"outcome": "keep"})
    entry.refresh_from_db()
    assert entry.outcome == "keep"
    editor = reverse("wagtailadmin_pages:edit", args=[entry.cleanup_id])
    assert f"?cleanup={entry.cleanup_id}" in client.get(editor).content.decode()


def test_a_unit_says_what_becomes_of_its_own_decisions_only(decision):
    unit = factories.a_unit("市水务局", "水务局", "water")
    cleanup = states.a_draft_cleanup()
    own = signed_in(factories.an_editor())
    stranger = signed_in(factories.a_member_of_staff("unit_editor", username="s", unit=unit))
    edit = reverse(f"{ENTRIES}:edit", args=[cleanup.entries.get().pk])
    assert own.get(edit).status_code == HTTPStatus.OK
    assert stranger.get(edit).status_code == HTTPStatus.NOT_FOUND
    url = reverse("wagtail_bulk_action", args=["decisions", "cleanupentry", "set_outcome"])
    stranger.post(f"{url}?id={cleanup.entries.get().pk}&next=/admin/", {"outcome": "keep"})
    assert cleanup.entries.get().outcome == ""


def test_the_office_suspends_a_decision_and_ends_that_on_screens(decision, today):
    client = signed_in(factories.a_publisher())
    add = f"{reverse(f'{SUSPENSIONS}:add')}?decision={decision.pk}"
    assert f'value="{decision.pk}" selected' in client.get(add).content.decode()
    data = {"decision": decision.pk, "organ": "澜川市人民政府", "reason": "汛期调整。"}
    client.post(add, data | {"from_on": (today - timedelta(days=3)).isoformat()})
    suspension = Suspension.objects.get()
    again = client.post(add, data | {"from_on": today.isoformat()})
    assert "already" in again.content.decode()
    edit = reverse(f"{SUSPENSIONS}:edit", args=[suspension.pk])
    client.post(edit, {"resumed_on": today.isoformat()})
    suspension.refresh_from_db()
    assert suspension.resumed_on == today
    assert client.get(reverse(f"{SUSPENSIONS}:list")).status_code == HTTPStatus.OK
