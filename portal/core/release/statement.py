"""What somebody states who approves a step of the release review."""

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminAutoHeightTextInput

from portal.core.disclosure import Disclosure
from portal.core.patterns import Found, PatternKind, found

AROUND = 12  # characters shown before and after what was found


@dataclass(frozen=True)
class Finding:
    """One place of the text that looks like personal data, with the words around it."""

    kind: PatternKind
    before: str
    words: str
    after: str


def places_in(text: str) -> list[Finding]:
    """Return what was found in a text, each different one once, with the words around it."""
    seen: dict[tuple[PatternKind, str], Finding] = {}
    for place in found(text):
        words = text[place.start : place.end]
        seen.setdefault((place.kind, words), _in_context(place, text))
    return list(seen.values())


def _in_context(place: Found, text: str) -> Finding:
    before = text[max(0, place.start - AROUND) : place.start].rpartition("\n")[2]
    after = text[place.end : place.end + AROUND].partition("\n")[0]
    return Finding(place.kind, before, text[place.start : place.end], after)


def name_of(text: str) -> str:
    """Return a name for the text that was read, so that ticks count for no other."""
    return sha256(text.encode()).hexdigest()


class ApprovalForm(forms.Form):
    """The approval of a step; a word to the others is free."""

    comment = forms.CharField(
        label=gettext_lazy("Review comment"),
        help_text=gettext_lazy("Required when you request changes."),
        required=False,
        max_length=1000,
        widget=AdminAutoHeightTextInput,
    )


class RejectionForm(forms.Form):
    """What has to change; whoever asked for the review reads it."""

    comment = forms.CharField(
        label=gettext_lazy("Review comment"),
        max_length=1000,
        widget=AdminAutoHeightTextInput,
        error_messages={"required": gettext_lazy("Say what has to change.")},
    )


class SecrecyForm(ApprovalForm):
    """The approval of the secrecy check (711 art. 17): what was checked, and who may have it.

    Args:
        text: the words of the page; what is found in them is confirmed one by one.

    """

    secrecy_checked = forms.BooleanField(
        label=gettext_lazy(
            "Checked: no state secret, no work secret, nothing that must not be public"
        ),
        error_messages={"required": gettext_lazy("Tick this once you have checked the text.")},
    )
    disclosure = forms.ChoiceField(
        label=gettext_lazy("Scope of disclosure"),
        choices=Disclosure.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the scope of disclosure.")},
    )
    disclosure_reason = forms.CharField(
        label=gettext_lazy("Reason for the scope"),
        required=False,
        max_length=1000,
        widget=AdminAutoHeightTextInput,
        help_text=gettext_lazy("Required unless the page is published."),
    )
    confirmed = forms.MultipleChoiceField(
        label=gettext_lazy("May stay in the text"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    field_order = ("secrecy_checked", "confirmed", "disclosure", "disclosure_reason", "comment")

    def __init__(self, *args: Any, text: str = "", **kwargs: Any) -> None:
        """Offer a tick for each thing found in the text."""
        super().__init__(*args, **kwargs)
        self._name = name_of(text)
        self.places = places_in(text)
        self.fields["seen"].initial = self._name
        cast("forms.MultipleChoiceField", self.fields["confirmed"]).choices = [
            (str(number), _("%(kind)s: %(text)s") % {"kind": one.kind.label, "text": _shown(one)})
            for number, one in enumerate(self.places)
        ]
        if not self.places:
            del self.fields["confirmed"]

    def clean_confirmed(self) -> list[str]:
        """Ask for every tick."""
        confirmed: list[str] = self.cleaned_data["confirmed"]
        if len(set(confirmed)) < len(self.places):
            raise forms.ValidationError(
                _("Tick each of them, or request changes: what may not be public has to go.")
            )
        return confirmed

    def clean(self) -> dict[str, Any]:
        """Ask for the reason, and refuse ticks that were given for another text."""
        cleaned = super().clean() or self.cleaned_data
        if (
            cleaned.get("disclosure") in (Disclosure.ON_REQUEST, Disclosure.NONE)
            and not (cleaned.get("disclosure_reason") or "").strip()
        ):
            self.add_error("disclosure_reason", _("State the reason for this scope."))
        if cleaned.get("seen") != self._name:
            self.add_error(
                None, _("The text has changed since you opened this form. Read it again.")
            )
        return cleaned

    def kinds(self) -> list[dict[str, Any]]:
        """Return how many of which kind were found; never what."""
        counted = Counter(one.kind.value for one in self.places)
        return [{"kind": kind, "count": count} for kind, count in sorted(counted.items())]


def _shown(one: Finding) -> str:
    return f"{one.before}【{one.words}】{one.after}"
