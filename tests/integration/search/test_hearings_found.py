"""A hearing is found by what is published of it: its notice, and its result once that is there."""

from datetime import timedelta

import pytest

from consultations import services
from consultations.lifecycle import official_date
from decisions.models import ArchiveDossier, ArchiveUnit, UnitKind
from decisions.search.archive import search_archive
from decisions.search.criteria import Criteria
from tests import factories
from tests.factories import hearings
from tests.integration.search.conftest import NOW

pytestmark = pytest.mark.django_db


def _hits(words, **asked):
    return search_archive(Criteria(text=words, **asked), at=NOW).hits


@pytest.fixture
def fares(archive_page, deliver):
    item = factories.a_matter(at=NOW - timedelta(days=60), title="公共交通票价调整")
    deliver()
    return item


def test_a_hearing_is_found_from_its_notice_on(fares, deliver, client):
    hearing = hearings.a_planned_hearing(fares, at=NOW, subject="起步价由一元调为两元。")
    deliver()
    assert not ArchiveUnit.objects.filter(kind=UnitKind.HEARING).exists()
    services.cancel_hearing(hearing=hearing, reason="推迟。", by=factories.a_publisher(), at=NOW)
    deliver()
    assert not ArchiveUnit.objects.filter(kind=UnitKind.HEARING).exists(), "it had no notice"
    announced = hearings.an_announced_hearing(fares, at=NOW)
    deliver()
    [hit] = _hits("票价调整的两个方案")
    [passage] = hit.passages
    assert (hit.item_id, passage.kind, passage.url) == (
        fares.pk,
        "听证会",
        announced.get_absolute_url(),
    )
    anchor = passage.url.partition("#")[2]
    assert f'id="{anchor}"' in client.get(fares.url).content.decode()


def test_the_result_of_a_hearing_is_found_and_is_news(fares, deliver):
    hearings.a_held_hearing(fares, at=NOW)
    deliver()
    [hit] = _hits("8人赞成", kind=(UnitKind.HEARING,))
    assert hit.item_id == fares.pk
    assert "两个方案" in ArchiveUnit.objects.get(kind=UnitKind.HEARING).text
    assert ArchiveDossier.objects.get(pk=fares.pk).latest_on == official_date(NOW)
    assert not _hits("陆女士"), "who takes part is read on the page"


def test_why_a_hearing_is_not_held_is_found(fares, deliver):
    hearing = hearings.an_announced_hearing(fares, at=NOW)
    by = factories.a_publisher()
    services.cancel_hearing(hearing=hearing, reason="申请人撤回了调价申请。", by=by, at=NOW)
    deliver()
    assert [hit.item_id for hit in _hits("撤回了调价申请")] == [fares.pk]
