"""Interpretations: published below what they explain, told everywhere, asked for by the rules."""

from datetime import timedelta
from http import HTTPStatus
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry
from wagtail.rich_text import RichText

from consultations import services
from consultations.compliance.duties import DutyState
from consultations.interpretation_blocks import VideoBlock
from consultations.lifecycle import InterpretationKind
from consultations.models import ConsultationPage, DecisionItemPage, InterpretationPage
from consultations.watch import matter_findings
from decisions.models import ArchiveUnit, DecisionPage, UnitKind
from decisions.search.gathering import gather
from decisions.search.indexing import copy_dossiers
from home.desk.deadlines import Kind, due_items
from home.desk.watch import watch
from home.models import HomePage, StandardPage
from portal.core.findings import Refused
from portal.core.publishing import why_not_removed
from portal.core.waivers import waive
from tests import factories
from tests.factories import evaluations
from tests.factories.review import released
from tests.integration.page_forms import publish, publish_unreviewed, said
from tests.integration.statements import statements

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]

MOST_STATEMENTS = 12


def fresh(page):
    return type(page).objects.get(pk=page.pk)


def read(client, address):
    response = client.get(address)
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def place(item, number, at=None):
    told = fresh(item).duties(at=at or timezone.now())
    return next(one.state for one in told if one.place == number)


def rules(item, at=None):
    return {one.id for one in matter_findings(fresh(item), at=at or timezone.now())}


def due(item, at=None):
    watched = watch(DecisionItemPage.objects.filter(pk=item.pk), at=at or timezone.now())
    return {one.kind: one for one in due_items(watched)}


# Publishing


def test_it_is_published_below_a_public_page_only():
    page = factories.a_draft_interpretation(factories.a_draft_round())
    released(page)
    with pytest.raises(Refused) as refused:
        services.publish_interpretation(page=page, by=factories.a_publisher(), at=timezone.now())
    assert [one.id for one in refused.value.findings] == ["TREE"]
    assert not fresh(page).live


def test_it_is_released_before_it_is_published():
    page = factories.a_draft_interpretation(factories.an_open_round())
    with pytest.raises(Refused) as refused:
        services.publish_interpretation(page=page, by=factories.a_publisher(), at=timezone.now())
    assert [one.id for one in refused.value.findings] == ["CON-7"]


def test_a_correction_keeps_the_day_of_the_first_publication():
    at = timezone.now()
    page = factories.an_interpretation(factories.an_open_round(), at=at - timedelta(days=2))
    first = page.published_on
    page.summary = "更正了一处笔误。"
    released(page)
    services.publish_interpretation(page=page, by=factories.a_publisher(), at=at)
    assert fresh(page).published_on == first
    assert fresh(page).summary == "更正了一处笔误。"


def test_what_was_public_stays_on_record():
    page = factories.an_interpretation(factories.an_open_round())
    assert why_not_removed(page)
    assert why_not_removed(factories.a_draft_interpretation(fresh(page.subject))) is None


def test_the_admin_publishes_it_by_the_verb_and_takes_nothing_down(client):
    page = factories.a_draft_interpretation(factories.an_open_round())
    client.force_login(factories.a_publisher())
    assert "CON-7" in said(publish_unreviewed(client, page))
    assert not fresh(page).live

    publish(client, page)
    assert fresh(page).live
    assert fresh(page).published_on == timezone.localdate()
    logged = PageLogEntry.objects.filter(page=page.pk)
    assert logged.filter(action="consultations.publish_interpretation").exists()
    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert fresh(page).live


def test_only_what_names_it_may_have_it_below():
    for parent in (ConsultationPage, DecisionPage):
        assert InterpretationPage in parent.allowed_subpage_models()
    for parent in (HomePage, StandardPage, DecisionItemPage, InterpretationPage):
        assert InterpretationPage not in parent.allowed_subpage_models()


@pytest.mark.parametrize(
    "kind", [InterpretationKind.GRAPHIC, InterpretationKind.QUESTIONS, InterpretationKind.VIDEO]
)
def test_each_kind_asks_for_what_makes_it(kind):
    page = InterpretationPage(
        title="解读", slug="i", kind=kind, body=[("paragraph", RichText("<p>文字</p>"))]
    )
    with pytest.raises(ValidationError) as refused:
        page.clean()
    assert "body" in refused.value.message_dict


