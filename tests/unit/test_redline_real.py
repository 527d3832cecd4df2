"""The redline on real amendments: an alignment read and written down by hand."""

import json
from pathlib import Path
from unicodedata import normalize

import pytest
from django.core.management import CommandError, call_command

TEXTS = Path(__file__).parents[1] / "data" / "texts"

# "old>new" for articles that belong together; an article of neither side is new or gone.
BY_HAND = {
    "保障中小企业款项支付条例": (
        "1>1 2>2 3>3 4>5 5>6 6>7 7>8 8>9 9>10 10>11 11>12 12>13 13>14 14>16 15>17 16>18 "
        "17>24,25 18>20 19>26 20>27 21>23 22>28 23>29 24>30 25>31 26>32 27>33,34 28>36 29>37"
    ),
    "全国年节及纪念日放假办法": "1>1 2>2 3>3 4>4 5>5 6>6 7>8",
    "商用密码管理条例": "1>1 2>2 4>3 19>35 25>65,66 27>67",
    "国家科学技术奖励条例": " ".join(f"{number}>{number}" for number in range(1, 39)),
    "废旧金属收购业治安管理办法": (
        "1>1 2>2 3>3 4,6>4 5>5 7>6 8>7 9>8 10>9 11>10 13>11 14>12 15>13 17>14"
    ),
}
LEAST_RIGHT = 0.98


def versions(name: str) -> tuple[Path, Path]:
    old, new = sorted(TEXTS.glob(f"{name}(*"))
    return old, new


def compared(name: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    old, new = versions(name)
    call_command("redline", str(old), str(new), "--json")
    return json.loads(capsys.readouterr().out)["alignment"]


def partners(groups: list[tuple[list[int], list[int]]]) -> dict[tuple[str, int], frozenset[int]]:
    """For each article of a group with two sides, the articles of the other side."""
    found = {}
    for old, new in groups:
        found |= {("old", one): frozenset(new) for one in old}
        found |= {("new", one): frozenset(old) for one in new}
    return found


def by_hand(name: str) -> list[tuple[list[int], list[int]]]:
    sides = (pair.split(">") for pair in BY_HAND[name].split())
    return [tuple([int(one) for one in side.split(",")] for side in pair) for pair in sides]


def test_articles_are_aligned_as_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    right = total = 0
    wrong = []
    for name in BY_HAND:
        rows = compared(name, capsys)
        found = partners([(row["old"], row["new"]) for row in rows])
        expected = partners(by_hand(name))
        for article, others in found.items():
            total += 1
            if others == expected.get(article, frozenset()):
                right += 1
            else:
                wrong.append((name, article, sorted(others)))

    assert total == 282
    assert right / total >= LEAST_RIGHT, wrong


def test_unchanged_articles_are_recognised_behind_other_numbers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = compared("废旧金属收购业治安管理办法", capsys)

    kinds = {(*row["old"], *row["new"]): row["kind"] for row in rows}
    assert kinds[7, 6] == kinds[9, 8] == kinds[14, 12] == "renumbered"
    assert kinds[13, 11] == "changed"


@pytest.mark.parametrize("name", BY_HAND)
def test_both_texts_can_be_read_from_the_marked_words(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for row in compared(name, capsys):
        old = "".join(text for mark, text in row["words"] if mark != "+")
        new = "".join(text for mark, text in row["words"] if mark != "-")
        assert bool(old) == bool(row["old"])
        assert bool(new) == bool(row["new"])
        if row["kind"] == "same":
            assert normalize("NFKC", old) == normalize("NFKC", new)


def test_the_command_shows_the_words_that_changed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("redline", *map(str, versions("国家科学技术奖励条例")))

    shown = capsys.readouterr().out
    assert "第三条 → 第三条  changed" in shown
    assert "{+" in shown
    assert "[-" in shown


def test_a_file_that_is_no_text_is_refused_with_a_sentence(tmp_path: Path) -> None:
    strange = tmp_path / "strange.md"
    strange.write_bytes(b"\x00\x01\x02")

    with pytest.raises(CommandError, match=r"strange\.md"):
        call_command("redline", str(strange), str(strange))
