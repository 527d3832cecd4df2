"""Numerals, articles, working days and rules: the pure part of the shared ground."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.blocks import Article, ArticlesBlock, Heading, articles_of, parts_of
from portal.core.findings import RULES, Level, Refused, Rule, blockers, findings, require
from portal.core.limits import Limits
from portal.core.numerals import chinese_numeral
from portal.core.workdays import add_workdays, announced_workday


@pytest.mark.parametrize(
    ("number", "numeral"),
    [
        (0, "零"), (1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (44, "四十四"),
        (100, "一百"), (101, "一百零一"), (110, "一百一十"), (1001, "一千零一"),
        (1010, "一千零一十"), (9999, "九千九百九十九"),
    ],
)  # fmt: skip
def test_numerals_as_regulations_print_them(number, numeral):
    assert chinese_numeral(number) == numeral


def test_numerals_outside_the_range_are_refused():
    with pytest.raises(ValueError, match="10000"):
        chinese_numeral(10_000)


def text_of(*blocks):
    return ArticlesBlock().to_python(
        [
            {"type": kind, "id": f"{n:032x}", "value": value}
            for n, (kind, value) in enumerate(blocks)
        ]
    )


def test_articles_are_numbered_over_chapters_and_keep_their_ids():
    text = text_of(
        ("heading", {"level": "chapter", "text": "第一章 总则"}),
        ("article", {"label": "", "text": "为了规范。"}),
        ("heading", {"level": "chapter", "text": "第二章 附则"}),
        ("heading", {"level": "section", "text": "第一节 施行"}),
        ("article", {"label": "", "text": "自公布之日起施行。"}),
    )
    parts = list(parts_of(text))
    assert [type(part) for part in parts] == [Heading, Article, Heading, Heading, Article]
    first, second = articles_of(text)
    assert (first.label, second.label) == ("第一条", "第二条")
    assert second.path == ("第二章 附则", "第一节 施行")
    assert first.id == f"{1:032x}"


def test_a_given_number_wins_over_counting():
    (article,) = articles_of(text_of(("article", {"label": "第十一条", "text": "回收。"})))
    assert article.label == "第十一条"


def naive(day, count, is_workday):
    while count:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day


@given(st.dates(date(2020, 1, 1), date(2027, 12, 1)), st.integers(0, 30))
def test_workdays_agree_with_a_naive_count(day, count):
    assert add_workdays(day, count) == naive(day, count, announced_workday)


def test_a_make_up_saturday_is_worked_and_an_unannounced_year_is_guessed():
    assert announced_workday(date(2026, 2, 14))  # a Saturday worked for Spring Festival
    assert not announced_workday(date(2026, 10, 1))
    assert announced_workday(date(2099, 1, 1))  # a Thursday nobody has announced yet


@pytest.fixture
def two_rules(monkeypatch):
    made = {
        "X-1": Rule("X-1", Level.BLOCK, "art. 1", frozenset({"do"}), lambda f, _l: f or None),
        "X-2": Rule("X-2", Level.WARN, "art. 2", frozenset({"do"}), lambda f, _l: f or None),
    }
    for rule_id, rule in made.items():
        monkeypatch.setitem(RULES, rule_id, rule)


@pytest.mark.usefixtures("two_rules")
def test_a_warning_is_found_but_does_not_block():
    assert [one.id for one in findings("do", "wrong", Limits())] == ["X-1", "X-2"]
    assert [one.id for one in blockers("do", "wrong", Limits())] == ["X-1"]
    assert findings("something else", "wrong", Limits()) == []


@pytest.mark.usefixtures("two_rules")
def test_an_act_is_refused_with_the_findings_that_say_why():
    require("do", "", Limits())
    with pytest.raises(Refused) as refused:
        require("do", "wrong", Limits(), waived={"X-2"})
    assert [one.message for one in refused.value.findings] == ["wrong"]


@pytest.mark.usefixtures("two_rules")
def test_a_warning_is_passed_with_a_reason_a_binding_rule_never(monkeypatch):
    with pytest.raises(Refused) as refused:
        require("do", "wrong", Limits(), waived={"X-1"})
    assert {one.id for one in refused.value.findings} == {"X-1", "X-2"}
    assert not refused.value.asks_for_reasons
    monkeypatch.delitem(RULES, "X-1")
    with pytest.raises(Refused) as refused:
        require("do", "wrong", Limits())
    assert refused.value.asks_for_reasons
    require("do", "wrong", Limits(), waived={"X-2"})
