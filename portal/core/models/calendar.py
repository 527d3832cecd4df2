"""Which days are worked: the announced calendar with the office's own corrections."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet

from portal.core.workdays import announced_workday, is_announced


@register_snippet
class WorkCalendarDay(models.Model):
    """A day whose being worked differs from the announced calendar."""

    day = models.DateField(_("day"), unique=True)
    is_workday = models.BooleanField(_("working day"))
    note = models.CharField(_("note"), max_length=60, blank=True)

    class Meta:
        ordering = ("day",)
        verbose_name = _("work calendar day")
        verbose_name_plural = _("work calendar")

    def __str__(self) -> str:
        """Return the day."""
        return self.day.isoformat()


class WorkCalendar:
    """The announced calendar with the office's own corrections, read once."""

    def __init__(self) -> None:
        """Load the corrections."""
        self._corrections = dict(WorkCalendarDay.objects.values_list("day", "is_workday"))

    def __call__(self, day: date) -> bool:
        """Tell whether `day` is worked."""
        return self._corrections.get(day, announced_workday(day))

    def is_known(self, day: date) -> bool:
        """Tell whether that is announced or entered here, not guessed."""
        return day in self._corrections or is_announced(day)
