"""The admin's search finds Chinese words inside text; guards against a change in the library."""

import pytest
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from consultations.models import DecisionItemPage
from decisions.models import DecisionPage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        decision = factories.a_decision()
        factories.a_matter(title="城市绿地系统规划")
    return decision


def _found(words, model=Page, **how):
    return {page.title for page in model.objects.all().search(words, **how)}


@pytest.mark.parametrize("words", ["电动自行车", "停放充电", "安全", "动自", "法", "车停 办法"])
def test_words_inside_a_title_are_found(pages, words):
    assert factories.pages.TITLE in _found(words)


@pytest.mark.parametrize("words", ["楼梯间", "制定本办法", "充电端口", "澜政示"])
def test_words_inside_a_text_are_found(pages, words):
    assert _found(words, DecisionPage) == {pages.title}


@pytest.mark.parametrize("words", ["电动汽车", "绿化", "停放绿地"])
def test_other_words_are_not(pages, words):
    assert _found(words) == set()


def test_every_word_has_to_occur_unless_any_is_enough(pages):
    assert _found("电动 绿地") == set()
    assert _found("电动 绿地", DecisionItemPage, operator="or") == {
        factories.pages.TITLE,
        "城市绿地系统规划",
    }


@pytest.mark.parametrize("words", ["绿", "绿地", "系统规", "统"])
def test_titles_are_found_while_they_are_typed(pages, words):
    found = Page.objects.all().autocomplete(words)
    assert "城市绿地系统规划" in {page.title for page in found}


def test_a_search_may_name_its_fields(pages):
    assert _found("绿地", fields=["title"]) == {"城市绿地系统规划"}


@pytest.mark.parametrize("words", ['"', '绿地"', "'", "%", "绿地*", "(", "NOT 绿地", "-", ":"])
def test_special_characters_break_nothing(pages, words):
    _found(words)
    list(Page.objects.all().autocomplete(words))


def test_a_phrase_and_its_negation_can_be_asked_for(pages):
    from wagtail.search.query import And, Not, Phrase, PlainText

    assert _found(Phrase("绿地系统"), DecisionItemPage) == {"城市绿地系统规划"}
    wanted = And([PlainText("系统"), Not(PlainText("电动"))])
    assert _found(wanted, DecisionItemPage) == {"城市绿地系统规划"}


def test_the_backend_is_ours():
    assert type(get_search_backend()).__module__.startswith("portal.core.search_backend")
