"""The verbs on one opinion: show it, show it with parts removed, withhold it."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultations import services
from consultations.lifecycle import LONGEST_OPINION, WithheldReason
from consultations.models import Opinion
from portal.core.verb_views import VerbView


class OpinionVerbView(VerbView):
    """A verb on one opinion, with its text above the form."""

    model = Opinion
    permission_required = "moderate"
    template_name = "consultations/admin/opinion_verb.html"
    header_icon = "comment"
    form_class: type[forms.Form] = forms.Form

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the opinion."""
        super().setup(request, *args, **kwargs)
        self.object = get_object_or_404(Opinion, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Name the opinion by its receipt number."""
        return self.object.receipt_no

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the list and to the opinion."""
        name = Opinion.snippet_viewset.get_url_name
        return [
            {"url": reverse(name("list")), "label": Opinion._meta.verbose_name_plural},
            {"url": self.get_success_url(), "label": self.object.receipt_no},
        ]

    def get_success_url(self) -> str:
        """Return to the opinion."""
        return reverse(Opinion.snippet_viewset.get_url_name("inspect"), args=[self.object.pk])

    def version(self) -> int:
        """Return the version of the opinion."""
        return self.object.version

    def reread(self) -> Opinion:
        """Read the opinion again."""
        self.object = Opinion.objects.get(pk=self.object.pk)
        return self.object

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the opinion."""
        return super().get_context_data(**kwargs) | {"opinion": self.object}


class PublishOpinionView(OpinionVerbView):
    """Show an opinion as it was written."""

    page_title = _("Show this opinion")
    submit_label = _("Show as written")
    success_message = _("The opinion is shown to the public.")

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Show it."""
        services.publish_opinion(
            opinion=self.object, seen=cleaned["seen"], by=self.request.user, at=at
        )


class RedactForm(forms.Form):
    """The text that is shown in place of the author's."""

    redacted_content = forms.CharField(
        label=_("Text as shown"),
        max_length=LONGEST_OPINION,
        help_text=_("Remove only what may not be shown, such as names, numbers and addresses."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )


class PublishRedactedOpinionView(OpinionVerbView):
    """Show an opinion with parts removed; the text as it arrived is kept."""

    page_title = _("Show with parts removed")
    submit_label = _("Show this text")
    success_message = _("The opinion is shown with parts removed.")
    form_class = RedactForm

    def get_initial(self) -> dict[str, Any]:
        """Start from what is shown now, or from the whole text."""
        return {"redacted_content": self.object.redacted_content or self.object.comment}

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Show the shortened text."""
        services.publish_opinion(
            opinion=self.object,
            redacted_content=cleaned["redacted_content"],
            seen=cleaned["seen"],
            by=self.request.user,
            at=at,
        )

    def refused_field(self, cleaned: dict[str, Any]) -> str | None:
        """Show a refusal at the text."""
        return "redacted_content"


class WithholdForm(forms.Form):
    """Why an opinion is not shown; its author is told."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=WithheldReason.choices, widget=forms.RadioSelect
    )


class WithholdOpinionView(OpinionVerbView):
    """Do not show an opinion; it is still counted and answered."""

    page_title = _("Withhold this opinion")
    submit_label = _("Withhold")
    success_message = _("The opinion is withheld. It is still counted and answered.")
    form_class = WithholdForm

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Withhold it."""
        services.withhold_opinion(
            opinion=self.object,
            reason=WithheldReason(cleaned["reason"]),
            seen=cleaned["seen"],
            by=self.request.user,
            at=at,
        )
