"""Who runs the site, and the legal limits it works under."""

from typing import ClassVar

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Site

from portal.core.limits import FeedbackGate, Limits

MONTH_AND_DAY = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


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

    catalogue_due = models.CharField(
        _("the year's catalogue is public by"),
        max_length=5,
        default="{:02}-{:02}".format(*Limits.catalogue_due),
        validators=[RegexValidator(MONTH_AND_DAY)],
        help_text=_("Month and day, like 06-30."),
    )
    consultation_days = models.PositiveSmallIntegerField(
        _("least length of a consultation, days"),
        default=Limits.consultation_days,
        validators=[MinValueValidator(1)],
    )
    consultation_floor = models.PositiveSmallIntegerField(
        _("days under which even an explained period draws a warning"),
        default=Limits.consultation_floor,
    )
    hearing_notice_days = models.PositiveSmallIntegerField(
        _("days between the notice of a hearing and the hearing"),
        default=Limits.hearing_notice_days,
    )
    hearing_material_days = models.PositiveSmallIntegerField(
        _("days between handing over the materials and the hearing"),
        default=Limits.hearing_material_days,
    )
    hearing_participants = models.PositiveSmallIntegerField(
        _("fewest participants of a hearing"), default=Limits.hearing_participants
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
    legality_workdays = models.PositiveSmallIntegerField(
        _("working days for the legality review"), default=Limits.legality_workdays
    )
    publication_workdays = models.PositiveSmallIntegerField(
        _("working days from signing to publication"), default=Limits.publication_workdays
    )
    interpretation_workdays = models.PositiveSmallIntegerField(
        _("working days from publication to the interpretation"),
        default=Limits.interpretation_workdays,
    )
    expiry_notice_days = models.PositiveSmallIntegerField(
        _("days before expiry at which the validity is looked at"),
        default=Limits.expiry_notice_days,
    )
    evaluation_opinions = models.PositiveSmallIntegerField(
        _("opinions against a decision that call for an evaluation"),
        default=Limits.evaluation_opinions,
        validators=[MinValueValidator(1)],
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
        month, day = self.catalogue_due.split("-")
        return Limits(
            catalogue_due=(int(month), int(day)),
            consultation_days=self.consultation_days,
            consultation_floor=self.consultation_floor,
            hearing_notice_days=self.hearing_notice_days,
            hearing_material_days=self.hearing_material_days,
            hearing_participants=self.hearing_participants,
            feedback_workdays=self.feedback_workdays,
            feedback_gate=FeedbackGate(self.feedback_gate),
            moderation_workdays=self.moderation_workdays,
            legality_workdays=self.legality_workdays,
            publication_workdays=self.publication_workdays,
            interpretation_workdays=self.interpretation_workdays,
            expiry_notice_days=self.expiry_notice_days,
            evaluation_opinions=self.evaluation_opinions,
            retention_days=self.retention_days,
        )


def current_limits() -> Limits:
    """Return the limits of the default site.

    Outside a request (mail, commands) there is one decision organ: the default site's.
    """
    site = Site.objects.filter(is_default_site=True).first()
    return ProcedureLimits.for_site(site).as_limits() if site else Limits()
