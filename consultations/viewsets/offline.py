"""Opinions that came by letter, telephone, fax, e-mail or at a meeting, entered by a clerk."""

from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.button import HeaderButton

from consultations import services
from consultations.compliance.offline import outside_period
from consultations.lifecycle import (
    LONGEST_OPINION,
    AuthorKind,
    Channel,
    Region,
    Stance,
    official_date,
)
from consultations.models import ConsultationPage, FeedbackReportPage, Opinion
from consultations.querysets import ConsultationQuerySet
from consultations.receipt_papers import receipt_as_pdf
from consultations.services.offline import ACCEPT_SCANS
from consultations.services.opinion import Author, Point
from consultations.viewsets.rounds import RoundsView, article_choices
from consultations.written import MOST_POINTS
from portal.core.context_processors import identity_of
from portal.core.papers import can_print
from portal.core.uploads import MOST_MEGABYTES
from portal.core.verb_views import VerbView

# The inputs of one point; those of the second are called `article_2` and so on.
POINT = ("article", "stance", "text")


def opened_rounds(*, at: datetime) -> ConsultationQuerySet:
    """Return the rounds that take letters: opened, and without a published adoption summary.

    A letter may be read after the closing day, but not after all answers have been published.
    """
    summaries = FeedbackReportPage.objects.live().filter(path__startswith=OuterRef("path"))
    rounds: ConsultationQuerySet = ConsultationPage.objects.live()
    return rounds.filter(~Exists(summaries), opens_on__lte=official_date(at))


def url_of(name: str, *arguments: int) -> str:
    """Return the address of one of the screens for opinions."""
    address: str = reverse(Opinion.snippet_viewset.get_url_name(name), args=arguments)
    return address


class OpenedRoundsView(RoundsView):
    """Which consultation does the letter belong to?"""

    model = Opinion
    permission_required = "moderate"
    page_title = _("Enter an opinion")
    header_icon = "edit"
    next_url_name = "wagtailsnippets_consultations_opinion:enter_for"

    def get_queryset(self) -> QuerySet[ConsultationPage]:
        """Return the rounds that have opened."""
        own = opened_rounds(at=timezone.now()).in_scope_of(self.request.user)
        return own.order_by("-opens_on", "-pk")

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """Lead to the transcripts that wait for a second person."""
        label = _("Transcripts to be checked")
        return [HeaderButton(label, url=url_of("transcripts"), icon_name="check")]


