"""Transcripts of letters: the list of those to be checked, and the words beside the scan."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import View
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from consultations import services
from consultations.lifecycle import LONGEST_OPINION
from consultations.models import Opinion, OpinionAttachment
from consultations.viewsets.offline import url_of
from portal.core.uploads import Kind
from portal.core.verb_views import VerbView

PICTURES = frozenset({Kind.JPG, Kind.PNG})


class TranscriptsView(PermissionCheckedMixin, BaseListingView):
    """The transcripts that wait for a second person, oldest entry first."""

    model = Opinion
    permission_required = "moderate"
    page_title = gettext_lazy("Transcripts to be checked")
    header_icon = "check"
    is_searchable = False
    paginate_by = 50
    verbose_name = gettext_lazy("transcript")
    verbose_name_plural = gettext_lazy("transcripts")
    no_results_message = gettext_lazy("No transcript waits to be checked.")

    @property
    def columns(self) -> list[BaseColumn]:
        """Show what it is, and who typed it in."""
        return [
            TitleColumn(
                "receipt_no",
                label=gettext_lazy("Receipt number"),
                url_name="wagtailsnippets_consultations_opinion:transcript",
            ),
            Column("consultation", label=gettext_lazy("Consultation")),
            Column("channel", label=gettext_lazy("Channel"), accessor="get_channel_display"),
            Column("submit_date", label=gettext_lazy("Received"), accessor=_received_on),
            Column("entered_by", label=gettext_lazy("Entered by"), accessor=self._entered_by),
        ]

    def _entered_by(self, opinion: Opinion) -> str:
        who = opinion.entered_by
        if who == self.request.user:
            return _("You; somebody else checks it")
        return who.get_full_name() or who.get_username() if who else ""

    def get_queryset(self) -> QuerySet[Opinion]:
        """Return those in scope."""
        own = Opinion.norel_objects.in_scope_of(self.request.user)
        waiting = services.waiting_transcripts(own)
        return waiting.select_related("entered_by", "consultation").order_by("pk")


def _received_on(opinion: Opinion) -> Any:
    return timezone.localdate(opinion.submit_date)


class TranscriptForm(forms.Form):
    """The words as they were typed in, one input a point."""

    def __init__(self, *args: Any, points: list[Any], **kwargs: Any) -> None:
        """Show each point's text."""
        super().__init__(*args, **kwargs)
        for number, point in enumerate(points, start=1):
            self.fields[f"text_{point.pk}"] = forms.CharField(
                label=_("Opinion") if len(points) == 1 else _("Point %(n)s") % {"n": number},
                initial=point.text,
                max_length=LONGEST_OPINION,
                strip=False,
                widget=forms.Textarea(attrs={"rows": 12}),
            )


class TranscriptView(VerbView):
    """Compare one transcript with its scan: it is right, or the words are corrected."""

    model = Opinion
    permission_required = "moderate"
    form_class = TranscriptForm
    template_name = "consultations/admin/transcript.html"
    page_title = gettext_lazy("Check a transcript")
    header_icon = "check"
    submit_label = gettext_lazy("It says what the original says")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the opinion, if its transcript waits."""
        super().setup(request, *args, **kwargs)
        own = services.waiting_transcripts(Opinion.norel_objects.in_scope_of(request.user))
        self.object = get_object_or_404(
            own.select_related("consultation", "entered_by"), pk=kwargs["pk"]
        )
        self.points = list(self.object.points.order_by("place", "pk"))

    def get_page_subtitle(self) -> str:
        """Name the opinion by its receipt number."""
        return self.object.receipt_no

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [{"url": url_of("transcripts"), "label": _("Transcripts to be checked")}]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form the points."""
        return super().get_form_kwargs() | {"points": self.points}

    def version(self) -> int:
        """Return the version of the opinion."""
        return self.object.version

    def reread(self) -> Opinion:
        """Read the opinion again."""
        self.object = Opinion.norel_objects.select_related("consultation", "entered_by").get(
            pk=self.object.pk
        )
        return self.object

    def form_valid(self, form: forms.Form) -> Any:
        """Check or correct, or show at the input what is wrong."""
        try:
            return super().form_valid(form)
        except services.OpinionRefused as refused:
            form.add_error(None, refused.message)
            return self.form_invalid(form)

    @property
    def corrects(self) -> bool:
        """Whether the button for corrections was pressed."""
        return "correct" in self.request.POST

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Put on record that it is right, or what is right instead."""
        who = {"seen": cleaned["seen"], "by": self.request.user, "at": at}
        if not self.corrects:
            services.check_transcript(opinion=self.object, **who)
            return
        texts = {point.pk: _unix(cleaned[f"text_{point.pk}"]) for point in self.points}
        services.correct_transcript(opinion=self.object, texts=texts, **who)

    def get_success_message(self) -> str:
        """Say what comes next."""
        if self.corrects:
            return _("The correction is saved. Somebody else compares it with the original now.")
        return _("The transcript is checked.")

    def get_success_url(self) -> str:
        """Go on with the next one."""
        return url_of("transcripts")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the scans and who typed it in."""
        context = super().get_context_data(**kwargs)
        labels = {article.id: article.label for article in self.object.consultation.articles}
        files = list(self.object.attachments.all())
        context.update(
            opinion=self.object,
            is_own=self.object.entered_by_id == self.request.user.pk,
            articles=[labels.get(point.article_id, "") for point in self.points],
            scans=[
                {
                    "file": file,
                    "is_picture": file.kind in PICTURES,
                    "is_pdf": file.kind == Kind.PDF,
                    "url": url_of("scan", self.object.pk, file.pk),
                    "download": url_of("file", self.object.pk, file.pk),
                }
                for file in files
            ],
            media=context["media"] + forms.Media(css={"all": ["css/admin/offline.css"]}),
        )
        services.record_look(opinion=self.object, by=self.request.user, at=timezone.now())
        return context


def _unix(text: str) -> str:
    """Return a text with the line ends it was stored with; a browser sends others."""
    return text.replace("\r\n", "\n")


@method_decorator(xframe_options_sameorigin, name="dispatch")
class ScanView(PermissionCheckedMixin, View):
    """A scan to be seen beside its transcript; only what was looked through as PDF or picture."""

    model = Opinion
    permission_required = "moderate"

    def get(self, request: HttpRequest, pk: int, file: int) -> FileResponse:
        """Return the file.

        Raises:
            Http404: there is no such scan of a transcript in scope, or its file is gone.

        """
        own = Opinion.norel_objects.in_scope_of(request.user).filter(entered_by__isnull=False)
        found: OpinionAttachment = get_object_or_404(
            OpinionAttachment, opinion__in=own, opinion=pk, pk=file, kind__in=[Kind.PDF, *PICTURES]
        )
        try:
            response = FileResponse(found.file.open("rb"), content_type=found.content_type)
        except FileNotFoundError as error:
            raise Http404 from error
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
