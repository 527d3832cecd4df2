"""Warnings that somebody went past, each with its reason."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.findings import RULES, Rule


class Waiver(models.Model):
    """A warning of the rules that somebody went past, with the reason."""

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.PROTECT, related_name="waivers")
    rule_id = models.CharField(_("rule"), max_length=10)
    reason = models.TextField(_("reason"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("recorded at"))

    class Meta:
        ordering = ("made_at", "pk")
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["page", "rule_id"], name="waiver_of_rule_on_page")
        ]

    def __str__(self) -> str:
        """Return the rule."""
        return self.rule_id

    @property
    def rule(self) -> Rule:
        """The rule whose warning it goes past."""
        return RULES[self.rule_id]
