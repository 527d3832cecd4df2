"""After a new key was put in front of PERSONAL_DATA_KEYS: write all personal data anew with it."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.core.key_rotation import rewrite_encrypted_values


class Command(BaseCommand):
    """Rewrite encrypted values; afterwards the other keys can be removed."""

    help = "Write every encrypted value anew with the first key of PERSONAL_DATA_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rewrite and say how many rows."""
        self.stdout.write(f"rewritten={rewrite_encrypted_values()}")
