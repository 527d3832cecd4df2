"""The form that asks for a receipt number."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReceiptForm(forms.Form):
    """A receipt number, to ask what became of an opinion."""

    receipt_no = forms.CharField(
        label=_("Receipt number"),
        help_text=_("Like ZJ-2026-7K4M-9Q2X; capitals and hyphens do not matter."),
        max_length=40,
        error_messages={"required": _("Enter your receipt number.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )
