"""The report on promised messages that fail, for the administrator and the disclosure office."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from portal.core.models import OutboxMessage
from portal.core.outbox import is_parked, retry
from portal.core.verb_views import VerbView


def _try_again(message: OutboxMessage) -> str:
    return reverse("outbox_retry", args=[message.pk])


class FailingMessagesView(ReportView):
    """What fails or was parked; of a message its topic, never whom it is for or what it says."""

    model = OutboxMessage
    page_title = gettext_lazy("Mails and index updates that fail")
    header_icon = "mail"
    index_url_name = "outbox_report"
    index_results_url_name = "outbox_report_results"
    any_permission_required: ClassVar[list[str]] = ["view"]
    list_export: ClassVar[list[str]] = []
    no_results_message = gettext_lazy("Every mail and every index update went through.")
    columns: ClassVar[list[Column]] = [
        Column("topic", label=gettext_lazy("Topic")),
        DateColumn("created_at", label=gettext_lazy("Promised")),
        Column("attempts", label=gettext_lazy("Tries")),
        Column("last_error", label=gettext_lazy("Error")),
        BooleanColumn("parked", label=gettext_lazy("Given up"), accessor=is_parked),
        TitleColumn(
            "retry",
            label=gettext_lazy("What to do"),
            accessor=lambda _message: _("Try again"),
            get_url=_try_again,
        ),
    ]

    def get_queryset(self) -> QuerySet[OutboxMessage]:
        """Return them, oldest first."""
        self.queryset = OutboxMessage.objects.failing().order_by("created_at", "pk")
        return super().get_queryset()


class RetryView(VerbView):
    """Give one message all its tries again."""

    model = OutboxMessage
    permission_required = "change"
    form_class = forms.Form
    page_title = gettext_lazy("Try again")
    header_icon = "mail"
    submit_label = gettext_lazy("Try again")
    success_message = gettext_lazy("It is tried again now.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the message."""
        super().setup(request, *args, **kwargs)
        self.object = get_object_or_404(OutboxMessage.objects.failing(), pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Name it by topic and number."""
        return str(self.object)

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the report."""
        return [{"url": self.get_success_url(), "label": FailingMessagesView.page_title}]

    def get_success_url(self) -> str:
        """Return to the report."""
        return reverse("outbox_report")

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Try again."""
        retry(self.object.pk, at=at)
