"""The forms the public fills in."""

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from captcha.fields import CaptchaField
from captcha.models import CaptchaStore
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.fields import MultiValueField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_comments.forms import CommentSecurityForm

from consultations.lifecycle import LONGEST_OPINION
from portal.core.captcha import CaptchaInput

if TYPE_CHECKING:
    from consultations.models import ConsultationPage

EXPIRED = _("This page was open for a long time. Your text is kept; please send it again.")
TOO_QUICK = _(
    "This form was sent faster than anyone can fill it in. Your text is kept; please look at it "
    "once more and send it again."
)


class SingleUseCaptchaField(CaptchaField):
    """A captcha whose answer works once, also when two requests send it at the same moment.

    The package reads the row and then deletes it, so parallel requests can all pass; here the
    deletion itself decides.
    """

    default_error_messages = {
        "invalid": _("The characters do not match the picture, or it was used before. Try again."),
        "required": _("Enter the characters in the picture."),
        "longer": _(
            "Very many opinions are arriving just now, so this time there are more digits. Your "
            "text is kept; enter them all."
        ),
    }
    least_length = 0

    def __init__(self, **kwargs: Any) -> None:
        """Give the package the sentences above."""
        kwargs.setdefault("error_messages", dict(self.default_error_messages))
        super().__init__(widget=CaptchaInput(), **kwargs)

    def ask_more(self) -> None:
        """Make the next question longer, and take no answer to a shorter one."""
        self.least_length = settings.CAPTCHA_LONG_LENGTH
        self.widget.is_long = True

    def clean(self, value: Any) -> Any:
        """Use the captcha up and tell whether the answer was right."""
        MultiValueField.clean(self, value)
        key, response = value[0], (value[1] or "").strip().lower()
        value[1] = ""
        row = CaptchaStore.objects.filter(hashkey=key)
        if len(response) < self.least_length:
            row.delete()
            raise ValidationError(self.error_messages["longer"], code="longer")
        deleted, _by_model = row.filter(response=response, expiration__gt=timezone.now()).delete()
        if deleted != 1:
            row.delete()
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return value


def submission_key_of(sent: Mapping[str, str]) -> uuid.UUID | None:
    """Return what makes a sending unique: the form that was shown and the words sent with it.

    A form sent twice gives one opinion; other words from an old page give another one.
    """
    try:
        form_key = uuid.UUID(sent.get("submission_key", ""))
    except ValueError:
        return None
    return uuid.uuid5(form_key, f"{sent.get('article', '')}\n{sent.get('text', '')}")


class OpinionForm(CommentSecurityForm):
    """An opinion on the whole draft or on one article of it.

    The signed time stamp, the hash and the honeypot are the comment framework's.
    """

    data: Any

    # The button that asks for another picture sends the form under this name.
    ANOTHER_PICTURE = "another_picture"
    WRITTEN = ("article", "text", "name", "email", "publicity", "submission_key")
    MASKED, NAMED, PRIVATE = "masked", "named", "private"

    article = forms.ChoiceField(
        label=_("What do you speak to?"),
        required=False,
        error_messages={"invalid_choice": _("This article is not part of the draft.")},
    )
    text = forms.CharField(
        label=_("Your opinion"),
        help_text=_(
            "Say what should change and why. Leave out identity card numbers, health records and "
            "other personal information."
        ),
        max_length=LONGEST_OPINION,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": _("Write your opinion."),
            "max_length": _(
                "Your opinion may have up to %(limit_value)s characters; it has %(show_value)s now."
            ),
        },
    )
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("Only the surname is shown, unless you choose the full name below."),
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Only for the link that confirms your opinion; it is never shown."),
        error_messages={
            "required": _("Enter an e-mail address. We send one link to it to confirm."),
            "invalid": _("Enter a complete e-mail address, like name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    publicity = forms.ChoiceField(
        label=_("How may your opinion be shown?"),
        choices=[
            (MASKED, _("Shown without my name")),
            (NAMED, _("Shown with my name")),
            (PRIVATE, _("Not shown, only counted and answered")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how your opinion may be shown.")},
    )
    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    honeypot = forms.CharField(label=_("Leave this field empty"), required=False)
    captcha = SingleUseCaptchaField(
        label=_("Characters in the picture"),
        help_text=_("If you cannot read the picture, call us; we write down what you say."),
    )

    def __init__(
        self, page: "ConsultationPage", data: Any = None, initial: dict[str, Any] | None = None
    ) -> None:
        """Offer the articles of the page's draft."""
        start = {"submission_key": uuid.uuid4()} | (initial or {})
        super().__init__(page, data=data, initial=start)
        # A browser would cut off what is pasted beyond it; the server says so and keeps the text.
        self.fields["text"].widget.attrs.pop("maxlength", None)
        self.fields["article"].choices = [
            ("", _("The whole draft")),
            *((article.id, article.label) for article in page.articles),
        ]

    @classmethod
    def unsent(cls, page: "ConsultationPage", written: Any) -> "OpinionForm":
        """Return a form that holds what was written, unjudged, and can be sent again."""
        return cls(page, initial={name: written[name] for name in cls.WRITTEN if name in written})

    def ask_more(self) -> None:
        """Ask for more digits than usual."""
        self.fields["captcha"].ask_more()

    def clean_submission_key(self) -> uuid.UUID | None:
        """Return the key of this form with these words."""
        return submission_key_of(self.data)

    def clean_text(self) -> str:
        """Ask for more than white space, and keep the text as it was written."""
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise ValidationError(self.fields["text"].error_messages["required"])
        return text.replace("\r\n", "\n")

    def clean_name(self) -> str:
        """Refuse line breaks, which a name never has."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_honeypot(self) -> str:
        """Refuse what only a program fills in."""
        if self.cleaned_data["honeypot"]:
            raise ValidationError(_("Leave this field empty."))
        return ""

    def clean(self) -> dict[str, Any]:
        """Ask for the name that is to be shown, and for the time that a person needs."""
        cleaned = super().clean() or self.cleaned_data
        if "security_hash" in cleaned and "timestamp" in cleaned:
            taken = timezone.now().timestamp() - cleaned["timestamp"]
            if taken < settings.OPINION_LEAST_SECONDS:
                self.add_error(None, TOO_QUICK)
        if cleaned.get("publicity") == self.NAMED and not cleaned.get("name"):
            self.add_error("name", _("Enter the name that is to be shown."))
        return cleaned

    def renew(self) -> None:
        """Make the form ready to be sent again: fresh security data, and why if it had expired."""
        if self.security_errors():
            self.add_error(None, EXPIRED)
        self.data = self.data.copy()
        self.data.update(self.generate_security_data())


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
