"""An issue 归并问题: what many people said alike, answered once."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.lifecycle import Outcome
from portal.core.blocks import anchor_of


class Issue(models.Model):
    """A question raised in a consultation, with the office's answer to it."""

    consultation = models.ForeignKey(
        "consultations.ConsultationPage",
        verbose_name=_("consultation"),
        on_delete=models.PROTECT,
        related_name="issues",
    )
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("issue"), max_length=200)
    article_id = models.CharField(_("article"), max_length=36, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    change = models.CharField(_("what changes in the draft"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        ordering = ("number",)
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="issue_number_in_consultation"
            )
        ]

    def __str__(self) -> str:
        """Return number and title."""
        return f"{self.number} {self.title}"

    @property
    def article_anchor(self) -> str:
        """The fragment of the article's address, or the empty string."""
        return anchor_of(self.article_id) if self.article_id else ""
