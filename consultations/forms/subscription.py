"""The form that asks to be told of news by mail."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consultations.forms.captcha import SingleUseCaptchaField
from portal.accounts.models import Unit


class SubscriptionForm(forms.Form):
    """What to follow and by which address."""

    fields: dict[str, Any]

    # The button that asks for another picture sends the form under this name.
    ANOTHER_PICTURE = "another_picture"
    WRITTEN = ("scope", "unit", "email", "form_key")
    EVERYTHING, UNIT, MATTER, QUESTION = "everything", "unit", "matter", "question"

    scope = forms.ChoiceField(
        label=_("What do you want to follow?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what you want to follow."),
            "invalid_choice": _("Choose what you want to follow."),
        },
    )
    unit = forms.TypedChoiceField(
        label=_("Which unit?"),
        help_text=_("Only if you chose the matters of one unit."),
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": _("Choose a unit from the list.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_(
            "We ask for it to send you the news you chose, and for nothing else. It is stored "
            "encrypted, shown to nobody, and deleted when you stop following."
        ),
        error_messages={
            "required": _("Enter the e-mail address that the news should go to."),
            "invalid": _("Enter a complete e-mail address, like name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    honeypot = forms.CharField(label=_("Leave this field empty"), required=False)
    captcha = SingleUseCaptchaField(
        label=_("Characters in the picture"),
        help_text=_("If you can neither read nor hear them, call us, or follow us by RSS."),
    )

    def __init__(
        self,
        *,
        units: Sequence[Unit],
        offered: tuple[str, str] | None = None,
        data: Any = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        """Offer the units, and what the visitor came from.

        Args:
            units: those that have public matters.
            offered: the scope of what the visitor came from, and how it is called.
            data: what was sent.
            initial: what the fields show at first.

        """
        super().__init__(data=data, initial={"form_key": uuid.uuid4()} | (initial or {}))
        self.fields["scope"].choices = [
            *([offered] if offered else []),
            (self.EVERYTHING, _("All matters")),
            (self.UNIT, _("The matters of one unit")),
        ]
        by_code = {unit.code: unit for unit in units}
        self.fields["unit"].coerce = by_code.__getitem__
        self.fields["unit"].choices = [
            ("", _("Please choose")),
            *((code, unit.name) for code, unit in by_code.items()),
        ]

    def clean_honeypot(self) -> str:
        """Refuse what only a program fills in."""
        if self.cleaned_data["honeypot"]:
            raise ValidationError(_("Leave this field empty."))
        return ""

    def clean(self) -> dict[str, Any]:
        """Ask for the unit whose matters are to be followed."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("scope") == self.UNIT and "unit" in cleaned and not cleaned["unit"]:
            self.add_error("unit", _("Choose the unit whose matters you want to follow."))
        return cleaned
