"""What a decision changed in its draft: the comparison that was kept, and why it changed."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredRedline(models.Model):
    """The comparison of a pair of texts, computed once."""

    digest = models.CharField(max_length=64, unique=True)
    rows = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("comparison that was kept")
        verbose_name_plural = _("comparisons that were kept")

    def __str__(self) -> str:
        """Return the beginning of the name of its texts."""
        return self.digest[:12]


class ChangeCause(models.Model):
    """Why an article of a decision is not as it was in the draft.

    Either an issue of the consultation, or the reason why the organ changed it of its own motion
    依职权. Where nothing is recorded, an adopted issue stands for the article that it speaks to.
    """

    decision = models.ForeignKey(
        "decisions.DecisionPage", on_delete=models.CASCADE, related_name="causes"
    )
    article_id = models.CharField(
        max_length=36,
        help_text="Of the decision; of the draft where the article is gone.",
    )
    issue = models.ForeignKey(
        "consultations.Issue", on_delete=models.PROTECT, null=True, related_name="changes"
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("cause of a change")
        verbose_name_plural = _("causes of changes")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["decision", "article_id", "issue"], name="cause_of_change_once"
            ),
            models.CheckConstraint(
                condition=models.Q(issue__isnull=False, reason="")
                | models.Q(issue__isnull=True) & ~models.Q(reason=""),
                name="cause_is_issue_or_reason",
            ),
        ]

    def __str__(self) -> str:
        """Return the article and the issue."""
        return f"{self.article_id}: {self.issue_id or '–'}"