@pytest.mark.parametrize(
    ("ending", "link", "wrong"),
    [
        (None, "https://video.example/1", set()),
        ("mp4", "", set()),
        (None, "", {"file"}),
        ("mp4", "https://video.example/1", {"file"}),
        ("pdf", "", {"file"}),
        (None, "http://video.example/1", {"link"}),
    ],
)
def test_a_video_is_a_file_here_or_a_safe_address(monkeypatch, ending, link, wrong):
    block = VideoBlock()
    file = SimpleNamespace(file_extension=ending) if ending else None
    monkeypatch.setattr(type(block.child_blocks["file"]), "clean", lambda self, value: value)
    value = block.to_python({"title": "视频", "link": link, "transcript": "文字稿"})
    value["file"] = file
    found = set()
    try:
        block.clean(value)
    except ValidationError as error:
        found = set(error.block_errors)
    assert found == wrong


def test_a_unit_has_those_of_its_own_matters_in_scope():
    one = factories.an_interpretation(factories.an_open_round())
    other = factories.a_draft_interpretation(
        factories.a_draft_round(
            factories.a_matter(lead_unit=factories.a_unit("市水务局", "水务局"))
        )
    )
    assert list(InterpretationPage.objects.in_scope_of(factories.an_editor()).live()) == [one]
    everything = InterpretationPage.objects.in_scope_of(factories.a_publisher())
    assert {one.pk, other.pk} <= set(everything.values_list("pk", flat=True))


# What the public sees


def test_it_is_linked_both_ways(client):
    decision = factories.a_decision()
    (one,) = decision.item.public_rounds
    of_draft = factories.an_interpretation(one, title="草案解读")
    of_decision = factories.an_interpretation(decision, title="决策解读")

    assert of_draft.url in read(client, one.url)
    assert of_decision.url not in read(client, one.url)
    for page in (decision.url, f"{decision.url}redline/", decision.item.url):
        html = read(client, page)
        assert "#interpretations" in html or of_decision.url in html
    assert of_draft.url in read(client, decision.url)
    assert f'href="{one.url}"' in read(client, of_draft.url)
    html = read(client, of_decision.url)
    assert f'href="{decision.url}"' in html
    assert of_draft.url in html


def test_one_below_a_call_belongs_to_the_same_matter(client):
    call = evaluations.an_open_call()
    of_call = factories.an_interpretation(call, title="听取意见解读")
    assert of_call.item == call.item
    html = read(client, of_call.url)
    assert f'href="{call.url}"' in html
    assert f'href="{call.item.url}"' in html


def test_a_draft_is_seen_nowhere(client):
    decision = factories.a_decision()
    item = decision.item
    draft = factories.a_draft_interpretation(fresh(decision), title="还没有公布的解读")
    for address in (decision.url, item.url, item.public_rounds[0].url):
        assert "还没有公布的解读" not in read(client, address)
    assert client.get(draft.url).status_code == HTTPStatus.NOT_FOUND
    assert client.get(f"{item.url}questions/").status_code == HTTPStatus.NOT_FOUND
    (source,) = gather([item.pk])
    assert UnitKind.INTERPRETATION not in {unit.kind for unit in source.units}


def test_every_part_is_shown_and_found():
    round_ = factories.an_open_round()
    page = factories.an_interpretation(
        round_,
        kind=InterpretationKind.VIDEO,
        body=[
            ("paragraph", RichText("<h2>为什么要改</h2><p>文字部分。</p>")),
            ("question", {"question": "要钱吗？", "answer": RichText("<p>不要。</p>")}),
            (
                "video",
                {
                    "title": "两分钟看懂",
                    "file": None,
                    "link": "https://video.example/1",
                    "transcript": "<script>文字稿</script>",
                },
            ),
        ],
    )
    html = read(Client(), page.url)
    for words in ("文字部分。", "要钱吗？", "不要。", "两分钟看懂", "video.example"):
        assert words in html
    assert "<script>文字稿" not in html
    assert "<iframe" not in html
    copy_dossiers([round_.item.pk])
    units = ArchiveUnit.objects.filter(kind=UnitKind.INTERPRETATION)
    texts = "\n".join(units.values_list("text", flat=True))
    for words in ("文字部分。", "要钱吗？", "不要。", "文字稿"):
        assert words in texts
    for unit in units:
        address, anchor = unit.url.split("#")
        assert address == page.url
        assert f'id="{anchor}"' in html


