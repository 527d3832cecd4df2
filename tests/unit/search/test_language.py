"""A question is read as a researcher wrote it, or refused with the place of the trouble."""

from datetime import date

import pytest
from django.conf import settings
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from consultations.lifecycle import Stage
from decisions.search.criteria import BadQuestionError, read
from decisions.search.language import UnreadableError, read_question
from decisions.search.periods import read_days, read_years
from decisions.search.question import (
    AllOf,
    AnyOf,
    Between,
    Has,
    Not,
    Number,
    OfUnit,
    Term,
    Words,
    spoken,
)
from decisions.search.text import plain

A, B, C = Term("停车"), Term("收费"), Term("听证")
QUOTED = Term("停车", is_quoted=True)


@pytest.mark.parametrize(
    "text",
    [
        "停车 收费",
        "电动自行车停放充电安全管理办法（征求意见稿）",
        "（征求意见稿）",
        "一）总则",
        "澜政示（2026）3号",
        "10:30",
        '5" 管',
        "关于“十四五规划",
        "T-shirt - 2026",
        "NOT",
        "ｎｏｔ",
        "或",
        "Parking And charging or not",
        "停车 AND收费",
    ],
)
def test_without_operators_the_whole_is_plain_words(text):
    assert read_question(text) == Words(text)


def test_nothing_asks_for_nothing():
    assert read_question("　 ") is None


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("“停车”", QUOTED),
        ('"停车"', QUOTED),
        ("停车 AND 收费", AllOf((A, B))),
        ("停车 且 收费", AllOf((A, B))),
        ("“停车” 收费", AllOf((QUOTED, B))),
        ("停车 OR 收费", AnyOf((A, B))),
        ("停车 或 收费", AnyOf((A, B))),
        ("停车 ＡＮＤ 收费", AllOf((A, B))),
        ("停车 ＯＲ 收费 ＮＯＴ 听证", AnyOf((A, AllOf((B, Not(C)))))),
        ("停车 and 收费", AllOf((A, B))),
        ("停车 Or 收费 not 听证", AnyOf((A, AllOf((B, Not(C)))))),
        ("停车 ｏｒ 收费", AnyOf((A, B))),
        ("parking OR charging", AnyOf((Term("parking"), Term("charging")))),
        ("停车 OR 收费 听证", AnyOf((A, AllOf((B, C))))),
        ("（停车 OR 收费）听证", AllOf((AnyOf((A, B)), C))),
        ("停车 NOT 收费", AllOf((A, Not(B)))),
        ("停车 -收费", AllOf((A, Not(B)))),
        ("停车 非 (收费 或 听证)", AllOf((A, Not(AnyOf((B, C)))))),
        ("NOT NOT 停车", A),
        ("---停车", Not(A)),
        ("标题:停车", Term("停车", in_title=True)),
        ("標題：“公共 停车”", Term("公共 停车", in_title=True, is_quoted=True)),
        ("title:停车", Term("停车", in_title=True)),
        ("文号:澜政示（2026）03号", Number("澜政示|2026|3")),
        ("文号:澜政示", Number("澜政示", is_whole=False)),
        ("停车(收费 OR 听证)", AllOf((A, AnyOf((B, C))))),
        ("停车（“停车” OR 听证）", AllOf((A, AnyOf((QUOTED, C))))),
        ("标题:停车(收费 或 听证)", AllOf((Term("停车", in_title=True), AnyOf((B, C))))),
        ("停车(标题:停车 OR 收费)", AllOf((A, AnyOf((Term("停车", in_title=True), B))))),
        ("条例（试行） AND 停车", AllOf((Term("条例（试行）"), A))),
        ("甲（乙（丙）丁 OR 停车）", AllOf((Term("甲"), AnyOf((Term("乙（丙）丁"), A))))),
        ("文号:澜政示〔2026〕 3号", Number("澜政示|2026|3")),
        ("文号:澜政示 （2026） 第 3 号", Number("澜政示|2026|3")),
        ("文号:澜政示（2026） 3号 停车", AllOf((Number("澜政示|2026|3"), A))),
        ("文号:澜政示 停车", AllOf((Number("澜政示", is_whole=False), A))),
        (
            "文号:澜政示 2026 停车",
            AllOf((Number("澜政示", is_whole=False), Term("2026"), A)),
        ),
        ("部门:住建", OfUnit("住建")),
        ("年份:2026", Between("year", 2026, 2026)),
        ("年份：2020至2026", Between("year", 2020, 2026)),
        ("阶段:征求意见", Has("stage", ("consulting", "consultation_closed"))),
        ("截止:2026-02", Between("closes_on", date(2026, 2, 1), date(2026, 2, 28))),
        ("公布:2026年3月5日..", Between("decided_on", date(2026, 3, 5), None)),
    ],
)
def test_operators_and_fields_are_understood(text, node):
    if isinstance(node, Has):
        labels = {stage.value for stage in Stage if "征求意见" in str(stage.label)}
        assert set(read_question(text).values) == labels
    else:
        assert read_question(text) == node


