"""A draft takes the place of an older one: who speaks of an article still speaks of the same."""

import time
import uuid
from dataclasses import replace

import pytest

from portal.core.blocks import Article, ArticlesBlock, articles_of, parts_of
from portal.core.drafting import Part, alignment, parse_html, parse_text, placed
from portal.core.numerals import chinese_numeral

TEXTS = [
    "为了加强城市绿化管理，改善生态环境，制定本办法。",
    "本市行政区域内城市绿化的规划、建设、保护和监督，适用本办法。",
    "市园林绿化部门负责全市绿化工作，区人民政府负责本辖区的绿化工作。",
    "任何单位和个人不得擅自砍伐、移植树木；确需砍伐的，应当报园林绿化部门批准。",
    "违反本办法规定，擅自砍伐树木的，责令补种，并处树木价值三倍以上五倍以下罚款。",
    "本办法自2026年1月1日起施行。",
]
OTHER = "居民小区设置电动自行车充电设施，应当符合消防技术标准，并由物业服务人每月检查一次。"


def a_draft(texts):
    return parse_text(
        "\n".join(f"第{chinese_numeral(n)}条 {text}" for n, text in enumerate(texts, start=1))
    )


def shown(result):
    """The articles of the blocks as a page reads them."""
    return articles_of(ArticlesBlock().to_python(result.blocks))


@pytest.fixture
def before():
    return shown(placed(a_draft(TEXTS)))


def ids(articles):
    return [article.id for article in articles]


def test_a_first_draft_gets_ids_of_its_own(before):
    assert len({uuid.UUID(one) for one in ids(before)}) == len(TEXTS)
    assert [article.text for article in before] == TEXTS


def test_the_same_draft_keeps_every_id(before):
    result = placed(a_draft(TEXTS), before)
    assert ids(shown(result)) == ids(before)
    assert result.kept == len(TEXTS)


def test_moved_articles_keep_their_ids(before):
    order = [3, 0, 5, 1, 2, 4]
    after = shown(placed(a_draft([TEXTS[place] for place in order]), before))
    assert ids(after) == [before[place].id for place in order]
    assert after[0].label == "第一条"


def test_only_an_article_that_was_put_in_is_new(before):
    after = shown(placed(a_draft([*TEXTS[:2], OTHER, *TEXTS[2:]]), before))
    assert [one for one in ids(after) if one not in ids(before)] == [after[2].id]
    assert ids(after[:2] + after[3:]) == ids(before)


def test_a_reworded_article_keeps_its_id_wherever_it_stands(before):
    reworded = TEXTS[4].replace("三倍以上五倍以下", "五倍以上十倍以下")
    after = shown(placed(a_draft([OTHER, *TEXTS[:4], reworded, TEXTS[5]]), before))
    assert ids(after)[1:] == ids(before)


def test_a_largely_rewritten_article_is_known_by_its_number(before):
    rewritten = "市、区园林绿化部门负责绿化工作，街道办事处和乡镇人民政府协助做好辖区内的有关工作。"
    after = shown(placed(a_draft([*TEXTS[:2], rewritten, *TEXTS[3:]]), before))
    assert ids(after) == ids(before)


def test_an_article_that_says_something_else_is_new(before):
    after = shown(placed(a_draft([*TEXTS[:2], OTHER, *TEXTS[3:]]), before))
    assert after[2].id not in ids(before)
    assert ids(after[:2] + after[3:]) == ids(before[:2] + before[3:])


def test_an_id_is_given_once(before):
    after = shown(placed(a_draft([TEXTS[0], TEXTS[0], *TEXTS[1:]]), before))
    assert len(set(ids(after))) == len(TEXTS) + 1
    twins = [before[0], replace(before[0], id=str(uuid.uuid4()), label="第七条", number=7)]
    assert len(set(ids(shown(placed(a_draft([TEXTS[0]] * 3), twins))))) == 3


def test_a_number_in_digits_is_the_same_number():
    old = [Article(id="a", number=1, label="第3条", text="甲乙丙丁戊己庚辛")]
    draft = parse_text("第三条 甲乙丙丁申酉戌亥子")
    assert placed(draft, old).blocks[0]["id"] == "a"


def test_of_very_many_articles_only_the_number_decides(before, monkeypatch):
    monkeypatch.setattr(alignment, "MOST_PAIRS", 0)
    reworded = [text.replace("绿化", "园林") for text in TEXTS]
    assert ids(shown(placed(a_draft(reworded), before))) == ids(before)
    moved = shown(placed(a_draft([OTHER, *reworded]), before))
    same = [article.id for article in before if article.text in reworded]
    assert [one for one in ids(moved) if one in ids(before)] == same


def test_very_many_articles_are_placed_in_time():
    draft = parse_text("".join(f"第{n}条 甲{n}\n" for n in range(1, 9_999)) + "第1条 乙\n" * 20_000)
    begun = time.process_time()
    placed(draft, shown(placed(draft))[::-1])
    assert time.process_time() - begun < 20


def test_blocks_count_for_themselves_where_they_count_as_printed():
    draft = parse_text("第一条 甲。\n第一条之一 乙。\n第二条 丙。\n附件 表\n第三条 丁。")
    values = [block["value"] for block in placed(draft).blocks]
    assert [value["label"] for value in values] == ["", "第一条之一", "第二条", "附件", "第三条"]
    assert [article.label for article in shown(placed(draft))] == [
        *("第一条", "第一条之一", "第二条", "附件", "第三条")
    ]


def test_headings_stand_before_the_articles_below_them():
    draft = parse_text(
        "第一章 总则\n第一条 甲。\n第二章 管理\n第一节 登记\n第二条 乙。\n第二节 检查\n"
        "第三条 丙。\n附则\n第四条 丁。"
    )
    parts = list(parts_of(ArticlesBlock().to_python(placed(draft).blocks)))
    assert [article.path for article in parts if isinstance(article, Article)] == [
        ("第一章 总则",),
        ("第二章 管理", "第一节 登记"),
        ("第二章 管理", "第二节 检查"),
        ("附则",),
    ]
    assert len(parts) == 9


def test_tables_and_notes_stand_in_their_article_and_the_rest_is_handed_back():
    draft = parse_html(
        "<h1>某办法</h1><p>第一条 标准如下[1]：</p><table><tr><td>甲</td><td>10</td></tr></table>"
        "<p>每年调整。</p><p>第二条 乙。</p>"
        '<ol><li id="footnote-1"><p>见标准。 ↑</p></li>'
        '<li id="footnote-2"><p>孤注。 ↑</p></li></ol>'
    )
    result = placed(draft)
    assert [article.text for article in shown(result)] == [
        "标准如下[1]：\n甲 | 10\n每年调整。\n[1] 见标准。",
        "乙。",
    ]
    assert [(piece.kind, piece.text) for piece in result.left_over] == [
        (Part.PREAMBLE, "某办法"),
        (Part.NOTE, "[2] 孤注。"),
    ]
