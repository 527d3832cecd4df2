"""The forms of the verbs on an opinion: what is not personal after all, what is hidden and why."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.compliance.display import personal_places
from consultations.lifecycle import RedactionReason, WithheldReason
from consultations.models import Opinion
from consultations.passages import Passage, places_of
from consultations.viewsets.triage.filters import clerk_choices

TYPED_ROWS = 3
MOST_PASSAGES = 200


def code_of(passage: Passage) -> str:
    """Return how a form names a passage."""
    return f"{passage.start}-{passage.end}-{passage.reason}"


def passage_of(code: str, text: str) -> Passage | None:
    """Return the passage of `text` that a form names, or None."""
    start, _dash, rest = code.partition("-")
    end, _dash, reason = rest.partition("-")
    if not (start.isdecimal() and end.isdecimal() and reason in RedactionReason.values):
        return None
    passage = Passage(int(start), int(end), RedactionReason(reason))
    return passage if passage.fits(text) else None


class VersionForm(forms.Form):
    """A form that carries the version that was read."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, opinion: Opinion, **kwargs: Any) -> None:
        """Carry the version of this opinion."""
        super().__init__(*args, **kwargs)
        self.opinion = opinion
        self.fields["seen"].initial = opinion.version


class PublishForm(VersionForm):
    """Which of the places that look like personal data are none."""

    not_personal = forms.MultipleChoiceField(
        label=gettext_lazy("This is not personal data"),
        help_text=gettext_lazy(
            "Tick it only where it is public anyway, such as an office's number."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the places that were found."""
        super().__init__(*args, **kwargs)
        text = str(self.opinion.comment)
        places = personal_places(text)
        field = cast("forms.MultipleChoiceField", self.fields["not_personal"])
        field.choices = [
            (f"{one.start}-{one.end}", f"{text[one.start : one.end]}（{one.kind.label}）")
            for one in places
        ]
        if not places:
            del self.fields["not_personal"]

    def clean_not_personal(self) -> list[Passage]:
        """Return the places that were ticked."""
        pairs = (one.split("-") for one in self.cleaned_data["not_personal"])
        return [Passage(int(start), int(end)) for start, end in pairs]


class PassagesField(forms.MultipleChoiceField):
    """Passages of a text; besides those offered, any other that lies within it."""

    widget = forms.CheckboxSelectMultiple
    text = ""

    def valid_value(self, value: Any) -> bool:
        """Accept every passage of the text."""
        return passage_of(str(value), self.text) is not None


class RedactForm(PublishForm):
    """What is hidden: ticked passages, and words that are typed or copied, with the reason."""

    field_order = ("seen", "passages", "not_personal")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what is hidden now and what looks personal, and rows for words."""
        super().__init__(*args, **kwargs)
        if "not_personal" in self.fields:
            self.fields["not_personal"].widget = forms.MultipleHiddenInput()
        text = str(self.opinion.comment)
        hidden = self._hidden_now()
        looks = [Passage(one.start, one.end) for one in personal_places(text)]
        codes = list(dict.fromkeys(code_of(one) for one in (*hidden, *looks)))
        if self.is_bound:
            codes += [one for one in self._posted() if one not in codes and passage_of(one, text)]
        offered = [(code, passage_of(code, text)) for code in codes]
        field = PassagesField(
            label=_("Passages to hide"),
            required=False,
            choices=[
                (code, f"{text[one.start : one.end]}（{one.reason.label}）")
                for code, one in offered
                if one is not None
            ],
            initial=codes,
        )
        field.text = text
        self.fields["passages"] = field
        for row in range(TYPED_ROWS):
            self.fields[f"words_{row}"] = forms.CharField(
                label=_("Words to hide"), required=False, max_length=5000
            )
            self.fields[f"reason_{row}"] = forms.ChoiceField(
                label=_("Reason"), choices=RedactionReason.choices, required=False
            )

    def _hidden_now(self) -> list[Passage]:
        if not self.opinion.is_redacted:
            return []
        rows: Iterable[Any] = self.opinion.redactions.all()
        return [Passage(row.start, row.end, RedactionReason(row.reason)) for row in rows]

    def _posted(self) -> list[str]:
        get = getattr(self.data, "getlist", None)
        return list(get("passages"))[:MOST_PASSAGES] if get else []

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the rows for words, each with its reason."""
        return [(self[f"words_{row}"], self[f"reason_{row}"]) for row in range(TYPED_ROWS)]

    def clean(self) -> dict[str, Any]:
        """Put what was ticked and what was typed together."""
        cleaned = super().clean() or self.cleaned_data
        text = str(self.opinion.comment)
        passages = [passage_of(code, text) for code in cleaned.get("passages", [])]
        for row in range(TYPED_ROWS):
            words = cleaned.get(f"words_{row}", "")
            reason = cleaned.get(f"reason_{row}") or RedactionReason.PERSONAL_INFO
            places = places_of(words, text)
            if words and not places:
                self.add_error(f"words_{row}", _("These words do not stand in the text."))
            passages += [Passage(*place, RedactionReason(reason)) for place in places]
        cleaned["all_passages"] = [one for one in passages if one is not None]
        return cleaned


class WithholdForm(forms.Form):
    """Why an opinion is not shown; its author is told."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=WithheldReason.choices, widget=forms.RadioSelect
    )


class WithholdOneForm(WithholdForm, VersionForm):
    """Why this opinion is not shown."""


class AssignForm(forms.Form):
    """Who reads it."""

    assignee = forms.ChoiceField(label=gettext_lazy("Clerk"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the clerks."""
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["assignee"])
        field.choices = [("", _("Nobody")), *clerk_choices()]


class AssignOneForm(AssignForm, VersionForm):
    """Who reads this opinion."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start from who has it now."""
        super().__init__(*args, **kwargs)
        self.fields["assignee"].initial = self.opinion.assignee_id or ""
