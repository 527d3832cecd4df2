"""The question that the captcha asks."""

import secrets

from django.conf import settings

# 0, 1 and 7 are left out: drawn with noise they are taken for letters and for each other.
READABLE_DIGITS = "2345689"


def digits() -> tuple[str, str]:
    """Return the digits to draw and the answer to expect, which are the same."""
    return _random(settings.CAPTCHA_LENGTH)


def more_digits() -> tuple[str, str]:
    """Return the same for a moment when more is asked."""
    return _random(settings.CAPTCHA_LONG_LENGTH)


def _random(length: int) -> tuple[str, str]:
    text = "".join(secrets.choice(READABLE_DIGITS) for _ in range(length))
    return text, text
