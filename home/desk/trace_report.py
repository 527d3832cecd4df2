"""The report on the trace of acts, for the disclosure office, its secrecy reviewers and the units.

The office sees every act; a unit's editors see the acts on their own unit's matters.
"""

from hashlib import sha256
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import registry

from consultations.lifecycle import official_date
from consultations.models import DecisionItemPage
from consultations.services import Export, record_export
from home.desk.access import DeskMixin
from home.desk.trace_rows import FAMILIES, Asked, Entry, Place, entries, every_entry, sees_accounts
from portal.accounts.models import Unit, User
from portal.accounts.scope import scope_of
from portal.core.dates import minute_in_words
from portal.core.sheets import Cell, download, write_csv, write_xlsx

PAGE = 50
MOST_EXPORTED = 20_000
FORMATS = ("xlsx", "csv")
_FAMILY_NAMES = {
    "looks": gettext_lazy("Looks at what is not public"),
    "exports": gettext_lazy("Exports"),
    "signing_in": gettext_lazy("Signing in"),
    "procedure": gettext_lazy("Steps of the procedure"),
}
_HEADINGS = (
    gettext_lazy("When"),
    gettext_lazy("Who"),
    gettext_lazy("Account"),
    gettext_lazy("Act"),
    gettext_lazy("What happened"),
    gettext_lazy("Record"),
    gettext_lazy("Matter"),
    gettext_lazy("State before"),
    gettext_lazy("State after"),
)


class TraceForm(forms.Form):
    """What of the trace is shown."""

    person = forms.ModelChoiceField(
        User.objects.none(), required=False, label=gettext_lazy("Person")
    )
    act = forms.ChoiceField(required=False, label=gettext_lazy("Act"))
    matter = forms.ModelChoiceField(
        DecisionItemPage.objects.none(), required=False, label=gettext_lazy("Matter")
    )
    unit = forms.ModelChoiceField(Unit.objects.none(), required=False, label=gettext_lazy("Unit"))
    record = forms.CharField(
        required=False, max_length=60, label=gettext_lazy("Receipt number or title")
    )
    since = forms.DateField(
        required=False,
        label=pgettext_lazy("day", "From"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = forms.DateField(
        required=False,
        label=pgettext_lazy("day", "To"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Offer what is in somebody's scope."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        scope = scope_of(user)
        units = Unit.objects.all() if scope.everywhere else Unit.objects.filter(pk__in=scope.units)
        people = User.objects.order_by("username")
        fields["unit"].queryset = units
        # Who acts on a unit's matters may belong to the office; their names stand in the rows.
        fields["person"].queryset = people if sees_accounts(user) else people.filter(unit__in=units)
        fields["matter"].queryset = DecisionItemPage.objects.in_scope_of(user).order_by("-path")
        fields["act"].choices = _acts(with_accounts=sees_accounts(user))

    def asked(self) -> Asked:
        """Return it as the trace reads it."""
        chosen = self.cleaned_data
        return Asked(
            person=chosen["person"].pk if chosen["person"] else None,
            act=chosen["act"],
            matter=chosen["matter"],
            unit=chosen["unit"].pk if chosen["unit"] else None,
            record=chosen["record"],
            since=chosen["since"],
            until=chosen["until"],
        )


def _acts(*, with_accounts: bool) -> list[Any]:
    """Return the choices of the filter: families first, then every act by its name."""
    families = [
        (name, _FAMILY_NAMES[name]) for name in FAMILIES if with_accounts or name != "signing_in"
    ]
    own = ("consultations.", "decisions.", "core.", "accounts.", "wagtail.")
    single = sorted(
        (
            (name, str(label))
            for name, label in registry.get_choices()
            if name.startswith(own) and (with_accounts or not name.startswith("accounts."))
        ),
        key=lambda one: (own.index(one[0].partition(".")[0] + "."), one[1]),
    )
    return [
        ("", _("all acts")),
        (_("Kinds of acts"), families),
        (_("Single acts"), single),
    ]


class TraceView(DeskMixin, WagtailAdminTemplateMixin, TemplateView):
    """Who did what when, on which record, and what it changed."""

    permissions: ClassVar[tuple[str, ...]] = ("wagtailcore.view_pagelogentry",)
    template_name = "home/desk/trace.html"
    page_title = gettext_lazy("Trace of acts")
    header_icon = "history"
    url_name = "trace_report"
    _show_breadcrumbs = True
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the page, or hand the entries out as a file."""
        form = TraceForm(request.GET or {}, user=self.user)
        kind = request.GET.get("export", "")
        if kind in FORMATS and form.is_valid():
            return self.export(form.asked(), kind)
        return self.render_to_response(self.get_context_data(form=form))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Add this report to the path."""
        return [
            *self.breadcrumbs_items,
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the entries of one page and the way to the next."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        form: TraceForm = context["form"]
        shown: list[Entry] = []
        follows = False
        after = Place.read(self.request.GET.get("after", ""))
        if form.is_valid():
            shown, follows = entries(self.user, form.asked(), after=after, most=PAGE)
        context.update(
            entries=shown,
            sees_accounts=sees_accounts(self.user),
            most_exported=MOST_EXPORTED,
            older=self._address(after=str(shown[-1].place)) if follows else "",
            newest=self._address() if after else "",
            exports=[(kind.upper(), self._address(export=kind)) for kind in FORMATS],
            own_address=reverse("trace_report"),
        )
        return context

    def _address(self, **parameters: str) -> str:
        """Return the address of this report with the filters as they are."""
        query = self.request.GET.copy()
        for name in ("after", "export"):
            query.pop(name, None)
        query.update(parameters)
        return f"{reverse('trace_report')}?{query.urlencode()}"

    def export(self, asked: Asked, kind: str) -> HttpResponseBase:
        """Return the entries asked for as a file, which is itself on record."""
        at = timezone.now()
        found = list(every_entry(self.user, asked, most=MOST_EXPORTED))
        headings = [str(heading) for heading in _HEADINGS]
        rows = [_row(entry) for entry in found]
        if kind == "csv":
            content = "".join(write_csv(headings, rows)).encode()
        else:
            content = b"".join(write_xlsx(headings, rows, title=str(self.page_title)))
        record_export(
            what=Export.TRACE,
            count=len(rows),
            digest=sha256(content).hexdigest(),
            by=self.user,
            at=at,
        )
        day = official_date(at).isoformat()
        name = _("trace %(day)s") % {"day": day}
        return download([content], name=f"{name}.{kind}")


def _row(entry: Entry) -> tuple[Cell, ...]:
    """Return an entry as a row of a table."""
    return (
        minute_in_words(entry.place.at),
        entry.who,
        entry.username,
        entry.act,
        entry.said,
        entry.record,
        entry.matter,
        entry.before,
        entry.after,
    )
