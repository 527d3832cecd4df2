"""Remove personal data whose purpose is met; `tick` does the same once a day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from consultations.services import purge_personal_data


class Command(BaseCommand):
    """Empty names and e-mail addresses after the time set in “procedure limits”."""

    help = "Remove names and e-mail addresses of rounds whose adoption summary is old enough."

    def handle(self, *args: Any, **options: Any) -> None:
        """Purge and say how many opinions."""
        self.stdout.write(f"purged={purge_personal_data(at=timezone.now())}")
