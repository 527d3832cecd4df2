"""What is kept about the archive's copies: how often they were read for, and whether they are true.

Written by `decisions.search` only.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ArchiveClock(models.Model):
    """One row that counts the readings from which Elasticsearch is written.

    The count is the version of what is written: of two readings the later has the higher one, and
    no two have the same, as they would if it were the number of the last change.
    """

    readings = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("count of readings for the archive")

    def __str__(self) -> str:
        """Return the count."""
        return str(self.readings)


class Copy(models.TextChoices):
    """One of the archive's two copies of what is public."""

    DATABASE = "database", pgettext_lazy("archive", "Copy in the database")
    ENGINE = "Elasticsearch", "Elasticsearch"


class ArchiveComparison(models.Model):
    """What the last comparison of one copy with what is public came to; numbers of matters.

    Attributes:
        item_ids: of those that differed, in any way.

    """

    copy = models.CharField(max_length=20, choices=Copy.choices, primary_key=True)
    compared_at = models.DateTimeField()
    public = models.PositiveIntegerField()
    held = models.PositiveIntegerField()
    missing = models.PositiveIntegerField()
    stale = models.PositiveIntegerField()
    left_over = models.PositiveIntegerField()
    item_ids = models.JSONField(default=list)

    class Meta:
        verbose_name = _("comparison of the archive")

    def __str__(self) -> str:
        """Return which copy, and when."""
        return f"{self.copy} {self.compared_at:%F %T}"

    @property
    def differing(self) -> int:
        """How many matters differ."""
        return self.missing + self.stale + self.left_over
