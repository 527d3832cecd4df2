"""The collective discussion in Wagtail's admin, recorded through its verb."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.models import Page

from consultations.models import DecisionItemPage
from decisions import services
from decisions.models import CollectiveDiscussion
from decisions.viewsets.record import MatterField, RecordView, RecordViewSet
from portal.core.forms import PastDateField
from portal.core.waiver_views import WaivingView


class DecideForm(forms.Form):
    """The meeting that decided a matter."""

    item = MatterField()
    meeting_name = forms.CharField(label=_("Meeting"), max_length=60)
    held_on = PastDateField(label=_("Held on"))
    party_report_on = PastDateField(label=_("Reported to the Party committee on"))


class DecideView(WaivingView, RecordView):
    """Record the collective decision on a matter; REV-2 may ask for a reason."""

    model = CollectiveDiscussion
    form_class = DecideForm
    page_title = _("Record the collective decision")
    header_icon = "group"
    success_message = _("The decision is recorded. Its text can be published now.")

    def waived_page(self, cleaned: dict[str, Any]) -> Page:
        """Record reasons for the matter."""
        item: DecisionItemPage = cleaned["item"]
        return item

    def act(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Record it, if the rules allow the decision."""
        services.decide(**cleaned, by=self.request.user, at=at)


class DiscussionViewSet(RecordViewSet):
    """Collective discussions: recorded once, never edited."""

    model = CollectiveDiscussion
    icon = "group"
    url_prefix = "discussions"
    url_namespace = "wagtailsnippets_decisions_collectivediscussion"
    menu_order = 170
    search_fields: ClassVar[list[str]] = ["item__title", "meeting_name"]
    ordering: ClassVar[list[str]] = ["-held_on", "-pk"]
    list_display: ClassVar[list[Any]] = [
        "meeting_name",
        Column("item", label=_("Matter"), accessor="item.title"),
        Column("held_on", label=_("Held on"), sort_key="held_on"),
        Column(
            "party_report_on",
            label=_("Reported to the Party committee on"),
            sort_key="party_report_on",
        ),
    ]

    @property
    def add_view(self) -> Any:
        """Record a decision."""
        return DecideView.as_view()
