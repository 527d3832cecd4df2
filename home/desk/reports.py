"""What the rules find in a unit, and what is due there, each as one long table."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.services import Export
from home.desk.addresses import address_of
from home.desk.deadlines import DueItem, Kind
from home.desk.overview import Desk, FoundOn
from home.desk.report import DeskReport, OfUnitForm
from portal.core.findings import RULES, Level
from portal.core.sheets import Cell

LEVELS = {
    Level.BLOCK: gettext_lazy("blocks"),
    Level.WARN: gettext_lazy("warns"),
    Level.SHOW: gettext_lazy("for information"),
}


class ComplianceForm(OfUnitForm):
    """Findings of one unit, of one level, of one rule."""

    level = forms.ChoiceField(required=False, label=gettext_lazy("Level"))
    rule = forms.ChoiceField(required=False, label=gettext_lazy("Rule"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the levels and the rules."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["level"].choices = [
            ("", _("all levels")),
            *((level.value, label) for level, label in LEVELS.items()),
        ]
        fields["rule"].choices = [
            ("", _("all rules")),
            *((name, f"{name} {RULES[name].title}") for name in sorted(RULES)),
        ]


class ComplianceView(DeskReport):
    """Matter by matter what the rules find, with level, sentence, source and the way there."""

    template_name = "home/desk/compliance.html"
    page_title = gettext_lazy("Compliance of the unit")
    header_icon = "check"
    url_name = "compliance_report"
    form_class = ComplianceForm
    export = Export.COMPLIANCE
    headings: ClassVar[Sequence[Any]] = (
        gettext_lazy("Matter"),
        gettext_lazy("Drafting unit"),
        gettext_lazy("Level"),
        gettext_lazy("Rule"),
        gettext_lazy("What is missing"),
        gettext_lazy("Source"),
        gettext_lazy("Due on"),
        gettext_lazy("Address"),
    )
    widths: ClassVar[Sequence[int]] = (36, 14, 10, 10, 60, 24, 14, 48)

    def rows(self, desk: Desk, form: Any) -> list[FoundOn]:
        """Return the findings asked for."""
        chosen = form.cleaned_data
        return [
            one
            for one in desk.everything_found()
            if (form.unit_key is None or form.unit_key in one.units)
            and chosen["level"] in ("", one.finding.level.value)
            and chosen["rule"] in ("", one.finding.id)
        ]

    def cells(self, row: FoundOn) -> Sequence[Cell]:
        """Return a finding as cells."""
        return (
            row.title or _("the whole site"),
            row.unit,
            str(LEVELS[row.finding.level]),
            row.finding.id,
            row.finding.message,
            row.finding.source,
            row.finding.due_on,
            _absolute(row.url),
        )


class DueForm(OfUnitForm):
    """What is due in one unit, of one kind."""

    kind = forms.ChoiceField(required=False, label=gettext_lazy("What is due"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [("", _("everything")), *Kind.choices]


class DeadlinesView(DeskReport):
    """Everything late or soon due, oldest day first."""

    template_name = "home/desk/deadlines.html"
    page_title = gettext_lazy("Deadlines")
    header_icon = "calendar-alt"
    url_name = "deadlines_report"
    form_class = DueForm
    export = Export.DEADLINES
    headings: ClassVar[Sequence[Any]] = (
        gettext_lazy("What is due"),
        gettext_lazy("Matter or page"),
        gettext_lazy("Due on"),
        gettext_lazy("Estimate"),
        gettext_lazy("Working days left"),
        gettext_lazy("Address"),
    )
    widths: ClassVar[Sequence[int]] = (24, 48, 14, 24, 12, 48)

    def rows(self, desk: Desk, form: Any) -> list[tuple[DueItem, str]]:
        """Return what is asked for, each with the place to act."""
        kind = form.cleaned_data["kind"]
        return [
            (one, address_of(one, self.user))
            for one in desk.due
            if (form.unit_key is None or form.unit_key in one.units) and kind in ("", one.kind)
        ]

    def cells(self, row: tuple[DueItem, str]) -> Sequence[Cell]:
        """Return what is due as cells."""
        item, url = row
        return (
            str(item.kind.label),
            item.title,
            item.due_on,
            _("counted as Monday to Friday for now") if item.is_estimate else "",
            item.workdays,
            _absolute(url),
        )


def _absolute(path: str) -> str:
    """Return the full address of a place in the admin, or the empty string."""
    return f"{settings.PUBLIC_URL}{path}" if path else ""
