"""Files that an author sends along with an opinion: for the drafting unit, never for the public."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.fields import EncryptedTextField
from portal.core.private_files import PrivateFiles
from portal.core.uploads import CONTENT_TYPES, Kind


class OpinionAttachment(models.Model):
    """One file of one opinion, or of what is still being written."""

    opinion = models.ForeignKey(
        "consultations.Opinion", on_delete=models.CASCADE, null=True, related_name="attachments"
    )
    draft = models.ForeignKey(
        "consultations.OpinionDraft",
        on_delete=models.CASCADE,
        null=True,
        related_name="attachments",
    )
    file = models.FileField(storage=PrivateFiles(), unique=True)
    name = EncryptedTextField(_("file name"))
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices)
    size = models.PositiveIntegerField(_("size"), help_text=_("In bytes."))
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(opinion__isnull=True) ^ Q(draft__isnull=True),
                name="attachment_of_opinion_or_draft",
            ),
        ]

    def __str__(self) -> str:
        """Return its number, never its name."""
        return f"{self.pk}"

    @property
    def content_type(self) -> str:
        """What a browser is told that it is."""
        return CONTENT_TYPES[Kind(self.kind)]
