"""Write the archive's copies anew from the database: its own table and Elasticsearch's indices."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from decisions.search.rebuilding import RebuildFailedError, RebuildUnderWayError, rebuild
from decisions.tasks import promise_wanting_texts


class Command(BaseCommand):
    """Readers keep the old copies until the new ones are complete; it may be run at any time."""

    help = "Write the archive's search copies anew from the database."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild and say how much was written.

        Raises:
            CommandError: Elasticsearch did not take it, and what it had before is still in use; or
                another rebuild is not over.

        """
        try:
            rebuilt = rebuild(at=timezone.now())
        except RebuildUnderWayError as error:
            raise CommandError("Another rebuild is under way; wait until it is over.") from error
        except RebuildFailedError as error:
            raise CommandError(
                "The database's copy is written. Elasticsearch did not take its copy; what it had "
                f"before is still in use. {error}"
            ) from error
        self.stdout.write(f"Database: {rebuilt.dossiers} dossiers, {rebuilt.units} passages.")
        wanting = promise_wanting_texts()
        if wanting:
            self.stdout.write(f"Attachments to be read by the worker: {wanting}.")
        if rebuilt.indexed is None:
            self.stdout.write("Elasticsearch: not configured.")
        else:
            self.stdout.write(f"Elasticsearch: {rebuilt.indexed} dossiers in a new index.")
        if rebuilt.owed:
            self.stdout.write(f"{rebuilt.owed} that changed meanwhile will follow by the outbox.")
