"""From the plain texts of the data files to the forms in which pages keep them; pure."""

import re
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.html import format_html_join

from portal.core.numerals import chinese_numeral

# Ids of the demo's articles are the same every time, so links into them outlive a new demo.
_NAMESPACE = uuid.UUID("7a9d3c0e-52d1-4f6b-9a43-6f0d3b1c8e27")
_PART = re.compile(r"(第[零一二三四五六七八九十百]+)(章|节|条)　(.+)")
_LEVELS = {"章": "chapter", "节": "section"}


def printed(day: date) -> str:
    """Return a day as notices print it."""
    return f"{day.year}年{day.month}月{day.day}日"


def paragraphs(text: str) -> str:
    """Return plain lines as rich text, one paragraph a line."""
    return format_html_join("", "<p>{}</p>", ((line,) for line in text.strip().splitlines()))


def article_id(matter: str, label: str) -> str:
    """Return the lasting id of an article of a matter."""
    return str(uuid.uuid5(_NAMESPACE, f"{matter}/{label}"))


def stream_of(text: str, ids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a text as the blocks of an articles field.

    Args:
        text: lines like 第一条　…, 第一章　…; any other line continues the article above it.
        ids: article id by printed number.

    """
    blocks: list[dict[str, Any]] = []
    articles = 0
    for line in text.strip().splitlines():
        part = _PART.fullmatch(line)
        if part is None:
            blocks[-1]["value"]["text"] += f"\n{line}"
        elif part[2] in _LEVELS:
            blocks.append({"type": "heading", "value": {"level": _LEVELS[part[2]], "text": line}})
        else:
            articles += 1
            label = part[1] + part[2]
            is_plain = label == f"第{chinese_numeral(articles)}条"
            blocks.append(
                {
                    "type": "article",
                    "id": ids[label],
                    "value": {"label": "" if is_plain else label, "text": part[3]},
                }
            )
    return blocks


def labels_of(text: str) -> list[str]:
    """Return the printed numbers of the articles of a text."""
    parts = (_PART.fullmatch(line) for line in text.strip().splitlines())
    return [part[1] + part[2] for part in parts if part and part[2] == "条"]


def draft_ids(matter: str, text: str) -> dict[str, str]:
    """Return article id by printed number for a draft."""
    return {label: article_id(matter, label) for label in labels_of(text)}


def decision_ids(
    matter: str,
    text: str,
    *,
    drafted: Mapping[str, str],
    added: tuple[str, ...],
    moved: Mapping[str, str],
) -> dict[str, str]:
    """Return article id by printed number for a decision; what was drafted keeps its id.

    Args:
        matter: name of the matter.
        text: the decision.
        drafted: the ids of its draft.
        added: numbers of articles that the draft did not have.
        moved: number in the decision to number in the draft, where they differ.

    """
    ids = {}
    for label in labels_of(text):
        before = moved.get(label, label)
        is_new = label in added or before not in drafted
        ids[label] = article_id(f"{matter}/decision", label) if is_new else drafted[before]
    return ids
