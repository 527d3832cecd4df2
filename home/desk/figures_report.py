"""The report on the figures of a year: each with what it counts and where to count again."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from consultations.lifecycle import Channel, Stage, official_date
from consultations.models import (
    CataloguePage,
    ConsultationIndexPage,
    DecisionItemPage,
    Opinion,
)
from consultations.services import Export
from decisions.models import DecisionIndexPage
from decisions.models.decision_index import ALL
from home.desk import figures as counted
from home.desk.figures import YearFigures, figures_of
from home.desk.overview import Desk
from home.desk.report import DeskReport, OfUnitForm, units_of
from portal.accounts.models import Unit
from portal.core.dates import day_in_words
from portal.core.sheets import Cell


class YearForm(OfUnitForm):
    """The figures of one year, of one unit or of all in scope."""

    year = forms.TypedChoiceField(
        coerce=int, required=False, empty_value=None, label=gettext_lazy("Year")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer this year and every year with a catalogue, the newest first."""
        super().__init__(*args, **kwargs)
        years = set(CataloguePage.objects.live().values_list("year", flat=True))
        fields: dict[str, Any] = self.fields
        fields["year"].choices = [(year, str(year)) for year in sorted(years, reverse=True)]


@dataclass(frozen=True)
class Named:
    """How a figure is shown.

    Attributes:
        figure: its key in `YearFigures`.
        label: what it is called.
        explanation: what it counts.
        url: where it can be counted again; may be empty.
        is_part: whether it is a part of the figure above it.

    """

    figure: Hashable
    label: str
    explanation: str = ""
    url: str = ""
    is_part: bool = False


@dataclass(frozen=True)
class Line:
    """One figure of the units asked for, and of each; None is an average of nothing."""

    named: Named
    value: int | float | None
    by_unit: tuple[tuple[Unit, int | float | None], ...]


class FiguresView(DeskReport):
    """What a year was, for the two yearly reports."""

    template_name = "home/desk/figures.html"
    page_title = gettext_lazy("Annual figures")
    header_icon = "list-ol"
    url_name = "figures_report"
    form_class = YearForm
    export = Export.ANNUAL_FIGURES
    page_size = 200

    def rows(self, desk: Desk, form: Any) -> list[Line]:
        """Return the figures, one a line."""
        self.year = form.cleaned_data["year"] or official_date(desk.at).year
        self.units: list[Unit] = list(units_of(self.user))
        if form.unit_key is not None:
            self.units = [one for one in self.units if one.pk == form.unit_key]
        matters = DecisionItemPage.objects.in_scope_of(self.user)
        found = figures_of(self.year, matters, at=desk.at)
        asked: set[int | None] = {form.unit_key}
        if form.unit_key is None:
            # A matter drafted together with others may be led by a unit out of scope.
            asked = _all_units(found)
            self.units = [one for one in self.units if one.pk in asked]
        return [self._line(found, asked, one) for one in _named(found)]

    def _line(self, found: YearFigures, asked: set[int | None], named: "Named") -> Line:
        """Return one figure as a line."""
        return Line(
            named=named,
            value=found.value(named.figure, asked),
            by_unit=tuple((unit, found.value(named.figure, [unit.pk])) for unit in self.units),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the year and the units."""
        context = super().get_context_data(**kwargs)
        context.update(year=getattr(self, "year", None), units=getattr(self, "units", []))
        return context

    def table_headings(self) -> Sequence[str]:
        """Return the headings of the file: one column a unit."""
        return [
            _("Figure %(year)s") % {"year": self.year},
            _("What it counts"),
            _("Altogether"),
            *(unit.short_name for unit in self.units),
        ]

    def cells(self, row: Line) -> Sequence[Cell]:
        """Return a figure as cells."""
        named = row.named
        label = f"　{named.label}" if named.is_part else named.label
        of_units = (value for _unit, value in row.by_unit)
        return (label, named.explanation, row.value, *of_units)


def _named(found: YearFigures) -> list[Named]:
    """Return every figure with its name, what it counts, and where to count again."""
    catalogue = CataloguePage.objects.live().filter(year=found.year).order_by("path").first()
    listed = reverse("wagtailadmin_explore", args=[catalogue.pk]) if catalogue else ""
    consultations = _public(ConsultationIndexPage)
    published = _public(DecisionIndexPage)
    asked = f"?validity={ALL}&on={found.until.isoformat()}"
    decisions = f"{published}{asked}" if published else ""
    opinions = reverse(Opinion.snippet_viewset.get_url_name("list"))
    until = day_in_words(found.until)
    year = {"year": found.year, "day": until}
    stages = [
        Named(stage, str(stage.label), is_part=True)
        for stage in Stage
        if found.value(stage, _all_units(found))
    ]
    channels = [
        Named(channel, str(channel.label), is_part=True)
        for channel in Channel
        if found.value(channel, _all_units(found))
    ]
    feedback = f"{consultations}feedback/" if consultations else ""
    return [
        Named(
            counted.MATTERS,
            _("Matters in the catalogue"),
            _("Entries of the published catalogue of %(year)s, by where they stand now.") % year,
            listed,
        ),
        *stages,
        Named(
            counted.CONSULTATIONS,
            _("Consultations held"),
            _("Rounds that opened in %(year)s, up to %(day)s.") % year,
            consultations,
        ),
        Named(
            counted.OPINIONS,
            _("Opinions received"),
            _("Opinions that count and reached us in %(year)s, by the way they came.") % year,
            opinions,
        ),
        *channels,
        Named(
            counted.SUMMARIES,
            _("Adoption summaries published"),
            _("Summaries that became public in %(year)s.") % year,
            feedback,
        ),
        Named(
            counted.SUMMARIES_IN_TIME,
            _("in time"),
            _("Public within the working days promised after the closing day."),
            is_part=True,
        ),
        Named(counted.SUMMARIES_LATE, _("late"), is_part=True),
        Named(
            counted.DAYS_TO_ANSWER,
            _("Days to an answer, on average"),
            _(
                "From the day an opinion reached us to the answer to each of its points, for "
                "answers given in %(year)s."
            )
            % year,
        ),
        Named(
            counted.ISSUED,
            _("Decisions published"),
            _("Decisions that became public in %(year)s.") % year,
            decisions,
        ),
        Named(
            counted.REPEALED,
            _("Decisions repealed"),
            _("Decisions that a later one or a clean-up repealed with effect in %(year)s.") % year,
            decisions,
        ),
        Named(
            counted.EXPIRED,
            _("Decisions expired"),
            _("Decisions whose time ended in %(year)s.") % year,
            decisions,
        ),
        Named(
            counted.IN_FORCE,
            _("Decisions in force"),
            _("Decisions in force on %(day)s, changed and suspended ones among them.") % year,
            decisions,
        ),
    ]


def _all_units(found: YearFigures) -> set[int | None]:
    return {unit for _figure, unit in found.counts}


def _public(kind: type[Page]) -> str:
    """Return the public address of the one page of a kind, or the empty string."""
    page = kind.objects.live().first()
    return page.url or "" if page else ""
