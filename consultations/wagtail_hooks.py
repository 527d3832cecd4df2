"""What this app adds to Wagtail's admin."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from consultations import services, timeline
from consultations.lifecycle import AdjustmentKind, Channel, Outcome, Stage, WithheldReason
from consultations.models import (
    CataloguePage,
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
)
from portal.core import log_actions
from portal.core.publishing import publish_with

hooks.register("matter_events", timeline.events)

publish_with(CataloguePage, services.publish_catalogue)
publish_with(DecisionItemPage, services.publish_item)
publish_with(ConsultationPage, services.open_round)
publish_with(FeedbackReportPage, services.publish_feedback)


@hooks.register("register_log_actions")
def name_the_acts(actions: LogActionRegistry) -> None:
    """Give every act of `services` a name on history pages."""
    log_actions.register(
        actions,
        {
            "consultations.advance": (
                _("Move to another stage"),
                _("Moved from “%(from)s” to “%(to)s”"),
                {"from": Stage, "to": Stage},
            ),
            "consultations.publish_catalogue": (
                _("Publish the catalogue"),
                _("Catalogue published with its entries"),
                {},
            ),
            "consultations.publish_item": (
                _("Publish a catalogue entry"),
                _("Catalogue entry published"),
                {},
            ),
            "consultations.adjust": (
                _("Adjust the catalogue"),
                _("Catalogue adjustment recorded: %(kind)s"),
                {"kind": AdjustmentKind},
            ),
            "consultations.open_round": (
                _("Open a consultation"),
                _("Consultation published"),
                {},
            ),
            "consultations.publish_feedback": (
                _("Publish the adoption summary"),
                _("Adoption summary published"),
                {},
            ),
            "consultations.enter_offline": (
                _("Enter an opinion"),
                _("Opinion entered that came this way: %(channel)s"),
                {"channel": Channel},
            ),
            "consultations.publish_opinion": (
                _("Show an opinion"),
                _("Opinion shown to the public"),
                {},
            ),
            "consultations.withhold_opinion": (
                _("Withhold an opinion"),
                _("Opinion withheld: %(reason)s"),
                {"reason": WithheldReason},
            ),
            "consultations.open_issue": (_("Open an issue"), _("Issue opened"), {}),
            "consultations.assign": (
                _("Group opinions"),
                _("Opinions grouped under this issue"),
                {},
            ),
            "consultations.answer": (
                _("Answer an issue"),
                _("Answered: %(outcome)s"),
                {"outcome": Outcome},
            ),
        },
    )
