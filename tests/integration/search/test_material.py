"""Opinions, answers and figures are in the archive as the public sees them, and not a word more."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations import services
from consultations.lifecycle import Outcome, WithheldReason, official_date
from decisions import tasks
from decisions.models import ArchiveDossier, ArchiveUnit, DecisionPage
from decisions.search.archive import search_archive
from decisions.search.criteria import Criteria, Sort
from decisions.search.gathering import gather
from decisions.search.rebuilding import rebuild
from decisions.search.text import plain
from portal.core.models import OutboxMessage
from tests import factories
from tests.factories import evaluations, interpretations
from tests.integration.search.conftest import NOW

pytestmark = pytest.mark.django_db

WORDS = "夜间限行应当另设绕行路线。"


@pytest.fixture
def page(dossiers):
    return dossiers["parking"].rounds().get()


@pytest.fixture
def shown(page, deliver):
    opinion = factories.a_published_opinion(page, text=WORDS, article=2, at=NOW)
    deliver()
    assert _found("绕行路线")
    return opinion


def _ask(words="", **asked):
    return search_archive(Criteria(text=words, **asked), at=NOW)


def _found(words, **asked):
    return [hit.item_id for hit in _ask(words, **asked).hits]


def _opinions(page):
    units = ArchiveUnit.objects.filter(dossier=page.item.pk, kind="opinion").order_by("key")
    return list(units.values_list("text", flat=True))


def test_a_published_opinion_leads_to_its_place_in_the_public_list(shown, client):
    [hit] = _ask("绕行路线").hits
    [passage] = hit.passages
    assert (passage.kind, passage.label) == ("意见", "第二条")
    assert plain(passage.segments) == WORDS
    assert passage.url == shown.get_absolute_url()
    address, _, anchor = passage.url.partition("#")
    assert f'id="{anchor}"' in client.get(address).content.decode()


def test_what_waits_or_is_withheld_is_counted_and_not_found(page, deliver):
    factories.an_opinion(page, text="甲乙丙丁暗号一。", at=NOW)
    factories.a_withheld_opinion(page, text="甲乙丙丁暗号二。", at=NOW)
    factories.an_opinion(page, text="甲乙丙丁暗号三。", is_private=True, at=NOW)
    factories.an_unconfirmed_opinion(page, text="甲乙丙丁暗号四。", at=NOW)
    deliver()
    assert _found("暗号") == []
    assert ArchiveDossier.objects.get(pk=page.item.pk).opinion_count == 3


def test_nobody_is_found_by_name_or_address(page, deliver):
    factories.a_published_opinion(
        page, name="欧阳夏丹", email="ouyang@example.com", name_consent=True, at=NOW
    )
    deliver()
    assert _found("欧阳夏丹") == _found("ouyang") == []


def test_a_redacted_opinion_is_found_by_what_is_left_alone(shown, page, deliver):
    factories.hide(shown, "绕行", at=NOW)
    deliver()
    assert _found("绕行路线") == []
    assert _opinions(page) == [shown.__class__.objects.get(pk=shown.pk).shown_text]
    factories.hide(shown, "限行", at=NOW)
    deliver()
    assert "绕行路线" in _opinions(page)[0]
    assert _found("夜间限行") == []


@pytest.mark.parametrize(
    "verb",
    [
        lambda one: services.withhold_opinion(
            opinion=one, reason=WithheldReason.ABUSE, by=factories.a_clerk(), at=NOW
        ),
        lambda one: services.withhold_opinions(
            opinions=[one.pk], reason=WithheldReason.ABUSE, by=factories.a_clerk(), at=NOW
        ),
        lambda one: services.withdraw(opinion=one, at=NOW),
        lambda one: services.erase(opinion=one, at=NOW),
        lambda one: one.consultation.unpublish(),
        lambda one: one.consultation.item.unpublish(),
    ],
    ids=["withheld", "withheld with others", "withdrawn", "erased", "round gone", "matter gone"],
)
def test_what_is_no_longer_shown_is_gone(verb, shown, deliver):
    verb(shown)
    deliver()
    assert _found("绕行路线") == []
    assert not ArchiveUnit.objects.filter(kind="opinion").exists()


def test_opinions_shown_together_are_found(page, deliver):
    waiting = [factories.an_opinion(page, text=f"暗号{n}", at=NOW) for n in "甲乙"]
    services.publish_opinions(opinions=[one.pk for one in waiting], by=factories.a_clerk(), at=NOW)
    deliver()
    assert _opinions(page) == ["暗号甲", "暗号乙"]


def test_a_point_that_staff_split_stays_one_passage(shown, page, deliver):
    point = shown.points.get()
    services.split_point(point=point, parts=[WORDS[:4], WORDS[4:]], by=factories.a_clerk(), at=NOW)
    deliver()
    assert _opinions(page) == [WORDS]


def test_more_opinions_take_no_more_queries(page, django_assert_max_num_queries):
    factories.a_published_opinion(page, text=WORDS, at=NOW)
    with CaptureQueriesContext(connection) as one:
        assert len(gather([page.item.pk])) == 1
    for _ in range(3):
        factories.a_published_opinion(page, text=WORDS, article=1, at=NOW)
    with django_assert_max_num_queries(len(one)):
        gather([page.item.pk])


def _counted(page):
    return ArchiveDossier.objects.get(pk=page.item.pk).opinion_count


def test_every_opinion_that_counts_is_counted_whichever_way_it_came(page, deliver):
    factories.an_unconfirmed_opinion(page, at=NOW)
    deliver()
    assert _counted(page) == 0
    factories.an_unconfirmed_opinion(page, email="", at=NOW)
    factories.an_opinion(page, at=NOW)
    factories.an_offline_opinion(page, at=NOW)
    deliver()
    assert _counted(page) == 3


def test_what_happens_often_is_carried_out_once(page, deliver, monkeypatch):
    deliver()
    for _ in range(3):
        factories.a_published_opinion(page, at=NOW)
    waiting = OutboxMessage.objects.filter(done_at__isnull=True, topic="archive.copy")
    assert waiting.count() == 6
    copied = []
    monkeypatch.setattr(tasks, "copy_dossiers", copied.append)
    deliver()
    assert copied == [[page.item.pk], [page.item.pk]]
    monkeypatch.undo()
    rebuild(at=NOW)
    assert not waiting.exists()
    assert _counted(page) == 3


@pytest.fixture
def answered(dossiers, deliver):
    """The public adoption summary of a closed round, an opinion adopted and another refused."""
    page = factories.a_closed_round(dossiers["green"], at=NOW)
    said = [
        factories.a_published_opinion(page, text=text, article=1)
        for text in (WORDS, "收费标准应当下调一半。")
    ]
    factories.an_answered_issue(said[0], title="绕行的路线", article=1, at=NOW)
    factories.an_answered_issue(
        said[1],
        title="收费的标准",
        outcome=Outcome.NOT_ADOPTED,
        reason="收费标准由价格主管部门另行制定。",
        at=NOW,
    )
    deliver()
    assert _found("价格主管部门") == []
    report = factories.a_summary(page, at=NOW)
    deliver()
    return report


def test_answers_are_found_once_their_summary_is_public(answered, client):
    [hit] = _ask("价格主管部门").hits
    [passage] = hit.passages
    assert passage.kind == "答复"
    address, _, anchor = passage.url.partition("#")
    assert f'id="{anchor}"' in client.get(address).content.decode()
    copy = ArchiveDossier.objects.get(pk=answered.consultation.item.pk)
    assert (copy.opinion_count, copy.adopted_count) == (2, 1)
    first = ArchiveUnit.objects.get(kind="answer", ordinal=1)
    assert (first.label, first.outcome) == ("第一条", "adopted")


def test_answers_are_gone_with_their_summary(answered, deliver):
    answered.unpublish()
    deliver()
    assert _found("价格主管部门") == []
    assert ArchiveDossier.objects.get(pk=answered.consultation.item.pk).adopted_count == 0


def test_matters_are_filtered_by_material_and_by_outcome(answered, dossiers):
    everything = _ask()
    assert everything.counts["kind"]["opinion"] == 1
    assert everything.counts["outcome"] == {"adopted": 1, "not_adopted": 1}
    green, decided = dossiers["green"].pk, dossiers["decided"].pk
    narrowed = _ask(kind=("decision",))
    assert [hit.item_id for hit in narrowed.hits] == [decided]
    assert narrowed.counts["kind"] == everything.counts["kind"]
    assert narrowed.counts["outcome"] == {}
    refused = _ask(outcome=("not_adopted",))
    assert [hit.item_id for hit in refused.hits] == [green]
    assert refused.counts["outcome"] == everything.counts["outcome"]


def test_passages_are_of_the_chosen_kinds(answered):
    assert {one.kind for one in _ask("收费标准").hits[0].passages} == {"意见", "答复"}
    [hit] = _ask("收费标准", kind=("answer",)).hits
    assert {one.kind for one in hit.passages} == {"答复"}


def test_matters_are_sorted_by_number_of_opinions(answered, dossiers):
    most_first = [hit.item_id for hit in _ask(sort=Sort.OPINIONS).hits]
    assert most_first[0] == dossiers["green"].pk
    assert len(most_first) == 3


# Calls for opinions on a decision in place


@pytest.fixture
def call(dossiers, deliver):
    """A call on the decision of a matter that is long closed, with an opinion and its answer."""
    decision = DecisionPage.objects.get()
    page = evaluations.a_closed_call(decision, at=NOW + timedelta(days=60))
    said = factories.a_published_opinion(page, text=WORDS, article=2, at=NOW + timedelta(days=21))
    factories.an_answered_issue(said, reason="绕行方案由交警部门另行公布。", article=2, at=NOW)
    deliver()
    return page


def test_what_is_said_of_a_decision_in_place_is_found(call, dossiers):
    decided = dossiers["decided"].pk
    assert _found("实施情况") == _found("主要数据") == [decided]
    [hit] = _ask("绕行路线").hits
    [passage] = hit.passages
    assert hit.item_id == decided
    assert (passage.kind, passage.label) == ("意见", "第二条")
    assert passage.url.startswith(call.list_url)
    assert (hit.opinion_count, hit.adopted_count) == (1, 0)


def test_what_came_of_it_is_found_with_its_summary(call, dossiers, deliver):
    at = NOW + timedelta(days=60)
    assert _found("交警部门") == []
    report = factories.a_summary(call, at=at, next_step="转交主管部门研究。")
    interpretations.a_draft_interpretation(call, title="听取意见的解读", author="研究中心")
    interpretations.published(call, at=at)
    deliver()
    decided = dossiers["decided"].pk
    for words in ("交警部门", "转交主管", "听取意见", "研究中心"):
        assert _found(words) == [decided], words
    assert ArchiveDossier.objects.get(pk=decided).adopted_count == 1
    report.unpublish()
    deliver()
    assert _found("交警部门") == []


def test_the_text_of_the_decision_is_in_the_archive_once(call, dossiers):
    kinds = ArchiveUnit.objects.filter(dossier=dossiers["decided"].pk, url__startswith=call.url)
    assert set(kinds.values_list("kind", flat=True)) == {"explanation", "background", "opinion"}


def test_a_call_is_no_round_before_the_decision(call, dossiers):
    copy = ArchiveDossier.objects.get(pk=dossiers["decided"].pk)
    (before,) = dossiers["decided"].rounds()
    assert (copy.opens_on, copy.closes_on) == (before.opens_on, before.closes_on)
    assert copy.stage == "published"
    assert copy.latest_on == min(official_date(call.first_published_at), call.opens_on)
