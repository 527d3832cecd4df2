"""An issue 归并问题: what many people said alike, answered once; and the answer in the making."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.lifecycle import AnswerState, Outcome
from consultations.querysets import IssueQuerySet, ReasonTemplateQuerySet
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
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
    )

    objects = IssueQuerySet.as_manager()

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

    @property
    def answer_state(self) -> AnswerState:
        """How far its answer has come; asks for the draft unless it was read along."""
        draft = getattr(self, "draft", None)
        if draft is not None:
            return AnswerState.REVIEWED if draft.reviewed_at else AnswerState.DRAFT
        return AnswerState.FINAL if self.outcome else AnswerState.OPEN


class AnswerDraft(models.Model):
    """An answer in the making; it is gone once the answer is final, the log keeps its acts."""

    issue = models.OneToOneField(Issue, on_delete=models.CASCADE, related_name="draft")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    reason = models.TextField(_("reason"), blank=True)
    change = models.CharField(_("what changes in the draft"), max_length=200, blank=True)
    article_id = models.CharField(_("article"), max_length=36, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField(_("drafted at"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True)

    class Meta:
        verbose_name = _("draft of an answer")
        verbose_name_plural = _("drafts of answers")

    def __str__(self) -> str:
        """Return the number of its issue."""
        return f"{self.issue_id}"


class ReasonTemplate(models.Model):
    """Words for a reason that comes up again and again; a clerk makes them fit."""

    title = models.CharField(_("title"), max_length=60)
    outcome = models.CharField(
        _("outcome"),
        max_length=20,
        choices=Outcome.choices,
        blank=True,
        help_text=_("Leave empty to offer it with every outcome."),
    )
    text = models.TextField(_("text"))
    unit = models.ForeignKey(
        "accounts.Unit",
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Leave empty to offer it to every unit."),
    )

    objects = ReasonTemplateQuerySet.as_manager()

    class Meta:
        ordering = ("title",)
        verbose_name = _("reason template")
        verbose_name_plural = _("reason templates")

    def __str__(self) -> str:
        """Return the title."""
        return self.title
