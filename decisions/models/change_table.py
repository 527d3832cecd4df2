"""The changes of a decision as rows: one for each, the same in the CSV and in the JSON.

`as_data` says what the columns hold; the CSV has the same under headings in words.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from decisions.models.changes import Change, Changes
from decisions.redline import Kind
from portal.core.sheets import Cell, write_csv
from portal.core.tables import BETWEEN, Words

# What became of articles, in a word or two.
KINDS: Mapping[str, Words] = {
    Kind.CHANGED: gettext_lazy("changed"),
    Kind.INSERTED: gettext_lazy("new"),
    Kind.DELETED: gettext_lazy("taken out"),
    Kind.SPLIT: gettext_lazy("divided"),
    Kind.MERGED: gettext_lazy("put together"),
}


def as_data(changes: Changes, *, site: str = "") -> list[dict[str, Any]]:
    """Return one row for each change.

    Args:
        changes: of a decision.
        site: what addresses within the site begin with, so that they hold elsewhere.

    Returns:
        Rows with the keys `old_number` and `new_number` (as printed, joined by 、; empty where
        there is none), `anchor` (the fragment of its address on the page), `kind` (a value of
        `Kind`), `is_moved`, `old_words` and `new_words` (the whole texts), `edits` (`old` and
        `new` words of each place), `issues` (`number`, `title`, `outcome`, `opinions`, `url`;
        an opinion on two issues counts in both), and `own_motion` (why the organ changed it of
        its own motion, a sentence each).

    """
    return [_row(one, site) for one in changes.changed]


def _row(change: Change, site: str) -> dict[str, Any]:
    return {
        "old_number": change.old_labels,
        "new_number": change.labels,
        "anchor": change.anchor,
        "kind": change.kind.value,
        "is_moved": change.row.aligned.is_moved,
        "old_words": "\n".join(unit.text for unit in change.row.old),
        "new_words": "\n".join(unit.text for unit in change.row.new),
        "edits": [{"old": one.old, "new": one.new} for one in change.edits],
        "issues": [
            {
                "number": cause.issue.number,
                "title": cause.issue.title,
                "outcome": cause.issue.outcome,
                "opinions": cause.opinions,
                "url": f"{site}{cause.url}" if cause.url else "",
            }
            for cause in change.causes
        ],
        "own_motion": list(change.own_reasons),
    }


def as_csv(changes: Changes) -> bytes:
    """Return the same as a table that any program opens, safe from formulas."""
    headings = (
        _("Number in the draft"),
        _("Number in the decision"),
        _("What became of it"),
        _("Words of the draft"),
        _("Words of the decision"),
        _("Issue numbers"),
        _("Issues"),
        _("Number of opinions"),
        _("Changed of the organ's own motion, because"),
    )
    return "".join(write_csv(headings, map(_cells, changes.changed))).encode()


def _cells(change: Change) -> tuple[Cell, ...]:
    return (
        change.old_labels,
        change.labels,
        str(KINDS[change.kind]),
        "\n".join(unit.text for unit in change.row.old),
        "\n".join(unit.text for unit in change.row.new),
        _joined([cause.issue.number for cause in change.causes]),
        BETWEEN.join(cause.issue.title for cause in change.causes),
        _joined([cause.opinions for cause in change.causes]),
        BETWEEN.join(change.own_reasons),
    )


def _joined(numbers: list[int]) -> Cell:
    """Return one number as a number, several as text."""
    return numbers[0] if len(numbers) == 1 else BETWEEN.join(map(str, numbers))
