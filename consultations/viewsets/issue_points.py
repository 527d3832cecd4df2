"""Cutting a point into several and joining it again."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consultations import services
from consultations.models import ConsultationPage, Issue, Opinion, OpinionPoint
from consultations.viewsets.issue_verbs import RoundVerbView

MARKS = "‖◆✂"  # where a clerk cuts; the first one that the author did not write


def mark_for(text: str) -> str:
    """Return the mark to cut a text with."""
    return next((mark for mark in MARKS if mark not in text), MARKS[0])


def marked(text: str) -> str:
    """Return a text with a mark before each paragraph but the first."""
    mark, shown = mark_for(text), ""
    for line in text.splitlines(keepends=True):
        shown += (mark if line.strip() and shown.strip() else "") + line
    return shown


def pieces(text: str, typed: str) -> list[str]:
    """Return a text cut where `typed` has marks; as typed, where that is not the text.

    Args:
        text: as it is kept.
        typed: with marks, its line ends as a browser sends them made one character.

    """
    mark = mark_for(text)
    parts = typed.split(mark)
    if "\r" not in text or "".join(parts) != text.replace("\r\n", "\n").replace("\r", "\n"):
        return parts
    cut, start = [], 0
    for part in parts:
        end = start
        for _char in part:
            end += 2 if text[end : end + 2] == "\r\n" else 1
        cut.append(text[start:end])
        start = end
    return cut


class SplitPointForm(forms.Form):
    """The author's text, with marks where it is cut."""

    text = forms.CharField(
        label=_("The text with a mark at each cut"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14}),
    )

    def __init__(self, *args: Any, mark: str, **kwargs: Any) -> None:
        """Say which mark cuts."""
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = gettext(
            "Type %(mark)s where the text is to be cut. Change nothing else: the pieces together "
            "stay what the author wrote."
        ) % {"mark": mark}

    def clean_text(self) -> str:
        """Read lines as browsers do not send them: with one character at their end."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


class PointVerbView(RoundVerbView):
    """A verb on one point."""

    permission_required = "change"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the point."""
        super().setup(request, *args, **kwargs)
        own = OpinionPoint.objects.in_scope_of(request.user).select_related("opinion")
        self.point = get_object_or_404(own, pk=kwargs["pk"])
        self.consultation = ConsultationPage.objects.get(pk=self.point.opinion.consultation_id)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Put on record that somebody looks at a text that is not shown."""
        response = super().dispatch(request, *args, **kwargs)
        if not self.point.opinion.is_shown or self.point.opinion.is_redacted:
            services.record_look(
                opinion=self.point.opinion, by=self.request.user, at=timezone.now()
            )
        return response

    def get_page_subtitle(self) -> str:
        """Name the opinion."""
        return str(self.point.opinion.receipt_no)

    def version(self) -> int:
        """Return the version of the opinion."""
        version: int = self.point.opinion.version
        return version

    def reread(self) -> Opinion:
        """Read the opinion again."""
        self.point.opinion = Opinion.objects.get(pk=self.point.opinion_id)
        return self.point.opinion

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the point."""
        return super().get_context_data(**kwargs) | {"point": self.point}


class SplitPointView(PointVerbView):
    """Cut a point into several."""

    form_class = SplitPointForm
    template_name = "consultations/admin/point_split.html"
    page_title = _("Cut this point")
    submit_label = _("Cut it")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form which mark cuts."""
        return super().get_form_kwargs() | {"mark": mark_for(self.point.text)}

    def get_initial(self) -> dict[str, Any]:
        """Start with a mark between the paragraphs."""
        return {"text": marked(self.point.text)}

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Cut it."""
        self.parts = services.split_point(
            point=self.point,
            parts=pieces(self.point.text, cleaned["text"]),
            seen=cleaned["seen"],
            by=self.request.user,
            at=at,
        )

    def refused_field(self, cleaned: dict[str, Any]) -> str | None:
        """Show a refusal at the text."""
        return "text"

    def get_success_message(self) -> str:
        """Say how many there are."""
        return ngettext(
            "It is %(count)s point now.", "It is %(count)s points now.", len(self.parts)
        ) % {"count": len(self.parts)}


class JoinPointsView(PointVerbView):
    """Join a point to the one that it was cut from."""

    form_class = forms.Form
    template_name = "consultations/admin/point_join.html"
    page_title = _("Join this point again")
    submit_label = _("Join it to the one before")

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Join it."""
        services.join_points(point=self.point, seen=cleaned["seen"], by=self.request.user, at=at)

    def get_success_message(self) -> str:
        """Say that it is done."""
        return gettext("The points are one again.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the point before."""
        before = OpinionPoint.objects.filter(opinion=self.point.opinion_id)
        found = before.filter(place__lt=self.point.place).order_by("-place", "-pk").first()
        return super().get_context_data(**kwargs) | {
            "before": found,
            "issue": Issue.objects.filter(pk=found.issue_id).first() if found else None,
        }
