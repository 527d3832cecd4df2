"""How a matter came to stand where it stands."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.lifecycle import Stage
from consultations.models.item import DecisionItemPage


class StageChange(models.Model):
    """One move of a matter from stage to stage: the act behind the stored stage."""

    item = models.ForeignKey(
        DecisionItemPage, on_delete=models.CASCADE, related_name="stage_changes"
    )
    from_stage = models.CharField(max_length=30, choices=Stage.choices)
    to_stage = models.CharField(max_length=30, choices=Stage.choices)
    reason = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ("changed_at", "pk")
        verbose_name = _("stage change")

    def __str__(self) -> str:
        """Return both stages."""
        return f"{self.from_stage} → {self.to_stage}"
