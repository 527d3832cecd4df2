"""What changed between two texts: the words, the articles, and what it costs to find out."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.redline import Kind, Mark, Piece, Unit, after, aligned, before, compared, differences
from tests.factories.laws import a_law

KEPT, DELETED, INSERTED = Mark.KEPT, Mark.DELETED, Mark.INSERTED
SIGNS = st.text(
    alphabet=st.sampled_from("应当不得个人单位罚款五二万元，。；（一）\n aB3\u3000😀"), max_size=60
)


def units(*texts: str) -> list[Unit]:
    return [Unit(number, text) for number, text in enumerate(texts, start=1)]


def told(old: list[Unit], new: list[Unit]) -> list[tuple[tuple[int, ...], tuple[int, ...], str]]:
    return [(one.old, one.new, one.kind.value) for one in aligned(old, new)]


# Words


def test_words_are_marked_not_signs() -> None:
    assert differences("处五万元罚款。", "处二万元罚款。") == [
        Piece(KEPT, "处"),
        Piece(DELETED, "五万元"),
        Piece(INSERTED, "二万元"),
        Piece(KEPT, "罚款。"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("文物部门", "文物主管部门", ["=文物", "+主管", "=部门"]),
        ("应当每日巡查。", "应当每日巡查，并作记录。", ["=应当每日巡查", "+，并作记录", "=。"]),
        ("六个月内完成", "十二个月内完成", None),
    ],
)
def test_a_word_that_only_grew_shows_what_was_added(
    old: str, new: str, pieces: list[str] | None
) -> None:
    found = [f"{one.mark.value}{one.text}" for one in differences(old, new)]

    assert pieces is None or found == pieces
    assert before(differences(old, new)) == old


@given(SIGNS, SIGNS)
def test_both_texts_can_be_read_from_the_pieces(old: str, new: str) -> None:
    pieces = differences(old, new)

    assert before(pieces) == old
    assert after(pieces) == new
    assert all(one.text for one in pieces)
    assert all(one.mark is not other.mark for one, other in pairwise(pieces))


@given(st.text(max_size=40))
def test_identical_texts_give_no_change(text: str) -> None:
    assert {one.mark for one in differences(text, text)} <= {KEPT}


# Articles

FEE = "充电电价按照居民合表电价执行，服务费应当明码标价。"
PATROL = "物业服务人应当每日巡查，发现违规停放充电的予以劝阻；劝阻无效的，报告属地消防机构。"
STAIRS = "禁止在建筑物门厅、楼梯间、走道等公共区域停放电动自行车或者为其充电。"
PORTS = "新建住宅小区应当按照不低于每两户一个的标准配建充电端口。"
CABINET = "换电柜应当设置在室外，与建筑物保持安全距离，并由运营单位负责日常维护。"


def test_an_article_behind_an_inserted_one_is_renumbered_not_changed() -> None:
    assert told(units(PORTS, FEE), units(PORTS, CABINET, FEE)) == [
        ((1,), (1,), "same"),
        ((), (2,), "inserted"),
        ((2,), (3,), "renumbered"),
    ]


def test_what_is_gone_stands_where_it_stood() -> None:
    assert told(units(PORTS, STAIRS, FEE), units(PORTS, FEE)) == [
        ((1,), (1,), "same"),
        ((2,), (), "deleted"),
        ((3,), (2,), "renumbered"),
    ]


def test_an_article_that_changed_places_is_moved() -> None:
    rows = aligned(units(PORTS, STAIRS, PATROL, FEE), units(FEE, PORTS, STAIRS, PATROL))

    assert [(one.old, one.is_moved) for one in rows] == [
        ((4,), True),
        ((1,), False),
        ((2,), False),
        ((3,), False),
    ]


def test_an_article_that_was_split_stays_one_row() -> None:
    assert told(units(PORTS, STAIRS + PATROL), units(PORTS, STAIRS, PATROL)) == [
        ((1,), (1,), "same"),
        ((2,), (2, 3), "split"),
    ]


def test_articles_that_were_merged_become_one_row() -> None:
    assert told(units(PORTS, STAIRS, PATROL), units(PORTS, STAIRS + PATROL)) == [
        ((1,), (1,), "same"),
        ((2, 3), (2,), "merged"),
    ]


def test_an_id_that_survives_decides() -> None:
    old = [Unit(1, PORTS, id="a"), Unit(2, FEE, id="b")]
    new = [Unit(1, "全文另行规定。", id="b"), Unit(2, PORTS, id="a")]

    assert told(old, new) == [((2,), (1,), "changed"), ((1,), (2,), "renumbered")]


def test_full_width_signs_are_no_change_of_an_article() -> None:
    assert told(units("(一)枪支、弹药；"), units("（一）枪支、弹药；")) == [((1,), (1,), "same")]


def test_empty_texts_compare() -> None:
    assert told([], []) == []
    assert told(units(FEE), []) == [((1,), (), "deleted")]
    assert told([], units(FEE)) == [((), (1,), "inserted")]
    assert [kind for *_places, kind in told(units("", ""), units(""))] == ["same", "deleted"]


TEXTS = st.lists(st.sampled_from([FEE, PATROL, STAIRS, PORTS, CABINET]), max_size=6)


@given(TEXTS, TEXTS, st.data())
@settings(max_examples=60)
def test_every_article_stands_in_exactly_one_row(
    old: list[str], new: list[str], data: st.DataObject
) -> None:
    edited = [text[: data.draw(st.integers(0, len(text)))] for text in new]
    rows = compared(units(*old), units(*edited)).rows

    assert sorted(one for row in rows for one in row.aligned.old) == list(range(1, len(old) + 1))
    assert sorted(one for row in rows for one in row.aligned.new) == list(range(1, len(new) + 1))
    for row in rows:
        assert before(row.pieces) == "\n".join(one.text for one in row.old)
        assert after(row.pieces) == "\n".join(one.text for one in row.new)


@given(TEXTS)
def test_a_text_compared_with_itself_has_no_change(texts: list[str]) -> None:
    comparison = compared(units(*texts), units(*texts))

    assert comparison.changed == ()
    assert {row.aligned.kind for row in comparison.rows} <= {Kind.SAME}


# Cost


def cpu_seconds(size: int) -> float:
    old, new = units(*a_law(size, shift=0)), units(*a_law(size, shift=1))
    began = time.process_time()
    compared(old, new)
    return time.process_time() - began


def test_two_hundred_articles_take_less_than_two_seconds() -> None:
    cpu_seconds(5)  # the dictionary is read once
    small, large = cpu_seconds(50), cpu_seconds(200)

    assert large < 2
    # Four times the articles: at most four to the second power times the work, and some noise.
    assert large <= 16 * max(small, 0.02)
