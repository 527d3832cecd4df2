"""The release review 保密审查: its steps in Wagtail's workflow, and what each approval stated."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

from portal.core.disclosure import Disclosure


class ReleaseTask(AbstractGroupApprovalTask):
    """A step of the release review; the last one asks for the secrecy check."""

    checks_secrecy = models.BooleanField(
        _("asks for the secrecy check"),
        default=False,
        help_text=_("Whoever approves then states what was checked and the scope of disclosure."),
    )

    admin_form_fields: ClassVar[list[str]] = [
        *AbstractGroupApprovalTask.admin_form_fields,
        "checks_secrecy",
    ]

    class Meta:
        verbose_name = _("release review step")
        verbose_name_plural = _("release review steps")


class ReleaseTaskState(TaskState):
    """What was stated when a step of the release review was approved."""

    exclude_fields_in_copy: ClassVar[list[str]] = []

    secrecy_checked = models.BooleanField(_("secrecy checked"), default=False)
    disclosure = models.CharField(
        _("scope of disclosure"), max_length=10, choices=Disclosure.choices, blank=True
    )
    disclosure_reason = models.TextField(_("reason for the scope"), blank=True)
    patterns = models.JSONField(_("patterns found"), default=list)

    class Meta:
        verbose_name = _("release review")
        verbose_name_plural = _("release reviews")


ReleaseTask.task_state_class = ReleaseTaskState
