"""Show what would be recognised in a draft that was written in Word or as a text."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from portal.core.drafting import ParsedDraft
from portal.core.management.draft_file import draft_in

WIDTH = 40


class Command(BaseCommand):
    """Read a file without keeping anything of it."""

    help = "Print the articles of a draft (docx, txt, md) and what has to be compared by hand."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and the form of the answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="everything, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the draft, or end with 1 and a sentence."""
        draft = draft_in(options["file"])
        if options["json"]:
            articles = [asdict(piece) for piece in draft.articles]
            told = {"articles": articles, "warnings": draft.warnings}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self._outline(draft)

    def _outline(self, draft: ParsedDraft) -> None:
        path: tuple[str, ...] = ()
        for piece in draft.articles:
            if piece.heading_path != path:
                path = piece.heading_path
                self.stdout.write(" > ".join(path))
            words = piece.text.replace("\n", " ")
            shown = words if len(words) <= WIDTH else f"{words[:WIDTH]}…"
            self.stdout.write(f"  {piece.number or f'({piece.kind})'}  {shown}")
        for sentence in draft.warnings:
            self.stdout.write(f"! {sentence}")
