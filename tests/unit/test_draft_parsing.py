"""What is recognised in a draft: every article, and none that is only named."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.core.drafting import Part, parse_html, parse_markdown, parse_text
from portal.core.numerals import LARGEST, chinese_numeral, numeral_value


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def numbers(draft):
    return [article.number for article in draft.only(Part.ARTICLE)]


def kinds(draft):
    return [(str(piece.kind), piece.number, piece.text) for piece in draft.articles]


def lines(*texts):
    return parse_text("\n".join(texts))


# Numerals


@given(st.integers(0, LARGEST))
def test_a_numeral_is_read_as_it_is_written(number):
    assert numeral_value(chinese_numeral(number)) == number
    assert numeral_value(str(number)) == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("１０", 10),
        (" 三 十 ", 30),
        ("一百〇五", 105),
        ("一百零五", 105),
        ("一〇五", 105),
        ("二百一十", 210),
        ("两千", 2000),
        ("", None),
        ("三a", None),
        ("99999", None),
        ("九" * 50, None),
    ],
)
def test_numerals_as_people_type_them(text, value):
    assert numeral_value(text) == value


# Articles


@pytest.mark.parametrize(
    ("line", "number", "text"),
    [
        ("第一条 为了规范管理，制定本办法。", "第一条", "为了规范管理，制定本办法。"),
        ("第一条　为了规范管理。", "第一条", "为了规范管理。"),
        ("第一条为了规范管理。", "第一条", "为了规范管理。"),
        ("　　第一条\t为了规范管理。", "第一条", "为了规范管理。"),
        ("第1条 为了规范管理。", "第1条", "为了规范管理。"),
        ("第１条　为了规范管理。", "第１条", "为了规范管理。"),
        ("第 一 条 为了规范管理。", "第一条", "为了规范管理。"),
        ("第一条【目的】为了规范管理。", "第一条", "【目的】为了规范管理。"),
        ("第一条（目的）为了规范管理。", "第一条", "（目的）为了规范管理。"),
        ("第一条：为了规范管理。", "第一条", "：为了规范管理。"),
        ("第一条及时公开。", "第一条", "及时公开。"),
        ("第一条款项应当及时支付。", "第一条", "款项应当及时支付。"),
        ("第一条中小企业依法登记。", "第一条", "中小企业依法登记。"),
        ("第一条第三方机构应当独立。", "第一条", "第三方机构应当独立。"),
        ("\ufeff第一条 为了规范管理。", "第一条", "为了规范管理。"),
    ],
)
def test_an_article_is_recognised(line, number, text):
    draft = lines("某办法", line, "第二条 本办法所称管理，是指……。")
    assert kinds(draft)[1] == ("article", number, text)
    assert numbers(draft) == [number, "第二条"]
    assert draft.warnings == []


@pytest.mark.parametrize(
    "line",
    [
        "依照第三条的规定处理。",
        "第三条的规定，适用于下列情形。",
        "第三条规定的期限，从收到之日起计算。",
        "第三条、第四条所称单位，包括分支机构。",
        "第三条和第四条适用于分支机构。",
        "第三条至第五条不适用。",
        "第三条第二款所称单位，包括分支机构。",
        "第三条第（二）项所称单位，包括分支机构。",
        "第三条所称单位，包括分支机构。",
        "第三条中“单位”修改为“机构”。",
        "第三条修改为：单位应当登记。",
        "第三条，适用于分支机构。",
        "第三条 、第四条适用于分支机构。",
        "“第三条 单位应当登记。”",
    ],
)
def test_an_article_that_is_only_named_is_text(line):
    draft = lines("第一条 甲。", "第二条 有下列情形之一的：", line, "第三条 丙。")
    assert numbers(draft) == ["第一条", "第二条", "第三条"]
    assert draft.articles[1].text.endswith(line)


def test_a_line_that_was_cut_in_the_middle_of_a_sentence_begins_no_article():
    draft = lines(
        "第一条 违反本办法第三条、", "第五条应当承担责任的，", "第八条 从其规定。", "第二条 乙。"
    )
    assert numbers(draft) == ["第一条", "第二条"]
    assert "begins with 第八条 in the middle of a sentence" in draft.warnings[0]


def test_an_article_put_in_between_has_a_number_of_its_own():
    draft = lines("第十条 甲。", "第十条之一 乙。", "第十条之二 丙。", "第十一条 丁。")
    assert numbers(draft) == ["第十条", "第十条之一", "第十条之二", "第十一条"]
    assert draft.warnings == ["The first article is 第十条."]


def test_paragraphs_and_items_are_lines():
    draft = lines(
        "第一条 有下列情形之一的：",
        "（一）甲；",
        "（二）乙。",
        "前款规定不适用于丙。",
        "第二条 丁。",
    )
    assert draft.articles[0].text.split("\n") == [
        "有下列情形之一的：",
        "（一）甲；",
        "（二）乙。",
        "前款规定不适用于丙。",
    ]


def test_gaps_and_numbers_that_come_twice_are_said():
    draft = lines("第一条 甲。", "第三条 乙。", "第三条 丙。", "第四条")
    assert numbers(draft) == ["第一条", "第三条", "第三条", "第四条"]
    assert draft.warnings == [
        "After 第一条 comes 第三条. Check whether an article is missing.",
        "第三条 is there more than once.",
        "第四条 has no text.",
    ]


def test_without_an_article_every_line_stands_by_itself():
    draft = lines("关于加强管理的意见", "一、总体要求", "坚持依法管理。")
    assert kinds(draft) == [
        ("other", "", "关于加强管理的意见"),
        ("other", "", "一、总体要求"),
        ("other", "", "坚持依法管理。"),
    ]
    assert len(draft.warnings) == 1
    assert "numbers that Word gives by itself are not in the text" in draft.warnings[0]


# Headings, contents, annexes


def test_headings_are_the_path_of_what_stands_below_them():
    draft = lines(
        *(
            "第一编 总编",
            "第一章 总　则",
            "第一条 甲。",
            "第二章",
            "管理",
            "第一节 登记",
            "第二条 乙。",
        ),
        *("第二节 检查", "第三条 丙。", "附　则", "第四条 丁。"),
    )
    assert [article.heading_path for article in draft.articles] == [
        ("第一编 总编", "第一章 总 则"),
        ("第一编 总编", "第二章 管理", "第一节 登记"),
        ("第一编 总编", "第二章 管理", "第二节 检查"),
        ("第一编 总编", "附 则"),
    ]
    assert draft.warnings == []


def test_a_sentence_that_names_a_chapter_is_no_heading():
    draft = lines(
        "第一条 甲。", "第二章规定的期限不适用。", "第二章第一节的规定不适用", "第二条 乙。"
    )
    assert len(draft.articles) == 2
    assert draft.articles[1].heading_path == ()


def test_a_list_of_contents_is_no_text():
    entries = ["第一章 总则", "第二章 登记", "第一节 一般规定", "第三章 附则"]
    body = ["第一章 总则", "第一条 甲。", "第二章 登记", "第一节 一般规定", "第二条 乙。"]
    draft = lines("某办法", "目　录", *entries, *body, "第三章 附则", "第三条 丙。")
    assert kinds(draft)[:2] == [
        ("preamble", "", "某办法"),
        ("contents", "", "\n".join(["目 录", *entries])),
    ]
    assert numbers(draft) == ["第一条", "第二条", "第三条"]
    assert draft.warnings == []


@pytest.mark.parametrize("title", [["目录"], []])
def test_articles_in_a_list_of_contents_are_not_counted(title):
    entries = ["第一章 总则\t1", "第一条 目的……1", "第二条 适用......12", "附则 \t 13"]
    body = ["第一章 总则", "第一条 目的", "为了规范管理。", "第二条 适用", "适用于本市。"]
    draft = lines(*title, *entries[: 4 if title else 3], *body)
    assert numbers(draft) == ["第一条", "第二条"]
    assert draft.articles[0].kind is Part.CONTENTS
    assert draft.articles[1].text == "目的\n为了规范管理。"


def test_entries_without_page_numbers_are_not_counted():
    body = ["第一条 目的", "为了规范管理。", "第二条 适用", "适用于本市。"]
    draft = lines("目录", "第一条 目的", "第二条 适用", *body)
    assert [str(piece.kind) for piece in draft.articles] == ["contents", "article", "article"]


def test_annexes_follow_the_articles():
    draft = lines(
        *(
            "关于征求意见的通知",
            "附件：某办法（征求意见稿）",
            "第一条 甲。",
            "第二条 乙，见附件1。",
        ),
        *("附件1：申请表", "姓名", "附件 2", "第一条 样本。", "第二条 样本。"),
    )
    assert kinds(draft) == [
        ("preamble", "", "关于征求意见的通知\n附件：某办法（征求意见稿）"),
        ("article", "第一条", "甲。"),
        ("article", "第二条", "乙，见附件1。"),
        ("annex", "附件1", "：申请表\n姓名"),
        ("annex", "附件2", "第一条 样本。\n第二条 样本。"),
    ]
    assert draft.warnings == ["附件2 has articles of its own. They were left in its text."]


@pytest.mark.parametrize(
    ("line", "number", "text"),
    [
        ("附件", "附件", ""),
        ("附件：1.申请表", "附件", "：1.申请表"),
        ("附：申请表", "附", "：申请表"),
        ("附件２ 申请表", "附件２", "申请表"),
        ("附件2申请表", "附件2", "申请表"),
        ("附表一 标准", "附表一", "标准"),
        ("附 录", "附录", ""),
    ],
)
def test_an_annex_is_recognised(line, number, text):
    assert kinds(lines("第一条 甲。", line))[1] == ("annex", number, text)


@pytest.mark.parametrize(
    "line", ["附件1所列单位应当登记", "附近单位应当登记", "附图标准由市规定。"]
)
def test_an_annex_that_is_only_named_is_text(line):
    assert kinds(lines("第一条 甲：", line)) == [("article", "第一条", f"甲：\n{line}")]


def test_an_article_behind_a_heading_on_one_line_is_found():
    draft = lines("第一章 总则 第一条 甲。", "第二条 乙。")
    assert [(one.number, one.heading_path, one.text) for one in draft.articles] == [
        ("第一条", ("第一章 总则",), "甲。"),
        ("第二条", ("第一章 总则",), "乙。"),
    ]


def test_what_stands_below_a_heading_or_nowhere_is_marked():
    draft = lines(
        "第一章 总则", "本章说明。", "第一条 甲。", "第二章 空", "第三章 管理", "第二条 乙。"
    )
    assert kinds(draft)[0] == ("other", "", "本章说明。")
    assert ("other", "", "第二章 空") in kinds(draft)
    assert len(draft.warnings) == 2


# HTML and Markdown


def test_a_number_alone_in_bold_type_begins_an_article():
    draft = parse_html(
        "<p><strong>第一条</strong>的确要写。</p><p><strong>第</strong><strong>二条</strong></p>"
        "<p>乙。</p><p>依照<strong>第三条</strong>办理。</p>"
    )
    assert kinds(draft) == [
        ("article", "第一条", "的确要写。"),
        ("article", "第二条", "乙。\n依照第三条办理。"),
    ]


def test_tables_and_notes_are_kept_as_text():
    draft = parse_html(
        "<h1>某办法</h1><h2>第一章 总则</h2><p>第一条 标准如下[1]：</p>"
        "<table><tr><th>类别</th><th>金额</th></tr><tr><td><p>甲</p><p>乙</p></td><td>10</td></tr>"
        "</table><p>金额每年调整。</p><p>第二条 乙。</p>"
        '<ol><li id="footnote-1"><p>见国家标准。 ↑</p></li></ol>'
    )
    assert kinds(draft) == [
        ("preamble", "", "某办法"),
        ("article", "第一条", "标准如下[1]："),
        ("table", "", "类别 | 金额\n甲 乙 | 10"),
        ("continued", "第一条", "金额每年调整。"),
        ("article", "第二条", "乙。"),
        ("note", "", "[1] 见国家标准。"),
    ]
    assert draft.warnings == []


def test_a_frame_around_the_text_is_no_table():
    draft = parse_html("<table><tr><td><p>第一条 甲。</p><p>第二条 乙。</p></td></tr></table>")
    assert numbers(draft) == ["第一条", "第二条"]


def test_lines_within_a_paragraph_and_numbers_by_word():
    draft = parse_html(
        "<p>第一条 甲。<br>第二条 乙。</p><ol><li>丙</li><li>丁</li></ol><p><img></p>"
    )
    assert kinds(draft)[1] == ("article", "第二条", "乙。\n丙\n丁")
    assert "2 paragraphs are numbered by Word itself" in draft.warnings[0]
    assert draft.warnings[1] == "1 picture was left out."


def test_headings_by_style_alone():
    draft = parse_html(
        "<h1>某办法</h1><p>（征求意见稿）</p><h2>第一章 总则</h2><h3>第一条</h3><p>甲。</p>"
        "<h2>过渡规定</h2><h3>第二条 名称</h3><p>乙。</p>"
    )
    assert [(piece.number, piece.heading_path) for piece in draft.articles] == [
        ("", ()),
        ("第一条", ("第一章 总则",)),
        ("第二条", ("过渡规定",)),
    ]


def test_marks_of_markdown_are_no_text():
    draft = parse_markdown(
        "# 某办法\n<!-- 说明 -->\n## 第一章 总则\n**第一条** 甲**乙**。\n"
        "| 类 | 额 |\n|---|---|\n| 甲 | 1 |\n每年调整。\n| 乙 | - |"
    )
    assert kinds(draft) == [
        ("preamble", "", "某办法"),
        ("article", "第一条", "甲乙。"),
        ("table", "", "类 | 额\n甲 | 1"),
        ("continued", "第一条", "每年调整。"),
        ("table", "", "乙 | -"),
    ]
