"""The printed lines of a PDF as paragraphs again."""

import pytest

from portal.core.pdf_text import unwrapped


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        (
            ["为了规范停车行为，保障公共安\n全，制定本办法。"],
            ["为了规范停车行为，保障公共安全，制定本办法。"],
        ),
        (
            ["市人民政府应当将停车管理纳入\n- 1 -", "城市综合交通体系。"],
            ["市人民政府应当将停车管理纳入城市综合交通体系。"],
        ),
        (
            ["澜川市停车管理办法\n第一条 为了规范停车，制定本办法。"],
            ["澜川市停车管理办法", "第一条 为了规范停车，制定本办法。"],
        ),
        (
            ["有下列情形之一的，由主管部门：\n（一）甲；\n（二）乙。"],
            ["有下列情形之一的，由主管部门：", "（一）甲；", "（二）乙。"],
        ),
        (
            ["主管部门按照本办法第四条以及\n第五条的规定处理。"],
            ["主管部门按照本办法第四条以及第五条的规定处理。"],
        ),
        (
            ["甲部门负责住宅小区停车管理工作\n第二章　设施"],
            ["甲部门负责住宅小区停车管理工作", "第二章　设施"],
        ),
        (
            ["the office in charge of parking\nspaces decides."],
            ["the office in charge of parking spaces decides."],
        ),
    ],
)
def test_a_printed_line_goes_on_until_its_sentence_ends(pages, expected):
    assert unwrapped(pages).split("\n") == expected
