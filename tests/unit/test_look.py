"""What the look is made of: where titles break, what a reader prefers, which section a page is."""

import pytest

from home.context_processors import section_of
from portal.core.phrases import phrases
from portal.core.preferences import Mode, Preferences, Theme

ADDRESSES = {
    "home": "/",
    "catalogue": "/catalogue/",
    "consultations": "/consultations/",
    "feedback": "/consultations/feedback/",
    "decisions": "/decisions/",
    "archive": "/archive/",
}


@pytest.mark.parametrize(
    ("title", "pieces"),
    [
        (
            "澜川市“十五五”养老服务体系建设规划（征求意见稿）",
            "澜川市|“十五五”|养老|服务|体系|建设|规划|（征求意见稿）",
        ),
        (
            "澜川市人民政府2026年度重大行政决策事项目录",
            "澜川市|人民政府|2026年度|重大|行政|决策|事项|目录",
        ),
        ("城市生活无着的流浪乞讨人员救助管理办法", "城市|生活|无着的|流浪乞讨人员救助|管理|办法"),
        ("A plain title", "A |plain |title"),
        ("", ""),
    ],
)
def test_a_title_breaks_between_words_and_never_before_a_closing_mark(title, pieces):
    assert "|".join(phrases(title)) == pieces


@pytest.mark.parametrize("title", ["）（", "“", "12345", "的的的", "关于《》、“”的通知"])
def test_the_pieces_of_a_title_are_the_title(title):
    assert "".join(phrases(title)) == title


def test_preferences_survive_their_cookie():
    chosen = Preferences(Mode.ELDER, Theme.DARK)
    assert Preferences.from_cookie(chosen.cookie) == chosen


@pytest.mark.parametrize("text", ["", ".", "huge.pink", "<script>", "elder"])
def test_a_cookie_that_says_nothing_known_changes_nothing_else(text):
    read = Preferences.from_cookie(text)
    assert read.theme is Theme.AUTO
    assert read.mode is (Mode.ELDER if text == "elder" else Mode.STANDARD)


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/", "home"),
        ("/catalogue/2026/07/", "catalogue"),
        ("/catalogue/2026/07/consultation-1/", "consultations"),
        ("/opinions/status/", "consultations"),
        ("/catalogue/2026/07/consultation-2/feedback/", "feedback"),
        ("/consultations/feedback/", "feedback"),
        ("/catalogue/2026/07/decision/", "decisions"),
        ("/catalogue/2026/07/decision/evaluation-1/", "decisions"),
        ("/catalogue/2026/07/decision/evaluation-call-1/opinions/", "consultations"),
        ("/archive/", "archive"),
        ("/about/", ""),
    ],
)
def test_a_page_deep_in_a_dossier_belongs_to_the_section_of_its_kind(path, section):
    assert section_of(path, ADDRESSES) == section
