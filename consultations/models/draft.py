"""What somebody is writing: kept for a day between the steps of the form, then forgotten.

The browser holds a secret, the row its digest and the encrypted words; neither says alone who
writes what. A row ends when the opinion is sent, when its author erases it, or by the clock.
"""

from django.db import models

from portal.core.fields import EncryptedTextField


class OpinionDraft(models.Model):
    """An opinion that is not sent yet; nobody but its author reads it."""

    consultation = models.ForeignKey(
        "consultations.ConsultationPage", on_delete=models.CASCADE, related_name="drafts"
    )
    digest = models.CharField(max_length=64, unique=True)
    written = EncryptedTextField()
    saved_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        """Return its number, never its words."""
        return f"{self.pk}"