class OfflineOpinionForm(forms.Form):
    """What a clerk reads from a letter or notes at the telephone."""

    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[(one.value, one.label) for one in Channel if one is not Channel.ONLINE],
    )
    received_on = forms.DateField(
        label=_("Day received"),
        required=False,
        widget=AdminDateInput,
        help_text=_(
            "The day on which it reached us, by the postmark of our office; today unless given."
        ),
    )
    late = forms.BooleanField(
        label=_("Count it although the day lies outside the period"), required=False
    )
    name = forms.CharField(label=_("Author’s name"), max_length=50, required=False)
    kind = forms.ChoiceField(label=_("Speaks for"), choices=AuthorKind.choices, required=False)
    region = forms.ChoiceField(
        label=_("Region"), choices=[("", _("Not told")), *Region.choices], required=False
    )
    name_consent = forms.BooleanField(
        label=_("The name may be shown"),
        required=False,
        help_text=_("Only with the author's own consent."),
    )
    is_private = forms.BooleanField(
        label=_("The author does not wish the opinion to be shown"), required=False
    )
    scan = forms.FileField(
        label=_("Scan of the letter"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT_SCANS}),
    )

    def __init__(
        self, *args: Any, consultation: ConsultationPage, point_count: int = 1, **kwargs: Any
    ) -> None:
        """Offer the articles of the draft, as many times as there are points."""
        super().__init__(*args, **kwargs)
        self.consultation, self.point_count = consultation, point_count
        self.fields["scan"].help_text = _(
            "PDF, JPG or PNG, at most %(most)s MB; never public. Choose it last: when a point is "
            "added, the browser forgets it."
        ) % {"most": MOST_MEGABYTES}
        articles = article_choices(consultation)
        for number in range(1, point_count + 1):
            self.fields[named("article", number)] = forms.ChoiceField(
                label=_("Article"), required=False, choices=articles
            )
            self.fields[named("stance", number)] = forms.ChoiceField(
                label=_("Stance"),
                required=False,
                choices=[("", _("Not told")), *Stance.choices],
            )
            self.fields[named("text", number)] = forms.CharField(
                label=_("Opinion"),
                max_length=LONGEST_OPINION,
                required=number == 1,
                widget=forms.Textarea(attrs={"rows": 8}),
            )
        if not self._is_late():
            del self.fields["late"]

    def _is_late(self) -> bool:
        """Tell whether what was sent names a day outside the period."""
        sent = self.data.get("received_on") or self.initial.get("received_on")
        try:
            received_on = forms.DateField().to_python(sent)
        except ValidationError:
            return False
        return received_on is not None and self._lateness(received_on) is not None

    def _lateness(self, received_on: date) -> str | None:
        page = self.consultation
        return outside_period(page.opens_on, page.closes_on, received_on)

    @property
    def points(self) -> list[list[forms.BoundField]]:
        """The inputs of each point, for the template."""
        return [
            [self[named(part, number)] for part in POINT]
            for number in range(1, self.point_count + 1)
        ]

    @property
    def before_points(self) -> list[forms.BoundField]:
        """What is asked before them."""
        return [self[name] for name in ("channel", "received_on", "late") if name in self.fields]

    @property
    def after_points(self) -> list[forms.BoundField]:
        """What is asked after them."""
        names = ("name", "kind", "region", "name_consent", "is_private", "scan")
        return [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        """Ask for the name that may be shown, and whether a day outside the period is meant."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("name_consent") and not cleaned.get("name"):
            self.add_error("name", ValidationError(_("Enter the name that may be shown.")))
        lateness = self._lateness(cleaned["received_on"]) if cleaned.get("received_on") else None
        if lateness and not cleaned.get("late"):
            self.add_error("late" if "late" in self.fields else "received_on", lateness)
        return cleaned

    def said(self) -> list[Point]:
        """Return the points that say anything."""
        points = []
        for number in range(1, self.point_count + 1):
            article, stance, text = (self.cleaned_data[named(part, number)] for part in POINT)
            if text.strip():
                points.append(Point(text, article, cast("Any", stance)))
        return points


def named(part: str, number: int) -> str:
    """Return what an input of the `number`-th point is called."""
    return part if number == 1 else f"{part}_{number}"


class EnterOpinionView(VerbView):
    """Enter one opinion; it counts at once and gets a receipt number."""

    model = Opinion
    permission_required = "moderate"
    form_class = OfflineOpinionForm
    template_name = "consultations/admin/offline_form.html"
    page_title = _("Enter an opinion")
    header_icon = "edit"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the consultation."""
        super().setup(request, *args, **kwargs)
        rounds = opened_rounds(at=timezone.now()).in_scope_of(request.user)
        self.consultation: ConsultationPage = get_object_or_404(rounds, pk=kwargs["round"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show one more point when that is asked for, else enter the opinion."""
        if "more" not in request.POST:
            return super().post(request, *args, **kwargs)
        kwargs = {"consultation": self.consultation, "point_count": self._point_count() + 1}
        form = OfflineOpinionForm(initial=request.POST.dict(), **kwargs)
        return self.render_to_response(self.get_context_data(form=form))

    def _point_count(self) -> int:
        """Return how many points were sent, within what an opinion may have."""
        sent = self.request.POST.get("points", "")
        count = int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= len("10") else 1
        return max(1, min(count, MOST_POINTS - ("more" in self.request.POST)))

    def get_page_subtitle(self) -> str:
        """Name the consultation."""
        return self.consultation.title

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the choice of a consultation."""
        return [
            {"url": url_of("list"), "label": Opinion._meta.verbose_name_plural},
            {"url": url_of("enter"), "label": _("Enter an opinion")},
        ]

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer the table for a pile of letters."""
        url = url_of("table", self.consultation.pk)
        return [HeaderButton(_("Import a table"), url=url, icon_name="table")]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form which draft it is about, and how many points there are."""
        return super().get_form_kwargs() | {
            "consultation": self.consultation,
            "point_count": self._point_count(),
        }

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Enter the opinion, or show at the input what is wrong with it."""
        self.points = cast("OfflineOpinionForm", form).said()
        try:
            return super().form_valid(form)
        except services.OpinionRefused as refused:
            form.add_error(refused.field, refused.message)
            return self.form_invalid(form)

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Enter it."""
        self.opinion = services.enter_offline(
            consultation=self.consultation,
            points=self.points,
            author=Author(
                name=cleaned["name"],
                name_consent=cleaned["name_consent"],
                is_private=cleaned["is_private"],
                kind=AuthorKind(cleaned["kind"] or AuthorKind.INDIVIDUAL),
                region=cleaned["region"],
            ),
            channel=Channel(cleaned["channel"]),
            received_on=cleaned["received_on"],
            scan=cleaned["scan"],
            by=self.request.user,
            at=at,
        )

    def get_success_message(self) -> str:
        """Give the clerk the receipt number to pass on."""
        return gettext("The opinion is entered. Receipt number: %(number)s") % {
            "number": self.opinion.receipt_no
        }

    def success_buttons(self) -> list[Any]:
        """Offer the receipt to hand over, where papers can be made."""
        if not can_print():
            return []
        return [messages.button(url_of("receipt", self.opinion.pk), _("Print the receipt"))]

    def get_success_url(self) -> str:
        """Return to the form: letters come in piles."""
        return url_of("enter_for", self.consultation.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether one more point fits, and how many transcripts wait for a second person."""
        context = super().get_context_data(**kwargs)
        own = Opinion.norel_objects.in_scope_of(self.request.user)
        waiting = services.waiting_transcripts(own).count()
        context.update(
            may_add=context["form"].point_count < MOST_POINTS,
            transcripts_url=url_of("transcripts"),
            waiting=ngettext(
                "%(count)s transcript waits for a second person.",
                "%(count)s transcripts wait for a second person.",
                waiting,
            )
            % {"count": waiting}
            if waiting
            else "",
            media=context["media"] + forms.Media(css={"all": ["css/admin/offline.css"]}),
        )
        return context


class OfflineReceiptView(PermissionCheckedMixin, View):
    """The receipt of an opinion that a clerk entered, as a PDF to be handed over or sent."""

    model = Opinion
    permission_required = "moderate"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return it.

        Raises:
            Http404: no clerk entered this opinion, or papers cannot be made here.

        """
        own = Opinion.norel_objects.in_scope_of(request.user).select_related("consultation")
        opinion = get_object_or_404(own, pk=pk, entered_by__isnull=False)
        if not can_print():
            raise Http404
        return receipt_as_pdf(opinion, identity=identity_of(request), at=timezone.now())
