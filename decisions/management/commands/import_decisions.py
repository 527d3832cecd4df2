"""Bring past decisions in: a table beside the files that its rows name."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import reset_queries
from django.utils import timezone
from django.utils.translation import gettext as _

from decisions.models import RowOutcome
from decisions.past.files import FolderFiles
from decisions.past.table import TableRefused, TableRow, rows_of
from decisions.services import PastTable, PlannedPast, carry_out_row
from portal.accounts.models import User

SECONDS_BETWEEN = 5


class Command(BaseCommand):
    """Record each row for itself, all of it or nothing; a row that is on record changes nothing."""

    help = "Record past decisions from a table (csv, xlsx) and the files it names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the table, and whose act it is."""
        parser.add_argument("table", type=Path, help="CSV in UTF-8 or GB18030, or XLSX")
        parser.add_argument("--dry-run", action="store_true", help="check every row, write nothing")
        parser.add_argument("--files", type=Path, help="folder of the files, if not the table's")
        parser.add_argument("--by", metavar="USERNAME", help="whose act the log shows")

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the rows; end with 1 if one was refused, after all others are done."""
        path: Path = options["table"]
        by = self._user(options["by"])
        at = timezone.now()
        table = PastTable(FolderFiles(options["files"] or path.parent), at=at)
        counts: Counter[str] = Counter()
        last = monotonic()
        for row in self._rows(path):
            plan = table.plan(row)
            if not options["dry_run"]:
                carry_out_row(plan=plan, by=by, at=timezone.now())
            self._tell(plan)
            counts[plan.outcome] += 1
            if monotonic() - last >= SECONDS_BETWEEN:
                last = monotonic()
                self.stderr.write(_told(counts))
            # Kept only while DEBUG is on, and then for ever.
            reset_queries()
        self.stderr.write(_told(counts))
        if options["dry_run"]:
            self.stderr.write(_("Nothing was written."))
        if counts[RowOutcome.REFUSED]:
            raise CommandError(
                _("%(n)s rows were refused; the others are not affected.")
                % {"n": counts[RowOutcome.REFUSED]}
            )

    def _user(self, name: str | None) -> User | None:
        if name is None:
            return None
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(_("There is no user “%(name)s”.") % {"name": name})
        return user

    def _rows(self, path: Path) -> Iterator[TableRow]:
        try:
            with path.open("rb") as file:
                yield from rows_of(file, name=path.name)
        except OSError as error:
            raise CommandError(_("“%(name)s” cannot be opened.") % {"name": path.name}) from error
        except TableRefused as refused:
            raise CommandError(str(refused)) from refused

    def _tell(self, plan: PlannedPast) -> None:
        """Print what stands against a row, and what should be looked at."""
        number = plan.read.number
        for heading, sentence in plan.problems:
            where = _("row %(row)s, %(column)s") if heading else _("row %(row)s")
            where %= {"row": number, "column": heading}
            self.stdout.write(_("%(name)s: %(value)s") % {"name": where, "value": sentence})
        if plan.outcome in {RowOutcome.NEW, RowOutcome.CHANGED}:
            for sentence in plan.remarks:
                where = _("row %(row)s, to be looked at") % {"row": number}
                self.stdout.write(_("%(name)s: %(value)s") % {"name": where, "value": sentence})


def _told(counts: Counter[str]) -> str:
    """Return how far it has come."""
    parts = [f"{one.label} {counts[one]}" for one in RowOutcome]
    total = _("%(n)s rows") % {"n": sum(counts.values())}
    return _("%(name)s: %(value)s") % {"name": total, "value": ", ".join(parts)}