def test_all_questions_of_a_matter_are_collected(client):
    decision = factories.a_decision()
    (one,) = decision.item.public_rounds
    of_draft = factories.an_interpretation(one)
    of_decision = factories.an_interpretation(
        decision,
        body=[("question", {"question": "何时施行？", "answer": RichText("<p>下月。</p>")})],
    )
    address = f"{decision.item.url}questions/"
    for page in (decision.item.url, decision.url, of_draft.url):
        assert address in read(client, page)
    html = read(client, address)
    assert html.index("楼道里能充电吗？") < html.index("何时施行？")
    for page in (of_draft, of_decision):
        for part in page.parts:
            if part.kind == "question":
                assert f"{page.url}#{part.anchor}" in html


def test_the_story_of_the_matter_tells_of_it(client):
    decision = factories.a_decision()
    (one,) = decision.item.public_rounds
    told = {factories.an_interpretation(page).url for page in (one, decision)}
    events = fresh(decision.item).events()
    links = {address for event in events for _label, address in event.links}
    assert told <= links


def test_its_pages_cost_little(client):
    decision = factories.a_decision()
    for _ in range(3):
        factories.an_interpretation(decision)
    page = factories.an_interpretation(decision)
    for address in (page.url, f"{decision.item.url}questions/", decision.item.public_rounds[0].url):
        sql, _ = statements(client, address)
        assert len(sql) <= MOST_STATEMENTS, "\n".join(sql)


# What the rules ask


def test_a_round_is_not_opened_without_a_word_on_its_interpretation():
    at = timezone.now()
    page = factories.a_draft_round()
    InterpretationPage.objects.child_of(page).delete()
    page = fresh(page)
    released(page)
    with pytest.raises(Refused) as refused:
        services.open_round(page=page, by=factories.a_publisher(), at=at)
    assert [one.id for one in refused.value.findings] == ["CON-9"]
    assert refused.value.asks_for_reasons

    publisher = factories.a_publisher()
    waive(page=page, rule_id="CON-9", reason="只有三条。", by=publisher, at=at)
    services.open_round(page=page, by=publisher, at=at)
    later = at + timedelta(days=3)
    assert place(page.item, 22, later) is DutyState.EXEMPT
    assert "CON-9" not in rules(page.item, later)
    assert Kind.DRAFT_EXPLAINED not in due(page.item, later)
    assert "只有三条。" in read(Client(), page.item.url)


def test_an_open_round_without_interpretation_is_late_from_the_next_day():
    at = timezone.now()
    page = factories.a_round(opened_at=at)
    assert place(page.item, 22, at) is DutyState.LATER
    assert "CON-9" not in rules(page.item, at)
    tomorrow = at + timedelta(days=1)
    assert place(page.item, 22, tomorrow) is DutyState.OVERDUE
    assert "CON-9" in rules(page.item, tomorrow)
    assert due(page.item, tomorrow)[Kind.DRAFT_EXPLAINED].page == page.pk

    factories.an_interpretation(page, at=tomorrow)
    assert place(page.item, 22, tomorrow) is DutyState.DONE_LATE
    assert "CON-9" not in rules(page.item, tomorrow)
    assert Kind.DRAFT_EXPLAINED not in due(page.item, tomorrow)


def test_a_draft_interpreted_on_its_day_has_kept_the_duty():
    at = timezone.now()
    page = factories.a_round(opened_at=at)
    factories.an_interpretation(page, at=at)
    assert place(page.item, 22, at + timedelta(days=1)) is DutyState.DONE


def test_a_decision_is_interpreted_within_days():
    at = timezone.now()
    page = factories.a_decision(at=at)
    item = page.item
    assert place(item, 71, at) is DutyState.NOW
    assert due(item, at)[Kind.EXPLAINED].page == page.pk
    assert not due(item, at)[Kind.EXPLAINED].is_late
    assert "DEC-4" not in rules(item, at)

    later = at + timedelta(days=30)
    assert place(item, 71, later) is DutyState.OVERDUE
    assert "DEC-4" in rules(item, later)
    assert due(item, later)[Kind.EXPLAINED].is_late

    factories.an_interpretation(page, at=later)
    assert place(item, 71, later) is DutyState.DONE_LATE
    assert "DEC-4" not in rules(item, later)
    assert Kind.EXPLAINED not in due(item, later)


def test_the_desk_finds_what_the_rules_find():
    at = timezone.now() + timedelta(days=30)
    item = factories.a_decision().item
    (matter,) = watch(DecisionItemPage.objects.filter(pk=item.pk), at=at).matters
    found = watch(DecisionItemPage.objects.filter(pk=item.pk), at=at)
    assert matter.findings(found.limits, at=at) == matter_findings(fresh(item), at=at)