@pytest.mark.parametrize(
    "text", ["阶段:征求意见", "stage:open", "stage:consulting", "主题:交通", "topic:industry"]
)
def test_a_question_means_the_same_in_every_language(text):
    read = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            read[language] = read_question(text)
    assert len(set(read.values())) == 1 < len(read)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("停车 “收费", 3),
        ("停车 AND", 6),
        ("OR 停车", 0),
        ("停车 AND OR 收费", 7),
        ("(停车 OR 收费", 0),
        ("停车 OR 收费)", 8),
        ("停车 AND ()", 8),
        ("停车(收费 AND 听证", 2),
        ("标题: AND 停车", 0),
        ("年份:去年", 3),
        ("年份:2026-03", 3),
        ("截止:2026-02-30", 3),
        ("截止:2026..2020", 3),
        ("文号:2026", 3),
        ("主题:没有", 3),
        ("阶段:没有", 3),
        ("停车 AND 。", 7),
        ("“停车” " + "(" * 6 + "收费" + ")" * 6, 10),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_place(text, at):
    with pytest.raises(UnreadableError) as refused:
        read_question(text)
    assert str(refused.value)
    assert refused.value.at == at


def test_sixty_four_conditions_are_the_most():
    assert read_question(" OR ".join(["停"] * 64))
    with pytest.raises(UnreadableError):
        read_question(" OR ".join(["停"] * 65))


def test_the_reader_is_shown_the_place():
    with pytest.raises(BadQuestionError) as refused:
        read({"q": ["停车 AND (收费"]})
    marked = refused.value.marked
    assert plain(marked) == "停车 AND (收费"
    assert [one.text for one in marked if one.is_match] == ["("]


@given(st.text(alphabet='停车 （)(“”"-:：标题年份AND OR20.26', max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        node, at = read_question(text), 0
    except UnreadableError as refused:
        node, at = None, refused.at
    assert 0 <= at <= len(text)
    assert node is None or text.strip()


def test_what_is_ruled_out_is_not_marked():
    node = read_question("停车 NOT (收费 NOT 听证)")
    assert spoken(node) == ("停车", "听证")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026", (date(2026, 1, 1), date(2026, 12, 31))),
        ("2024-2", (date(2024, 2, 1), date(2024, 2, 29))),
        ("2026/3/5", (date(2026, 3, 5), date(2026, 3, 5))),
        ("2026-03..2026-06", (date(2026, 3, 1), date(2026, 6, 30))),
        ("..2026", (None, date(2026, 12, 31))),
        ("..", None),
        ("2026-13", None),
        ("0999", None),
        ("1..2..3", None),
        ("２０２６", None),
    ],
)
def test_days_and_spans(text, days):
    assert read_days(text) == days


def test_a_month_is_no_year():
    assert read_years("2026-03") is None
    assert read_years("2020..") == (2020, None)


def test_a_number_leaves_the_bracket_around_it_alone():
    asked = "（停车 OR 文号:澜政示〔2026〕 3号 ）"
    assert read_question(asked) == read_question("(停车 OR 文号:澜政示〔2026〕3号)")
    assert read_question("(文号: 澜政示 〔2026〕 3号 )") == read_question("文号:澜政示〔2026〕3号")
