"""What staff enter about a hearing."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from portal.core.forms import PastDateField

# Name as published, takes part as, whether the decision affects them.
Person = tuple[str, str, bool]

LONGEST_NAME = 60
_SEPARATORS = ("\t", "，", ",", "；", ";")
_YES = frozenset({"是", "yes", "y"})
_NO = frozenset({"", "否", "no", "n"})


class PlanForm(forms.Form):
    """What is said of a hearing before it is held."""

    held_at = forms.DateTimeField(label=_("Time"), widget=AdminDateTimeInput)
    place = forms.CharField(label=_("Place"), max_length=120)
    subject = forms.CharField(
        label=_("What is heard"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    selection_method = forms.CharField(
        label=_("How participants are selected"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Published with the notice; the notice cannot go out without it."),
    )
    apply_until = forms.DateField(label=_("Apply until"), required=False, widget=AdminDateInput)
    observers = forms.IntegerField(
        label=_("Seats for observers"), min_value=0, max_value=9999, initial=0
    )
    chair = forms.CharField(label=_("Chair"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse to close the applications after the hearing."""
        cleaned = super().clean() or self.cleaned_data
        until, held_at = cleaned.get("apply_until"), cleaned.get("held_at")
        if until and held_at and until >= timezone.localdate(held_at):
            self.add_error("apply_until", _("Applications end before the day of the hearing."))
        return cleaned


class NewHearingForm(PlanForm):
    """A hearing on one of the matters that whoever asks works on."""

    item: forms.ModelChoiceField[Any] = forms.ModelChoiceField(label=_("Matter"), queryset=None)
    field_order = ("item", "held_at", "place")


class ParticipantsForm(forms.Form):
    """Who takes part, one person a line, as it can be pasted from a table."""

    people = forms.CharField(
        label=_("Participants"),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=20_000,
        help_text=_(
            "One person a line: name as published, takes part as, and “是” if the decision affects "
            "them. Separated by a comma or a tab, like: 王女士，消费者，是"
        ),
    )

    def clean_people(self) -> list[Person]:
        """Return the people; each line that is not understood is named."""
        people, wrong = [], []
        for number, line in enumerate(self.cleaned_data["people"].splitlines(), start=1):
            if not line.strip():
                continue
            person = _participant(line)
            if person is None:
                wrong.append(number)
            else:
                people.append(person)
        if wrong:
            numbers = ", ".join(str(number) for number in wrong)
            raise forms.ValidationError(
                _("Not understood, line %(lines)s: write name, takes part as, 是 or 否."),
                params={"lines": numbers},
            )
        return people


def _participant(line: str) -> Person | None:
    """Return the person that a line names, or None when it is not understood."""
    for separator in _SEPARATORS:
        line = line.replace(separator, "\t")
    parts = [part.strip() for part in line.split("\t")]
    name, standing, affected, *rest = [*parts, "", ""][: max(len(parts), 3)]
    is_known = affected.lower() in _YES | _NO
    fits = all(0 < len(text) <= LONGEST_NAME for text in (name, standing))
    if rest or not is_known or not fits:
        return None
    return name, standing, affected.lower() in _YES


class MaterialsForm(forms.Form):
    """When the materials were handed over."""

    on = PastDateField(label=_("Day on which every participant had the materials"))


class ResultForm(forms.Form):
    """What came out of a hearing."""

    conclusion = forms.CharField(
        label=_("Result"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        help_text=_("Published: who held what, and how many."),
    )


class CancelForm(forms.Form):
    """Why a hearing is not held."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("Published, if the notice is."),
    )
