"""Personal data found by its shape: what is found, where, and what only looks like it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.patterns import PatternKind, found

ID_NUMBER = PatternKind.ID_NUMBER
BANK_CARD = PatternKind.BANK_CARD
MOBILE = PatternKind.MOBILE
LANDLINE = PatternKind.LANDLINE
EMAIL = PatternKind.EMAIL
COORDINATES = PatternKind.COORDINATES


def kinds(text):
    return [one.kind for one in found(text)]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ID_NUMBER, "11010519491231002X"),
        (ID_NUMBER, "11010519491231002x"),
        (ID_NUMBER, "110105 19491231 002X"),
        (ID_NUMBER, "１１０１０５１９４９１２３１００２Ｘ"),
        (BANK_CARD, "4111111111111111"),
        (BANK_CARD, "4111 1111 1111 1111"),
        (BANK_CARD, "6222020200112233446"),
        (MOBILE, "13812345678"),
        (MOBILE, "138-1234-5678"),
        (MOBILE, "138 1234 5678"),
        (MOBILE, "+86 13812345678"),
        (MOBILE, "１３８１２３４５６７８"),
        (LANDLINE, "0451-82345678"),
        (LANDLINE, "010-12345678"),
        (LANDLINE, "(0451) 82345678"),
        (LANDLINE, "（0451）82345678"),
        (LANDLINE, "0451-82345678-802"),
        (LANDLINE, "0451-82345678转802"),
        (EMAIL, "wang.xm@example.com"),
        (EMAIL, "a+b@mail.example.com.cn"),
        (COORDINATES, "126.534967,45.803775"),
        (COORDINATES, "45.803775 126.534967"),
        (COORDINATES, "126°32′05″"),
        (COORDINATES, "45度48分"),
    ],
)
def test_it_is_found_exactly_where_it_stands(kind, said):
    text = f"联系王某，{said}，请保密。"
    (one,) = found(text)
    assert (one.kind, text[one.start : one.end]) == (kind, said)


@pytest.mark.parametrize(
    "text",
    [
        "身份证110105194912310021",  # the check character is X
        "编号110105194913310025",  # no month 13
        "卡号4111111111111112",  # the check digit is wrong
        "编号0000000000000000",
        "共12812345678元",  # no mobile number begins so
        "编号2213812345678901",  # a mobile number inside a longer one
        "金额13812345678.55元",
        "（2031）第12345678号",
        "电话12345678",  # without its area code it may be any number
        "热线12345",
        "澜政示〔2031〕9号",
        "index 9901000001/2031-00001",
        "2031-01-15至2031-02-14",
        "请看 @市民 的意见",
        "比例为45.8038",
        "长45.80米，宽126.53米",  # too coarse for a place
        "水温45度",
        "第十二条第（三）项，自2031年1月15日起30日内",
    ],
)
def test_what_only_looks_like_it_is_not_found(text):
    assert found(text) == []


def test_all_of_them_are_found_in_the_order_of_the_text():
    text = "电话13812345678，邮箱w@example.com，证件11010519491231002X，座机0451-82345678"
    assert kinds(text) == [MOBILE, EMAIL, ID_NUMBER, LANDLINE]


def test_an_identity_number_is_not_read_a_second_time_as_a_card():
    assert kinds("11010519491231002X") == [ID_NUMBER]


@given(st.text(alphabet="0123456789Xx-+@.(（ 转°′abc，138", max_size=400))
def test_places_never_overlap_and_lie_inside_the_text(text):
    places = found(text)
    ends = [0, *(one.end for one in places)]
    assert all(end <= one.start < one.end for end, one in zip(ends, places, strict=False))
    assert ends[-1] <= len(text)


@pytest.mark.parametrize("unit", ["1", "a", "138 ", "a.", "4111 ", "0451-", "12.3456 ", "1°1′"])
def test_a_long_hostile_text_is_read_in_time(unit):
    begun = time.perf_counter()
    found(unit * (400_000 // len(unit)))
    assert time.perf_counter() - begun < 4
