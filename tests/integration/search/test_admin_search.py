"""The admin's search finds Chinese words inside text; guards against a change in the library."""

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.query import And, Not, Phrase, PlainText

from consultations.models import DecisionItemPage
from decisions.models import DecisionPage
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.housekeeping]


@pytest.fixture
def pages(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        decision = factories.a_decision()
        factories.a_matter(title="城市绿地系统规划")
    return decision


def _found(words, model=Page, **how):
    return {page.title for page in model.objects.all().search(words, **how)}


def test_words_inside_a_title_are_found(pages):
    for words in ("电动自行车", "停放充电", "安全", "动自", "法", "车停 办法"):
        assert factories.pages.TITLE in _found(words), words


def test_words_inside_a_text_are_found(pages):
    for words in ("楼梯间", "制定本办法", "充电端口", "澜政示"):
        assert _found(words, DecisionPage) == {pages.title}, words


def test_other_words_are_not(pages):
    for words in ("电动汽车", "绿化", "停放绿地"):
        assert _found(words) == set(), words


def test_every_word_has_to_occur_unless_any_is_enough(pages):
    assert _found("电动 绿地") == set()
    assert _found("电动 绿地", DecisionItemPage, operator="or") == {
        factories.pages.TITLE,
        "城市绿地系统规划",
    }


def test_titles_are_found_while_they_are_typed(pages):
    for words in ("绿", "绿地", "系统规", "统"):
        found = Page.objects.all().autocomplete(words)
        assert "城市绿地系统规划" in {page.title for page in found}, words


def test_the_admins_search_box_finds_words_inside_a_text(pages, client):
    client.force_login(factories.a_superuser())
    for words in ("楼梯间", "充电端口"):
        response = client.get(reverse("wagtailadmin_pages:search"), {"q": words})
        assert pages.title in response.content.decode(), words


def test_a_search_may_name_its_fields(pages):
    assert _found("绿地", fields=["title"]) == {"城市绿地系统规划"}


def test_special_characters_break_nothing(pages):
    for words in (
        '"',
        '绿地"',
        "'",
        "%",
        "绿地*",
        "(",
        "NOT 绿地",
        "-",
        ":",
        "\\",
        "!",
        "&",
        "<->",
    ):
        assert _found(words) <= {"城市绿地系统规划"}, words
        assert len(Page.objects.all().autocomplete(words)) <= 1, words


def test_a_phrase_and_its_negation_can_be_asked_for(pages):
    assert _found(Phrase("绿地系统"), DecisionItemPage) == {"城市绿地系统规划"}
    wanted = And([PlainText("系统"), Not(PlainText("电动 停放"))])
    assert _found(wanted, DecisionItemPage) == {"城市绿地系统规划"}


def test_the_backend_is_ours():
    assert type(get_search_backend()).__module__.startswith("portal.core.search_backend")
