"""What staff were reminded of by mail, so that nobody is reminded twice."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Reminder(models.Model):
    """One reminder that was promised to one person."""

    kind = models.CharField(max_length=20)
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    due_on = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "page", "user", "due_on"], name="reminder_once")
        ]

    def __str__(self) -> str:
        """Return kind and day."""
        return f"{self.kind} {self.due_on.isoformat()}"
