"""Show what changed between two versions of a text, article by article."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from decisions.redline import Comparison, Kind, Mark, Row, Unit, as_data, compared
from portal.core.blocks import ArticlesBlock, articles_of
from portal.core.drafting import placed
from portal.core.management.draft_file import draft_in

SIGNS = {Mark.KEPT: ("", ""), Mark.DELETED: ("[-", "-]"), Mark.INSERTED: ("{+", "+}")}


class Command(BaseCommand):
    """Compare two files without keeping anything of them."""

    help = "Print which articles of NEW are which of OLD, and the words that changed."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take both files, and the form of the answer."""
        parser.add_argument("old", type=Path, help="docx, txt or md")
        parser.add_argument("new", type=Path, help="docx, txt or md")
        parser.add_argument("--json", action="store_true", help="everything, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the comparison, or end with 1 and a sentence."""
        comparison = compared(_units(options["old"]), _units(options["new"]))
        if options["json"]:
            self.stdout.write(
                json.dumps({"alignment": _with_labels(comparison)}, ensure_ascii=False)
            )
            return
        for row in comparison.rows:
            self.stdout.write(f"{_labels(row.old)} → {_labels(row.new)}  {row.aligned.kind}")
            if row.aligned.kind is Kind.CHANGED or row.aligned.kind in {Kind.SPLIT, Kind.MERGED}:
                self.stdout.write("  " + _marked(row))


def _units(file: Path) -> list[Unit]:
    """Read the articles of a file.

    Raises:
        CommandError: the file cannot be read as a draft.

    """
    value = ArticlesBlock().to_python(placed(draft_in(file)).blocks)
    return [Unit(one.number, one.text, label=one.label) for one in articles_of(value)]


def _labels(units: Sequence[Unit]) -> str:
    return "、".join(unit.label for unit in units) or "–"


def _marked(row: Row) -> str:
    return "".join(
        f"{SIGNS[one.mark][0]}{one.text}{SIGNS[one.mark][1]}" for one in row.pieces
    ).replace("\n", " ")


def _with_labels(comparison: Comparison) -> list[dict[str, Any]]:
    return [
        data
        | {
            "old_labels": [unit.label for unit in row.old],
            "new_labels": [unit.label for unit in row.new],
        }
        for data, row in zip(as_data(comparison), comparison.rows, strict=True)
    ]
