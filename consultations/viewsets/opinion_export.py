"""Opinions as a table for staff; every export is on record, with its digest."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations import services
from consultations.lifecycle import Display
from consultations.models import ConsultationPage, Opinion
from consultations.services.opinion_export import OpinionExport
from consultations.viewsets.offline import url_of
from consultations.viewsets.rounds import rounds_in_scope
from portal.core.sheets import Spooled, download, write_csv, write_xlsx
from portal.core.verb_views import VerbView

KINDS = (
    ("xlsx", gettext_lazy("Excel workbook (xlsx)")),
    ("csv", gettext_lazy("Text with commas (csv)")),
)


class ExportForm(forms.Form):
    """Which opinions, and as what."""

    consultation: Any = forms.ModelChoiceField(
        label=gettext_lazy("Consultation"),
        queryset=ConsultationPage.objects.none(),
        required=False,
        empty_label=gettext_lazy("All I work on"),
    )
    display = forms.MultipleChoiceField(
        label=gettext_lazy("Shown to the public"),
        choices=Display.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing ticked means all."),
    )
    hidden = forms.BooleanField(
        label=gettext_lazy("With texts that the public does not see"),
        required=False,
        help_text=gettext_lazy("It is recorded that you took them out. Keep the file accordingly."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("File"), choices=KINDS, widget=forms.RadioSelect, initial="xlsx"
    )

    def __init__(self, *args: Any, rounds: QuerySet[Any], may_see: bool, **kwargs: Any) -> None:
        """Offer the rounds in scope, and hidden texts to those who moderate."""
        super().__init__(*args, **kwargs)
        self.fields["consultation"].queryset = rounds  # type: ignore[attr-defined] # a choice of models
        if not may_see:
            del self.fields["hidden"]


class ExportOpinionsView(VerbView):
    """Download opinions; names and addresses are never among them."""

    model = Opinion
    permission_required = "view"
    form_class = ExportForm
    template_name = "consultations/admin/opinion_export.html"
    page_title = gettext_lazy("Export opinions")
    header_icon = "download"
    submit_label = gettext_lazy("Download")

    def user_has_permission(self, permission: str) -> bool:
        """Let those export who may see opinions at all."""
        policy = self.permission_policy
        allowed: bool = policy.user_has_any_permission(self.request.user, ["view", "change"])
        return allowed

    @property
    def may_see(self) -> bool:
        """Whether whoever asks may see what the public does not."""
        policy = self.permission_policy
        may: bool = policy.user_has_permission(self.request.user, "moderate")
        return may

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [{"url": url_of("list"), "label": Opinion._meta.verbose_name_plural}]

    def get_initial(self) -> dict[str, Any]:
        """Take over the filter of the list that the button stood on."""
        return {
            "kind": "xlsx",
            "consultation": self.request.GET.get("consultation", ""),
            "display": self.request.GET.getlist("display"),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form what may be chosen."""
        return super().get_form_kwargs() | {
            "rounds": rounds_in_scope(self.request),
            "may_see": self.may_see,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add our styles."""
        context = super().get_context_data(**kwargs)
        context["media"] += forms.Media(css={"all": ["css/admin/offline.css"]})
        return context

    def form_valid(self, form: forms.Form) -> HttpResponseBase:  # type: ignore[override] # a file
        """Make the file whole, put it on record, then send it."""
        asked, at = form.cleaned_data, timezone.now()
        with_hidden = bool(asked.get("hidden"))
        export = OpinionExport(self._opinions(asked), with_hidden=with_hidden)
        write = write_xlsx if asked["kind"] == "xlsx" else write_csv
        spooled = Spooled(write(export.headings(), export.rows()))
        services.record_export(
            what=services.Export.OPINIONS_WITH_HIDDEN if with_hidden else services.Export.OPINIONS,
            count=export.count,
            digest=spooled.sha256,
            of=asked["consultation"],
            by=self.request.user,
            at=at,
        )
        day = timezone.localdate(at).isoformat()
        return download(spooled, name=f"{_('Opinions')} {day}.{asked['kind']}")

    def _opinions(self, asked: dict[str, Any]) -> QuerySet[Opinion]:
        """Return the opinions in scope that are asked for."""
        opinions: QuerySet[Opinion] = Opinion.norel_objects.in_scope_of(self.request.user)
        if asked["consultation"] is not None:
            opinions = opinions.filter(consultation=asked["consultation"])
        if asked["display"]:
            opinions = opinions.filter(display__in=asked["display"])
        return opinions
