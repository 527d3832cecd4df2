"""The database's copy follows every change of what is public, and holds nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from consultations import services
from consultations.lifecycle import Stage, official_date, opening_instant
from consultations.models import (
    CatalogueIndexPage,
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
)
from decisions.models import ArchiveDossier, ArchiveUnit, DecisionPage
from decisions.search.archive import search_archive
from decisions.search.criteria import Criteria
from decisions.search.gathering import gather
from decisions.search.question import DateField
from decisions.search.rebuilding import rebuild
from decisions.search.reconciling import compare
from portal.core.models import OutboxMessage
from tests import factories
from tests.factories import evaluations, interpretations
from tests.integration.search.conftest import NOW

pytestmark = pytest.mark.django_db


def _titles():
    return set(ArchiveDossier.objects.values_list("title", flat=True))


def test_a_published_dossier_is_copied_whole(dossiers, deliver):
    deliver()
    copy = ArchiveDossier.objects.get(item=dossiers["decided"])
    assert copy.title == factories.pages.TITLE
    assert copy.stage == "published"
    assert copy.year == 2026
    assert copy.document_no == "澜政示〔2026〕1号"
    assert copy.document_no_canonical == "澜政示|2026|1"
    assert copy.url.endswith("/catalogue/2026/01/")
    assert "老旧小区充电设施不足" in copy.body_folded
    kinds = sorted(copy.units.values_list("kind", "ordinal", "label"))
    assert kinds[:2] == [("background", 0, ""), ("decision", 1, "第一条")]
    assert len(kinds) == 8
    background = copy.units.get(kind="background")
    assert background.text == "老旧小区充电设施不足。"
    assert background.url == copy.url + "consultation-1/#background"
    unit = copy.units.get(kind="decision", ordinal=2)
    assert unit.url.startswith(copy.url + "decision/#a-")


def test_whatever_is_printed_on_the_pages_is_copied(dossiers):
    decision, item = DecisionPage.objects.get(), dossiers["decided"]
    round_, report = item.rounds().get(), FeedbackReportPage.objects.get()
    evaluations.a_draft_evaluation(decision, methods="实地走访", summary="评估一句话", live=True)
    interpretations.a_draft_interpretation(round_, summary="解读一句话", live=True)
    chapter = {"type": "heading", "value": {"level": "chapter", "text": "第二章 停放设施"}}
    decision.text = [*decision.text.get_prep_value(), chapter]
    section = {"type": "heading", "value": {"level": "section", "text": "第一节 充电设施"}}
    round_.draft = [section, *round_.draft.get_prep_value()]
    decision.index_no, decision.summary = "LC0101-2026-00001", "决定一句话"
    round_.consultation_no, round_.summary = "澜征〔2026〕7号", "征求意见一句话"
    round_.shortened_reason = "汛期将至"
    report.title, report.summary = "采纳的总情况", "反馈一句话"
    for page in (decision, round_, report):
        page.save()
    [source] = gather([item.pk])
    assert set(source.texts) >= {
        *("第二章 停放设施", "第一节 充电设施", "LC0101-2026-00001", "澜征〔2026〕7号"),
        *("汛期将至", "采纳的总情况", "实地走访", "评估一句话", "解读一句话"),
        *("决定一句话", "征求意见一句话", "反馈一句话"),
    }


def test_an_index_number_or_a_heading_that_is_pasted_leads_to_its_matter(dossiers, deliver):
    decision = DecisionPage.objects.get()
    chapter = {"type": "heading", "value": {"level": "chapter", "text": "第二章 停放设施"}}
    decision.index_no = "LC0101-2026-00001"
    decision.text = [*decision.text.get_prep_value(), chapter]
    decision.save()
    rebuild(at=NOW)
    for words in ("LC0101-2026-00001", "第二章　停放设施"):
        found = search_archive(Criteria(text=words), at=NOW)
        assert [hit.item_id for hit in found.hits] == [dossiers["decided"].pk], words


def test_a_round_is_news_on_the_day_it_was_published_not_on_one_to_come(dossiers, deliver):
    green = dossiers["green"]
    announced = factories.a_scheduled_round(green, at=NOW)
    known_on = official_date(NOW - timedelta(days=3))
    announced_at = opening_instant(known_on) + timedelta(hours=9)
    ConsultationPage.objects.filter(pk=announced.pk).update(first_published_at=announced_at)
    rebuild(at=NOW)
    copy = ArchiveDossier.objects.get(pk=green.pk)
    assert (copy.latest_on, copy.opens_on) == (known_on, announced.opens_on)


def test_a_round_is_no_news_later_than_it_opened(dossiers, deliver):
    parking = dossiers["parking"]
    opens_on = parking.rounds().get().opens_on
    ConsultationPage.objects.update(first_published_at=NOW + timedelta(days=90))
    rebuild(at=NOW)
    assert ArchiveDossier.objects.get(pk=parking.pk).latest_on == opens_on


def test_nothing_is_promised_for_the_engine_where_none_is_configured(dossiers):
    assert set(OutboxMessage.objects.values_list("topic", flat=True)) & {
        "archive.copy",
        "archive.index",
    } == {"archive.copy"}


def test_drafts_are_not_copied(archive_page, deliver):
    factories.a_draft_matter(title="尚未公开的事项", catalogue=factories.a_draft_catalogue(2027))
    deliver()
    rebuild(at=NOW)
    assert "尚未公开的事项" not in _titles()


def test_a_draft_round_is_not_copied(dossiers, deliver):
    factories.a_draft_round(dossiers["green"], at=NOW, draft=factories.articles("秘密的条文。"))
    rebuild(at=NOW)
    assert not ArchiveUnit.objects.filter(text__contains="秘密").exists()
    assert not ArchiveDossier.objects.filter(body_folded__contains="征求意见稿").filter(
        item=dossiers["green"]
    )


def test_a_withdrawn_page_leaves_the_archive(dossiers, deliver):
    deliver()
    dossiers["green"].unpublish()
    deliver()
    assert "城市绿地系统规划" not in _titles()


def test_a_withdrawn_part_takes_its_articles_along(dossiers, deliver):
    deliver()
    dossiers["parking"].rounds().get().unpublish()
    deliver()
    copy = ArchiveDossier.objects.get(item=dossiers["parking"])
    assert copy.units.count() == 0
    assert "充电桩" not in copy.body_folded


def test_a_page_closed_to_the_public_leaves_the_archive(dossiers, deliver):
    deliver()
    restriction = PageViewRestriction.objects.create(
        page=dossiers["green"], restriction_type=PageViewRestriction.LOGIN
    )
    deliver()
    assert "城市绿地系统规划" not in _titles()
    restriction.delete()
    deliver()
    assert "城市绿地系统规划" in _titles()


def test_a_deleted_matter_leaves_the_archive(dossiers, deliver):
    deliver()
    dossiers["green"].stage_changes.all().delete()
    dossiers["green"].adjustments.all().delete()
    DecisionItemPage.objects.get(pk=dossiers["green"].pk).delete()
    deliver()
    assert "城市绿地系统规划" not in _titles()


def test_a_deleted_part_takes_its_articles_along(dossiers, deliver):
    deliver()
    dossiers["parking"].rounds().get().delete()
    deliver()
    assert ArchiveDossier.objects.get(item=dossiers["parking"]).units.count() == 0
    assert not any(compare(at=timezone.now()))


def test_a_moved_page_keeps_the_right_address(dossiers, deliver):
    deliver()
    old = ArchiveDossier.objects.get(item=dossiers["parking"]).url
    catalogue = dossiers["parking"].get_parent().specific
    index = factories.the_home_page().add_child(
        instance=CatalogueIndexPage(title="另一个目录", slug="other")
    )
    catalogue.move(index, pos="last-child")
    deliver()
    new = ArchiveDossier.objects.get(item=dossiers["parking"]).url
    assert new == old.replace("/catalogue/", "/other/")
    assert (
        ArchiveUnit.objects.filter(dossier_id=dossiers["parking"].pk, url__startswith=new).count()
        == 4
    )


def test_a_change_of_stage_is_followed(dossiers, deliver):
    deliver()
    services.advance(item=dossiers["green"], to=Stage.DRAFTING, by=factories.a_publisher(), at=NOW)
    deliver()
    assert ArchiveDossier.objects.get(item=dossiers["green"]).stage == "drafting"


def test_a_unit_that_is_renamed_and_a_category_that_is_renumbered_are_followed(dossiers, deliver):
    deliver()
    parking, decided = dossiers["parking"], dossiers["decided"]
    parking.lead_unit.name, parking.lead_unit.code = "市交通委员会", "jtw"
    parking.lead_unit.save()
    decided.category.number = 42
    decided.category.save()
    deliver()
    copy = ArchiveDossier.objects.get(item=parking)
    assert copy.unit == "jtw"
    assert "市交通委员会" in copy.body_folded
    assert ArchiveDossier.objects.get(item=decided).category == 42
    assert not any(compare(at=timezone.now()))


def test_a_matter_stands_under_each_of_the_units_that_draft_it(dossiers, deliver):
    parking = dossiers["parking"]
    helping = factories.a_unit("市公安局", "公安局", "gaj")
    parking.co_units = [helping, parking.lead_unit]
    parking.save_revision().publish()
    deliver()
    everything = search_archive(Criteria(), at=NOW)
    assert (everything.counts["unit"]["gaj"], everything.counts["unit"]["jtj"]) == (1, 1)
    for asked in (Criteria(unit=("gaj",)), Criteria(text="部门:公安局"), Criteria(text="市公安局")):
        found = search_archive(asked, at=NOW)
        assert [hit.item_id for hit in found.hits] == [parking.pk], asked
        assert (found.hits[0].unit, found.hits[0].co_units) == ("市交通运输局", ("市公安局",))
    helping.name = "市公安和消防局"
    helping.save()
    deliver()
    assert search_archive(Criteria(text="公安和消防"), at=NOW).total == 1
    parking.co_units = []
    parking.save_revision().publish()
    deliver()
    assert "gaj" not in search_archive(Criteria(), at=NOW).counts["unit"]


def test_a_day_that_is_asked_for_may_be_that_of_any_round(dossiers, deliver):
    parking = dossiers["parking"]
    first = parking.rounds().get()
    again = factories.a_scheduled_round(parking, at=NOW + timedelta(days=90))
    deliver()
    copy = ArchiveDossier.objects.get(item=parking)
    assert (copy.opens_on, copy.closes_on) == (again.opens_on, again.closes_on)
    between = first.closes_on + timedelta(days=1), again.opens_on - timedelta(days=1)
    for field in (DateField.OPENS, DateField.CLOSES):
        for one in (first, again):
            day = getattr(one, field.value)
            assert _found(Criteria(days=((field, (day, day)),))) >= {parking.pk}, (field, day)
        # No round opened or closed between the two; one before and one after is not enough.
        assert parking.pk not in _found(Criteria(days=((field, between),)))
        words = f"{field.value.removesuffix('_on')}:{between[0]}..{between[1]}"
        assert parking.pk not in _found(Criteria(text=words))


def _found(criteria):
    return {hit.item_id for hit in search_archive(criteria, at=NOW).hits}


def test_a_message_that_comes_twice_does_no_harm(dossiers, deliver):
    deliver()
    before = list(ArchiveUnit.objects.order_by("key").values())
    OutboxMessage.objects.update(done_at=None, due_at=NOW)
    deliver()
    assert list(ArchiveUnit.objects.order_by("key").values()) == before


def test_a_rebuild_works_from_nothing_and_removes_what_is_stale(dossiers):
    assert not ArchiveDossier.objects.exists()
    rebuilt = rebuild(at=NOW)
    assert (rebuilt.dossiers, rebuilt.units, rebuilt.indexed) == (3, 12, None)
    DecisionItemPage.objects.filter(pk=dossiers["green"].pk).update(live=False)
    assert rebuild(at=NOW).dossiers == 2
    assert "城市绿地系统规划" not in _titles()


def test_reading_many_dossiers_takes_as_many_queries_as_one(
    dossiers, django_assert_max_num_queries
):
    with django_assert_max_num_queries(15):
        assert len(gather([item.pk for item in dossiers.values()])) == 3
