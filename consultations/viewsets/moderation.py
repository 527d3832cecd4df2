"""The verbs on one opinion, each on a page of its own; the queue has them side by side."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations import services
from consultations.lifecycle import WithheldReason
from consultations.models import Opinion
from consultations.viewsets.triage.forms import PublishForm, RedactForm, WithholdForm
from consultations.viewsets.triage.reading import is_kept_from_view
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
        self.object = get_object_or_404(Opinion.objects.in_scope_of(request.user), pk=kwargs["pk"])

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
        """Add the opinion; who sees a text that is kept from view is put on record."""
        if is_kept_from_view(self.object):
            services.record_look(opinion=self.object, by=self.request.user, at=timezone.now())
        return super().get_context_data(**kwargs) | {"opinion": self.object}


class PublishOpinionView(OpinionVerbView):
    """Show an opinion as it was written."""

    page_title = _("Show this opinion")
    submit_label = _("Show as written")
    success_message = _("The opinion is shown to the public.")
    form_class = PublishForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form whose text it is."""
        return super().get_form_kwargs() | {"opinion": self.object}

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Show it."""
        services.publish_opinion(
            opinion=self.object,
            not_personal=cleaned.get("not_personal", []),
            seen=cleaned["seen"],
            by=self.request.user,
            at=at,
        )


class RedactOpinionView(PublishOpinionView):
    """Show an opinion with passages hidden; the text as it arrived is kept."""

    page_title = _("Show with passages hidden")
    submit_label = _("Show without these passages")
    success_message = _("The opinion is shown with passages hidden.")
    form_class = RedactForm

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Show what is left."""
        services.redact_opinion(
            opinion=self.object,
            passages=cleaned["all_passages"],
            not_personal=cleaned.get("not_personal", []),
            seen=cleaned["seen"],
            by=self.request.user,
            at=at,
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
