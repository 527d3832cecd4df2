"""Words that mean the same to whoever searches the archive; the portal's publishers keep them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class SynonymGroup(models.Model):
    """Words of which each one is also searched for when another one is asked for.

    They are equal: a word that names only one kind of another does not belong here. What may
    stand in a group is said in `decisions.search.synonyms`.
    """

    terms = models.TextField(
        _("words"), help_text=_("One word a line, for example 电动自行车, 电瓶车 and 电单车.")
    )

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("pk",)
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")

    def __str__(self) -> str:
        """Return the words."""
        return " = ".join(self.words)

    @property
    def words(self) -> tuple[str, ...]:
        """The words, each once, without blank lines."""
        lines = (" ".join(line.split()) for line in self.terms.splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))
