"""Reading a draft loses nothing and invents nothing: real texts and made-up ones."""

import re
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from portal.core.drafting import MOST_CHARACTERS as MOST
from portal.core.drafting import Part, parse_html, parse_markdown, parse_text
from portal.core.numerals import chinese_numeral

TEXTS = sorted((Path(__file__).parents[1] / "data" / "texts").glob("*(*).md"))


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def numbers(draft):
    return [article.number for article in draft.only(Part.ARTICLE)]


def lines(*texts):
    return parse_text("\n".join(texts))


# Real texts


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("parse", [parse_markdown, lambda text: parse_text(text.replace("#", ""))])
def test_every_article_of_a_real_text_is_found_and_none_invented(path, parse):
    source = path.read_text(encoding="utf-8").partition("<!-- INFO END -->")[2]
    printed = re.findall(r"^(第[^\s条]+条)[\s　]", source, re.MULTILINE)
    draft = parse(source)
    assert printed
    assert numbers(draft) == printed
    assert printed == [f"第{chinese_numeral(n)}条" for n in range(1, len(printed) + 1)]
    assert draft.warnings == []
    assert {piece.kind for piece in draft.articles} == {Part.ARTICLE}
    headings = re.findall(r"^#+ (.+)$", source, re.MULTILINE)
    paths = [article.heading_path for article in draft.articles]
    shown = [
        words for before, now in pairwise([(), *paths]) for words in now if words not in before
    ]
    assert shown == [" ".join(heading.split()) for heading in headings]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("width", range(12, 60, 3))
def test_lines_that_were_cut_at_any_width_change_no_article(path, width):
    source = path.read_text(encoding="utf-8").partition("<!-- INFO END -->")[2]
    whole = [line.lstrip("# ") for line in source.splitlines() if line.strip()]
    cut = [line[at : at + width] for line in whole for at in range(0, len(line), width)]
    draft = lines(*cut)
    assert numbers(draft) == numbers(parse_markdown(source))
    assert close("".join(whole)) == everything_once(draft)


# Nothing is lost

MARKS = [
    *("第一条 甲。", "第二条", "第三条的规定", "第 3 条乙", "第十条之一 丙。", "第五条、第六条"),
    *("第一章 总则", "第二章", "第一节 登记", "附则", "目录", "第一章 总则\t1", "第一条 目的……3"),
    *("附件1：表", "附 件", "附表：", "一、总体要求", "（一）项；", "名称", "依照\t第三条", "第条"),
]
PIECES = st.lists(
    st.one_of(st.sampled_from(MARKS), st.text(st.characters(codec="utf-8"), max_size=12)),
    max_size=25,
)


def close(text):
    return "".join(text.split())


def everything(draft):
    return "".join(
        close("".join(piece.heading_path) + piece.number + piece.text) for piece in draft.articles
    )


def everything_once(draft):
    """All text with each heading where it comes first."""
    path, said = (), []
    for piece in draft.articles:
        said += [words for words in piece.heading_path if words not in path]
        said += [piece.number, piece.text]
        path = piece.heading_path
    return close("".join(said))


@given(PIECES)
@example(["第一章", "第一章", "名称"])
@example(["目录", "附则", "附则", "名称"])
def test_nothing_of_a_text_is_lost(pieces):
    # Controls and signs without width are not text.
    source = "\n".join(
        re.sub("[\x00-\x1f\x7f\xad\u200b-\u200d\u2060\ufeff]", " ", one) for one in pieces
    )
    kept = everything(parse_text(source))
    for line in source.splitlines():
        assert close(line) in kept
    assert not Counter(close(source)) - Counter(kept)


@given(PIECES)
def test_nothing_of_a_table_or_a_list_is_lost(pieces):
    words = [re.sub(r"[<>&\x00-\x1f\x7f\xad\u200b-\u200d\u2060\ufeff]", " ", one) for one in pieces]
    cells = "".join(f"<td>{one}</td><td><p>{one}</p></td>" for one in words)
    items = "".join(f"<li>{one}</li><li id='footnote-1'>{one}</li>" for one in words)
    kept = everything(parse_html(f"<table><tr>{cells}</tr></table><ol>{items}</ol>"))
    assert not Counter(close("".join(words)) * 4) - Counter(kept)


SENTENCES = st.lists(
    st.text(st.sampled_from("甲乙丙丁戊的和第条一二三章（）、，"), min_size=1, max_size=15).map(
        lambda words: f"本市{words}。"
    ),
    min_size=1,
    max_size=4,
)


@given(st.lists(SENTENCES, min_size=1, max_size=30), st.sampled_from([" ", "　", "", "\n", "\t"]))
def test_articles_that_were_written_are_read_again(articles, between):
    written = "\n".join(
        f"第{chinese_numeral(number)}条{between}" + "\n".join(sentences)
        for number, sentences in enumerate(articles, start=1)
    )
    draft = parse_text(written)
    assert [piece.text.split("\n") for piece in draft.articles] == articles
    assert numbers(draft) == [f"第{chinese_numeral(n)}条" for n in range(1, len(articles) + 1)]
    assert draft.warnings == []


@pytest.mark.parametrize(
    "text",
    [
        *("." * MOST, "第" * MOST, "第" + "一" * MOST, "第" + " " * MOST + "一"),
        *("附件" + " " * MOST, "第一条" * (MOST // 3), "第一条 甲。\n" + "乙\n" * (MOST // 2)),
        *("第一条 甲。\n" * (MOST // 7), "第一章 甲\n" * (MOST // 6), "第九条的\n" * (MOST // 5)),
        "目录\n" + "第一章 总则\n第一条 甲……3\n" * (MOST // 18),
        *("|" + "-" * MOST + "x", "<!--" * (MOST // 4), "**" + "*a" * (MOST // 2), "# " * MOST),
    ],
    ids=range(15),
)
def test_the_time_grows_no_faster_than_the_text(text):
    begun = time.process_time()
    parse_text(text)
    parse_markdown(text)
    assert time.process_time() - begun < 8
