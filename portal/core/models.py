"""Shared records: who runs the site, the legal limits, the work calendar, the outbox."""

from datetime import date
from typing import Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Site
from wagtail.snippets.models import register_snippet

from portal.core.limits import FeedbackGate, Limits
from portal.core.workdays import announced_workday


@register_setting(icon="site")
class SiteIdentity(BaseSiteSetting):
    """Who runs this site and how to reach them; printed in header, help block and footer."""

    site_name = models.CharField(_("site name"), max_length=60, default="重大行政决策公众参与")
    organ_name = models.CharField(_("government"), max_length=60, default="人民政府")
    office_name = models.CharField(_("office in charge"), max_length=60, blank=True)
    telephone = models.CharField(_("telephone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    office_hours = models.CharField(_("office hours"), max_length=60, blank=True)
    site_code = models.CharField(_("site code 网站标识码"), max_length=10, blank=True)
    filing_no = models.CharField(_("filing number 备案号"), max_length=60, blank=True)
    is_demo = models.BooleanField(
        _("demonstration site"),
        default=False,
        help_text=_("Every page then says that its content is made up."),
    )

    panels: ClassVar[list[FieldPanel]] = [
        FieldPanel(name)
        for name in (
            "site_name",
            "organ_name",
            "office_name",
            "telephone",
            "email",
            "address",
            "office_hours",
            "site_code",
            "filing_no",
            "is_demo",
        )
    ]

    class Meta:
        verbose_name = _("site identity")

    def __str__(self) -> str:
        """Return the site's name."""
        return self.site_name


@register_setting(icon="calendar-check")
class ProcedureLimits(BaseSiteSetting):
    """The legal limits this decision organ works under; see `Limits` for their sources."""

    consultation_days = models.PositiveSmallIntegerField(
        _("least length of a consultation, days"),
        default=Limits.consultation_days,
        validators=[MinValueValidator(1)],
    )
    feedback_workdays = models.PositiveSmallIntegerField(
        _("working days from closing to the adoption summary"), default=Limits.feedback_workdays
    )
    feedback_gate = models.CharField(
        _("adoption summary"),
        max_length=20,
        default=Limits.feedback_gate.value,
        choices=[
            (FeedbackGate.BEFORE_DECISION.value, _("before the decision")),
            (FeedbackGate.WITH_DECISION.value, _("with the decision")),
        ],
    )
    moderation_workdays = models.PositiveSmallIntegerField(
        _("working days to moderate an opinion"), default=Limits.moderation_workdays
    )
    retention_days = models.PositiveSmallIntegerField(
        _("days after the adoption summary until names and e-mail addresses are removed"),
        default=Limits.retention_days,
        validators=[MinValueValidator(1)],
    )

    class Meta:
        verbose_name = _("procedure limits")

    def __str__(self) -> str:
        """Name the settings in the admin."""
        return str(_("procedure limits"))

    def as_limits(self) -> Limits:
        """Return the values as the rules read them."""
        return Limits(
            consultation_days=self.consultation_days,
            feedback_workdays=self.feedback_workdays,
            feedback_gate=FeedbackGate(self.feedback_gate),
            moderation_workdays=self.moderation_workdays,
            retention_days=self.retention_days,
        )


def current_limits() -> Limits:
    """Return the limits of the default site.

    Outside a request (mail, commands) there is one decision organ: the default site's.
    """
    site = Site.objects.filter(is_default_site=True).first()
    return ProcedureLimits.for_site(site).as_limits() if site else Limits()


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


class OutboxQuerySet(models.QuerySet[Any]):
    """Promises by how they stand."""

    def failing(self) -> Self:
        """Tried without success and not done yet; parked ones are among them."""
        return self.filter(done_at__isnull=True).exclude(last_error="")


class OutboxMessage(models.Model):
    """A side effect that was promised in a transaction and is carried out after it.

    The payload holds ids only: what is sent is built when it is sent, so no personal data and no
    secret waits here, and a message about something deleted since then has nothing to do.
    """

    topic = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("promised message")
        verbose_name_plural = _("promised messages")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(done_at__isnull=True),
                name="outbox_waiting",
            )
        ]

    def __str__(self) -> str:
        """Return topic and id, never the payload."""
        return f"{self.topic} #{self.pk}"
