"""The forms of signing in: those of django-allauth, in our words and with digits at hand."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as PasswordAgainForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """Name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave the labels to say what belongs where."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class EnterPasswordAgainForm(PasswordAgainForm):
    """The password that shows again who is there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave the label to say what belongs there."""
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs.pop("placeholder", None)


class _CodeForm(forms.Form):
    """Asks for a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the field, and offer digits on a phone."""
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Verification code")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {"inputmode": "numeric", "maxlength": "12"}


class EnterCodeForm(_CodeForm, AuthenticateForm):
    """The code that finishes signing in."""


class EnterCodeAgainForm(_CodeForm, ReauthenticateForm):
    """The code that shows again who is there."""


class SetUpAppForm(_CodeForm, ActivateTOTPForm):
    """The first code of a new app."""
