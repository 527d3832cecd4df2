"""Passages of an opinion that the public does not see; the original is kept."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.lifecycle import RedactionReason


class Redaction(models.Model):
    """One passage that is hidden, and why.

    The passage is `comment[start:end]` of the opinion, in characters.
    """

    opinion = models.ForeignKey(
        "consultations.Opinion", on_delete=models.CASCADE, related_name="redactions"
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    reason = models.CharField(_("reason"), max_length=20, choices=RedactionReason.choices)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("recorded at"))

    class Meta:
        ordering = ("start",)
        verbose_name = _("hidden passage")
        verbose_name_plural = _("hidden passages")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="redaction_has_length"
            )
        ]

    def __str__(self) -> str:
        """Return where it is, never what it hides."""
        return f"{self.opinion_id}: {self.start}-{self.end}"
