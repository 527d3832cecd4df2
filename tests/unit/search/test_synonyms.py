"""Words of equal meaning stand for each other, except in quotation marks, and within bounds."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from decisions.search.criteria import LONGEST_QUESTION
from decisions.search.language import MOST_CONDITIONS, read_question
from decisions.search.question import Alike, AllOf, Not, Term, Words, leaves, other_ways, spoken
from decisions.search.synonyms import MOST_WORDS, ways_to_say, why_not, widened

GROUPS = (("电动自行车", "电瓶车", "电单车"), ("停车位", "车位"), ("AI", "人工智能"))


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("电瓶车", ["电动自行车", "电单车"]),
        ("電瓶車", ["电动自行车", "电单车"]),
        ("电瓶车充电", ["电动自行车充电", "电单车充电"]),
        ("停车位 收费", ["车位 收费"]),
        (
            "电瓶车车位",
            ["电瓶车停车位", "电动自行车车位", "电动自行车停车位", "电单车车位", "电单车停车位"],
        ),
        ("车位，车位", ["停车位，停车位"]),
        ("ai 教育", ["人工智能 教育"]),
        ("MAIN", []),
        ("绿地", []),
        ("澜政示〔2026〕3号", []),
    ],
)
def test_a_word_is_replaced_by_those_equal_to_it(text, ways):
    assert list(ways_to_say(text, GROUPS)) == ways


def test_letters_that_only_lie_beside_each_other_are_no_word():
    assert list(ways_to_say("简单车辆", (("自行车", "单车"),))) == []


def test_a_question_is_asked_in_every_way():
    node = widened(Words("电瓶车"), GROUPS)
    assert node == Alike((Words("电瓶车"), Words("电动自行车"), Words("电单车")))
    assert spoken(node) == ("电瓶车", "电动自行车", "电单车")
    assert other_ways(node) == ("电动自行车", "电单车")


def test_what_stands_in_quotation_marks_is_asked_to_the_letter():
    node = read_question("“电瓶车” 标题:车位")
    assert widened(node, GROUPS) == AllOf(
        (
            Term("电瓶车", is_quoted=True),
            Alike((Term("车位", in_title=True), Term("停车位", in_title=True))),
        )
    )


def test_what_is_ruled_out_is_not_said_in_other_ways():
    node = widened(read_question("充电 NOT 车位"), GROUPS)
    assert node == AllOf((Term("充电"), Not(Term("车位"))))
    assert other_ways(node) == ()
    assert spoken(node) == ("充电",)


@given(
    st.lists(st.sampled_from(["电瓶车", "车位", "AI", "电瓶车车位"]), min_size=1, max_size=60),
    st.sampled_from(["", " ", " 或 "]),
)
def test_no_question_grows_beyond_its_bounds(words, joint):
    asked = read_question(joint.join(words))
    conditions = list(leaves(widened(asked, GROUPS)))
    assert len(conditions) <= max(MOST_CONDITIONS, len(list(leaves(asked))))
    signs, plainly = (
        sum(len(leaf.text) for leaf, _ in leaves(one)) for one in (widened(asked, GROUPS), asked)
    )
    assert signs <= max(LONGEST_QUESTION, plainly)


@pytest.mark.parametrize(
    ("group", "sentence"),
    [
        (("电瓶车",), "two different words"),
        (("电瓶车", "電瓶車"), "two different words"),
        (("电瓶车", "车"), "too short"),
        (("电瓶车", "车" * 21), "too long"),
        (("电瓶车", "电动(车)"), "neither a letter nor a number"),
        (("电瓶车", "公園"), "another group: 公园 = 绿地"),
        (tuple(f"电瓶{n}车" for n in range(MOST_WORDS + 1)), "at most"),
    ],
)
def test_what_cannot_be_searched_for_is_refused_in_words(group, sentence):
    with override("en"):
        assert any(sentence in one for one in why_not(group, [("公园", "绿地")]))


def test_a_good_group_is_kept():
    assert why_not(("电动自行车", "电瓶车", "e bike"), [("公园", "绿地")]) == []
