"""The captcha as a field of any form: its answer works once, and it can ask for more digits."""

from typing import Any

from captcha.fields import CaptchaField
from captcha.models import CaptchaStore
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.fields import MultiValueField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.captcha import CaptchaInput


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
        """Use the captcha up and judge the answer; one that is not required is not looked at."""
        if not self.required:
            return None
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
