"""The database's copy follows every change of what is public, and holds nothing else."""

import pytest
from wagtail.models import PageViewRestriction

from consultations import services
from consultations.lifecycle import Stage
from consultations.models import CatalogueIndexPage, DecisionItemPage
from decisions.models import ArchiveDossier, ArchiveUnit
from decisions.search.gathering import gather
from decisions.search.indexing import rebuild
from portal.core.models import OutboxMessage
from tests import factories
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
    with django_assert_max_num_queries(12):
        assert len(gather([item.pk for item in dossiers.values()])) == 3
