"""Compare the archive's copies with what is public, and mend them when asked to."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from decisions.search.reconciling import Drift, EngineSilentError, compare, mend


class Command(BaseCommand):
    """It only reads, unless it is told to mend; it may be run at any time."""

    help = "Compare the archive's search copies with what is public; exit 1 where they differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--fix`."""
        parser.add_argument("--fix", action="store_true", help="write what differs anew")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, print what differs, mend it when asked.

        Raises:
            CommandError: a copy differs and was not mended, or Elasticsearch does not answer.

        """
        try:
            found = compare(at=timezone.now())
            for drift in found:
                self._tell(drift)
            if options["fix"]:
                owed = sum(mend(drift) for drift in found)
                if owed:
                    raise CommandError(f"{owed} could not be mended now and will be tried again.")
                found = compare(at=timezone.now())
        except EngineSilentError as error:
            raise CommandError(f"Elasticsearch does not say what it holds: {error}") from error
        if any(found):
            raise CommandError("The copies differ from what is public.")
        self.stdout.write("No drift.")

    def _tell(self, drift: Drift) -> None:
        for what, item_ids in (
            ("missing", drift.missing),
            ("stale", drift.stale),
            ("left over", drift.left_over),
        ):
            for item_id in item_ids:
                self.stdout.write(f"{drift.copy}: matter {item_id} {what}")
