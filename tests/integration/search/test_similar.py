"""Matters whose titles share rare words are named beside each other, as long as they are public."""

import pytest
from django.core.cache import cache

from consultations.models import DecisionItemPage
from decisions.search.indexing import copy_dossiers
from decisions.search.similar import similar_matters
from tests import factories
from tests.integration.search.conftest import NOW

pytestmark = pytest.mark.django_db

TITLES = (
    "公共停车设施管理办法",
    "公共停车收费管理办法",
    "共享停车设施建设方案",
    "垃圾分类管理办法",
    "养老服务管理办法",
    "城市绿地系统规划",
)


@pytest.fixture
def matters():
    made = [factories.a_matter(at=NOW, title=title) for title in TITLES]
    copy_dossiers([one.pk for one in made])
    return dict(zip(TITLES, made, strict=True))


def _like(matter):
    return [one.title for one in similar_matters(matter.pk, at=NOW)]


def test_matters_with_the_same_rare_words_are_similar(matters):
    assert set(_like(matters["公共停车设施管理办法"])) == {
        "公共停车收费管理办法",
        "共享停车设施建设方案",
    }


def test_what_all_titles_have_makes_none_similar(matters):
    assert _like(matters["城市绿地系统规划"]) == []
    assert "养老服务管理办法" not in _like(matters["垃圾分类管理办法"])


def test_three_are_named_at_most():
    made = [factories.a_matter(at=NOW, title=f"停车设施方案第{n}号") for n in range(6)]
    other = factories.a_matter(at=NOW, title="城市绿地系统规划")
    copy_dossiers([*(one.pk for one in made), other.pk])
    assert len(_like(made[0])) == 3


def test_the_page_of_a_matter_names_them(matters, client):
    matter = DecisionItemPage.objects.get(pk=matters["公共停车设施管理办法"].pk)
    page = client.get(matter.url).content.decode()
    assert f'<a href="{matters["公共停车收费管理办法"].url}">公共停车收费管理办法</a>' in page


def test_what_is_taken_down_is_named_no_longer(matters):
    matter, other = matters["公共停车设施管理办法"], matters["公共停车收费管理办法"]
    assert other.title in _like(matter)
    other.unpublish()
    copy_dossiers([other.pk])
    assert other.title not in _like(matter)
    cache.clear()
    assert other.title not in _like(matter)


def test_what_is_taken_down_is_named_no_longer_though_its_copy_waits(matters):
    matter, other = matters["公共停车设施管理办法"], matters["公共停车收费管理办法"]
    assert other.title in _like(matter)
    DecisionItemPage.objects.filter(pk=other.pk).update(live=False)
    assert other.title not in _like(matter)


def test_a_matter_that_is_not_public_has_none(matters):
    draft = factories.a_matter(at=NOW, title="公共停车设施管理办法（草稿）")
    assert _like(draft) == []
