"""The rows of the year's table as forms, and what services make of them."""

from typing import Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy

from consultations import services
from consultations.models import CataloguePage, DecisionCategory, DecisionItemPage
from consultations.models.item import PROCEDURES
from consultations.quarters import PlannedQuarter, Quarter
from consultations.services.catalogue_table import Saved
from portal.accounts.models import Unit
from portal.core.forms import PastDateField

NEW_ROWS = 3
MOST_ROWS = 1_000
LONGEST_TITLE = 255
HEARING = {"": None, "yes": True, "no": False}

Choices = list[tuple[str, Any]]


def procedure_names() -> dict[str, str]:
    """Return what each procedure is called, by its field."""
    fields = DecisionItemPage._meta
    return {name: str(fields.get_field(name).verbose_name) for name in PROCEDURES}


def planned_choices(catalogue: CataloguePage, saved: list[Saved]) -> Choices:
    """Return the quarters to choose from: of the year and the next, and those that are planned."""
    quarters = {
        PlannedQuarter(year, quarter)
        for year in (catalogue.year, catalogue.year + 1)
        for quarter in Quarter.values
    }
    quarters |= {one.entry.planned for one in saved if one.entry.planned}
    return [("", "—"), *((one.key, one.label) for one in sorted(quarters))]


class RowForm(forms.Form):
    """One matter; what the lists offer is handed in, the same for every row."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    number = forms.IntegerField(
        label=gettext_lazy("No."), min_value=1, max_value=9_999, widget=forms.NumberInput
    )
    title = forms.CharField(
        label=gettext_lazy("Matter"),
        max_length=LONGEST_TITLE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    lead_unit = forms.ChoiceField(label=gettext_lazy("Drafting unit"), required=False)
    planned = forms.ChoiceField(label=gettext_lazy("Planned"), required=False)
    hearing = forms.ChoiceField(
        label=gettext_lazy("Hearing"),
        required=False,
        choices=[
            ("", gettext_lazy("not stated yet")),
            ("yes", gettext_lazy("Yes")),
            ("no", gettext_lazy("No")),
        ],
    )
    procedures = forms.MultipleChoiceField(
        label=gettext_lazy("Procedures"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for the adjustment"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Published with the catalogue."),
    )
    approved_on = PastDateField(label=gettext_lazy("Approved on"), required=False)

    def __init__(self, *args: Any, choices: dict[str, Choices], **kwargs: Any) -> None:
        """Offer what can be chosen."""
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined] # fields with a choice
        for field in self.fields.values():
            # The heading of the column labels it for the eye alone.
            field.widget.attrs.setdefault("aria-label", str(field.label))
        self.asks_for_adjustment = False

    def clean_title(self) -> str:
        """Keep a title on one line."""
        return " ".join(self.cleaned_data["title"].split())

    def row(self) -> services.RowOfTable:
        """Return what the row says."""
        cleaned = self.cleaned_data
        entry = services.Entry(
            number=cleaned["number"],
            title=cleaned["title"],
            category=int(cleaned["category"]) if cleaned["category"] else None,
            lead_unit=int(cleaned["lead_unit"]) if cleaned["lead_unit"] else None,
            planned=PlannedQuarter.from_key(cleaned["planned"]) if cleaned["planned"] else None,
            hearing_required=HEARING[cleaned["hearing"]],
            procedures=frozenset(cleaned["procedures"]),
        )
        return services.RowOfTable(
            entry,
            pk=cleaned["pk"],
            seen=cleaned["seen"],
            reason=cleaned["reason"],
            approved_on=cleaned["approved_on"],
        )

    def tell(self, plan: services.PlannedRow) -> None:
        """Show what stands against the row, each sentence at its input."""
        self.asks_for_adjustment = plan.adjusts is not None
        for name, sentence in plan.problems:
            self.add_error(name or None, sentence)


class RowFormSet(BaseFormSet):
    """The table."""

    def given(self) -> list[RowForm]:
        """Return the forms with something in them."""
        return [form for form in self.forms if form.cleaned_data]


def initial_of(saved: Saved) -> dict[str, Any]:
    """Return what the form of a matter starts with."""
    entry = saved.entry
    return {
        "pk": saved.item.pk,
        "seen": saved.version,
        "number": entry.number,
        "title": entry.title,
        "category": str(entry.category or ""),
        "lead_unit": str(entry.lead_unit or ""),
        "planned": entry.planned.key if entry.planned else "",
        "hearing": next(key for key, value in HEARING.items() if value is entry.hearing_required),
        "procedures": [name for name in PROCEDURES if name in entry.procedures],
    }


def table_of(catalogue: CataloguePage, saved: list[Saved], *, data: Any = None) -> RowFormSet:
    """Return the table of a catalogue with some rows for new matters.

    Args:
        catalogue: whose table it is.
        saved: its matters as they were last saved.
        data: what was sent, None to begin with what is saved.

    """
    form_set = formset_factory(
        RowForm,
        formset=RowFormSet,
        extra=NEW_ROWS,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
    )
    usual = [name for name in PROCEDURES if DecisionItemPage._meta.get_field(name).default]
    table = form_set(
        data,
        prefix="rows",
        initial=[initial_of(one) for one in saved],
        form_kwargs={
            "choices": {
                "category": [
                    ("", "—"),
                    *((str(one.pk), one.name) for one in DecisionCategory.objects.all()),
                ],
                "lead_unit": [
                    ("", "—"),
                    *((str(one.pk), one.short_name) for one in Unit.objects.all()),
                ],
                "planned": planned_choices(catalogue, saved),
                "procedures": list(procedure_names().items()),
            }
        },
    )
    for form in table.extra_forms:
        form.initial = {"procedures": usual}
    return cast("RowFormSet", table)
