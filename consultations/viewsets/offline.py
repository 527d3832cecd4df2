"""Opinions that came by letter, telephone, fax, e-mail or at a meeting, entered by a clerk."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consultations import services
from consultations.lifecycle import LONGEST_OPINION, Channel, official_date
from consultations.models import ConsultationPage, FeedbackReportPage, Opinion
from consultations.services.opinion import Author, Point
from consultations.viewsets.rounds import RoundsView, article_choices
from portal.core.verb_views import VerbView


def opened_rounds(*, at: datetime) -> QuerySet[ConsultationPage]:
    """Return the rounds that take letters: opened, and without a published adoption summary.

    A letter may be read after the closing day, but not after all answers have been published.
    """
    summaries = FeedbackReportPage.objects.live().filter(path__startswith=OuterRef("path"))
    return ConsultationPage.objects.live().filter(
        ~Exists(summaries), opens_on__lte=official_date(at)
    )


class OpenedRoundsView(RoundsView):
    """Which consultation does the letter belong to?"""

    model = Opinion
    permission_required = "moderate"
    page_title = _("Enter an opinion")
    header_icon = "edit"
    next_url_name = "wagtailsnippets_consultations_opinion:enter_for"

    def get_queryset(self) -> QuerySet[ConsultationPage]:
        """Return the rounds that have opened."""
        return opened_rounds(at=timezone.now()).order_by("-opens_on", "-pk")


class OfflineOpinionForm(forms.Form):
    """What a clerk reads from a letter or notes at the telephone."""

    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[(one.value, one.label) for one in Channel if one is not Channel.ONLINE],
    )
    article = forms.ChoiceField(label=_("Article"), required=False)
    text = forms.CharField(
        label=_("Opinion"),
        max_length=LONGEST_OPINION,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    name = forms.CharField(label=_("Author’s name"), max_length=50, required=False)
    name_consent = forms.BooleanField(
        label=_("The name may be shown"),
        required=False,
        help_text=_("Only with the author's own consent."),
    )
    is_private = forms.BooleanField(
        label=_("The author does not wish the opinion to be shown"), required=False
    )

    def __init__(self, *args: Any, consultation: ConsultationPage, **kwargs: Any) -> None:
        """Offer the articles of the draft."""
        super().__init__(*args, **kwargs)
        articles = cast("forms.ChoiceField", self.fields["article"])
        articles.choices = article_choices(consultation)

    def clean(self) -> dict[str, Any]:
        """Ask for the name that may be shown."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("name_consent") and not cleaned.get("name"):
            self.add_error("name", ValidationError(_("Enter the name that may be shown.")))
        return cleaned


class EnterOpinionView(VerbView):
    """Enter one opinion; it counts at once and gets a receipt number."""

    model = Opinion
    permission_required = "moderate"
    form_class = OfflineOpinionForm
    page_title = _("Enter an opinion")
    header_icon = "edit"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the consultation."""
        super().setup(request, *args, **kwargs)
        rounds = opened_rounds(at=timezone.now())
        self.consultation = get_object_or_404(rounds, pk=kwargs["round"])

    def get_page_subtitle(self) -> str:
        """Name the consultation."""
        return self.consultation.title

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the choice of a consultation."""
        name = Opinion.snippet_viewset.get_url_name
        return [
            {"url": reverse(name("list")), "label": Opinion._meta.verbose_name_plural},
            {"url": reverse(name("enter")), "label": _("Enter an opinion")},
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form which draft it is about."""
        return super().get_form_kwargs() | {"consultation": self.consultation}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Enter the opinion, or show at the input what is wrong with it."""
        try:
            return super().form_valid(form)
        except services.OpinionRefused as refused:
            form.add_error(refused.field, refused.message)
            return self.form_invalid(form)

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Enter it."""
        self.opinion = services.enter_offline(
            consultation=self.consultation,
            points=[Point(cleaned["text"], cleaned["article"])],
            author=Author(
                name=cleaned["name"],
                name_consent=cleaned["name_consent"],
                is_private=cleaned["is_private"],
            ),
            channel=Channel(cleaned["channel"]),
            by=self.request.user,
            at=at,
        )

    def get_success_message(self) -> str:
        """Give the clerk the receipt number to pass on."""
        return gettext("The opinion is entered. Receipt number: %(number)s") % {
            "number": self.opinion.receipt_no
        }

    def get_success_url(self) -> str:
        """Return to the choice: letters come in piles."""
        return reverse(
            Opinion.snippet_viewset.get_url_name("enter_for"), args=[self.consultation.pk]
        )
