"""The generated parts of the documentation say what the code says."""

import os
import re
from functools import partial
from pathlib import Path

import pytest
from django.utils import translation

import decisions.compliance  # noqa: F401 - registers its rules
from consultations.lifecycle import TRANSITIONS, Stage
from decisions.past.columns import COLUMNS
from portal.core.findings import RULES
from tests.benchmarks import goals

DOCS = Path(__file__).resolve().parents[2] / "docs"


def rules_table():
    lines = ["| Id | Level | Asked at | Rule | Source |", "|---|---|---|---|---|"]
    for rule in sorted(RULES.values(), key=lambda one: one.id):
        acts = ", ".join(f"`{act.value}`" for act in sorted(rule.acts, key=lambda act: act.value))
        sentence = rule.check.__doc__.strip().split("\n")[0]
        level = rule.level.value + (", public reason" if rule.public_reason else "")
        lines.append(f"| {rule.id} | {level} | {acts} | {sentence} | {rule.source} |")
    return "\n".join(lines)


def stages_table():
    lines = ["| Stage | Shown as | May become |", "|---|---|---|"]
    with translation.override("en"):
        for stage in Stage:
            following = ", ".join(f"`{to}`" for to in Stage if to in TRANSITIONS[stage]) or "–"
            lines.append(f"| `{stage}` | {stage.label} | {following} |")
    return "\n".join(lines)


def goals_table(*groups):
    lines = ["| Figure | At most | What it is |", "|---|---|---|"]
    for group in groups:
        lines += [f"| `{name}` | {goal.most:g} | {goal.what} |" for name, goal in group.items()]
    return "\n".join(lines)


def columns_table():
    lines = ["| 栏目 | 英文名 | 必填 | 填法 | 例子 |", "|---|---|---|---|---|"]
    with translation.override("zh-hans"):
        for one in COLUMNS:
            others = f"（也认：{'、'.join(one.also)}）" if one.also else ""
            must = "是" if one.is_required else ""
            lines.append(
                f"| {one.heading}{others} | `{one.key}` | {must} | {one.help} | {one.example} |"
            )
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("file", "part", "table"),
    [
        ("compliance.md", "rules", rules_table),
        ("editors.md", "columns", columns_table),
        ("lifecycle.md", "stages", stages_table),
        ("testing.md", "bench", partial(goals_table, *goals.AT_BENCH)),
        ("testing.md", "scale", partial(goals_table, *goals.AT_SCALE)),
    ],
)
def test_a_generated_table_equals_the_code(file, part, table):
    """To renew the tables: WRITE_DOCS=1 pytest tests/unit/test_docs.py."""
    path = DOCS / file
    pattern = re.compile(rf"(<!-- {part} -->\n).*?(<!-- /{part} -->)", re.DOTALL)
    text = path.read_text(encoding="utf-8")
    assert pattern.search(text)
    expected = pattern.sub(lambda found: f"{found[1]}{table()}\n{found[2]}", text)
    if os.environ.get("WRITE_DOCS"):
        path.write_text(expected, encoding="utf-8")
    assert text == expected
