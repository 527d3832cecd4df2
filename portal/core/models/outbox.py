"""Side effects that were promised in a transaction."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxQuerySet(models.QuerySet[Any]):
    """Promises by how they stand."""

    def failing(self) -> Self:
        """Tried without success and not done yet; parked ones are among them."""
        return self.filter(done_at__isnull=True).exclude(last_error="")


class OutboxMessage(models.Model):
    """A side effect that was promised in a transaction and is carried out after it.

    The payload holds ids only: what is sent is built when it is sent, so no personal data and no
    secret waits here, and a message about something deleted since then has nothing to do.
    """

    topic = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("promised message")
        verbose_name_plural = _("promised messages")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(done_at__isnull=True),
                name="outbox_waiting",
            )
        ]

    def __str__(self) -> str:
        """Return topic and id, never the payload."""
        return f"{self.topic} #{self.pk}"
