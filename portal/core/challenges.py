"""The question that the captcha asks."""

import secrets

from captcha.conf import settings

# 0, 1 and 7 are left out: drawn with noise they are taken for letters and for each other.
READABLE_DIGITS = "2345689"


def digits() -> tuple[str, str]:
    """Return the digits to draw and the answer to expect, which are the same."""
    text = "".join(secrets.choice(READABLE_DIGITS) for _ in range(settings.CAPTCHA_LENGTH))
    return text, text
