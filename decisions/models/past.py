"""Past decisions: what each was recorded from, and the tables that brought them in."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from decisions.models.decision import DecisionPage
from portal.accounts.scope import scope_of
from portal.core.private_files import PrivateFiles

# A ZIP that nobody confirms is removed after these days.
WAITING_TIME = timedelta(days=7)


class PastRecord(models.Model):
    """What a past decision was recorded from; it belongs to the decision like its text."""

    decision = models.OneToOneField(
        DecisionPage, on_delete=models.CASCADE, related_name="past_record"
    )
    # Of the whole row and its file, so that the same row again is told without reading a text.
    row_digest = models.CharField(max_length=64)
    file_name = models.CharField(_("file"), max_length=120)
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    # The revision that recording made: whoever edits the page makes another.
    revision = models.ForeignKey(
        "wagtailcore.Revision", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("record of a past decision")
        verbose_name_plural = _("records of past decisions")

    def __str__(self) -> str:
        """Return the name of the file."""
        return self.file_name


class PastImportQuerySet(models.QuerySet[Any]):
    """Imports of past decisions."""

    def in_scope_of(self, user: Any) -> Self:
        """Those of somebody who works on the matters of every unit, since rows may name any."""
        return self if scope_of(user).everywhere else self.none()

    def left_behind(self, *, at: datetime) -> Self:
        """Those whose file still waits although nobody confirmed them in time."""
        overdue = self.filter(confirmed_at__isnull=True, uploaded_at__lte=at - WAITING_TIME)
        return overdue.exclude(file="")


class PastImport(models.Model):
    """A table of past decisions with its files, uploaded as one ZIP; checked, then carried out."""

    file = models.FileField(storage=PrivateFiles, upload_to="past", blank=True)
    file_name = models.CharField(_("file"), max_length=120)
    row_count = models.PositiveIntegerField(_("rows"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = PastImportQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at", "-pk")
        verbose_name = _("import of past decisions")
        verbose_name_plural = _("imports of past decisions")

    def __str__(self) -> str:
        """Return the name of the file."""
        return self.file_name

    @property
    def done_count(self) -> int:
        """How many rows the present pass, the check or the recording, has dealt with."""
        rows = self.rows.done() if self.confirmed_at else self.rows
        return int(rows.count())

    @property
    def is_checked(self) -> bool:
        """Whether every row was looked at."""
        return self.confirmed_at is not None or self.done_count >= self.row_count

    @property
    def is_waiting(self) -> bool:
        """Whether it can be confirmed: every row was looked at, and its file is still here."""
        return self.confirmed_at is None and bool(self.file) and self.is_checked


class RowOutcome(models.TextChoices):
    """What a row does, or did."""

    NEW = "new", pgettext_lazy("row", "New")
    CHANGED = "changed", pgettext_lazy("row", "Changed")
    SAME = "same", pgettext_lazy("row", "Unchanged")
    REFUSED = "refused", pgettext_lazy("row", "Refused")


class PastImportRowQuerySet(models.QuerySet[Any]):
    """Rows of imports."""

    def counted(self) -> dict[str, int]:
        """Return how many rows have each outcome."""
        rows = self.order_by().values_list("outcome").annotate(n=Count("pk"))
        return dict(rows)

    def done(self) -> Self:
        """Those that were carried out."""
        return self.filter(is_done=True)

    def with_words(self) -> Self:
        """Those that say something to whoever looks at them."""
        return self.exclude(findings=[], remarks=[])


class PastImportRow(models.Model):
    """One row of such a table as it was found, then as it was carried out."""

    table = models.ForeignKey(PastImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    outcome = models.CharField(max_length=10, choices=RowOutcome.choices)
    is_done = models.BooleanField(default=False)
    # Pairs of the heading of a column, or the empty string, and a sentence.
    findings = models.JSONField(default=list)
    remarks = models.JSONField(default=list)

    objects = PastImportRowQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["table", "number"], name="one_row_of_a_number")
        ]

    def __str__(self) -> str:
        """Return its number."""
        return str(self.number)
