"""The words in one file: known by what is in the file, so the same file is read once."""

from typing import ClassVar

from django.db import models

from portal.core.file_texts.reading import TextState


class FileText(models.Model):
    """What was taken out of a file; `pages` as `file_texts.reading.Words` has them."""

    file_hash = models.CharField(max_length=40, primary_key=True)
    pages = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=TextState.choices)

    objects: ClassVar[models.Manager["FileText"]] = models.Manager()

    def __str__(self) -> str:
        """Return the hash, never the words."""
        return self.file_hash
