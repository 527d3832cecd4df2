"""Uploads between the preview and the confirmation."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.fields import EncryptedTextField


class StagedUpload(models.Model):
    """Something uploaded that waits for its owner to look at the preview and confirm it.

    What was read from the file is kept, not the file; a day later it is gone.
    """

    purpose = models.CharField(max_length=20)
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=120, blank=True)
    content = EncryptedTextField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    uploaded_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("upload that waits")
        verbose_name_plural = _("uploads that wait")

    def __str__(self) -> str:
        """Return purpose and number, never the content."""
        return f"{self.purpose} #{self.pk}"
