"""Compare the public lists of opinions with the opinions themselves, and mend what differs."""

from typing import Any

from django.core.management.base import BaseCommand

from consultations.models import ConsultationPage
from consultations.services import recount


class Command(BaseCommand):
    """Count anew every round; nothing differs unless rows were changed past the services."""

    help = "Make the lists and tallies of shown opinions anew and say how many rounds differed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Recount each round in a transaction of its own."""
        rounds = ConsultationPage.objects.order_by("pk").values_list("pk", flat=True)
        mended = sum(recount(consultation_id=pk) for pk in rounds)
        self.stdout.write(f"mended={mended}")
