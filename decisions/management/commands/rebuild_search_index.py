"""Write the archive's copies anew from the database: its own table and Elasticsearch's indices."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from decisions.search.indexing import RebuildFailedError, rebuild


class Command(BaseCommand):
    """Readers keep the old copies until the new ones are complete; it may be run at any time."""

    help = "Write the archive's search copies anew from the database."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild and say how much was written.

        Raises:
            CommandError: Elasticsearch did not take it; what it had before is still in use.

        """
        try:
            rebuilt = rebuild(at=timezone.now())
        except RebuildFailedError as error:
            raise CommandError(
                "The database's copy is written. Elasticsearch did not take its copy; what it had "
                f"before is still in use. {error}"
            ) from error
        self.stdout.write(f"Database: {rebuilt.dossiers} dossiers, {rebuilt.units} passages.")
        if rebuilt.indexed is None:
            self.stdout.write("Elasticsearch: not configured.")
        else:
            self.stdout.write(f"Elasticsearch: {rebuilt.indexed} dossiers in a new index.")
