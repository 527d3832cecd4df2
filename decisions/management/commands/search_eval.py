"""Measure how good the archive's order of results is, by a judged set of questions."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from decisions.search.evaluating import (
    EngineLostError,
    Evaluation,
    UnknownMatterError,
    evaluate,
)
from decisions.search.judging import (
    Goals,
    Summary,
    UnusableError,
    by_class,
    read_judged,
    summarised,
)

HEADINGS = ("class", "questions", "nDCG@10", "95 %", "MRR", "plain", "ratio", "behind", "clicks")


class Command(BaseCommand):
    """It only reads; it may be run at any time, on any archive and any judged set."""

    help = "Measure the archive's search by a judged set: nDCG@10 and MRR, beside a plain match."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the set, the form of the answer and what has to be reached."""
        parser.add_argument(
            "--queries",
            type=Path,
            required=True,
            help='JSON lines {"id", "class", "query", "relevant": {index number or title: 0 to 3}}',
        )
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
        parser.add_argument("--each", action="store_true", help="print every question, too")
        parser.add_argument("--at-least", type=float, help="least mean nDCG@10")
        parser.add_argument("--class-at-least", type=float, help="least mean of each class")
        parser.add_argument("--over-baseline", type=float, help="least ratio to the plain match")
        parser.add_argument("--behind-twins", type=float, help="most a class may be behind twins")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, print, and judge the figures by the goals given.

        Raises:
            CommandError: the set cannot be used, the engine was lost, or a goal was missed.

        """
        evaluation = self._evaluated(options["queries"])
        whole = summarised("all", evaluation.scores)
        classes = by_class(evaluation.scores)
        if options["json"]:
            self._print_json(evaluation, whole, classes)
        else:
            self._print_table(evaluation, whole, classes)
            if options["each"]:
                self._print_each(evaluation)
        goals = Goals(
            mean=options["at_least"],
            each_class=options["class_at_least"],
            over_baseline=options["over_baseline"],
            behind_twins=options["behind_twins"],
        )
        missed = goals.missed(whole, classes)
        if missed:
            raise CommandError(" ".join(missed))

    def _evaluated(self, path: Path) -> Evaluation:
        try:
            with path.open(encoding="utf-8") as lines:
                judged = read_judged(lines)
            if not judged:
                raise CommandError("The set holds no question.")
            return evaluate(judged, at=timezone.now())
        except (OSError, UnusableError, UnknownMatterError, EngineLostError) as error:
            raise CommandError(str(error)) from error

    def _print_table(self, evaluation: Evaluation, whole: Summary, classes: list[Summary]) -> None:
        self.stdout.write(f"Answered by: {evaluation.mode}")
        self.stdout.write("\t".join(HEADINGS))
        for one in (*classes, whole):
            cells = (
                one.kind,
                str(one.questions),
                f"{one.ndcg:.3f}",
                f"{one.low:.3f}–{one.high:.3f}",
                f"{one.mrr:.3f}",
                _figure(one.baseline),
                _figure(one.over_baseline),
                _figure(one.behind_twins),
                str(one.clicks),
            )
            self.stdout.write("\t".join(cells))

    def _print_each(self, evaluation: Evaluation) -> None:
        for one in evaluation.scores:
            cells = (one.judged.id, one.judged.kind, one.judged.query, f"{one.ndcg:.3f}")
            self.stdout.write("\t".join((*cells, _figure(one.baseline), _figure(one.twin))))

    def _print_json(self, evaluation: Evaluation, whole: Summary, classes: list[Summary]) -> None:
        told = {
            "mode": evaluation.mode,
            "all": _told(whole),
            "classes": [_told(one) for one in classes],
            "questions": [asdict(one) for one in evaluation.scores],
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))


def _told(one: Summary) -> dict[str, Any]:
    return asdict(one) | {"over_baseline": one.over_baseline}


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
